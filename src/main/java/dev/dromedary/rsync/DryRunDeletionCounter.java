package dev.dromedary.rsync;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counts the entries that a dry run with {@code --info=del1 --stats} would delete, and collects their names. Older receivers (3.2.3 and
 * 3.2.7, measured) count none in their statistics unless each is named. One thread reads the output; other threads read the result once the
 * run has ended.
 */
final class DryRunDeletionCounter extends RunOutputParser {

    /** Property of a message: the counter of its last dry run. */
    static final String PROPERTY = "DromedaryDeletionCount";

    /** rsync compares each entry in a compared folder with each name in turn: 10,000 names and 100,000 entries take ten seconds (3.5.0). */
    static final int MOST_NAMES = 10_000;

    private static final String DELETING = "deleting ";
    private static final Pattern FIGURE = Pattern.compile("Number of (files|created files|regular files transferred|deleted files): ([0-9,]+).*");

    private final List<String> names = new ArrayList<>();
    private boolean partly;
    private long named;
    private long files;
    private long created;
    private long transferred;
    private long deleted = -1;

    @Override
    void read(InputStream output) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(output, StandardCharsets.ISO_8859_1));
        for (String line; (line = lines.readLine()) != null;) {
            if (line.startsWith(DELETING)) {
                named++;
                add(line.substring(DELETING.length()));
            } else {
                figure(line);
            }
        }
    }

    // rsync names what is in a folder before the folder, and goes into a folder only if that may be deleted too
    private void add(String shown) {
        String name = FailedPathParser.unescaped(shown);
        boolean folder = name.endsWith("/");
        if (names.size() < MOST_NAMES || folder && names.get(names.size() - 1).startsWith(name)) {
            names.add(folder ? name.substring(0, name.length() - 1) : name);
        }
    }

    private void figure(String line) {
        Matcher figure = FIGURE.matcher(line);
        if (figure.matches()) {
            long number = Long.parseLong(figure.group(2).replace(",", ""));
            switch (figure.group(1)) {
                case "files" -> files = number;
                case "created files" -> created = number;
                case "deleted files" -> deleted = number;
                default -> transferred = number;
            }
        }
    }

    /** {@return the number of deletions; -1 if the receiver reports neither names nor a number} */
    long deletions() {
        return deleted < 0 && named == 0 ? -1 : Math.max(named, deleted);
    }

    /**
     * {@return what would be deleted, and in which folders} In the notation of {@link dev.dromedary.change.RawPath}; hardly more than
     * {@link #MOST_NAMES}.
     */
    List<String> names() {
        return List.copyOf(names);
    }

    /** Notes whether some paths could not be examined, and therefore are not counted. */
    void partly(boolean now) {
        partly = now;
    }

    /** Returns whether more may have to be deleted than was counted. */
    boolean isPartly() {
        return partly;
    }

    /** {@return the number of entries that were compared, including folders} */
    long files() {
        return files;
    }

    /** {@return how many of them the receiver does not have} */
    long created() {
        return created;
    }

    /** {@return how many files would be transferred} */
    long transferred() {
        return transferred;
    }
}
