package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import dev.dromedary.testing.Dromedary;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

class EverywhereIT {

    @AutoClose
    private final Stage stage = new Stage();
    private final Path here = stage.scratch.folder("here");
    private final Path told = stage.home.resolve("told");

    @Test
    void it_is_told_once_all_targets_have_it_and_not_earlier() throws IOException {
        Dromedary dromedary = start("{ cat; echo; } >>" + told);
        stage.inSource("echo 1 >first");
        eventually("it is told", dromedary, () -> told().contains("\"path\":\"first\""));
        assertThat(told()).contains("{\"version\":1,\"mirror\":\"t\",\"paths\":[").doesNotContain("\"target\"");
        assertThat(stage.target.resolve("first")).exists();
        assertThat(here.resolve("first")).exists();

        stage.daemon.stop();
        stage.inSource("echo 2 >second");
        eventually("the one has it, the other one is away", dromedary, () -> Files.exists(here.resolve("second"))
                && dromedary.target().getString("state").equals("away"));
        stage.inSource("echo 3 >third");
        eventually("the one has it", dromedary, () -> Files.exists(here.resolve("third")));
        assertThat(told()).doesNotContain("second");

        stage.daemon.start();
        eventually("both are told", dromedary, () -> told().contains("second") && told().contains("third"));
        assertThat(stage.target.resolve("third")).exists();
    }

    @Test
    void one_that_fails_or_hangs_holds_up_nothing() throws IOException {
        Path held = Files.createFile(stage.home.resolve("held"));
        Dromedary dromedary = start("touch " + told + "; while [ -e " + held + " ]; do sleep 0.1; done; exit 3");
        stage.inSource("echo 1 >first");
        eventually("it is called", dromedary, () -> Files.exists(told));
        stage.inSource("echo 2 >second");
        eventuallySame(stage.source, stage.target, dromedary);

        Files.delete(held);
        eventually("it is said", dromedary, () -> dromedary.output().contains("t: the arrived-everywhere hook failed, the mirror goes on"));
        stage.inSource("echo 3 >third");
        eventuallySame(stage.source, stage.target, dromedary);
    }

    private Dromedary start(String script) throws IOException {
        Path hook = Files.writeString(stage.scratch.root().resolve("hook"), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwx------"));
        Dromedary dromedary = stage.configured("mirror.t.target.b.url = " + here, "mirror.t.arrived-everywhere = exec:" + hook).start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        return dromedary;
    }

    private String told() throws IOException {
        return Files.exists(told) ? Files.readString(told) : "";
    }
}
