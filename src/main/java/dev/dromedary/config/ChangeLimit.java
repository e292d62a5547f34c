package dev.dromedary.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The number of changes that one run may make without approval: a number of entries, or a share of the entries at the target.
 *
 * @param entries number of entries; 0 if it is a share
 * @param percent the share in percent; 0 if it is a number
 */
public record ChangeLimit(long entries, double percent) {

    private static final Pattern WRITTEN = Pattern.compile("(\\d{1,9})|(\\d{1,2}(?:\\.\\d{1,3})?)\\s*%");
    private static final double HUNDRED = 100;

    /** {@return the limit that the text stands for; {@code null} if it is not valid} */
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

    /** {@return whether it depends on the number of entries at the target} */
    public boolean isShare() {
        return percent > 0;
    }

    /** {@return the limit in entries for this total, rounded down; at least one for a share} */
    public long of(long total) {
        return isShare() ? Math.max(1, (long) (total * percent / HUNDRED)) : entries;
    }

    /** Returns the limit as it is written in a configuration. */
    @Override
    public String toString() {
        return isShare() ? String.format(Locale.ROOT, "%s%%", percent == Math.rint(percent) ? String.valueOf((long) percent) : percent)
                : String.valueOf(entries);
    }
}
