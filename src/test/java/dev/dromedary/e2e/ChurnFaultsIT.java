package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Mirrors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/** While a source changes without a pause, one thing after another goes wrong; the target is the same in the end. */
class ChurnFaultsIT {

    private static final String TEST = "ChurnFaultsIT";
    private static final Path QUEUE = Path.of("/proc/sys/fs/inotify/max_queued_events");
    private static final int MOST_EVENTS = 100_000;

    @FunctionalInterface
    private interface Faults {
        void happen() throws IOException, InterruptedException;
    }

    static long[] seeds() {
        return ChurnStage.seeds(1);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void changes_whose_events_were_lost_arrive(long seed) throws IOException {
        assumeThat(System.getProperty(Mirrors.WATCH)).as("the queue of fanotify has no limit").isNull();
        // not readString, which reads the first byte by itself and then finds no more in a file of this kind
        int queue = Integer.parseInt(Files.readAllLines(QUEUE).get(0));
        assumeThat(queue).as(QUEUE.toString()).isLessThan(MOST_EVENTS);
        try (ChurnStage stage = new ChurnStage(TEST, seed, 1)) {
            Dromedary dromedary = stage.mirroring();
            for (int i = 0; i < 2; i++) {
                dromedary.suspend();
                stage.churn.breathless(1000);
                stage.churn.flood(queue);
                stage.churn.breathless(2000);
                dromedary.resume();
                stage.churn.operations(300);
            }
            stage.assertSame(dromedary);
            assertThat(dromedary.output()).contains("ran over");
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void a_program_that_is_halted_again_and_again_catches_up(long seed) {
        try (ChurnStage stage = new ChurnStage(TEST, seed, 1)) {
            Dromedary dromedary = stage.mirroring();
            during(stage, () -> {
                for (int i = 0; i < 15; i++) {
                    dromedary.suspend();
                    pause(ofMillis(150));
                    dromedary.resume();
                    pause(ofMillis(100));
                }
            });
            stage.assertSame(dromedary);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void a_program_that_is_killed_and_started_again_catches_up(long seed) {
        try (ChurnStage stage = new ChurnStage(TEST, seed, 1)) {
            Dromedary[] dromedary = {stage.mirroring()};
            during(stage, () -> {
                for (int i = 0; i < 3; i++) {
                    pause(ofMillis(300));
                    dromedary[0].killNow();
                    dromedary[0] = stage.stage.start();
                    // killed while it starts, and after; a time and not readiness, so that a slow machine's churn has an end
                    pause(ofMillis(1000 + 1000 * i));
                }
            });
            stage.assertSame(dromedary[0].awaitReady());
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void rsyncs_that_are_killed_are_repeated(long seed) {
        try (ChurnStage stage = new ChurnStage(TEST, seed, 1)) {
            stage.churn.keepingTimes();
            Dromedary dromedary = stage.mirroring();
            int[] killed = {0};
            during(stage, () -> {
                for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(4); System.nanoTime() < end;) {
                    killed[0] += (int) startedBy(dromedary).filter(ProcessHandle::destroyForcibly).count();
                    pause(ofMillis(15));
                }
            });
            stage.assertSame(dromedary);
            assertThat(killed[0]).isPositive();
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void a_target_that_comes_and_goes_catches_up(long seed) {
        try (ChurnStage stage = new ChurnStage(TEST, seed, 1)) {
            stage.churn.keepingTimes();
            Dromedary dromedary = stage.mirroring();
            during(stage, () -> {
                for (int i = 0; i < 5; i++) {
                    stage.stage.daemon.stop();
                    pause(ofMillis(500));
                    stage.stage.daemon.start();
                    pause(ofMillis(500));
                }
            });
            stage.assertSame(dromedary);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void a_target_that_may_not_be_written_to_for_a_while_catches_up(long seed) {
        try (ChurnStage stage = new ChurnStage(TEST, seed, 1)) {
            stage.churn.keepingTimes();
            Dromedary dromedary = stage.mirroring();
            during(stage, () -> {
                for (int i = 0; i < 2; i++) {
                    pause(ofMillis(700));
                    // the daemon reads it anew for each connection
                    configure(stage.stage, "read only = no", "read only = yes");
                    pause(ofMillis(1500));
                    configure(stage.stage, "read only = yes", "read only = no");
                }
            });
            stage.assertSame(dromedary);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void all_of_it_at_once_is_caught_up_with(long seed) {
        assumeThat(ChurnStage.isLong()).as("-Ddromedary.churn.seeds or -Ddromedary.churn.seed").isTrue();
        try (ChurnStage stage = new ChurnStage(TEST, seed, 2)) {
            Dromedary[] dromedary = {stage.mirroring()};
            during(stage, () -> {
                for (int i = 0; i < 3; i++) {
                    dromedary[0].suspend();
                    pause(ofMillis(200));
                    stage.stage.daemon.stop();
                    dromedary[0].resume();
                    pause(ofMillis(700));
                    dromedary[0].killNow();
                    dromedary[0] = stage.stage.start();
                    stage.stage.daemon.start();
                    pause(ofMillis(2000));
                    startedBy(dromedary[0]).forEach(ProcessHandle::destroyForcibly);
                }
            });
            stage.assertSame(dromedary[0].awaitReady());
        }
    }

    private static void during(ChurnStage stage, Faults faults) {
        AtomicBoolean over = new AtomicBoolean();
        Throwable[] failure = new Throwable[1];
        Thread happening = new Thread(() -> {
            try {
                faults.happen();
            } catch (Throwable e) {
                failure[0] = e;
            } finally {
                over.set(true);
            }
        });
        happening.start();
        stage.churn.until(over::get);
        stage.churn.operations(100);
        if (failure[0] != null) {
            throw new AssertionError("the faults could not be brought about", failure[0]);
        }
    }

    private static void pause(Duration time) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(time.toMillis());
    }

    private static Stream<ProcessHandle> startedBy(Dromedary dromedary) {
        return ProcessHandle.of(dromedary.pid()).stream().flatMap(ProcessHandle::children);
    }

    private static void configure(Stage stage, String line, String other) throws IOException {
        try (Stream<Path> all = Files.list(stage.scratch.root())) {
            Path daemon = all.filter(path -> path.getFileName().toString().startsWith("rsyncd-")).findFirst().orElseThrow();
            Path file = daemon.resolve("rsyncd.conf");
            Path changed = Files.writeString(daemon.resolve("rsyncd.conf.new"), Files.readString(file).replace(line, other));
            Files.move(changed, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
