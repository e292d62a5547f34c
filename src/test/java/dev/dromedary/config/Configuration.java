package dev.dromedary.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** A configuration in a scratch folder: one good mirror www with one local target, and what a test does to it. */
final class Configuration {

    final Path dir;
    private final Map<String, String> lines = new LinkedHashMap<>();

    Configuration(Path dir) throws IOException {
        this.dir = dir;
        folder("source");
        with("mirror.www.source", "source").with("mirror.www.target.backup.url", "target");
    }

    Configuration with(String key, String value) {
        lines.put(key, value);
        return this;
    }

    Configuration without(String key) {
        lines.remove(key);
        return this;
    }

    Path folder(String name) throws IOException {
        return Files.createDirectories(dir.resolve(name));
    }

    Path file(String name, String text) throws IOException {
        return Files.writeString(dir.resolve(name), text);
    }

    Path password(String name, String mode) throws IOException {
        return Files.setPosixFilePermissions(file(name, "secret\n"), PosixFilePermissions.fromString(mode));
    }

    Settings read() throws ConfigurationException {
        return Settings.read(lines, dir);
    }

    Mirror mirror() throws ConfigurationException {
        return read().mirrors().get(0);
    }

    Target target() throws ConfigurationException {
        return mirror().targets().get(0);
    }

    List<ConfigFault> faults() {
        ConfigurationException e = catchThrowableOfType(ConfigurationException.class, this::read);
        return e == null ? List.of() : e.faults();
    }

    /** {@return the faults, a line each, with the scratch folder as DIR} */
    List<String> told() {
        return faults().stream().map(f -> f.toString().replace(dir.toString(), "DIR")).toList();
    }
}
