package dev.dromedary.routes;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;

import dev.dromedary.config.CamelKeyCheck;
import dev.dromedary.config.ConfigFault;
import dev.dromedary.config.ConfigurationException;
import dev.dromedary.config.MisspeltKeyCheck;
import dev.dromedary.config.Settings;
import dev.dromedary.hook.HookEndpointCheck;
import org.apache.camel.CamelContext;

/** Reads and checks a whole configuration, so that the user sees all faults at once, in the order of the lines. */
public final class ConfigCheck {

    private ConfigCheck() {
    }

    /**
     * {@return what is to be mirrored}
     *
     * @param values the content of the file
     * @throws ConfigurationException with all faults in Camel's keys, in our keys, and in the endpoints that they name
     */
    public static Settings read(CamelContext context, MirrorRoutes mirrors, Properties values) throws ConfigurationException {
        List<ConfigFault> faults = new ArrayList<>(CamelKeyCheck.faults(values));
        faults.addAll(MisspeltKeyCheck.faults(values));
        try {
            Settings settings = mirrors.settings();
            faults.addAll(HookEndpointCheck.faults(context, settings));
            if (faults.isEmpty()) {
                return settings;
            }
        } catch (ConfigurationException e) {
            faults.addAll(e.faults());
        }
        List<String> lines = List.copyOf(values.stringPropertyNames());
        // faults without a line, such as a missing key, come last
        faults.sort(Comparator.comparingInt(fault -> lines.contains(fault.key()) ? lines.indexOf(fault.key()) : lines.size()));
        throw new ConfigurationException(faults);
    }
}
