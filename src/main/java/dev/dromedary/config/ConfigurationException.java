package dev.dromedary.config;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration cannot be used. The message holds all faults, a line each. */
public final class ConfigurationException extends Exception {

    private final List<ConfigFault> faults;

    /** @param faults the faults, in the order in which they are shown; at least one */
    public ConfigurationException(List<ConfigFault> faults) {
        super(faults.stream().map(ConfigFault::toString).collect(Collectors.joining("\n")));
        this.faults = List.copyOf(faults);
    }

    /** {@return all faults, in the order of the message} */
    public List<ConfigFault> faults() {
        return faults;
    }
}
