package dev.dromedary.rsync;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The progress of a run of rsync, as {@code --info=progress2} reports it.
 *
 * @param bytes          bytes of content, including content that was already at the target
 * @param percent        of the content that is known so far
 * @param bytesPerSecond the current rate
 * @param secondsLeft    as rsync estimates; -1 while unknown
 * @param files          sent so far
 * @param checked        entries that have been examined
 * @param total          entries that are known so far
 */
public record TransferProgress(long bytes, int percent, long bytesPerSecond, long secondsLeft, long files, long checked,
        long total) {

    /** Before rsync has reported anything. */
    public static final TransferProgress NONE = new TransferProgress(0, 0, 0, -1, 0, 0, 0);

    private static final Pattern LINE = Pattern.compile("\\s*(\\d+)\\s+(\\d+)%\\s+([\\d.]+)([kMGT]?)B/s\\s+"
            + "(?:(\\d+):(\\d\\d):(\\d\\d)|\\S+)\\s*(?:\\(xfr#(\\d+), (to|ir)-chk=(\\d+)/(\\d+)\\))?\\s*");
    private static final int ALL = 100;
    private static final String UNITS = "kMGT";

    /** Returns the remaining bytes of content; -1 while unknown. */
    public long bytesLeft() {
        return secondsLeft < 0 || percent == 0 ? -1 : bytes * (ALL - percent) / percent;
    }

    /** Parses a line. Empty if it is another kind of line. Counts that are missing in a line stay unchanged. */
    Optional<TransferProgress> next(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        boolean counts = matcher.group(8) != null;
        long entries = counts ? Long.parseLong(matcher.group(11)) : total;
        long seen = counts ? entries - Long.parseLong(matcher.group(10)) : checked;
        boolean looking = counts ? matcher.group(9).equals("ir") : secondsLeft < 0 && total > 0;
        int done = Integer.parseInt(matcher.group(2));
        long rate = rate(matcher.group(3), matcher.group(4));
        // without a rate rsync prints 0:00:00, and at the end the elapsed time
        long left = looking ? -1 : done == ALL ? 0 : rate == 0 ? -1 : seconds(matcher);
        return Optional.of(new TransferProgress(Long.parseLong(matcher.group(1)), done, rate, left, counts
                ? Long.parseLong(matcher.group(8)) : files, seen, entries));
    }

    private static long rate(String number, String unit) {
        return Math.round(Double.parseDouble(number) * Math.pow(1024, unit.isEmpty() ? 0 : UNITS.indexOf(unit) + 1));
    }

    private static long seconds(Matcher matcher) {
        return matcher.group(5) == null ? -1 : Long.parseLong(matcher.group(5)) * 3600
                + Long.parseLong(matcher.group(6)) * 60 + Long.parseLong(matcher.group(7));
    }
}
