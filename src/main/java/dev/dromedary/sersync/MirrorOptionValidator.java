package dev.dromedary.sersync;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.dromedary.config.ConfigFault;
import dev.dromedary.config.ConfigurationException;
import dev.dromedary.config.Settings;

/** Asks the configuration itself what it takes, so that there is one list of that. */
final class MirrorOptionValidator {

    private MirrorOptionValidator() {
    }

    /** {@return what is wrong with the value of an option, as one text; {@code null} if it would be taken} */
    static String problem(String option, String value) {
        String key = "mirror.probe." + option;
        try {
            Settings.read(Map.of(key, value), Path.of("").toAbsolutePath());
            return null;
        } catch (ConfigurationException e) {
            // the rest is about the mirror that is not there
            List<ConfigFault> faults = e.faults().stream().filter(f -> f.key().equals(key)).toList();
            return faults.isEmpty() ? null : faults.get(0).problem() + "; " + faults.get(0).remedy();
        }
    }
}
