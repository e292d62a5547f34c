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

    /** No line of rsync begins like this, and none begins with a name: a line break in a name is written as {@code \#012}. */
    static final String PREFIX = "change:";

    // %b has rsync say it when a file has been sent; without, it says so before
    /** The argument that has rsync say what it does to each path that it changes; of all others it says nothing. */
    public static final String ARGUMENT = "--out-format=" + PREFIX + "%i,%l,%b,%n";

    private static final int KIND = 1;

    /** What a line says that begins with {@link #PREFIX}; nothing, if it is of no account. */
    static Optional<ItemizedChange> of(String line) {
        int code = line.indexOf(',', PREFIX.length());
        int size = line.indexOf(',', code + 1);
        int sent = line.indexOf(',', size + 1);
        if (code < 0 || size < 0 || sent < 0) {
            return Optional.empty();
        }
        String flags = line.substring(PREFIX.length(), code).strip();
        Action action = action(flags);
        if (action == null) {
            return Optional.empty();
        }
        boolean file = action != Action.DELETED && flags.charAt(KIND) == 'f';
        try {
            return Optional.of(new ItemizedChange(action, path(line.substring(sent + 1)), null,
                    file ? Long.parseLong(line.substring(code + 1, size)) : -1));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    // YXcstpoguax: how it was brought, what it is, what differed
    private static Action action(String flags) {
        if (flags.startsWith("*deleting")) {
            return Action.DELETED;
        } else if (flags.length() <= KIND) {
            return null;
        }
        return switch (flags.charAt(0)) {
            case '<', '>', 'c', 'h' -> Action.SENT;
            case '.' -> differs(flags) ? Action.ATTRIBUTES : null;
            default -> null;
        };
    }

    private static boolean differs(String flags) {
        boolean folder = flags.charAt(KIND) == 'd';
        return flags.chars().skip(KIND + 1).anyMatch(c -> Character.isLetter(c) && !(folder && (c == 't' || c == 'T')));
    }

    // a folder's name ends in a slash, and the top folder's is "./"
    private static String path(String name) {
        String raw = name.indexOf('\\') < 0 ? name : FailedPathParser.unescaped(name);
        String path = raw.endsWith("/") ? raw.substring(0, raw.length() - 1) : raw;
        return path.equals(".") ? "" : path.startsWith("./") ? path.substring(2) : path;
    }
}
