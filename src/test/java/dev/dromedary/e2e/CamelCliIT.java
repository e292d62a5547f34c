package dev.dromedary.e2e;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.dromedary.testing.CamelCli;
import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.HttpAnswer;
import dev.dromedary.testing.Sh;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

/** The same mirror by the Camel CLI: {@code camel run}, {@code camel run --dev}, {@code camel export}, and the kamelets. */
class CamelCliIT {

    @AutoClose
    private final Stage stage = new Stage();
    private final CamelCli cli = new CamelCli(stage.scratch);
    private final String dependency = "--dep=" + cli.dependency();

    @Test
    void the_routes_and_the_configuration_are_a_mirror() throws Exception {
        Path routes = stage.routes();
        shippedConfiguration(stage.home.resolve("config"));

        Dromedary dromedary = camel("run", filesIn(routes, "config/application.properties"), dependency);

        awaitInLine(dromedary);
        stage.inSource("mkdir -p a/b; echo 1 >a/b/file");
        eventuallySame(stage.source, stage.target, dromedary);
        HttpResponse<String> status = dromedary.get("/api/status?Access-Control-Allow-Origin=*");
        assertThat(status.statusCode()).isEqualTo(200);
        assertThat(status.headers().map()).containsEntry("X-Content-Type-Options", List.of("nosniff"))
                .doesNotContainKey("Access-Control-Allow-Origin");
        for (String path : List.of("/", "/api/status", "/nowhere")) {
            assertThat(HttpAnswer.to(dromedary.port(), "GET " + path + " HTTP/1.1\r\nHost: evil.example\r\n").code()).isEqualTo(403);
        }
        assertThat(dromedary.output()).contains("HttpServer started on 127.0.0.1:" + dromedary.port());
    }

    @Test
    void an_edited_route_is_reloaded_and_nothing_that_is_owed_is_lost() throws Exception {
        Path routes = stage.routes();
        shippedConfiguration(stage.home.resolve("config"));
        Dromedary dromedary = camel("run", filesIn(routes, "config/application.properties"), dependency, "--dev");
        awaitInLine(dromedary);
        stage.daemon.stop();
        stage.inSource("echo owed >file");
        eventually("the outage", dromedary, () -> dromedary.output().contains("and the target is asked again"));

        Path sync = routes.resolve("sync.camel.yaml");
        Files.writeString(sync, Files.readString(sync).replace("# a step of your own that is to see what has arrived goes here",
                "- log: HAS-ARRIVED"));
        eventually("the reload", dromedary, () -> dromedary.output().contains("sync.camel.yaml is taken in"));
        stage.daemon.start();

        eventuallySame(stage.source, stage.target, dromedary);
        eventually("the new step", dromedary, () -> dromedary.output().contains("HAS-ARRIVED"));
    }

    @Test
    void a_flat_folder_names_the_dependency_itself_and_can_be_exported_as_a_project_that_builds() throws Exception {
        Stage.copyRoutesTo(stage.home);
        shippedConfiguration(stage.home);
        Path properties = stage.home.resolve("application.properties");
        Files.writeString(properties, Files.readString(properties) + "camel.jbang.dependencies = " + cli.dependency() + "\n");

        Dromedary run = camel("run", filesIn(stage.home, "application.properties"));
        awaitInLine(run);
        stage.inSource("echo 1 >file");
        eventuallySame(stage.source, stage.target, run);
        run.terminate();

        Path project = stage.scratch.folder("project");
        Dromedary export = camel("export", filesIn(stage.home, "application.properties"), "--runtime=main",
                "--gav=com.example:mirror:1.0", "--java-version=17", "--dir=" + project,
                // of the catalogue of kamelets, the version that goes with this Camel is not in every repository
                "--kamelets-version=4.18.0");
        // it resolves what the project needs, by Maven
        assertThat(export.awaitExit(300)).as(export.output()).isZero();
        Sh.run(project, "mvn -q -B -Dmaven.repo.local=" + cli.repository() + " package");
        assertThat(project.resolve("target/mirror-1.0.jar")).exists();
    }

    @Test
    void the_kamelets_are_a_mirror_of_two_steps() throws Exception {
        Files.writeString(stage.home.resolve("pair.camel.yaml"), """
                - route:
                    from:
                      uri: kamelet:directory-changes-source
                      parameters:
                        path: %s
                      steps:
                        - log: CHANGED ${body}
                        - to:
                            uri: kamelet:rsync-sink
                            parameters:
                              source: %s
                              target: %s
                """.formatted(stage.source, stage.source, stage.daemon.url("m")));
        stage.inSource("echo 1 >before");

        Dromedary dromedary = camel("run", List.of("pair.camel.yaml"), dependency);

        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("mkdir a; echo 2 >'a/x y'; rm before; touch -- --delete");
        eventuallySame(stage.source, stage.target, dromedary);
        assertThat(dromedary.output()).contains("CHANGED ./");
    }

    private Dromedary camel(String command, List<String> files, String... more) {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(files);
        arguments.addAll(List.of(more));
        return stage.dromedary().launcher(cli.launcher()).start(arguments.toArray(String[]::new));
    }

    private static void awaitInLine(Dromedary dromedary) {
        // which loads what it needs by Maven before
        eventually("started", dromedary, () -> dromedary.output().contains("started in "));
        eventually("in line", dromedary, () -> dromedary.output().contains("t/a: in line with its source"));
    }

    // as a shell does with routes/*
    private List<String> filesIn(Path folder, String more) throws IOException {
        List<String> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "*.camel.yaml")) {
            all.forEach(each -> files.add(stage.home.relativize(each).toString()));
        }
        files.add(more);
        return files;
    }

    // the project's own, for other places
    private void shippedConfiguration(Path folder) throws IOException {
        Files.createDirectories(folder);
        List<String> lines = new ArrayList<>(Files.readAllLines(Path.of("config/application.properties")));
        lines.removeIf(line -> line.startsWith("mirror.demo"));
        lines.add("mirror.t.source = " + stage.source);
        lines.addAll(Stage.quickTarget("a", stage.daemon.url("m")));
        Files.write(folder.resolve("application.properties"), lines);
    }
}
