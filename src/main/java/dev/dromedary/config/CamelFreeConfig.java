package dev.dromedary.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Properties;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a few values of a configuration without starting Camel. -D overrides the environment, which overrides the file.
 * {@code {{key:default}}}, {@code {{env:NAME}}} and {@code {{sys:name}}} have the same meaning as in Camel.
 */
public final class CamelFreeConfig {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\??([^{}:]+)(?::([^{}]*))?}}");
    private static final int MOST_PLACEHOLDERS = 100;

    private final Properties file;
    private final UnaryOperator<String> environment;

    private CamelFreeConfig(Properties file, UnaryOperator<String> environment) {
        this.file = file;
        this.environment = environment;
    }

    /**
     * @param path the file; null for none
     * @throws IOException as {@link ConfigFile#read}
     */
    public static CamelFreeConfig read(Path path) throws IOException {
        return of(ConfigFile.read(path));
    }

    /** {@return the values of a configuration that was read already} */
    public static CamelFreeConfig of(Properties file) {
        return new CamelFreeConfig(file, System::getenv);
    }

    static CamelFreeConfig of(Properties file, UnaryOperator<String> environment) {
        return new CamelFreeConfig(file, environment);
    }

    /** Returns a value, or the default. */
    public String get(String key, String usual) {
        String value = raw(key);
        if (value == null) {
            return usual;
        }
        for (int i = 0; i < MOST_PLACEHOLDERS; i++) {
            Matcher matcher = PLACEHOLDER.matcher(value);
            if (!matcher.find()) {
                break;
            }
            value = value.substring(0, matcher.start()) + resolve(matcher.group(1).strip(), matcher.group(2))
                    + value.substring(matcher.end());
        }
        return value.strip();
    }

    private String raw(String key) {
        String set = System.getProperty(key);
        String exported = environment.apply(key.replaceAll("[.-]", "_").toUpperCase(Locale.ROOT));
        // Camel knows keys in either spelling: camel.server.fileUploadEnabled is camel.server.file-upload-enabled
        String dashed = key.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
        return set != null ? set : exported != null ? exported
                : file.getProperty(key, dashed.equals(key) ? null : file.getProperty(dashed));
    }

    private String resolve(String name, String rest) {
        if (rest != null && (name.equals("env") || name.equals("sys"))) {
            String[] parts = rest.split(":", 2);
            String found = name.equals("env") ? environment.apply(parts[0]) : System.getProperty(parts[0]);
            return found != null ? found : parts.length > 1 ? parts[1] : "";
        }
        String found = raw(name);
        return found != null ? found : rest == null ? "" : rest;
    }
}
