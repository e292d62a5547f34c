package dev.dromedary.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.dromedary.config.ConfigFault;
import dev.dromedary.config.ConfigurationException;
import org.apache.camel.CamelContext;
import org.apache.camel.main.MainHelper;

/**
 * Refuses tokens (JWT) in place of passwords. Camel 4.17 checks a token's signature and expiry, but can't be told which issuer and audience
 * it must have (CVE-2026-66908). Anybody with a token for another service, signed by the same key, would get access.
 */
final class JwtConfigCheck {

    private static final List<String> SERVERS = List.of("camel.server.", "camel.management.");

    private JwtConfigCheck() {
    }

    /** @throws ConfigurationException if a server that is to be started would accept tokens */
    static void check(CamelContext context) throws ConfigurationException {
        List<ConfigFault> faults = new ArrayList<>();
        for (String server : SERVERS) {
            if (Boolean.parseBoolean(context.resolvePropertyPlaceholders("{{" + server + "enabled:false}}"))) {
                keys(context, server).forEach(key -> faults.add(new ConfigFault(key, null, "tokens (JWT) are not accepted: Camel would check"
                        + " neither who has issued one nor for whom", "take it out, and set camel.server.basicPropertiesFile = FILE"
                        + " with lines user.NAME = PASSWORD, or leave camel.server.host at 127.0.0.1 behind a proxy that checks"
                        + " tokens")));
            }
        }
        if (!faults.isEmpty()) {
            throw new ConfigurationException(faults);
        }
    }

    // Camel accepts keys in any case, with dashes or without, and from the environment, where a dot may stand for a dash
    private static Set<String> keys(CamelContext context, String server) {
        Properties environment = MainHelper.loadEnvironmentVariablesAsProperties(new String[] {server});
        return Stream.of(context.getPropertiesComponent().loadProperties(), System.getProperties(), environment)
                .flatMap(found -> found.stringPropertyNames().stream())
                .filter(key -> key.toLowerCase(Locale.ROOT).startsWith(server + "jwt"))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
