package dev.dromedary.rsync;

import java.util.Locale;
import java.util.Optional;

/**
 * One thing that a run has done at a target, as rsync itself says it (rsync(1), {@code --out-format} and {@code --itemize-changes}).
 *
 * @param path of what is mirrored, as {@link dev.dromedary.change.RawPath} has it
 * @param from what it was before, if it was moved; else null
 * @param size of a file, in bytes; -1 for all else
 */
public record ItemizedChange(Action action, String path, String from, long size) {

    /** What was done. */
    public enum Action {
        /** A file's content was sent; a folder, a link or a special file was made. */
        SENT,
        /** It was deleted at the target. */
        DELETED,
        /** Its rights, times or owners were set; of a folder its time alone does not count, as that changes with all that is in it. */
        ATTRIBUTES,
        /** The target has linked or copied it from what it had under another name. */
        MOVED;

        /** {@return the name in small letters} */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The argument that has rsync say what it does to each path that it changes; of all others it says nothing. */
    public static final String ARGUMENT = ItemizedLine.DONE;

    /** What a line says that begins with {@link ItemizedLine#PREFIX}; nothing, if it is of no account. */
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
