package dev.dromedary.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

import dev.dromedary.text.SpellingSuggestion;

/**
 * Finds keys whose first word is misspelt. Other keys may belong to anybody, for placeholders, so a key is refused only if it would be
 * valid with that word corrected.
 */
public final class MisspeltKeyCheck {

    private static final List<String> OURS = List.of("mirror", "dromedary");

    private MisspeltKeyCheck() {
    }

    /** {@return a fault for each such key of a configuration} */
    public static List<ConfigFault> faults(Properties configuration) {
        List<ConfigFault> faults = new ArrayList<>();
        for (String key : configuration.stringPropertyNames()) {
            int dot = key.indexOf('.');
            String first = dot < 0 ? "" : key.substring(0, dot);
            Optional<String> meant = OURS.contains(first) || dot < 0 ? Optional.empty() : SpellingSuggestion.near(first, OURS).map(word -> word + key.substring(dot));
            meant.filter(MisspeltKeyCheck::isKnown).ifPresent(known -> faults.add(new ConfigFault(key, configuration.getProperty(key), "this key is not known",
                    "did you mean " + known + "?")));
        }
        return faults;
    }

    private static boolean isKnown(String key) {
        ConfigFaults faults = new ConfigFaults();
        new KeyParser(Map.of(key, "x"), faults);
        return faults.isEmpty();
    }
}
