package dev.dromedary.config;

import java.nio.file.Path;
import java.util.Properties;
import java.util.function.Predicate;

import org.apache.camel.spi.LoadablePropertiesSource;
import org.apache.camel.util.OrderedProperties;

/** Makes the configuration a source of Camel's properties. Camel itself would take a byte order mark for a part of the first key. */
public final class ConfigPropertiesSource implements LoadablePropertiesSource {

    private final Path file;
    private final Properties atStart;
    private volatile Properties values;

    /**
     * @param file   the file, which Camel names in messages; null if there is none
     * @param values its content
     */
    public ConfigPropertiesSource(Path file, Properties values) {
        this.file = file;
        this.atStart = values;
        this.values = values;
    }

    /** Returns null if there is none. */
    public Path file() {
        return file;
    }

    /** Returns the content when the program started. */
    public Properties atStart() {
        return atStart;
    }

    public Properties values() {
        return values;
    }

    /** Replaces the values. */
    public void use(Properties others) {
        values = others;
    }

    @Override
    public String getName() {
        return "file:" + file;
    }

    @Override
    public String getProperty(String name) {
        return values.getProperty(name);
    }

    @Override
    public Properties loadProperties() {
        return loadProperties(key -> true);
    }

    @Override
    public Properties loadProperties(Predicate<String> filter) {
        Properties all = values;
        Properties some = new OrderedProperties();
        all.stringPropertyNames().stream().filter(filter).forEach(key -> some.setProperty(key, all.getProperty(key)));
        return some;
    }

    @Override
    public void reloadProperties(String location) {
        // ConfigReload does this, because more than the properties has to be updated
    }
}
