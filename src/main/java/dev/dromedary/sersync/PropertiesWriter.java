package dev.dromedary.sersync;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the configuration: comments with what a person has to know, and a line for each value. */
final class PropertiesWriter {

    private final List<String> lines = new ArrayList<>();

    private PropertiesWriter() {
    }

    /** {@return the lines of an application.properties} */
    static List<String> of(String file, ConfigDraft draft, ConversionNotes findings) {
        PropertiesWriter text = new PropertiesWriter();
        text.head(file, draft);
        draft.mirrors().forEach(mirror -> text.mirror(mirror, draft));
        List<ConversionNote> notTaken = findings.of(ElementConversionStatus.NOT_TAKEN);
        if (!notTaken.isEmpty()) {
            text.lines.add("");
            notTaken.forEach(finding -> text.comment(finding.toString()));
        }
        return text.lines;
    }

    private void head(String file, ConfigDraft draft) {
        comment("Made of sersync's " + file + " by import-sersync; check looks whether all is right, docs/configuration.md lists"
                + " every key.");
        if (draft.mirrors().isEmpty()) {
            comment("There is no mirror in it: see below why.");
            return;
        }
        if ("true".equals(draft.options().get("delete"))) {
            comment("The start compares the whole tree and DELETES at a target what the source has not. delete = live deletes"
                    + " only");
            comment("what is deleted while it runs, as sersync does without -r and crontab; max-delete = 100 halts a run"
                    + " that deletes more.");
        }
        comment("sersync never sent files named .*, *~ or 4913; here they are sent unless exclude names them.");
        if (!draft.options().containsKey("reconcile")) {
            comment("Good advice: reconcile = 0 0 3 * * ? compares the whole tree each night.");
        }
    }

    private void mirror(ConfigDraft.Mirror mirror, ConfigDraft draft) {
        Map<String, String> facts = new LinkedHashMap<>();
        String prefix = "mirror." + mirror.name() + ".";
        facts.put(prefix + "source", mirror.source());
        mirror.targets().forEach(target -> facts.put(prefix + "target." + target.name() + ".url", target.url()));
        draft.options().forEach((option, value) -> facts.put(prefix + option, value));
        int width = facts.keySet().stream().mapToInt(String::length).max().orElse(0);
        lines.add("");
        facts.forEach((key, value) -> lines.add(key + " ".repeat(width - key.length()) + " = " + value(value)));
        draft.ways().forEach(way -> lines.add("#" + prefix + PropertiesEscaping.ascii(way)));
    }

    private void comment(String text) {
        lines.add("# " + PropertiesEscaping.ascii(text));
    }

    // a backslash starts an escape in a properties file
    private static String value(String value) {
        return PropertiesEscaping.ascii(value.replace("\\", "\\\\"));
    }
}
