package dev.dromedary.cli;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Collection;

import dev.dromedary.text.HumanReadable;
import dev.dromedary.transferlog.TransferEntry;

/** Formats entries of the transfer log as lines of a growing table; lives for one call. */
final class TransferLogTable {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
    private static final int SIZE = 9;
    private static final int LAG = 8;
    // the longest is "attributes"
    private static final int ACTION = 10;

    private final ZoneId zone;
    private int target = "TARGET".length();

    TransferLogTable(ZoneId zone) {
        this.zone = zone;
    }

    /** Widens the column for these entries; longer entries that come later widen it themselves. */
    void fit(Collection<TransferEntry> entries) {
        entries.forEach(entry -> target = Math.max(target, entry.id().length()));
    }

    String head() {
        return line("TIME", "TARGET", "ACTION", "SIZE", "LAG", "PATH");
    }

    String of(TransferEntry entry) {
        String path = entry.path().isEmpty() ? "./" : entry.path();
        return line(TIME.format(entry.at().atZone(zone)), entry.id(), entry.action().text(),
                entry.size() == null ? "-" : HumanReadable.size(entry.size()), entry.lagSeconds() == null ? "-" : HumanReadable.span(entry.lagSeconds()),
                path + (entry.from() == null ? "" : " (was " + entry.from() + ')')
                        + (entry.outcome() == null || entry.outcome() == TransferEntry.Outcome.ARRIVED ? "" : " (" + entry.outcome().text() + ')'));
    }

    private String line(String time, String id, String action, String size, String lag, String path) {
        target = Math.max(target, id.length());
        return padded(time, "yyyy-MM-dd HH:mm:ss".length()) + padded(id, target) + padded(action, ACTION) + padded(size, SIZE)
                + padded(lag, LAG) + path;
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()) + 2);
    }
}
