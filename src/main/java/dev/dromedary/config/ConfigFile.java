package dev.dromedary.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.Properties;
import java.util.regex.Pattern;

import org.apache.camel.util.OrderedProperties;

/** The configuration as it stands in its file: UTF-8, with a byte order mark or without, and any line ends. */
public final class ConfigFile {

    private static final Pattern BLANKS = Pattern.compile(" +$");

    private ConfigFile() {
    }

    /**
     * {@return its lines, in their order; placeholders are left as they are}
     *
     * @param file null for none
     * @throws IOException if it can't be read; the message says why in a line, and the way out
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
        // as Camel does where it reads a file by itself
        properties.stringPropertyNames().forEach(key -> properties.setProperty(key, BLANKS.matcher(properties.getProperty(key))
                .replaceFirst("")));
        return properties;
    }
}
