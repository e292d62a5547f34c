package dev.dromedary.transferlog;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A reading position in the log. It stays valid over a restart, and when files are removed.
 *
 * @param file   the number of a file
 * @param offset in bytes, after the end of a line
 */
public record LogPosition(long file, long offset) {

    /** Before the first entry. */
    public static final LogPosition START = new LogPosition(0, 0);

    private static final Pattern TEXT = Pattern.compile("(\\d{1,10})-(\\d{1,18})");

    /** {@return the position that {@link #toString} has written; empty if the text is something else} */
    public static Optional<LogPosition> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches() ? Optional.of(new LogPosition(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return file + "-" + offset;
    }
}
