package dev.dromedary.text;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Formats numbers and times for people; the page uses the same wording. */
public final class HumanReadable {

    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter DAY_AND_TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private static final Pattern MOMENT = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z");

    private HumanReadable() {
    }

    /** A duration, in a suitable unit. */
    public static String span(double seconds) {
        if (seconds < 1) {
            return Math.round(seconds * 1000) + " ms";
        } else if (seconds < 10) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        } else if (seconds < 100) {
            return Math.round(seconds) + " s";
        } else if (seconds < 5400) {
            return Math.round(seconds / 60) + " min";
        } else if (seconds < 172_800) {
            return (long) seconds / 3600 + " h " + Math.round(seconds % 3600 / 60) + " min";
        }
        return (long) seconds / 86_400 + " days";
    }

    /** How long ago a moment was; a dash if there is none. */
    public static String ago(String moment, Instant now) {
        return moment == null ? "-" : span(Math.max(0, Duration.between(Instant.parse(moment), now).toMillis() / 1000.0));
    }

    /** A moment in this machine's time zone, to the second; with its date unless that is today. */
    public static String time(Instant moment, Instant now) {
        ZonedDateTime local = moment.atZone(ZoneId.systemDefault());
        return (local.toLocalDate().equals(now.atZone(ZoneId.systemDefault()).toLocalDate()) ? TIME : DAY_AND_TIME).format(local);
    }

    /** A text of the server with its timestamps converted to this machine's time zone. */
    public static String local(String text, Instant now) {
        return MOMENT.matcher(text).replaceAll(moment -> Matcher.quoteReplacement(time(Instant.parse(moment.group()), now)));
    }

    /** A number of bytes, in a suitable unit. */
    public static String size(double bytes) {
        int unit = 0;
        double value = bytes;
        while (value >= 1000 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return (unit == 0 || value >= 100 ? String.valueOf(Math.round(value)) : String.format(Locale.ROOT, "%.1f", value))
                + ' ' + UNITS[unit];
    }

    /** A number and its noun, with an s unless the number is 1. */
    public static String plural(long number, String one) {
        return number + " " + one + (number == 1 ? "" : "s");
    }
}
