package dev.dromedary;

import java.nio.file.Path;
import java.util.Properties;
import java.util.function.Predicate;

import org.apache.camel.spi.LoadablePropertiesSource;
import org.apache.camel.util.OrderedProperties;

/** The configuration as a source of Camel's properties, which by itself would take a byte order mark for a part of the first key. */
final class ConfigSource implements LoadablePropertiesSource {

    private final Path file;
    private final Properties values;

    /**
     * @param file   by which Camel names it
     * @param values what is in it
     */
    ConfigSource(Path file, Properties values) {
        this.file = file;
        this.values = values;
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
        Properties some = new OrderedProperties();
        values.stringPropertyNames().stream().filter(filter).forEach(key -> some.setProperty(key, values.getProperty(key)));
        return some;
    }

    @Override
    public void reloadProperties(String location) {
        // what is edited there counts from the next start on
    }
}
