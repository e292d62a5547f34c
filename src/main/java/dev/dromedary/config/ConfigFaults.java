package dev.dromedary.config;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects the faults, so that the user sees all of them at once. */
final class ConfigFaults {

    // a set: a mirror's option is read once for each of its targets
    private final Set<ConfigFault> faults = new LinkedHashSet<>();

    void add(String key, String value, String problem, String remedy) {
        faults.add(new ConfigFault(key, value, problem, remedy));
    }

    void add(ConfigFault fault) {
        faults.add(fault);
    }

    void add(ConfigLine line, String problem, String remedy) {
        add(line.key(), line.value(), problem, remedy);
    }

    boolean isEmpty() {
        return faults.isEmpty();
    }

    void throwIfAny() throws ConfigurationException {
        if (!faults.isEmpty()) {
            throw new ConfigurationException(List.copyOf(faults));
        }
    }
}
