package dev.dromedary.rsync;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many entries a run would delete, as a dry run says it by {@code --info=del1 --stats}: with older receivers (3.2.3 and 3.2.7,
 * measured) none is counted in the figures unless each is named; and of very many not all names are kept.
 */
final class DryRunDeletionCounter {

    private static final Pattern NAMED = Pattern.compile("^deleting ", Pattern.MULTILINE);
    private static final Pattern FIGURE = Pattern.compile("^Number of deleted files: ([0-9,]+)", Pattern.MULTILINE);

    private DryRunDeletionCounter() {
    }

    /** {@return how many, at least; -1 if the other side says neither} */
    static long in(String output) {
        long named = NAMED.matcher(output).results().count();
        Matcher figure = FIGURE.matcher(output);
        return figure.find() ? Math.max(named, Long.parseLong(figure.group(1).replace(",", ""))) : named > 0 ? named : -1;
    }
}
