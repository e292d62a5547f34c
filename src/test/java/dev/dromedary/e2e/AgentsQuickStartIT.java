package dev.dromedary.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.dromedary.testing.FreePort;
import dev.dromedary.testing.KafkaBroker;
import dev.dromedary.testing.Processes;
import dev.dromedary.testing.Scratch;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

/** Follows docs/agents-quick-start.md to the letter: each of its commands, in their order, with a real broker; only the ports are free ones. */
class AgentsQuickStartIT {

    private static final Path PAGE = Path.of("docs/agents-quick-start.md");
    private static final Path JAR = Path.of(System.getProperty("dromedary.jar", "target/dromedary.jar")).toAbsolutePath();
    private static final String COMMAND = "    ";
    // each goes on until it is ended, in a terminal of its own
    private static final String BROKER = "kafka/bin/kafka-server-start.sh kafka/config/server.properties";
    private static final String DAEMON = "rsync --daemon --no-detach --config=rsyncd.conf";
    private static final String MIRROR = "java -jar dromedary\\.jar (agent )?--config \\w+\\.properties";
    private static final String STATUS = "java -jar dromedary.jar status --config web1.properties";

    @AutoClose
    private final Scratch scratch = Scratch.create();
    private final Path folder = scratch.folder("try");
    private final Map<String, String> environment = new HashMap<>(Map.of("PATH", Path.of(System.getProperty("java.home"), "bin") + ":" + System.getenv("PATH"),
            "XDG_CACHE_HOME", scratch.folder("cache").toString()));
    private final Map<String, String> ports = new LinkedHashMap<>();
    private final Map<String, Process> terminals = new HashMap<>();

    @Test
    void each_command_does_what_the_page_says() throws IOException {
        for (String jar : List.of("dromedary.jar", "dromedary-kafka.jar")) {
            Files.copy(JAR.resolveSibling(jar), folder.resolve(jar));
        }
        for (String port : List.of("9092", "8730", "8080")) {
            ports.put(port, Integer.toString(FreePort.next()));
        }
        for (String host : List.of("web1", "web2")) {
            environment.put("port_" + host, Integer.toString(FreePort.next()));
        }
        ports.put("808${host#web}", "$(printenv port_$host)");
        KafkaBroker.unpack(folder.resolve("kafka"), Integer.parseInt(ports.get("9092")));

        List<String> commands = commands();
        commands.forEach(this::type);
        assertThat(commands).hasSizeGreaterThan(12);

        end(DAEMON);
        type("echo three >www/another");
        says("away", "refused");
        type(DAEMON);
        says("live");
        end(BROKER);
        says("away", "no broker answers");
        type(BROKER);
        says("live");
        assertThat(folder.resolve("web1/another")).hasContent("three");
    }

    // a block with a here-document is one command, else each line is
    private static List<String> commands() throws IOException {
        List<String> commands = new ArrayList<>();
        StringBuilder block = new StringBuilder();
        for (String line : Files.readAllLines(PAGE)) {
            if (line.startsWith(COMMAND)) {
                block.append(line.substring(COMMAND.length())).append('\n');
            } else if (!block.isEmpty()) {
                commands.addAll(block.indexOf("<<END") >= 0 ? List.of(block.toString()) : block.toString().lines().toList());
                block.setLength(0);
            }
        }
        return commands;
    }

    private void type(String command) {
        if (command.equals(BROKER) || command.equals(DAEMON) || command.matches(MIRROR)) {
            begin(command);
        } else {
            // whoever types it a moment too early types it again
            soon(() -> {
                Run run = run(command);
                assertThat(run.exit).as(command + "\n" + run.output).isZero();
            });
        }
    }

    private void begin(String command) {
        try {
            Path output = Files.createTempFile(folder, "terminal-", ".log");
            Process process = shell("exec " + command, output);
            scratch.own(() -> Processes.end(process));
            terminals.put(command, process);
            soon(() -> {
                assertThat(process.isAlive()).as(Processes.read(output)).isTrue();
                assertThat(command.equals(DAEMON) ? FreePort.accepts(Integer.parseInt(ports.get("8730")))
                        : command.equals(BROKER) ? FreePort.accepts(Integer.parseInt(ports.get("9092")))
                        : Processes.read(output).contains("in line with its source")).as(Processes.read(output)).isTrue();
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void end(String command) {
        Processes.end(terminals.get(command));
    }

    private void says(String... words) {
        soon(() -> assertThat(run(STATUS).output).contains(words));
    }

    private static void soon(ThrowingRunnable looked) {
        Awaitility.await().atMost(ofSeconds(60)).pollDelay(ofMillis(0)).pollInterval(ofMillis(200)).untilAsserted(looked);
    }

    private record Run(int exit, String output) {
    }

    private Run run(String command) throws IOException {
        Path output = Files.createTempFile(scratch.root(), "output-", ".log");
        int exit = Processes.awaitEnd(shell("set -e\n" + command, output), 30);
        return new Run(exit, Processes.read(output));
    }

    private Process shell(String script, Path output) throws IOException {
        String here = script;
        for (Map.Entry<String, String> port : ports.entrySet()) {
            here = here.replace(port.getKey(), port.getValue());
        }
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", here).directory(folder.toFile()).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }
}
