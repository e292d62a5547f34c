package dev.dromedary.rsync;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counts the entries that a dry run with {@code --info=del1 --stats} would delete. Older receivers (3.2.3 and 3.2.7, measured) count none
 * in their statistics unless each is named. If there are very many, not all names are kept.
 */
final class DryRunDeletionCounter {

    private static final Pattern NAMED = Pattern.compile("^deleting ", Pattern.MULTILINE);
    private static final Pattern FIGURE = Pattern.compile("^Number of deleted files: ([0-9,]+)", Pattern.MULTILINE);

    private DryRunDeletionCounter() {
    }

    /** {@return the minimum number of deletions; -1 if the receiver reports neither names nor a number} */
    static long in(String output) {
        long named = NAMED.matcher(output).results().count();
        Matcher figure = FIGURE.matcher(output);
        return figure.find() ? Math.max(named, Long.parseLong(figure.group(1).replace(",", ""))) : named > 0 ? named : -1;
    }
}
