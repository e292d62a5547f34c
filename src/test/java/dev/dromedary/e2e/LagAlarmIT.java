package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.dromedary.testing.Dromedary;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.e2e.Settled.eventuallyState;
import static dev.dromedary.testing.Mirrors.eventually;
import static org.assertj.core.api.Assertions.assertThat;

class LagAlarmIT {

    @AutoClose
    private final Stage stage = new Stage();
    private final Path told = stage.home.resolve("told");

    @Test
    void a_target_that_is_behind_is_told_of_once_and_once_more_when_it_is_in_line() throws IOException {
        Dromedary dromedary = stage.configured("mirror.t.lag-alarm = 8s", "mirror.t.on-failure = file:" + told
                + "?fileName=${header.DromedaryState}&fileExist=Append&appendChars=;").start().awaitReady();
        eventuallyState("live", dromedary);
        stage.inSource("echo 0 >before");
        eventually("it is there", dromedary, () -> Files.exists(stage.target.resolve("before")));
        // nothing is wrong with the target, so that nothing else is told
        dromedary.post("/api/mirrors/t/targets/a/pause");
        stage.inSource("echo 1 >file");

        eventually("it is told", dromedary, () -> Files.exists(told.resolve("behind")));
        eventually("the status says so", dromedary, () -> dromedary.target().getString("reason")
                .matches("paused by hand.*; behind: the oldest change that has not arrived is \\d+ s old, more than lag-alarm = 8 s"));
        assertThat(Files.readString(told.resolve("behind"))).matches("t/a: paused: paused by hand.*behind: the oldest change.*;");
        assertThat(told.resolve("in-line")).doesNotExist();

        dromedary.post("/api/mirrors/t/targets/a/resume");
        eventually("it is in line", dromedary, () -> Files.exists(told.resolve("in-line")));
        assertThat(Files.readString(told.resolve("in-line"))).isEqualTo("t/a: in line again: nothing is pending;");
        assertThat(Files.readString(told.resolve("behind"))).as("once").containsOnlyOnce("t/a: paused");
        eventuallyState("live", dromedary);
        assertThat(dromedary.target().getString("reason")).isNull();
    }

    @Test
    void of_two_targets_each_has_its_own() {
        Path here = stage.scratch.folder("here");
        Dromedary dromedary = stage.configured("mirror.t.target.b.url = " + here, "mirror.t.target.b.lag-alarm = 1s").start().awaitReady();
        eventually("both are there", dromedary, () -> dromedary.output().contains("t/a: in line") && dromedary.output().contains("t/b: in line"));
        dromedary.post("/api/mirrors/t/targets/a/pause");
        dromedary.post("/api/mirrors/t/targets/b/pause");
        stage.inSource("echo 1 >file");

        eventually("the one is behind", dromedary, () -> dromedary.get("/api/status").body().contains("behind: the oldest change"));
        assertThat(dromedary.target().getString("reason")).startsWith("paused by hand").doesNotContain("behind");
    }
}
