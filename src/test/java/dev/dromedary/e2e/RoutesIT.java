package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.dromedary.testing.Dromedary;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

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

    @Test
    void a_route_file_that_cannot_be_read_is_named() throws IOException {
        Path sync = stage.routes().resolve("sync.camel.yaml");
        Files.writeString(sync, "- routeTemplate:\n    id: [sync\n");

        Dromedary dromedary = stage.configured().start();

        assertThat(dromedary.awaitExit()).as(dromedary.output()).isNotZero();
        assertThat(dromedary.output()).contains("sync.camel.yaml");
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
