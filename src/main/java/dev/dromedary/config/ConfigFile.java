package dev.dromedary.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.Properties;
import java.util.regex.Pattern;

import org.apache.camel.util.OrderedProperties;

/** Reads the configuration file: UTF-8, with or without a byte order mark, and with any line ends. */
public final class ConfigFile {

    private static final Pattern BLANKS = Pattern.compile(" +$");

    private ConfigFile() {
    }

    /**
     * {@return its lines, in their order; placeholders are not resolved}
     *
     * @param file null for none
     * @throws IOException if it can't be read; the message gives the reason and the remedy in one line
     */
    public static Properties read(Path file) throws IOException {
        Properties properties = new OrderedProperties();
        if (file == null) {
            return properties;
        }
        try {
            properties.load(new StringReader(TextFile.read(file)));
        } catch (TextFile.NotUtf8Exception e) {
            throw new IOException(e.getMessage() + "; save it as UTF-8", e);
        } catch (IllegalArgumentException e) {
            throw new IOException("a backslash and a u begin a character's number, of four digits, and one has none; write two"
                    + " backslashes for one", e);
        }
        // as Camel does when it reads a file by itself
        properties.stringPropertyNames().forEach(key -> properties.setProperty(key, BLANKS.matcher(properties.getProperty(key))
                .replaceFirst("")));
        return properties;
    }
}
