package dev.dromedary.config;

import java.nio.file.Path;
import java.util.Properties;
import java.util.function.Predicate;

import org.apache.camel.spi.LoadablePropertiesSource;
import org.apache.camel.util.OrderedProperties;

/** The configuration as a source of Camel's properties, which by itself would take a byte order mark for a part of the first key. */
public final class ConfigPropertiesSource implements LoadablePropertiesSource {

    private final Path file;
    private final Properties atStart;
    private volatile Properties values;

    /**
     * @param file   by which Camel names it; null if there is none
     * @param values what is in it
     */
    public ConfigPropertiesSource(Path file, Properties values) {
        this.file = file;
        this.atStart = values;
        this.values = values;
    }

    /** Null if there is none. */
    public Path file() {
        return file;
    }

    /** What was in it when the program started. */
    public Properties atStart() {
        return atStart;
    }

    public Properties values() {
        return values;
    }

    /** Gives other values from now on. */
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
        // ConfigReload does so, as more than properties has to follow
    }
}
