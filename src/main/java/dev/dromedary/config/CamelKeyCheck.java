package dev.dromedary.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.dromedary.log.Redaction;
import dev.dromedary.text.SpellingSuggestion;

/**
 * Knows the keys of camel-main, from a file in its jar (camel-main 4.17, camel-main-configuration-metadata.json). The file does not list
 * the keys of components and the like, so these are not checked here.
 */
public final class CamelKeyCheck {

    private static final String METADATA = "META-INF/camel-main-configuration-metadata.json";
    // one property a line; no parser, because that takes longer than all other reading at a start
    private static final String PROPERTY = "{ \"name\": \"camel.";
    private static final String OF_A_GROUP = "\"description\"";
    private static final String MAP = "\"javaType\": \"java.util.Map\"";
    private static final String PREFIX = "camel.";
    private static final String ENVIRONMENT = "CAMEL_";
    // groups whose keys are defined by their users, or belong to something other than camel-main
    private static final Set<String> OPEN = Set.of("beans", "cli", "cluster", "component", "context", "dataformat", "devconsole",
            "globaloptions", "jbang", "kamelet", "language", "routetemplate", "variable", "vault");
    // read by camel-main before anything else, and not in its metadata
    private static final List<String> EARLY = List.of("main.initial-properties-location", "main.override-properties-location",
            "main.cloud-properties-location", "main.property-placeholder-location", "main.autoConfigurationSystemPropertiesEnabled");
    private static final Pattern LIKE_A_SECRET = Pattern.compile("pas|tok|auth|key|cred|sec", Pattern.CASE_INSENSITIVE);

    // Camel's spelling, by the normalised form of all spellings
    private final Map<String, String> names = new HashMap<>();
    private final List<String> maps = new ArrayList<>();
    private final Set<String> groups;

    CamelKeyCheck(String metadata) {
        metadata.lines().map(String::strip).filter(line -> line.startsWith(PROPERTY)).forEach(line -> {
            String name = line.substring(PROPERTY.length(), line.indexOf('"', PROPERTY.length()));
            if (!line.startsWith(OF_A_GROUP, PROPERTY.length() + name.length() + 3)) {
                names.put(plain(name), name);
                if (line.contains(MAP)) {
                    maps.add(plain(name));
                }
            }
        });
        groups = names.keySet().stream().map(CamelKeyCheck::group).collect(Collectors.toSet());
        EARLY.forEach(name -> names.put(plain(name), name));
    }

    /**
     * {@return a fault for each key that Camel does not know, in the configuration, among {@code -D} and in the environment} There is none
     * if camel-main has no metadata.
     */
    public static List<ConfigFault> faults(Properties configuration) {
        Map<String, String> asked = keys(configuration, System.getProperties(), System.getenv());
        return asked.isEmpty() ? List.of() : ofCamel().map(known -> known.faults(asked)).orElse(List.of());
    }

    /** {@return the keys in camel-main's metadata; empty if there is none, because Camel then refuses by itself what it can't set} */
    static Optional<CamelKeyCheck> ofCamel() {
        try (InputStream in = CamelKeyCheck.class.getClassLoader().getResourceAsStream(METADATA)) {
            return in == null ? Optional.empty() : Optional.of(new CamelKeyCheck(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static Map<String, String> keys(Properties configuration, Properties system, Map<String, String> environment) {
        Map<String, String> keys = new TreeMap<>();
        environment.forEach((key, value) -> {
            if (key.startsWith(ENVIRONMENT)) {
                keys.put(key, value);
            }
        });
        for (Properties properties : List.of(configuration, system)) {
            for (String key : properties.stringPropertyNames()) {
                if (key.startsWith(PREFIX)) {
                    keys.put(key, properties.getProperty(key));
                }
            }
        }
        return keys;
    }

    List<ConfigFault> faults(Map<String, String> keys) {
        List<ConfigFault> faults = new ArrayList<>();
        keys.forEach((key, value) -> {
            String name = key.startsWith(PREFIX) ? plain(key.substring(PREFIX.length())) : fromEnvironment(key);
            if (name != null && !groups.isEmpty() && !isKnown(name)) {
                String nearest = SpellingSuggestion.to(name, names.keySet());
                faults.add(new ConfigFault(key, LIKE_A_SECRET.matcher(name + nearest).find() ? Redaction.HIDDEN : value,
                        "Camel has no such key", "did you mean " + PREFIX + names.get(nearest) + "?"));
            }
        });
        return faults;
    }

    private boolean isKnown(String name) {
        return OPEN.contains(group(name)) || names.containsKey(name)
                || maps.stream().anyMatch(map -> name.startsWith(map + '.') || name.startsWith(map + '['));
    }

    // CAMEL_SERVER_JWT_KEYSTORE_PATH is camel.server.jwtKeystorePath; null if it is no key, such as CAMEL_HOME
    private String fromEnvironment(String name) {
        String[] parts = name.substring(ENVIRONMENT.length()).toLowerCase(Locale.ROOT).split("_", 2);
        if (parts.length < 2 || !groups.contains(parts[0])) {
            return null;
        }
        String plain = parts[0] + '.' + parts[1].replace("_", "");
        return maps.stream().anyMatch(plain::startsWith) ? null : plain;
    }

    private static String group(String name) {
        return name.split("[.\\[]", 2)[0];
    }

    // Camel reads a key in any case, with dashes or without
    private static String plain(String name) {
        return name.replace("-", "").toLowerCase(Locale.ROOT);
    }
}
