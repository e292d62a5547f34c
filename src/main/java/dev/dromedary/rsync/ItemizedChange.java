package dev.dromedary.rsync;

import java.util.Locale;
import java.util.Optional;

/**
 * One change that a run has made at a target, as rsync reports it (rsync(1), {@code --out-format} and {@code --itemize-changes}).
 *
 * @param path path in the mirror, in the notation of {@link dev.dromedary.change.RawPath}
 * @param from the previous path if it was moved; else null
 * @param size of a file, in bytes; -1 for everything else
 */
public record ItemizedChange(Action action, String path, String from, long size) {

    /** What was done. */
    public enum Action {
        /** A file's content was sent; a folder, a link or a special file was made. */
        SENT,
        /** It was deleted at the target. */
        DELETED,
        /**
         * Its permissions, times or owners were set. A folder of which only the time was set is not reported, as that changes with its
         * content.
         */
        ATTRIBUTES,
        /** The target has linked or copied it from a file that it had under another name. */
        MOVED;

        /** {@return the name in lower case} */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The argument that makes rsync report what it does to each path that it changes. Unchanged paths are not reported. */
    public static final String ARGUMENT = ItemizedLine.DONE;

    /** Parses a line that begins with {@link ItemizedLine#PREFIX}. Empty if the line reports no relevant change. */
    static Optional<ItemizedChange> of(String line) {
        return ItemizedLine.of(line).filter(said -> !said.isKept() || said.differs())
                .map(said -> new ItemizedChange(action(said), path(said.name()), null, said.isFile() ? said.size() : -1));
    }

    private static Action action(ItemizedLine said) {
        return said.isDeleted() ? Action.DELETED : said.isKept() ? Action.ATTRIBUTES : Action.SENT;
    }

    // a folder's name ends in a slash, and the top folder's is "./"
    static String path(String name) {
        String raw = name.indexOf('\\') < 0 ? name : FailedPathParser.unescaped(name);
        String path = raw.endsWith("/") ? raw.substring(0, raw.length() - 1) : raw;
        return path.equals(".") ? "" : path.startsWith("./") ? path.substring(2) : path;
    }
}
