package dev.dromedary.status;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import dev.dromedary.config.Target;

/** Finds the line in the configuration, or in a file that it names, where a filter rule of a target is set. */
final class FilterRuleOrigin {

    private final UnaryOperator<String> configuration;

    /** @param configuration returns the value of a key; {@code null} or blank if there is none */
    FilterRuleOrigin(UnaryOperator<String> configuration) {
        this.configuration = configuration;
    }

    /** {@return the rule and its location, for people} */
    String of(Target target, String rule) {
        return "the rule \"" + rule + "\"" + (rule.equals("- /" + target.targetMarker()) ? " for the target's marker"
                : ofLists(target, rule));
    }

    private String ofLists(Target target, String rule) {
        String from = value(target, "filter-from");
        if (from != null) {
            int line = line(Path.of(from), rule);
            if (line > 0) {
                return " in line " + line + " of " + from;
            }
        }
        for (String list : List.of("include", "exclude")) {
            String value = value(target, list);
            String pattern = rule.substring(2);
            if (value != null && Stream.of(value.split(",")).map(String::strip).anyMatch(pattern::equals)) {
                return " of " + key(target, list);
            }
        }
        return ", as that folder is Dromedary's own, or a target or source that lies in this source";
    }

    private static int line(Path file, String rule) {
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8).indexOf(rule) + 1;
        } catch (IOException e) {
            return 0;
        }
    }

    // the target's own value takes precedence
    private String key(Target target, String option) {
        String own = "mirror." + target.mirror() + ".target." + target.name() + '.' + option;
        return isSet(own) ? own : "mirror." + target.mirror() + '.' + option;
    }

    private String value(Target target, String option) {
        String key = key(target, option);
        return isSet(key) ? configuration.apply(key) : null;
    }

    private boolean isSet(String key) {
        String value = configuration.apply(key);
        return value != null && !value.isBlank();
    }
}
