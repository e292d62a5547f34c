package dev.dromedary.sersync;

import java.util.Set;
import java.util.stream.Collectors;

/** Converts {@code <filter>} and {@code <crontabfilter>}: what sersync left out becomes patterns of {@code exclude}. */
final class FilterConversion {

    private FilterConversion() {
    }

    static void read(ConfxmlElement head, ConfigDraft draft, ConversionNotes findings) {
        ConfxmlElement filter = head.first("filter");
        if (filter.isOn()) {
            findings.taken(filter, "start=\"true\"", "exclude; it holds for changes and for whole trees");
            filter.all("exclude").forEach(exclude -> expression(exclude, draft, findings));
        } else if (filter.isThere()) {
            findings.notNeeded(filter, "", "it is switched off, its expressions too");
        }
        ConfxmlElement crontab = head.first("sersync").first("crontab");
        ConfxmlElement crontabFilter = crontab.first("crontabfilter");
        if (crontab.isOn() && crontabFilter.isOn()) {
            findings.notNeeded(crontabFilter, "start=\"true\"", "exclude holds for reconcile too");
            crontabFilter.all("exclude").forEach(exclude -> crontabPattern(exclude, draft, findings));
        } else if (crontabFilter.isThere()) {
            findings.notNeeded(crontabFilter, "", "it is switched off, its patterns too");
        }
    }

    private static void expression(ConfxmlElement exclude, ConfigDraft draft, ConversionNotes findings) {
        String expression = exclude.attributes().getOrDefault("expression", "");
        String shown = "expression=\"" + expression + "\"";
        try {
            Set<String> patterns = PatternTranslator.patterns(expression);
            if (patterns.isEmpty()) {
                findings.notTaken(exclude, shown, "sersync never left anything out by it: it is held to the whole of a"
                        + " path, and no path that sersync asks about is like that; write into exclude what was meant");
                return;
            }
            patterns.forEach(draft::exclude);
            findings.taken(exclude, shown, "exclude = " + patterns.stream().collect(Collectors.joining(", ")));
        } catch (InexactConversionException e) {
            findings.notTaken(exclude, shown, "no rsync pattern is exactly the same: " + e.getMessage()
                    + "; otherwise write a pattern for it into exclude");
        }
    }

    /** Converts a pattern of the crontab. It is an rsync pattern already, but in sersync it applies only to the crontab's runs. */
    private static void crontabPattern(ConfxmlElement exclude, ConfigDraft draft, ConversionNotes findings) {
        String pattern = exclude.get("expression");
        String shown = "expression=\"" + pattern + "\"";
        if (draft.excludes().contains(pattern)) {
            findings.taken(exclude, shown, "exclude has the same pattern");
        } else {
            findings.notTaken(exclude, shown, "sersync left this out of crontab's runs, and sent it when it changed; here"
                    + " one exclude holds for both. If it is not to be mirrored, add " + pattern + " to exclude");
        }
    }
}
