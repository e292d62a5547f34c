package dev.dromedary.watch;

import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(20)
class StuckThreadDetectorTest {

    private static final long NONE = 0;
    private static final long HOUR = 3_600_000_000_000L;

    private final StuckThreadDetector detector = new StuckThreadDetector();

    @Test
    void a_thread_that_has_not_begun_is_not_stuck() {
        assertThat(detector.stuck(NONE, OptionalLong.empty())).isNull();
    }

    @Test
    void one_that_is_late_is_named_with_where_it_stands() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        Thread late = begin(() -> end.await());

        assertThat(detector.stuck(NONE, OptionalLong.empty())).contains("stands still at").contains("CountDownLatch.await");
        end.countDown();
        late.join();
    }

    @Test
    void one_that_is_expected_later_or_has_just_worked_is_not() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        Thread working = begin(() -> end.await());

        assertThat(detector.stuck(HOUR, OptionalLong.empty())).isNull();
        assertThat(detector.stuck(HOUR, OptionalLong.of(System.nanoTime()))).isNull();
        detector.expectIn(3_600_000);
        assertThat(detector.nanosLeft()).isPositive();
        assertThat(detector.stuck(NONE, OptionalLong.empty())).isNull();
        end.countDown();
        working.join();
    }

    @Test
    void one_that_has_ended_is() throws InterruptedException {
        begin(() -> { }).join();

        assertThat(detector.stuck(HOUR, OptionalLong.empty())).isEqualTo("its thread has ended");
    }

    private interface Work {
        void run() throws InterruptedException;
    }

    // until it stands at its work
    private Thread begin(Work work) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        Thread thread = new Thread(() -> {
            detector.begin();
            begun.countDown();
            try {
                work.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.start();
        begun.await();
        while (thread.getState() == Thread.State.RUNNABLE) {
            Thread.onSpinWait();
        }
        return thread;
    }
}
