package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Tree;

import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

class CommandLineIT {

    @AutoClose
    private final Stage stage = new Stage();

    @Test
    void a_value_may_come_from_the_environment() {
        stage.inSource("echo 1 >file");
        stage.configuredOnlyWith(
                "mirror.t.source = {{env:DROMEDARY_TEST_SOURCE}}",
                "mirror.t.target.a.url = " + stage.daemon.url("m"));

        Dromedary dromedary = stage.dromedary().environment("DROMEDARY_TEST_SOURCE", stage.source.toString())
                .start().awaitReady();

        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void a_value_may_be_set_by_a_system_property() {
        Path other = stage.scratch.folder("other-target");
        Path state = stage.scratch.root().resolve("other-state");
        stage.inSource("echo 1 >file");
        stage.configured();

        Dromedary dromedary = stage.dromedary()
                .property("mirror.t.target.a.url", other.toString())
                .property("dromedary.state-dir", state.toString())
                .start().awaitReady();

        eventuallySame(stage.source, other, dromedary);
        assertThat(Tree.of(stage.target).has("file")).isFalse();
        assertThat(state).isDirectory();
        assertThat(stage.state).doesNotExist();
    }

    @Test
    void another_file_may_be_named() throws IOException {
        stage.inSource("echo 1 >file");
        Path file = Files.write(stage.scratch.root().resolve("mine.properties"), List.of(
                "mirror.t.source = " + stage.source,
                "mirror.t.target.a.url = " + stage.daemon.url("m")));

        Dromedary dromedary = stage.dromedary().start("--config", file.toString()).awaitReady();

        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void check_says_yes_and_does_nothing() {
        stage.inSource("echo 1 >file");

        Dromedary dromedary = stage.configured().dromedary().start("check");

        assertThat(dromedary.awaitExit()).as(dromedary.output()).isZero();
        assertThat(Tree.of(stage.target).has("file")).isFalse();
    }
}
