package dev.dromedary.transferlog;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Up to where the log has been read; it holds over a restart, and when files are removed.
 *
 * @param file   the number of a file
 * @param offset in bytes, behind a line
 */
public record LogPosition(long file, long offset) {

    /** Before all that there is. */
    public static final LogPosition START = new LogPosition(0, 0);

    private static final Pattern TEXT = Pattern.compile("(\\d{1,10})-(\\d{1,18})");

    /** {@return what {@link #toString} has written; nothing, if it is something else} */
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
