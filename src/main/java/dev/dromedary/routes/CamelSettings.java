package dev.dromedary.routes;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.dromedary.config.ConfigFault;
import dev.dromedary.config.ConfigurationException;
import dev.dromedary.config.HostListProvider;
import dev.dromedary.config.Settings;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.PropertiesComponent;

/** Reads the settings from Camel's properties, so that placeholders, {@code -D} and the environment work as everywhere in Camel. */
final class CamelSettings {

    private final CamelContext context;

    CamelSettings(CamelContext context) {
        this.context = context;
    }

    /** Returns whether Camel has any of our keys. */
    boolean areThere() {
        return !keys().isEmpty();
    }

    /**
     * Reads the settings and checks them.
     *
     * @param instead replacement values for some keys; null removes the key
     * @param hosts   the current hosts, for targets that come and go with them
     * @throws ConfigurationException with all faults
     */
    Settings read(Map<String, String> instead, HostListProvider hosts) throws ConfigurationException {
        Map<String, String> raw = raw();
        instead.forEach((key, value) -> {
            if (value == null) {
                raw.remove(key);
            } else {
                raw.put(key, value);
            }
        });
        return Settings.read(raw, Path.of("").toAbsolutePath(), hosts);
    }

    /** Returns our keys, with everything that Camel users know: placeholders, -D and the environment. */
    private Map<String, String> raw() throws ConfigurationException {
        PropertiesComponent properties = context.getPropertiesComponent();
        Map<String, String> raw = new HashMap<>();
        List<ConfigFault> faults = new ArrayList<>();
        for (String key : keys()) {
            try {
                raw.put(key, context.resolvePropertyPlaceholders("{{" + key + "}}"));
            } catch (IllegalArgumentException e) {
                faults.add(new ConfigFault(key, properties.loadProperties(key::equals).getProperty(key),
                        "a placeholder in it has no value (" + e.getMessage() + ")",
                        "set it, or give a default: {{name:default}}"));
            }
        }
        if (!faults.isEmpty()) {
            throw new ConfigurationException(faults);
        }
        return raw;
    }

    private Set<String> keys() {
        return Stream.of(context.getPropertiesComponent().loadProperties(CamelSettings::isOurs), System.getProperties())
                .flatMap(found -> found.stringPropertyNames().stream()).filter(CamelSettings::isOurs)
                .collect(Collectors.toSet());
    }

    private static boolean isOurs(String key) {
        return key.startsWith("mirror.") || key.startsWith("dromedary.");
    }
}
