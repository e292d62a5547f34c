package dev.dromedary.e2e;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.StubRsync;
import dev.dromedary.testing.Tree;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.dromedary.e2e.Settled.eventuallySettled;
import static dev.dromedary.e2e.Settled.eventuallyState;
import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/** Each way in which rsync can end, brought about at will: what was to be carried stays owed, and arrives in the end. */
class OutcomeIT {

    /** A program that starts once for many ways to fail, as none of them ends it. */
    private abstract static class Mirroring {

        final Stage stage = new Stage();
        final StubRsync stub = StubRsync.in(stage.scratch);
        Dromedary dromedary;
        private int changes;

        void start(String... more) {
            stage.inSource("mkdir folder; echo 0 >folder/file; echo 0 >changed; echo 0 >replaced");
            // the stub stands for one run, and what waits is none
            List<String> all = new ArrayList<>(List.of(more));
            all.add("mirror.t.warm = off");
            dromedary = stage.configured(all.toArray(String[]::new)).dromedary().environment("PATH", stub.path()).start().awaitReady();
            // live changes may have brought all before the first comparison
            eventuallyState("live", dromedary);
            eventuallySettled(stage, dromedary);
        }

        /** New, changed, deleted, and other attributes only. */
        void change() {
            int i = ++changes;
            stage.inSource("echo " + i + " >new-" + i + "; echo " + i + " >>changed; rm -f new-" + (i - 1)
                    + "; mkdir folder-" + i + "; echo " + i + " >folder-" + i + "/file; touch -d '2001-02-03 04:05:" + i % 60
                    + "' folder/file; echo " + i % 10 + " >other; mv other replaced");
        }

        void assertLives() {
            assertThat(dromedary.isAlive()).as(dromedary.shownOutput()).isTrue();
            assertThat(dromedary.isReady()).as("ready").isTrue();
            assertThat(dromedary.get("/observe/health/live").statusCode()).as("live").isEqualTo(200);
        }

        void close() {
            stage.close();
        }
    }

    /** Each attempt takes a minute until it is given up: four of them in a row would be as long in which nobody is told of it. */
    @Nested
    class WithoutAnswer extends Mirroring {

        @AfterEach
        @Override
        void close() {
            super.close();
        }

        @ParameterizedTest
        @ValueSource(ints = {30, 35})
        void it_is_away_after_one_attempt(int exit) {
            start("mirror.t.retries = 3", "mirror.t.retry-delay = 1h");
            stub.plays("exit " + exit);
            change();
            eventuallyState("away", dromedary);
            stub.letsGo();
            eventuallySettled(stage, dromedary);
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class EachCode extends Mirroring {

        @BeforeAll
        void start() {
            start("mirror.t.timeout = 20s");
        }

        @AfterEach
        void letGo() {
            stub.letsGo();
        }

        @AfterAll
        @Override
        void close() {
            super.close();
        }

        @ParameterizedTest(name = "{0} {2}")
        @MethodSource("dev.dromedary.e2e.OutcomeIT#codes")
        void is_outlived_and_nothing_is_lost(int exit, String state, String said) {
            stub.plays("echo '" + said + "' >&2; exit " + exit);
            change();
            eventually("a dead letter is kept", dromedary, () -> !stage.deadLetters().isEmpty());
            eventuallyState(state, dromedary);
            assertLives();
            // what comes while it fails is not lost either
            change();
            stub.letsGo();
            eventuallySettled(stage, dromedary);
            eventuallyState("live", dromedary);
        }

        /** The target answers when it is asked, and fails as soon as it gets something. */
        @ParameterizedTest(name = "{0} {2}")
        @MethodSource("dev.dromedary.e2e.OutcomeIT#codesOfRuns")
        void is_outlived_when_only_runs_end_with_it(int exit, String state, String said) {
            stub.plays("probe || { echo '" + said + "' >&2; exit " + exit + "; }");
            change();
            eventually("a dead letter is kept", dromedary, () -> !stage.deadLetters().isEmpty());
            long runs = stub.runs();
            eventually("it is tried again", dromedary, () -> stub.runs() > runs);
            assertLives();
            stub.letsGo();
            eventuallySettled(stage, dromedary);
        }

        /** Words that name nothing leave it open what failed: but all that was listed is another thing by now. */
        @Test
        void what_changed_while_it_was_carried_is_no_failure() {
            Path once = stage.scratch.root().resolve("once");
            int before = dromedary.output().length();
            stub.plays("lists busy && mkdir '" + once + "' 2>/dev/null && { bring \"$@\"; echo 2 >>'" + stage.source
                    + "/busy'; echo 'rsync: [generator] something new went wrong (99)' >&2; exit 23; }");
            stage.inSource("echo 1 >busy; echo 1 >beside");
            eventuallySettled(stage, dromedary);
            assertThat(once).exists();
            assertThat(dromedary.output().substring(before)).doesNotContain("could not be transferred");
            assertLives();
        }

        /** Only what rsync names was not brought, and rsync names it. */
        @Test
        void of_a_part_that_failed_only_that_part_is_kept() {
            stub.plays("lists stuck && { bring \"$@\" --exclude=/stuck; echo 'rsync: [sender] send_files failed to open \""
                    + stage.source + "/stuck\": Permission denied (13)' >&2; exit 23; }");
            stage.inSource("echo 1 >stuck; echo 1 >beside-1; echo 1 >beside-2");
            eventually("the others are there", dromedary,
                    () -> Tree.of(stage.target).has("beside-1") && Tree.of(stage.target).has("beside-2"));
            eventually("a dead letter is kept", dromedary, () -> !stage.deadLetters().isEmpty());
            eventuallyState("partial", dromedary);
            change();
            eventuallySame(Tree.of(stage.source).without("stuck"), () -> Tree.of(stage.target).without("stuck"), dromedary);
            assertThat(stage.deadLetters()).isNotEmpty();
            assertLives();
            stub.letsGo();
            eventuallySettled(stage, dromedary);
        }

        /** That it answers a question does not say that it takes anything. */
        @Test
        void a_target_that_answers_and_takes_nothing_is_complained_of_once() {
            String complaint = "WARN  t/a: FULL";
            long before = lines(complaint);
            stub.plays("probe || { echo 'rsync: [receiver] write failed on \"x\": No space left on device (28)' >&2;"
                    + " exit 11; }");
            change();
            long runs = stub.runs();
            eventually("it is tried again and again", dromedary, () -> stub.runs() > runs + 6);
            assertThat(lines(complaint) - before).as(dromedary.shownOutput()).isBetween(1L, 2L);
            stub.letsGo();
            eventuallySettled(stage, dromedary);
        }

        private long lines(String words) {
            return dromedary.output().lines().filter(line -> line.contains(words)).count();
        }

        @Test
        void vanished_without_a_name_is_carried_once_more() {
            long before = stub.runs();
            stub.plays("probe || exit 24");
            change();
            eventually("it is tried again", dromedary, () -> stub.runs() > before + 1);
            assertLives();
            stub.letsGo();
            eventuallySettled(stage, dromedary);
        }

        @Test
        void a_target_that_is_away_is_not_stormed() {
            stub.plays("probe && alone 0.1; exit 10");
            change();
            eventually("it is away", dromedary, () -> !stage.deadLetters().isEmpty());
            long runs = stub.runs();
            long probes = stub.probes();
            long start = System.nanoTime();
            for (int i = 0; i < 50; i++) {
                // apart, so that each is a window of its own
                stage.inSource("echo " + i + " >storm-" + i % 7 + "; sleep 0.1");
            }
            // the first after 0.1 s, then ever more seldom up to 1 s; some 6 s, or what it takes on a busy machine
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
            assertThat(stub.probes() - probes).as("probes").isBetween(2L, 9 + seconds);
            assertThat(stub.runs() - runs).as("runs").isLessThan(3);
            assertThat(stub.overlaps()).as("probes at once").isZero();
            assertLives();
            stub.letsGo();
            eventuallySettled(stage, dromedary);
        }

        @Test
        void what_is_changed_after_a_poison_path_arrives() {
            stub.plays("lists poison && exit 12");
            stage.inSource("echo 1 >poison");
            eventually("a dead letter is kept", dromedary, () -> !stage.deadLetters().isEmpty());
            for (int i = 0; i < 5; i++) {
                change();
                eventuallySame(Tree.of(stage.source).without("poison"), () -> Tree.of(stage.target).without("poison"),
                        dromedary);
            }
            assertLives();
            stub.letsGo();
            eventuallySettled(stage, dromedary);
        }
    }

    static Stream<Arguments> codes() {
        return Stream.concat(codesOfRuns(), Stream.of(arguments(23, "partial", ""),
                arguments(3, "halted", "rsync: [sender] change_dir failed: No such file or directory (2)")));
    }

    static Stream<Arguments> codesOfRuns() {
        return Stream.of(
                arguments(1, "away", "@ERROR: module is read only"),
                arguments(2, "away", "protocol version mismatch -- is your shell clean?"),
                arguments(4, "away", "The server is configured to refuse --delete"),
                arguments(5, "away", "@ERROR: auth failed on module m"),
                arguments(5, "away", "@ERROR: max connections (1) reached -- try again later"),
                arguments(6, "away", ""),
                arguments(10, "away", "rsync: [sender] failed to connect to h (192.0.2.1): Connection refused (111)"),
                arguments(11, "full", ""),
                arguments(12, "away", "rsync: connection unexpectedly closed (0 bytes received so far) [sender]"),
                arguments(13, "away", ""),
                arguments(14, "away", ""),
                arguments(20, "away", ""),
                arguments(21, "away", ""),
                arguments(22, "away", ""),
                arguments(30, "away", ""),
                arguments(35, "away", ""),
                arguments(99, "away", ""),
                arguments(126, "away", ""),
                arguments(127, "away", "bash: line 1: rsync: command not found"),
                arguments(137, "away", ""),
                arguments(255, "away", "ssh: connect to host h port 22: Connection timed out"),
                arguments(255, "away", "Host key verification failed."));
    }

    @Nested
    class OneProgramEach extends Mirroring {

        @AfterEach
        @Override
        void close() {
            super.close();
        }

        @Test
        void a_run_that_hangs_is_ended_after_the_timeout() {
            start("mirror.t.timeout = 2s");
            stub.plays("hang");
            change();
            eventually("a dead letter is kept", dromedary, () -> !stage.deadLetters().isEmpty());
            eventuallyState("away", dromedary);
            assertLives();
            long probes = stub.probes();
            eventually("one probe after the other", dromedary, () -> stub.probes() > probes + 1);
            assertThat(Settled.startedFor(stage.state)).as("rsyncs at once").hasSizeLessThan(3);
            stub.letsGo();
            eventuallySettled(stage, dromedary);
        }

        /** Three times as long as the timeout, but never without a life sign for so long. */
        @Test
        void a_run_that_is_slow_and_gets_on_is_not_ended() {
            start("mirror.t.timeout = 2s");
            long before = stub.runs();
            // twenty signs in each of them, so that a busy machine does not make it silent
            stub.plays("lists slow && for i in $(seq 60); do read -r seconds </proc/uptime; sleep 0.1; done");
            stage.inSource("echo 1 >slow");
            eventuallySettled(stage, dromedary);
            assertThat(stub.runs() - before).as("runs").isEqualTo(1);
        }

        @Test
        void too_many_deletions_halt_it_until_it_is_started_again() {
            start("mirror.t.max-delete = 10");
            stub.plays("probe || { echo 'Deletions stopped due to --max-delete limit (1 skipped)' >&2; exit 25; }");
            change();
            eventuallyState("halted", dromedary);
            eventually("a dead letter is kept", dromedary, () -> !stage.deadLetters().isEmpty());
            assertLives();
            stub.letsGo();
            long runs = stub.runs();
            change();
            eventually("what changes is kept", dromedary, () -> stage.deadLetters().size() > 1);
            assertThat(stub.runs()).as("runs while halted").isEqualTo(runs);

            dromedary.terminate();
            dromedary = stage.dromedary().environment("PATH", stub.path()).start().awaitReady();
            eventuallySettled(stage, dromedary);
        }

        /** rsync may have much to say of a large tree. */
        @Test
        void a_path_that_is_named_after_a_megabyte_of_other_words_is_kept() {
            start();
            String failed = "rsync: [sender] send_files failed to open \"" + stage.source
                    + "/%s\": Permission denied (13)";
            // of a length that the first megabyte ends with a line
            String line = (failed.formatted("first") + ".".repeat(127)).substring(0, 127);
            stub.plays("lists last && { bring \"$@\" --exclude=/first --exclude=/last; yes '" + line
                    + "' | head -n 8192 >&2; echo '" + failed.formatted("last") + "' >&2; exit 23; }");
            stage.inSource("echo 1 >first; echo 1 >last");
            eventually("a dead letter is kept", dromedary, () -> !stage.deadLetters().isEmpty());
            stub.letsGo();
            eventuallySettled(stage, dromedary);
        }

        @Test
        void what_is_changed_together_with_a_poison_path_arrives() {
            start();
            stub.plays("lists poison && exit 12");
            stage.inSource("for i in 1 2 3 4 5 6; do echo 1 >with-$i; done; echo 1 >poison");
            eventuallySame(Tree.of(stage.source).without("poison"), () -> Tree.of(stage.target).without("poison"), dromedary);
            stub.letsGo();
            eventuallySettled(stage, dromedary);
        }

        @Test
        void a_stop_while_rsync_hangs_leaves_none_behind() {
            start();
            stub.plays("hang");
            change();
            eventually("an rsync hangs", dromedary, () -> !Settled.startedFor(stage.state).isEmpty());
            dromedary.terminate();
            assertThat(Settled.startedFor(stage.state)).isEmpty();

            stub.letsGo();
            dromedary = stage.configured("mirror.t.reconcile-on-start = false").dromedary()
                    .environment("PATH", stub.path()).start().awaitReady();
            eventuallySettled(stage, dromedary);
        }
    }
}
