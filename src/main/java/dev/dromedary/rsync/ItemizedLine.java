package dev.dromedary.rsync;

import java.util.Optional;

/**
 * What rsync does to one path, or would do, in the parts of its line (rsync(1), {@code --out-format} and {@code --itemize-changes}).
 *
 * @param codes YXcstpoguax: how it is brought, what it is, what differs; or {@code *deleting}; without blanks at the end
 * @param size  in bytes
 * @param name  as rsync writes it, escaped
 */
record ItemizedLine(String codes, long size, String name) {

    /** No line of rsync begins like this, and none begins with a name: a line break in a name is written as {@code \#012}. */
    static final String PREFIX = "change:";

    // %b has rsync say it when a file has been sent; without, it says so before
    /** The argument that has rsync say what it has done to each path that it changes. */
    static final String DONE = "--out-format=" + PREFIX + "%i,%l,%b,%n";

    /** The same of a run that changes nothing; the name comes with what a link leads to. */
    static final String WOULD_BE = "--out-format=" + PREFIX + "%i,%l,,%n%L";

    private static final int KIND = 1;

    /** {@return what a line says; nothing if it is not about a path} */
    static Optional<ItemizedLine> of(String line) {
        int size = line.indexOf(',') + 1;
        int sent = line.indexOf(',', size) + 1;
        int name = line.indexOf(',', sent) + 1;
        if (!line.startsWith(PREFIX) || size == 0 || sent == 0 || name == 0) {
            return Optional.empty();
        }
        String codes = line.substring(PREFIX.length(), size - 1).strip();
        try {
            return codes.startsWith("*deleting") || codes.length() > KIND && "<>ch.".indexOf(codes.charAt(0)) >= 0
                    ? Optional.of(new ItemizedLine(codes, Long.parseLong(line.substring(size, sent - 1)), line.substring(name))) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Whether the path is at the target and not at the source. */
    boolean isDeleted() {
        return codes.charAt(0) == '*';
    }

    /** Whether the target does not have the path. */
    boolean isNew() {
        return codes.endsWith("+++++++++");
    }

    /** Whether a file's content goes to the other side. */
    boolean isTransferred() {
        return codes.charAt(0) == '<' || codes.charAt(0) == '>';
    }

    /** Whether no more than rights, times or owners are set, if anything. */
    boolean isKept() {
        return codes.charAt(0) == '.';
    }

    boolean isFile() {
        return !isDeleted() && codes.charAt(KIND) == 'f';
    }

    /** Whether something differs; of a folder its time alone does not count, as that changes with all that is in it. */
    boolean differs() {
        boolean folder = codes.charAt(KIND) == 'd';
        return codes.chars().skip(KIND + 1).anyMatch(c -> Character.isLetter(c) && !(folder && (c == 't' || c == 'T')));
    }
}
