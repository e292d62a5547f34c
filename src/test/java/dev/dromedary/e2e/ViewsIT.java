package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.RsyncDaemon;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.e2e.Settled.eventuallyState;
import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

/** The command line, and what it takes to be let in. */
class ViewsIT {

    @AutoClose
    private final Stage stage = new Stage();

    @Test
    void the_command_line_sees_and_steers_the_running_program() {
        stage.inSource("echo 1 >file");
        Dromedary running = stage.configured().start().awaitReady();
        eventuallySame(stage.source, stage.target, running);
        eventuallyState("live", running);

        assertSays(0, running, "t/a     live", "status");
        assertSays(0, running, "\"name\": \"a\"", "status", "t/a", "--json");
        assertSays(0, running, "There are no dead letters", "dead-letters", "t");
        assertSays(0, running, "t/a: pause: done; paused", "pause", "t/a");
        assertSays(1, running, "paused by hand", "status");
        assertSays(0, running, "t/a: resume: done", "resume", "--all");
        assertSays(0, running, "t/a: replay: done", "replay", "t");
        assertSays(0, running, "t/a: reconcile: done", "reconcile", "t/a");
        assertSays(1, running, "no dead letter ../x", "discard", "../x");
        assertSays(2, running, "there is no u; there are t/a", "pause", "u");
        assertSays(2, running, "pause what? Name MIRROR or MIRROR/TARGET, or give --all", "pause");
    }

    @Test
    void what_is_wrong_comes_first_and_what_nobody_knows_is_no_number() {
        stage.inSource("echo 1 >file");
        Dromedary running = stage.configured("mirror.t.target.b.url = " + stage.scratch.folder("b"), "mirror.t.target.c.url = " + stage.scratch.folder("c"))
                .start().awaitReady();
        eventually("all are live", running, () -> running.get("/api/status").body().split("\"state\":\"live\"", -1).length == 4);
        running.post("/api/mirrors/t/targets/c/pause");
        assertSays(1, running, "3 targets: 1 paused, 2 live", "status");
        Dromedary asked = stage.dromedary().port(running.port()).start("status");
        asked.awaitExit();
        assertThat(asked.output().lines().filter(line -> line.startsWith("t/")).map(line -> line.split(" ")[0])).containsExactly("t/c", "t/a", "t/b");

        stage.inSource("mv ../source ../elsewhere");
        eventuallyState("halted", running);
        assertSays(1, running, "3 targets: 3 halted", "status");
        Dromedary halted = stage.dromedary().port(running.port()).start("status", "t/a");
        halted.awaitExit();
        assertThat(halted.output()).containsPattern("t/a +halted +up to .* +not known +");
    }

    @Test
    void who_is_not_there_is_said_so() {
        stage.configured();
        Dromedary status = stage.dromedary().start("status");

        assertThat(status.awaitExit()).isEqualTo(1);
        assertThat(status.output()).contains("nobody answers at http://127.0.0.1:" + status.port()).contains("--config FILE");
    }

    private void assertSays(int exit, Dromedary running, String words, String... arguments) {
        Dromedary asked = stage.dromedary().port(running.port()).start(arguments);
        assertThat(asked.awaitExit()).as(asked.output()).isEqualTo(exit);
        assertThat(asked.output()).contains(words).doesNotContain("\u001b");
    }

    @Test
    void others_than_this_machine_are_not_let_in_without_credentials() {
        Dromedary dromedary = stage.configured("camel.server.host = 0.0.0.0").start();

        assertThat(dromedary.awaitExit()).isEqualTo(2);
        assertThat(dromedary.output()).contains("camel.server.host = 0.0.0.0").contains("camel.server.authenticationEnabled = true");
        assertThat(stage.state).doesNotExist();
    }

    @Test
    void with_credentials_it_may_be_reached_from_elsewhere() {
        Path users = RsyncDaemon.secret(stage.home.resolve("users"), "user.ops = secret,admin");
        Dromedary running = stage.configured("camel.server.host = 0.0.0.0", "camel.server.authenticationEnabled = true",
                "camel.server.basicPropertiesFile = " + users).start();

        eventually("it answers", running, () -> running.answers("/api/status", 401));
        assertThat(running.get("/").statusCode()).isEqualTo(401);
        // by the file that the configuration names
        assertSays(0, running, "t/a", "status");
        assertSays(0, running, "t/a: pause: done", "pause", "--all");
    }

    @Test
    void check_tells_a_target_that_would_not_work() {
        stage.daemon.stop();
        stage.configured();
        Dromedary check = stage.dromedary().start("check");

        assertThat(check.awaitExit()).as(check.output()).isEqualTo(1);
        assertThat(check.output()).contains("wrong   target t/a: " + stage.daemon.url("m") + ": nobody listens there")
                .contains("ok      inotify watches").doesNotContain("\u001b");
        assertThat(stage.state).doesNotExist();
    }

    @Test
    void check_changes_nothing_at_a_target() throws IOException {
        Path local = stage.scratch.root().resolve("not-there-yet");
        stage.configuredOnlyWith("mirror.t.source = " + stage.source, "mirror.t.target.a.url = " + local,
                "mirror.t.target.b.url = " + stage.daemon.url("m"));
        Files.write(stage.target.resolve("stale"), List.of("1"));
        Dromedary check = stage.dromedary().start("check");

        assertThat(check.awaitExit()).as(check.output()).isZero();
        assertThat(local).doesNotExist();
        assertThat(stage.target.resolve("stale")).exists();
    }
}
