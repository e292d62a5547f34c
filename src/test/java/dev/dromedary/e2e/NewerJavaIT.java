package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.dromedary.testing.Dromedary;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

/** From Java 24 on a jar that reaches native code without leave is warned about. */
class NewerJavaIT {

    private static final Path HOMES = Path.of("/usr/lib/jvm");
    private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(\\d+)");

    @AutoClose
    private final Stage stage = new Stage();

    @Test
    void a_newer_java_has_nothing_to_warn_of() throws IOException {
        Optional<Path> home = newerJava();
        Assumptions.assumeTrue(home.isPresent(), "no Java 24 or later below " + HOMES);
        stage.inSource("echo 1 >first");

        Dromedary dromedary = stage.configured().dromedary().javaHome(home.orElseThrow()).start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("echo 2 >second");
        eventuallySame(stage.source, stage.target, dromedary);
        dromedary.terminate();

        assertThat(dromedary.output()).doesNotContain("WARNING:");
    }

    private static Optional<Path> newerJava() throws IOException {
        if (!Files.isDirectory(HOMES)) {
            return Optional.empty();
        }
        try (DirectoryStream<Path> homes = Files.newDirectoryStream(HOMES)) {
            for (Path home : homes) {
                Path release = home.resolve("release");
                if (!Files.isReadable(release) || !Files.isExecutable(home.resolve("bin/java"))) {
                    continue;
                }
                Matcher version = VERSION.matcher(Files.readString(release));
                if (version.find() && Integer.parseInt(version.group(1)) >= 24) {
                    return Optional.of(home);
                }
            }
        }
        return Optional.empty();
    }
}
