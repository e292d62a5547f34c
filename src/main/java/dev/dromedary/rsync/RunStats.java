package dev.dromedary.rsync;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The figures of a run of rsync, as {@code --stats} reports them at its end.
 *
 * @param entries  entries that were compared, including folders
 * @param files    files whose content was sent
 * @param bytes    their size
 * @param sent     bytes sent over the wire to the other side
 * @param received bytes received over the wire from there
 * @param deleted  entries that were deleted at the target
 */
public record RunStats(long entries, long files, long bytes, long sent, long received, long deleted) {

    /** The figures of a run that reports none. */
    public static final RunStats NONE = new RunStats(0, 0, 0, 0, 0, 0);

    private static final Pattern LINE = Pattern.compile("(Number of files|Number of regular files transferred|Total transferred file size"
            + "|Total bytes sent|Total bytes received|Number of deleted files): (\\d+).*");

    /** Returns the figures including those of a line; unchanged if the line is another one. */
    RunStats with(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            return this;
        }
        long number = Long.parseLong(matcher.group(2));
        return switch (matcher.group(1)) {
            case "Number of files" -> new RunStats(number, files, bytes, sent, received, deleted);
            case "Number of regular files transferred" -> new RunStats(entries, number, bytes, sent, received, deleted);
            case "Total transferred file size" -> new RunStats(entries, files, number, sent, received, deleted);
            case "Total bytes sent" -> new RunStats(entries, files, bytes, number, received, deleted);
            case "Total bytes received" -> new RunStats(entries, files, bytes, sent, number, deleted);
            default -> new RunStats(entries, files, bytes, sent, received, number);
        };
    }
}
