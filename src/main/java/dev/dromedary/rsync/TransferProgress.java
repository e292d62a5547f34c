package dev.dromedary.rsync;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far a run of rsync is, as {@code --info=progress2} says it.
 *
 * @param bytes          of content, those that rsync found to be there already among them
 * @param percent        of the content that is known of by now
 * @param bytesPerSecond at the moment
 * @param secondsLeft    as rsync reckons; -1 while that is not known
 * @param files          sent so far
 * @param checked        entries that have been looked at
 * @param total          entries that are known of by now
 */
public record TransferProgress(long bytes, int percent, long bytesPerSecond, long secondsLeft, long files, long checked,
        long total) {

    /** Before rsync has said anything. */
    public static final TransferProgress NONE = new TransferProgress(0, 0, 0, -1, 0, 0, 0);

    private static final Pattern LINE = Pattern.compile("\\s*(\\d+)\\s+(\\d+)%\\s+([\\d.]+)([kMGT]?)B/s\\s+"
            + "(?:(\\d+):(\\d\\d):(\\d\\d)|\\S+)\\s*(?:\\(xfr#(\\d+), (to|ir)-chk=(\\d+)/(\\d+)\\))?\\s*");
    private static final int ALL = 100;
    private static final String UNITS = "kMGT";

    /** Bytes of content that are still to come; -1 while that is not known. */
    public long bytesLeft() {
        return secondsLeft < 0 || percent == 0 ? -1 : bytes * (ALL - percent) / percent;
    }

    /** What a line says; nothing, if it is another one. The counts that a line leaves out stay as they were. */
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
        // without a rate rsync says 0:00:00, and at the end how long it took
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
