package testbed;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What was chosen on the command line.
 *
 * @param rows names of the rows
 * @param sites folders where sources and targets lie, the main one first
 * @param rounds how often each row is run
 * @param scale what the size of each row is multiplied by
 * @param limit how long anything may take
 * @param out the document that is written
 * @param command the command line itself
 */
public record Options(List<String> rows, List<Path> sites, int rounds, double scale, Duration limit, Path out, String command) {

    /** {@return a size, multiplied by the scale} */
    public int scaled(int full, int least) {
        return (int) Math.max(least, Math.round(full * scale));
    }
}
