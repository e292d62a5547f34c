package dev.dromedary.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much one run may change without a person: a number of entries, or a share of those that a target has.
 *
 * @param entries how many; 0 where it is a share
 * @param percent how many of a hundred; 0 where it is a number
 */
public record ChangeLimit(long entries, double percent) {

    private static final Pattern WRITTEN = Pattern.compile("(\\d{1,9})|(\\d{1,2}(?:\\.\\d{1,3})?)\\s*%");
    private static final double HUNDRED = 100;

    /** {@return the limit that is written so; {@code null} if none is} */
    public static ChangeLimit of(String text) {
        Matcher written = WRITTEN.matcher(text);
        if (!written.matches()) {
            return null;
        }
        if (written.group(1) != null) {
            return new ChangeLimit(Long.parseLong(written.group(1)), 0);
        }
        double percent = Double.parseDouble(written.group(2));
        return percent > 0 ? new ChangeLimit(0, percent) : null;
    }

    /** {@return whether it depends on how much there is} */
    public boolean isShare() {
        return percent > 0;
    }

    /** {@return how many entries that is of so many, rounded down; of a share at least one} */
    public long of(long total) {
        return isShare() ? Math.max(1, (long) (total * percent / HUNDRED)) : entries;
    }

    /** As one would write it. */
    @Override
    public String toString() {
        return isShare() ? String.format(Locale.ROOT, "%s%%", percent == Math.rint(percent) ? String.valueOf((long) percent) : percent)
                : String.valueOf(entries);
    }
}
