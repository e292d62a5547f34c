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

/** A program of the user's that is told of each run by its standard input. */
class HookIT {

    @AutoClose
    private final Stage stage = new Stage();
    private final Path told = stage.home.resolve("told");

    @Test
    void what_arrived_is_told_with_its_kinds() throws IOException {
        Dromedary dromedary = stage.configured("mirror.t.after = exec:" + hook("cat >>" + told + "; echo >>" + told))
                .start().awaitReady();
        stage.inSource("echo 1 >'a file'; mkdir folder; ln -s nowhere link");
        eventuallySame(stage.source, stage.target, dromedary);
        // the first comparison of the whole may have brought it
        eventually("it is told by itself", dromedary, () -> Files.exists(told) && Files.readString(told).contains("\"path\":\"link\""));
        stage.inSource("rm 'a file'");
        eventuallySame(stage.source, stage.target, dromedary);

        eventually("it is told", dromedary, () -> Files.exists(told) && Files.readString(told).contains("\"gone\""));
        assertThat(Files.readString(told)).contains("\"mirror\":\"t\"").contains("\"target\":\"a\"")
                .contains("{\"path\":\"a file\",\"kind\":\"file\",\"extent\":\"entry\"}")
                .contains("{\"path\":\"link\",\"kind\":\"link\"").contains("{\"path\":\"folder\",\"kind\":\"folder\"")
                .contains("{\"path\":\"a file\",\"kind\":\"gone\"");
    }

    @Test
    void what_is_about_to_be_carried_is_told_before() throws IOException {
        // it may go more than once: what counts is how the target was when it was first told of
        Dromedary dromedary = stage.configured("mirror.t.before = exec:"
                + hook("if grep -q '\"path\":\"file\"'; then { ls " + stage.target + "; echo told; } >>" + told + "; fi"))
                .start().awaitReady();
        // otherwise that may bring it
        eventually("the reconcile", dromedary, () -> dromedary.output().contains("in line with its source"));
        stage.inSource("echo 1 >file");
        eventuallySame(stage.source, stage.target, dromedary);

        assertThat(Files.readAllLines(told)).first().isEqualTo("told");
    }

    @Test
    void a_component_that_is_not_there_is_refused() {
        Dromedary dromedary = stage.configured("mirror.t.on-failure = slak:#ops").start();

        assertThat(dromedary.awaitExit()).isEqualTo(2);
        assertThat(dromedary.output()).contains("mirror.t.on-failure = slak:#ops: there is no component slak of Camel in this program; add its jar");
    }

    @Test
    void what_is_told_of_arrivals_everywhere_is_looked_at_too() {
        Dromedary dromedary = stage.configured("mirror.t.arrived-everywhere = slak:#ops").start();

        assertThat(dromedary.awaitExit()).isEqualTo(2);
        assertThat(dromedary.output()).contains("mirror.t.arrived-everywhere = slak:#ops: there is no component slak of Camel in this program; add its jar");
    }

    @Test
    void arguments_that_go_nowhere_are_told() throws IOException {
        Path program = hook("exit 0");
        Dromedary dromedary = stage.configured("mirror.t.after = exec:" + program + " --now").start().awaitReady();

        assertThat(dromedary.output()).contains("there is no program " + program + " --now that may be run; arguments are given by"
                + " ?args=RAW(...), as in exec:" + program + "?args=RAW(--now)");
        Dromedary check = stage.dromedary().start("check");
        assertThat(check.awaitExit()).isEqualTo(1);
        assertThat(check.output()).contains("mirror.t.after: there is no program ");
    }

    @Test
    void a_hook_that_fails_does_not_hold_the_mirror() throws IOException {
        Dromedary dromedary = stage.configured("mirror.t.before = exec:" + hook("exit 3"),
                "mirror.t.after = exec:/nowhere/to/be/found").start().awaitReady();
        stage.inSource("echo 1 >file; mkdir folder");
        eventuallySame(stage.source, stage.target, dromedary);
        eventually("no dead letter", dromedary, () -> stage.deadLetters().isEmpty());
        for (String when : new String[] {"before", "after"}) {
            eventually("it is said", dromedary, () -> dromedary.output().contains("t-a: the " + when + " hook failed"));
        }
    }

    @Test
    void a_hook_that_may_hold_the_mirror_is_called_until_it_succeeds() throws IOException {
        Dromedary dromedary = stage.configured("mirror.t.hooks-hold = true",
                "mirror.t.after = exec:" + hook("test -e " + told)).start().awaitReady();
        stage.inSource("echo 1 >file");
        eventually("it is owed", dromedary, () -> !stage.deadLetters().isEmpty());

        Files.createFile(told);
        eventually("it has arrived", dromedary, () -> stage.deadLetters().isEmpty()
                && dromedary.get("/api/status").body().contains("\"state\":\"live\""));
        eventuallySame(stage.source, stage.target, dromedary);
    }

    /** A hook holds the program between rsync's success and the record's removal. */
    @Test
    void a_crash_between_arrival_and_the_removal_of_the_record_is_harmless() throws IOException {
        Path held = stage.home.resolve("held");
        Dromedary first = stage.configured("mirror.t.after = exec:"
                + hook("touch " + told + "; while [ -e " + held + " ]; do sleep 0.1; done")).start().awaitReady();
        eventuallySame(stage.source, stage.target, first);
        stage.daemon.stop();
        // one path, as the hook holds up all others
        stage.inSource("echo 1 >file");
        eventually("a dead letter is kept", first, () -> !stage.deadLetters().isEmpty());
        Files.createFile(held);
        Files.deleteIfExists(told);
        stage.daemon.start();
        eventuallySame(stage.source, stage.target, first);
        eventually("the hook is called", first, () -> Files.exists(told));
        assertThat(stage.deadLetters()).isNotEmpty();
        first.killNow();

        Files.delete(held);
        stage.inTarget("echo 2 >file");
        Settled.eventuallySettled(stage, stage.configured("mirror.t.reconcile-on-start = false").start().awaitReady());
    }

    private Path hook(String script) throws IOException {
        Path hook = stage.scratch.root().resolve("hook-" + Math.abs(script.hashCode()));
        Files.writeString(hook, "#!/bin/sh\n" + script + "\n");
        return Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwx------"));
    }
}
