package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Sh;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

/** What {@code java -jar} makes of itself. */
class RelaunchIT {

    private static final String JAVA = System.getProperty("java.home") + "/bin/java";
    private static final Path JAR = Path.of(System.getProperty("dromedary.jar", "target/dromedary.jar")).toAbsolutePath();

    @AutoClose
    private final Stage stage = new Stage();
    private final Path cache = stage.scratch.folder("cache");

    @Test
    void it_runs_with_the_options_that_suit_it_in_the_same_process() throws IOException {
        stage.configured();
        Dromedary dromedary = start(List.of(), "-Dmirror.t.window=20ms").awaitReady();

        assertThat(options(dromedary)).contains("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dmirror.t.window=20ms")
                .endsWith("-jar", JAR.toString());
        stage.inSource("echo 1 >file");
        eventuallySame(stage.source, stage.target, dromedary);
        assertThat(openFiles(dromedary)).as("left open by the first").allSatisfy(file -> assertThat(files(dromedary, file)).hasSize(1));
        assertThat(Path.of("/tmp", "hsperfdata_" + System.getProperty("user.name"), Long.toString(dromedary.pid()))).doesNotExist();
        assertThat(dromedary.terminate()).isEqualTo(143);
        assertThat(dromedary.output()).doesNotContain("WARNING", "warning");
    }

    @Test
    void the_archive_for_the_next_start_is_made_beside_it() throws IOException {
        stage.configured();
        Dromedary first = start(List.of()).awaitReady();
        // it gets what no other process wants of a processor
        Awaitility.await().atMost(Duration.ofMinutes(4)).until(() -> !archives().isEmpty());
        Path archive = archives().get(0);
        assertThat(options(first)).doesNotContain(option(archive));
        eventually("it is told", first, () -> first.output().contains("Made " + archive));
        first.terminate();

        Dromedary second = start(List.of()).awaitReady();
        assertThat(options(second)).contains(option(archive));
        assertThat(Sh.run(Path.of("/"), "grep -c '" + archive + "' /proc/" + second.pid() + "/maps")).isNotEqualTo("0\n");
        stage.inSource("echo 1 >file");
        eventuallySame(stage.source, stage.target, second);
        second.terminate();
        try (DirectoryStream<Path> left = Files.newDirectoryStream(archive.getParent())) {
            assertThat(left).as("nothing unfinished").containsExactly(archive);
        }

        Sh.run(archive.getParent(), "dd if=/dev/urandom of=" + archive + " bs=1M seek=4 count=4 conv=notrunc 2>&1");
        Dromedary third = start(List.of()).awaitReady();
        assertThat(options(third)).contains(option(archive));
        third.terminate();
        Sh.run(archive.getParent(), "truncate -s 10000000 " + archive);
        Dromedary fourth = start(List.of()).awaitReady();
        assertThat(options(fourth)).as("it was cut off").doesNotContain(option(archive));
        fourth.terminate();

        Sh.run(archive.getParent(), "chmod 666 *");
        assertThat(options(start(List.of()).awaitReady())).as("others may write it").doesNotContain(option(archive));
    }

    @Test
    void whoever_says_how_java_runs_is_obeyed() throws IOException {
        stage.configured();
        Dromedary tuned = start(List.of(), "-Xmx200m").awaitReady();
        assertThat(options(tuned)).containsExactly("-Xmx200m", "-Dcamel.server.port=0", "-jar", JAR.toString());
        tuned.terminate();
        Dromedary asEver = start(List.of("JAVA_TOOL_OPTIONS=-Xmx200m")).awaitReady();
        assertThat(options(asEver)).containsExactly("-Dcamel.server.port=0", "-jar", JAR.toString());
    }

    private Dromedary start(List<String> environment, String... options) {
        List<String> command = new ArrayList<>(List.of("env", "XDG_CACHE_HOME=" + cache));
        command.addAll(environment);
        command.add(JAVA);
        command.addAll(Arrays.asList(options));
        Dromedary.Builder builder = stage.dromedary();
        command.add("-Dcamel.server.port=" + builder.port());
        command.addAll(List.of("-jar", JAR.toString()));
        return builder.startBy(command);
    }

    private List<Path> archives() throws IOException {
        try (Stream<Path> all = Files.walk(cache)) {
            return all.filter(Files::isRegularFile).filter(file -> file.getParent().getFileName().toString().equals("dromedary")).toList();
        }
    }

    private static String option(Path archive) {
        return (archive.toString().endsWith(".aot") ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=") + archive;
    }

    private static List<String> options(Dromedary dromedary) throws IOException {
        String[] words = new String(Files.readAllBytes(Path.of("/proc", Long.toString(dromedary.pid()), "cmdline")), StandardCharsets.UTF_8).split("\0");
        return Arrays.asList(words).subList(1, words.length).stream().map(word -> word.replaceFirst("(-Dcamel.server.port=).*", "$10")).toList();
    }

    private static List<String> openFiles(Dromedary dromedary) throws IOException {
        return links(dromedary).stream().filter(file -> file.endsWith(".jar")).distinct().toList();
    }

    private static List<String> files(Dromedary dromedary, String file) throws IOException {
        return links(dromedary).stream().filter(file::equals).toList();
    }

    private static List<String> links(Dromedary dromedary) throws IOException {
        List<String> links = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("/proc", Long.toString(dromedary.pid()), "fd"))) {
            for (Path each : files) {
                if (Files.isSymbolicLink(each)) {
                    links.add(Files.readSymbolicLink(each).toString());
                }
            }
        }
        return links;
    }
}
