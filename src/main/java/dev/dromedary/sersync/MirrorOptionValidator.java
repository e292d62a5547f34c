package dev.dromedary.sersync;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.dromedary.config.ConfigFault;
import dev.dromedary.config.ConfigurationException;
import dev.dromedary.config.Settings;

/** Validates option values with the configuration's own reader, so that the rules exist only once. */
final class MirrorOptionValidator {

    private MirrorOptionValidator() {
    }

    /** {@return the fault in the value of an option, as one text; {@code null} if the value is valid} */
    static String problem(String option, String value) {
        String key = "mirror.probe." + option;
        try {
            Settings.read(Map.of(key, value), Path.of("").toAbsolutePath());
            return null;
        } catch (ConfigurationException e) {
            // the other faults are about the missing mirror
            List<ConfigFault> faults = e.faults().stream().filter(f -> f.key().equals(key)).toList();
            return faults.isEmpty() ? null : faults.get(0).problem() + "; " + faults.get(0).remedy();
        }
    }
}
