package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Scratch;
import dev.dromedary.testing.Tree;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

class OutageIT {

    @AutoClose
    private final Stage stage = new Stage();

    @Test
    void a_target_that_is_down_is_replayed() {
        Dromedary dromedary = mirroring();

        stage.daemon.stop();
        stage.inSource("echo 2 >file; rm gone; rm -r folder; mv old new; mkdir -p deep/er; echo 3 >deep/er/file");
        eventually("a dead letter is kept", dromedary, () -> !stage.deadLetters().isEmpty());
        stage.inSource("echo 4 >later; rm deep/er/file");

        stage.daemon.start();
        eventuallySame(stage.source, stage.target, dromedary);
        eventually("no dead letter is left", dromedary, () -> stage.deadLetters().isEmpty());

        stage.inSource("echo 5 >file");
        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void somebody_is_told_when_a_target_goes_away_and_when_it_is_back() throws IOException {
        Path told = stage.home.resolve("told");
        Dromedary dromedary = mirroring("mirror.t.on-failure = file:" + stage.home + "?fileName=told&fileExist=Append");

        stage.daemon.stop();
        stage.inSource("echo 2 >file");
        eventually("it is told", dromedary, () -> Files.exists(told) && Files.readString(told).contains("nobody listens"));
        stage.inSource("echo 3 >file; echo 3 >other");

        stage.daemon.start();
        eventuallySame(stage.source, stage.target, dromedary);
        eventually("it is told", dromedary, () -> Files.readString(told).contains("back after"));
        assertThat(Files.readString(told)).matches("t/a: nobody listens .*t/a: back after .*");
    }

    /** While it is away only a probe now and then goes out, and what changes is on disk all the same. */
    @Test
    void what_changes_during_an_outage_survives_a_crash_without_a_reconcile() throws IOException {
        Dromedary first = mirroring();
        stage.daemon.stop();
        stage.inSource("echo 2 >file");
        eventually("a dead letter is kept", first, () -> !stage.deadLetters().isEmpty());
        for (int i = 0; i < 5; i++) {
            stage.inSource("mkdir -p in-outage/" + i + "; echo " + i + " >in-outage/" + i + "/file");
        }
        eventually("it is on disk", first, () -> stage.deadLetters().stream().anyMatch(letter -> holds(letter, "in-outage/4")));
        assertThat(stage.deadLetters()).hasSizeLessThan(6);
        first.killNow();

        // nor with the reconcile that a crash leads to
        Scratch.delete(stage.state.resolve("running"));
        stage.daemon.start();
        Dromedary second = stage.configured("mirror.t.reconcile-on-start = false").start().awaitReady();
        eventuallySame(stage.source, stage.target, second);
        eventually("no dead letter is left", second, () -> stage.deadLetters().isEmpty());
    }

    private static boolean holds(Path letter, String path) {
        try {
            return Files.readString(letter).replace("\\/", "/").contains(path);
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void a_target_that_is_down_at_the_start_gets_all_of_it_later() {
        stage.daemon.stop();
        stage.inSource("mkdir -p a/b; echo 1 >a/b/file; echo 2 >file");
        stage.inTarget("echo 3 >stale");
        Dromedary dromedary = stage.configured().start().awaitReady();
        eventually("a dead letter is kept", dromedary, () -> !stage.deadLetters().isEmpty());

        stage.daemon.start();
        eventuallySame(stage.source, stage.target, dromedary);
        eventually("no dead letter is left", dromedary, () -> stage.deadLetters().isEmpty());
    }

    @Test
    void a_target_that_comes_and_goes_gets_everything() {
        Dromedary dromedary = mirroring();
        for (int i = 0; i < 5; i++) {
            stage.daemon.stop();
            stage.inSource("mkdir away-" + i + "; echo " + i + " >away-" + i + "/file; echo " + i + " >file");
            stage.daemon.start();
            stage.inSource("mkdir back-" + i + "; echo " + i + " >back-" + i + "/file; echo back-" + i + " >file");
        }
        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void a_target_that_hangs_is_given_up_and_replayed() {
        Dromedary dromedary = mirroring("mirror.t.timeout = 2s");

        stage.daemon.suspend();
        stage.inSource("echo 2 >file; rm gone");
        eventually("a dead letter is kept", dromedary, () -> !stage.deadLetters().isEmpty());

        stage.daemon.resume();
        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void a_crash_during_an_outage_loses_nothing() {
        Dromedary first = mirroring();
        stage.daemon.stop();
        stage.inSource("echo 2 >file; rm gone; mv old new");
        first.killNow();
        stage.inSource("echo 3 >while-it-was-down; rm -r folder");

        stage.daemon.start();
        Dromedary second = stage.start().awaitReady();
        eventuallySame(stage.source, stage.target, second);
        eventually("no dead letter is left", second, () -> stage.deadLetters().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo 2 >file", "rm gone"})
    void a_dead_letter_survives_a_crash_without_a_reconcile(String change) {
        Dromedary first = mirroring();
        stage.daemon.stop();
        stage.inSource(change);
        eventually("a dead letter is kept", first, () -> !stage.deadLetters().isEmpty());
        first.killNow();

        stage.daemon.start();
        Dromedary second = stage.configured("mirror.t.reconcile-on-start = false").start().awaitReady();
        eventuallySame(stage.source, stage.target, second);
        eventually("no dead letter is left", second, () -> stage.deadLetters().isEmpty());
    }

    @Test
    void without_a_reconcile_at_the_start_only_changes_are_sent() {
        stage.inSource("echo 1 >before");
        Dromedary dromedary = stage.configured("mirror.t.reconcile-on-start = false").start().awaitReady();
        stage.inSource("echo 2 >after");
        eventually("the change", dromedary, () -> Tree.of(stage.target).has("after"));
        assertThat(Tree.of(stage.target).has("before")).isFalse();
    }

    @Test
    void sigterm_ends_it() {
        Dromedary dromedary = mirroring();
        assertEndsSoon(dromedary);
    }

    @Test
    void sigterm_ends_it_while_the_target_is_down() {
        Dromedary dromedary = mirroring();
        stage.daemon.stop();
        stage.inSource("echo 2 >file; rm gone");
        eventually("a dead letter is kept", dromedary, () -> !stage.deadLetters().isEmpty());
        assertEndsSoon(dromedary);
    }

    @Test
    void sigterm_ends_it_while_the_target_hangs_and_nothing_is_lost() {
        Dromedary dromedary = mirroring();
        stage.daemon.suspend();
        stage.inSource("echo 2 >file; rm gone");
        assertEndsSoon(dromedary);

        stage.daemon.resume();
        Dromedary again = stage.start().awaitReady();
        eventuallySame(stage.source, stage.target, again);
    }

    @Test
    void the_state_folder_is_private_and_may_be_deleted() throws IOException {
        Dromedary first = mirroring();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(stage.state))).isEqualTo("rwx------");
        first.terminate();

        Scratch.delete(stage.state);
        stage.inSource("echo 2 >file; rm gone");
        Dromedary second = stage.start().awaitReady();
        eventuallySame(stage.source, stage.target, second);
    }

    private Dromedary mirroring(String... more) {
        stage.inSource("mkdir -p folder/in old; echo 1 >file; echo 1 >gone; echo 1 >folder/in/file; echo 1 >old/file");
        Dromedary dromedary = stage.configured(more).start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        return dromedary;
    }

    private static void assertEndsSoon(Dromedary dromedary) {
        Instant asked = Instant.now();
        int exit = dromedary.terminate();
        assertThat(Duration.between(asked, Instant.now())).isLessThan(ofSeconds(10));
        assertThat(exit).as(dromedary.shownOutput()).isIn(0, 143);
    }
}
