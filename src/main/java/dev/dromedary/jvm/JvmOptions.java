package dev.dromedary.jvm;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The Java options that suit this program; {@code bin/jvm.options} gives the reason for each. */
final class JvmOptions {

    private static final String FILE = "jvm.options";

    private JvmOptions() {
    }

    /** {@return the options, one per element} */
    static List<String> read() {
        try (InputStream file = JvmOptions.class.getResourceAsStream(FILE)) {
            return file == null ? List.of() : new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
