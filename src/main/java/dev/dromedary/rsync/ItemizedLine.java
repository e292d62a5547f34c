package dev.dromedary.rsync;

import java.util.Optional;

/**
 * What rsync did or would do to one path: the parsed parts of its line (rsync(1), {@code --out-format} and {@code --itemize-changes}).
 *
 * @param codes YXcstpoguax: how it is transferred, what it is, what differs; or {@code *deleting}; without trailing blanks
 * @param size  in bytes
 * @param name  as rsync writes it, escaped
 */
record ItemizedLine(String codes, long size, String name) {

    /** No other line of rsync begins with this, and no line begins with a name: a line break in a name is written as {@code \#012}. */
    static final String PREFIX = "change:";

    // %b delays the report until a file has been sent; without it rsync reports the file before
    /** The argument that makes rsync report what it has done to each path that it changes. */
    static final String DONE = "--out-format=" + PREFIX + "%i,%l,%b,%n";

    /** The argument for a dry run. The name is followed by the destination of a link. */
    static final String WOULD_BE = "--out-format=" + PREFIX + "%i,%l,,%n%L";

    private static final int KIND = 1;

    /** {@return the parsed line; empty if it is not about a path} */
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

    /** Returns whether the path exists at the target and not at the source. */
    boolean isDeleted() {
        return codes.charAt(0) == '*';
    }

    /** Returns whether the target does not have the path. */
    boolean isNew() {
        return codes.endsWith("+++++++++");
    }

    /** Returns whether a file's content is transferred. */
    boolean isTransferred() {
        return codes.charAt(0) == '<' || codes.charAt(0) == '>';
    }

    /** Returns whether at most permissions, times or owners are set. */
    boolean isKept() {
        return codes.charAt(0) == '.';
    }

    boolean isFile() {
        return !isDeleted() && codes.charAt(KIND) == 'f';
    }

    /** Returns whether anything differs. The time of a folder alone does not count, as it changes with the folder's content. */
    boolean differs() {
        boolean folder = codes.charAt(KIND) == 'd';
        return codes.chars().skip(KIND + 1).anyMatch(c -> Character.isLetter(c) && !(folder && (c == 't' || c == 'T')));
    }
}
