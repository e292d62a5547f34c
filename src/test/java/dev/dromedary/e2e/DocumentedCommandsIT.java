package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.RsyncDaemon;
import dev.dromedary.testing.Scratch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.testing.Mirrors.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each command of ours that a document names is run, beside a program that mirrors www to backup and dr, and makes releases at web1. Places of an example
 * become those of the test.
 */
class DocumentedCommandsIT {

    private static final Pattern COMMAND = Pattern.compile("^ {4}(?:java -jar target/dromedary.jar|(?:bin/)?dromedary)(?: (.*))?$");
    private static final Pattern OPTIONAL = Pattern.compile("\\[[^]]*\\[?[^]]*]?\\.{0,3}]");

    @AutoClose
    private final Scratch scratch = Scratch.create();
    private final Path home = scratch.folder("home");
    private final Path www = scratch.folder("www");

    @Test
    void each_is_understood_and_does_not_fail() throws IOException {
        Path config = Files.writeString(scratch.folder("home/config").resolve("application.properties"), """
                mirror.www.source            = %s
                mirror.www.target.backup.url = %s
                mirror.www.target.dr.url     = %s
                mirror.www.target.web1.url   = %s
                mirror.www.target.web1.releases = 5
                """.formatted(www, scratch.folder("backup"), scratch.folder("dr"), scratch.folder("web1")));
        Files.writeString(home.resolve("confxml.xml"), """
                <head version="2.5"><inotify><delete start="true"/><createFolder start="true"/><createFile start="true"/>
                <closeWrite start="true"/><moveFrom start="true"/><moveTo start="true"/></inotify><sersync><localpath watch="%s"><remote ip="127.0.0.1" name="www"/></localpath></sersync></head>
                """.formatted(www));
        RsyncDaemon daemon = RsyncDaemon.serving(scratch, "www", www);
        // no broker is needed for the comparison at its start
        Path agent = Files.writeString(home.resolve("agent.properties"), """
                mirror.www.subscribe       = kafka:dromedary-www?brokers=127.0.0.1:9&groupId=web7
                mirror.www.source          = %s
                mirror.www.target.here.url = %s
                """.formatted(daemon.url("www"), scratch.folder("here")));
        Dromedary running = Dromedary.in(scratch, home).start().awaitReady();
        Map<String, String> places = Map.of("/etc/dromedary.properties", config.toString(),
                "/etc/dromedary/agent.properties", agent.toString(), "/data/www", www.toString(),
                "rsync://web2/www", scratch.folder("web2").toString(), "/backup/www", scratch.folder("other").toString(),
                "/data/www/", www + "/");

        Map<String, String> failed = new TreeMap<>();
        List<String> commands = commands();
        for (String command : commands) {
            List<String> arguments = new ArrayList<>(List.of(command.isEmpty() ? new String[0] : command.split(" ")));
            arguments.replaceAll(each -> places.getOrDefault(each, each));
            arguments.replaceAll(each -> each.startsWith("/data/www/") ? each.replaceFirst("/data/www", www.toString()) : each);
            arguments.removeAll(List.of("--watch", "-f"));
            boolean stays = arguments.isEmpty() || arguments.get(0).startsWith("/")
                    || List.of("--config", "agent").contains(arguments.get(0)) && !arguments.contains("--create-topic");
            boolean alone = stays || command.equals("once");
            Dromedary.Builder builder = Dromedary.in(scratch, home);
            Dromedary asked = (alone ? builder.property("dromedary.state-dir", scratch.root().resolve("state").toString())
                    : builder.port(running.port())).start(arguments.toArray(String[]::new));
            if (stays) {
                eventually(command, asked, () -> asked.output().contains("in line with its source"));
                asked.terminate();
            } else if (asked.awaitExit() > (command.matches("(status|wait|dead-letters|approve|agent --create-topic)\\b.*") ? 1 : 0) || asked.output().contains("Exception")) {
                // of these, 1 means that somebody has paused a target, as one of the commands does, that nothing is held, or that no broker is there
                failed.put(command, asked.shownOutput());
            }
        }
        assertThat(failed).isEmpty();
        assertThat(commands).hasSizeGreaterThan(15);
        assertThat(running.isAlive()).isTrue();
    }

    // "a | b [OPTIONAL]" are two, without what may be left out; what stands for something else is no command
    private static List<String> commands() throws IOException {
        List<String> commands = new ArrayList<>();
        try (Stream<Path> docs = Stream.concat(Stream.of(Path.of("README.md")), Files.walk(Path.of("docs"))
                .filter(each -> each.toString().endsWith(".md") && !each.endsWith("quick-start.md")))) {
            for (Path document : (Iterable<Path>) docs::iterator) {
                for (String line : Files.readAllLines(document)) {
                    Matcher matcher = COMMAND.matcher(line.replaceAll("\\s+#.*", "").replaceAll("\\(--all \\| [^)]*\\)", "--all"));
                    if (matcher.matches()) {
                        String text = matcher.group(1) == null ? "" : OPTIONAL.matcher(matcher.group(1)).replaceAll("");
                        Stream.of(text.split("\\|")).map(each -> each.replaceAll(">.*", "").strip())
                                // who is asked has no terminal here
                                .filter(each -> !each.equals("init")).filter(each -> !each.matches(".*\\b(ID|demo|grep|PATTERN|PATH|MIRROR|rollback)\\b.*")).forEach(commands::add);
                    }
                }
            }
        }
        return commands.stream().distinct().toList();
    }
}
