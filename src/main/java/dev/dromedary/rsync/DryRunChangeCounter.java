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
 * What a run that changes nothing says it would do, by {@code --out-format="%i %n" --info=del1 --stats}. What would only get other
 * attributes is told and not counted. One thread reads it, and others look once the run has ended.
 */
final class DryRunChangeCounter extends RunOutputParser {

    /** Property of a message: the {@link dev.dromedary.change.ChangeSet} that is asked about; nothing once the answer is there. */
    static final String ASKED = "DromedaryAsked";

    /** Property of a message: who hears what the next run of {@link MonitoredRsyncBinding} says. */
    static final String PROPERTY = "DromedaryItemized";

    /** What would become of a path. */
    enum What {
        /** It is not at the target yet. */
        CREATED,
        /** It has another content there. */
        CHANGED,
        /** It has other attributes there. */
        ATTRIBUTES,
        /** It is a folder of which just the time is another there, as when something in it was. */
        FOLDER_TIME,
        /** It goes. */
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

    /** @param sink gets each path, in the notation of {@link dev.dromedary.change.RawPath} */
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
                    // not each receiver names what it deletes
                    deleted = Math.max(deleted, number);
                }
            }
        }
    }

    // a backslash that begins no escape is itself, as rsync writes it
    private static String name(String shown) {
        String name = shown.length() > 1 && shown.endsWith("/") ? shown.substring(0, shown.length() - 1) : shown;
        return ESCAPE.matcher(name).replaceAll(octal ->
                Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(octal.group(1), 8))));
    }

    /** How many entries would be others. */
    long all() {
        return created + changed + deleted;
    }

    /** How many of them would go. */
    long deleted() {
        return deleted;
    }

    /** How many entries were compared, those that the target does not have among them. */
    long entries() {
        return entries;
    }

    /** How many entries the target has of what was compared, those that would go among them; of a whole tree, all but its top. */
    long there() {
        return Math.max(0, entries - created - 1) + deleted;
    }
}
