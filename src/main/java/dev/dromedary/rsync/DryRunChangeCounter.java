package dev.dromedary.rsync;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counts the changes that a dry run reports with {@code --out-format="%i %n" --info=del1 --stats}. If only the attributes of a path would
 * change, it is reported and not counted. One thread reads the output; other threads read the result once the run has ended.
 */
final class DryRunChangeCounter extends RunOutputParser {

    /** Property of a message: the {@link dev.dromedary.change.ChangeSet} that is checked; null once the answer is known. */
    static final String ASKED = "DromedaryAsked";

    /** Property of a message: the receiver of the output of the next run of {@link MonitoredRsyncBinding}. */
    static final String PROPERTY = "DromedaryItemized";

    /** What would happen to a path. */
    enum What {
        /** It does not exist at the target yet. */
        CREATED,
        /** Its content differs at the target. */
        CHANGED,
        /** Its attributes differ at the target. */
        ATTRIBUTES,
        /** Only the time of a folder differs, as happens when something in it was changed. */
        FOLDER_TIME,
        /** It would be deleted. */
        DELETED
    }

    private static final int FLAGS = 11;
    private static final String JUST_TIME = ".d..t......";
    private static final String DELETING = "*deleting ";
    private static final Pattern ESCAPE = Pattern.compile("\\\\#([0-3][0-7]{2})");
    private static final Pattern FIGURE = Pattern.compile("Number of (files|deleted files): ([0-9,]+).*");

    private final BiConsumer<What, String> sink;
    private long created;
    private long changed;
    private long deleted;
    private long entries;

    /** @param sink receives each path, in the notation of {@link dev.dromedary.change.RawPath} */
    DryRunChangeCounter(BiConsumer<What, String> sink) {
        this.sink = sink;
    }

    @Override
    void read(InputStream output) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(output, StandardCharsets.ISO_8859_1));
        for (String line; (line = lines.readLine()) != null;) {
            take(line);
        }
    }

    private void take(String line) {
        if (line.startsWith(DELETING)) {
            deleted++;
            sink.accept(What.DELETED, name(line.substring(Math.min(line.length(), FLAGS + 1))));
        } else if (line.length() > FLAGS + 1 && "<>ch.".indexOf(line.charAt(0)) >= 0 && line.charAt(FLAGS) == ' ') {
            What what = line.startsWith(JUST_TIME) ? What.FOLDER_TIME : line.charAt(0) == '.' ? What.ATTRIBUTES : line.charAt(2) == '+' ? What.CREATED : What.CHANGED;
            String name = name(line.substring(FLAGS + 1));
            if (name.equals(".") || name.equals("./")) {
                return;
            }
            created += what == What.CREATED ? 1 : 0;
            changed += what == What.CHANGED ? 1 : 0;
            sink.accept(what, name);
        } else {
            Matcher figure = FIGURE.matcher(line);
            if (figure.matches()) {
                long number = Long.parseLong(figure.group(2).replace(",", ""));
                if (figure.group(1).equals("files")) {
                    entries = number;
                } else {
                    // not every receiver names what it deletes
                    deleted = Math.max(deleted, number);
                }
            }
        }
    }

    // a backslash that begins no escape stands for itself, as rsync writes it
    private static String name(String shown) {
        String name = shown.length() > 1 && shown.endsWith("/") ? shown.substring(0, shown.length() - 1) : shown;
        return ESCAPE.matcher(name).replaceAll(octal ->
                Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(octal.group(1), 8))));
    }

    /** {@return the number of entries that would change} */
    long all() {
        return created + changed + deleted;
    }

    /** {@return how many of them would be deleted} */
    long deleted() {
        return deleted;
    }

    /** {@return the number of entries that were compared, including those that the target does not have} */
    long entries() {
        return entries;
    }

    /**
     * {@return the number of compared entries that the target has, including those that would be deleted} For a whole tree the top folder
     * is not counted.
     */
    long there() {
        return Math.max(0, entries - created - 1) + deleted;
    }
}
