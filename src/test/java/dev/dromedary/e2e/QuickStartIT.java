package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

import dev.dromedary.testing.FreePort;
import dev.dromedary.testing.Processes;
import dev.dromedary.testing.Scratch;
import dev.dromedary.testing.Sh;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

/** Follows docs/quick-start.md to the letter: each of its commands, in their order, in a folder with what a clone has. */
class QuickStartIT {

    private static final Path PAGE = Path.of("docs/quick-start.md");
    private static final String COMMAND = "    ";
    // goes on until it is ended, while what follows is typed into another terminal
    private static final Pattern STAYS = Pattern.compile("bin/dromedary( demo| \\S+/source \\S+)?");

    @AutoClose
    private final Scratch scratch = Scratch.create();
    private final Path clone = scratch.folder("clone");
    // the usual one may be taken
    private final String port = "-Dcamel.server.port=" + FreePort.next();

    @Test
    void each_command_does_what_the_page_says() throws IOException {
        Sh.run(Path.of("").toAbsolutePath(), "cp -r bin config '" + clone + "' && mkdir '" + clone + "/target' && cp target/dromedary.jar '" + clone
                + "/target'");
        List<String> lines = Files.readAllLines(PAGE);
        Files.writeString(clone.resolve("config/application.properties"), properties(Files.readString(PAGE)));
        Process staying = null;
        int run = 0;
        for (String line : lines) {
            if (!line.startsWith(COMMAND)) {
                continue;
            }
            String command = line.strip();
            if (STAYS.matcher(command).matches()) {
                end(staying);
                staying = start(command);
            } else {
                soon(command);
            }
            run++;
        }
        end(staying);
        assertThat(run).isGreaterThan(10);
    }

    private static String properties(String page) {
        String fence = "```properties\n";
        int start = page.indexOf(fence) + fence.length();
        return page.substring(start, page.indexOf("```", start));
    }

    private Process start(String command) throws IOException {
        Path output = Files.createTempFile(scratch.root(), "output-", ".log");
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", "exec " + command).directory(clone.toFile())
                .redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("JAVA_OPTS", port);
        Process process = builder.start();
        process.getOutputStream().close();
        scratch.own(() -> Processes.end(process));
        Awaitility.await().atMost(ofSeconds(60)).pollInterval(ofMillis(100)).untilAsserted(() -> {
            assertThat(process.isAlive()).as(Processes.read(output)).isTrue();
            assertThat(Processes.read(output)).contains("in line with its source");
        });
        return process;
    }

    private static void end(Process process) {
        if (process != null) {
            process.destroy();
            Processes.awaitEnd(process, 20);
        }
    }

    // whoever types it a moment too early types it again
    private void soon(String command) {
        Awaitility.await().atMost(ofSeconds(30)).pollInterval(ofMillis(100)).untilAsserted(() -> Sh.run(clone, "export JAVA_OPTS=" + port + "; " + command));
    }
}
