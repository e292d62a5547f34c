package dev.dromedary.config;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Gathers what is wrong, so that the user hears of everything at once. */
final class Faults {

    // a set: a mirror's option is read once for each of its targets
    private final Set<Fault> faults = new LinkedHashSet<>();

    void add(String key, String value, String problem, String remedy) {
        faults.add(new Fault(key, value, problem, remedy));
    }

    void add(Fault fault) {
        faults.add(fault);
    }

    void add(Line line, String problem, String remedy) {
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
