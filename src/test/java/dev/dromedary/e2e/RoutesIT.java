package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Sh;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The route files of the working directory win over those in the jar. */
class RoutesIT {

    @AutoClose
    private final Stage stage = new Stage();

    @Test
    void a_step_that_the_user_put_into_a_route_is_taken() throws IOException {
        Path routes = stage.routes();
        Path sync = routes.resolve("sync.camel.yaml");
        Files.write(sync, withFirstStep(Files.readAllLines(sync), "sync", "- log: \"ROUTE-WAS-MINE\""));
        stage.inSource("echo 1 >file");

        Dromedary dromedary = stage.configured().start().awaitReady();

        eventuallySame(stage.source, stage.target, dromedary);
        eventually("the step's words", dromedary, () -> dromedary.output().contains("ROUTE-WAS-MINE"));
    }

    /** As a step of the user's might, that has asked somebody else for something; in whatever case. */
    @Test
    void no_header_of_a_message_changes_what_is_run() throws IOException {
        Path routes = stage.routes();
        Path outside = stage.scratch.folder("outside");
        for (String file : List.of("sync.camel.yaml", "apart.camel.yaml")) {
            List<String> edited = new ArrayList<>();
            for (String line : Files.readAllLines(routes.resolve(file))) {
                if (line.strip().equals("uri: exec:rsync")) {
                    String to = edited.remove(edited.size() - 1);
                    String indent = to.substring(0, to.indexOf('-'));
                    for (String header : List.of("CamelExecCommandExecutable: touch", "CAMELEXECCommandArgs: " + outside + "/touched",
                            "camelexeccommandworkingdir: /", "CamelExecCommandOutFile: " + outside + "/out")) {
                        String[] parts = header.split(": ");
                        edited.add(indent + "- setHeader: {name: " + parts[0] + ", constant: \"" + parts[1] + "\"}");
                    }
                    edited.add(to);
                }
                edited.add(line);
            }
            Files.write(routes.resolve(file), edited);
        }
        stage.inSource("mkdir folder; head -c 2000000 /dev/urandom >folder/large; echo 1 >file");

        Dromedary dromedary = stage.configured("mirror.t.large-file = 1m").start().awaitReady();

        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("mv folder moved; head -c 3000000 /dev/urandom >another; rm file");
        eventuallySame(stage.source, stage.target, dromedary);
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void without_route_files_those_of_the_jar_are_taken() throws IOException {
        Files.createDirectory(stage.home.resolve("routes"));
        stage.inSource("echo 1 >file");

        Dromedary dromedary = stage.configured().start().awaitReady();

        eventuallySame(stage.source, stage.target, dromedary);
    }

    /** For it Camel takes libraries that nothing else here does (jackson-databind and snakeyaml 2). */
    @Test
    void what_the_routes_are_in_the_end_can_be_written_down_by_camel() {
        stage.inSource("echo 1 >file");
        Path dump = stage.scratch.root().resolve("dump");

        Dromedary dromedary = stage.configured().dromedary().property("camel.main.dump-routes", "yaml")
                .property("camel.main.dump-routes-output", dump.toString()).start().awaitReady();

        eventuallySame(stage.source, stage.target, dromedary);
        assertThat(stage.works("grep -rq 'id: keep' dump")).as("its routes, as YAML").isTrue();
    }

    @Test
    void a_route_file_that_cannot_be_read_is_named() throws IOException {
        Path sync = stage.routes().resolve("sync.camel.yaml");
        Files.writeString(sync, "- routeTemplate:\n    id: [sync\n");

        Dromedary dromedary = stage.configured().start();

        assertThat(dromedary.awaitExit()).as(dromedary.output()).isNotZero();
        assertThat(dromedary.output()).contains("sync.camel.yaml");
    }

    @Test
    void a_route_file_or_folder_that_others_may_write_to_is_refused_as_root() throws IOException {
        assumeTrue(isRoot(), "only root can give files away");
        Path routes = stage.routes();
        stage.configured();
        refuses("routes/sync.camel.yaml may be written to by everybody", "chmod go-w routes/sync.camel.yaml",
                "chmod 646 routes/sync.camel.yaml", "chmod 644 routes/sync.camel.yaml");
        refuses("routes/sync.camel.yaml belongs to another user (owner 12345", "chown root routes/sync.camel.yaml",
                "chown 12345 routes/sync.camel.yaml", "chown 0 routes/sync.camel.yaml");
        refuses("routes/sync.camel.yaml is a link of another user", "remove it",
                "mv routes/sync.camel.yaml away; ln -s ../away routes/sync.camel.yaml; chown -h 12345 routes/sync.camel.yaml",
                "mv away routes/sync.camel.yaml");
        refuses("far may be written to by everybody", "chmod go-w ",
                "mkdir far; chmod 777 far; mv routes/sync.camel.yaml far/sync; ln -s ../far/sync routes/sync.camel.yaml",
                "rm routes/sync.camel.yaml; mv far/sync routes/sync.camel.yaml; rmdir far");
        refuses("routes may be written to by the group 12345", "chmod go-w routes", "chgrp 12345 routes; chmod 775 routes", "chmod 755 routes");
        refuses("home belongs to another user", "chown root ", "chown 12345 .", "chown 0 .");
        refuses("application.properties may be written to by everybody", "chmod go-w config/application.properties",
                "chmod 666 config/application.properties", "chmod 600 config/application.properties");
        Sh.run(stage.home, "mkdir more; chmod 777 more; mv routes/apart.camel.yaml more/apart.camel.yaml");
        Dromedary pattern = stage.dromedary()
                .property("camel.main.routes-include-pattern", "file:routes/*.camel.yaml,file:more/apart.camel.yaml").start();
        assertThat(pattern.awaitExit()).as(pattern.output()).isEqualTo(2);
        assertThat(pattern.output()).contains("more may be written to by everybody").contains("chmod go-w more");
        assertThat(routes).isDirectory();

        Sh.run(stage.home, "mv more/apart.camel.yaml routes");
        stage.inSource("echo 1 >file");
        eventuallySame(stage.source, stage.target, stage.start().awaitReady());
    }

    private void refuses(String why, String wayOut, String before, String after) {
        Sh.run(stage.home, before);
        for (String[] command : new String[][] {{}, {"check"}, {"once"}}) {
            Dromedary dromedary = stage.dromedary().start(command);
            assertThat(dromedary.awaitExit()).as(dromedary.output()).isEqualTo(2);
            assertThat(dromedary.output()).contains(why).contains(wayOut).contains("could have any command run as root");
        }
        Sh.run(stage.home, after);
    }

    @Test
    void other_users_than_root_are_warned_of_them() throws IOException {
        assumeTrue(isRoot(), "only root can be another user");
        stage.routes();
        Sh.run(stage.home, "chmod 777 routes; mkdir state; chown 12345 state; chmod 755 . .. ; chmod 644 config/* 2>/dev/null || true");
        Dromedary dromedary = stage.configured("mirror.t.target.a.delete = true").dromedary().as(12345).start();

        eventually("a warning", dromedary, () -> dromedary.output().matches(
                "(?s).*WARN  routes: routes may be written to by everybody .*, and could have any command run as .*; chmod go-w routes\n.*"));
        dromedary.awaitReady();
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    /** As a user would: a line before the first step of the route with the id, with the indent that its steps have. */
    private static List<String> withFirstStep(List<String> lines, String id, String step) {
        List<String> edited = new ArrayList<>(lines);
        int at = 0;
        while (!edited.get(at).matches("\\s*(- )?id:\\s*[\"']?" + id + "[\"']?\\s*")) {
            at++;
        }
        while (!edited.get(at).strip().equals("steps:")) {
            at++;
        }
        do {
            at++;
        } while (!edited.get(at).strip().startsWith("- "));
        String first = edited.get(at);
        edited.add(at, first.substring(0, first.indexOf('-')) + step);
        return edited;
    }
}
