package dev.dromedary.rsync;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WarmRsyncCoordinatorTest {

    private final Queue<Runnable> later = new ArrayDeque<>();
    private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1) {
        @Override
        public ScheduledFuture<?> schedule(Runnable what, long delay, TimeUnit unit) {
            later.add(what);
            return null;
        }
    };
    private final WarmRsyncCoordinator all = new WarmRsyncCoordinator(clock);
    private final List<String> started = new ArrayList<>();
    private final Runnable a = () -> started.add("a");
    private final Runnable b = () -> started.add("b");

    @AfterEach
    void end() {
        clock.shutdownNow();
    }

    @Test
    void a_single_target_has_one_at_once() {
        all.begun();
        all.ended();
        all.startSoon(a);

        assertThat(started).containsExactly("a");
    }

    @Test
    void of_several_targets_none_takes_the_processor_from_those_that_still_carry() {
        all.begun();
        all.begun();
        all.ended();
        all.startSoon(a);
        assertThat(started).isEmpty();

        all.ended();
        all.startSoon(b);
        timePasses();
        assertThat(started).as("one at a time").containsExactly("a");
        timePasses();
        assertThat(started).containsExactly("a", "b");
    }

    @Test
    void a_run_that_takes_long_keeps_nobody_waiting_for_ever() {
        all.begun();
        all.begun();
        all.ended();
        all.startSoon(a);

        for (long begun = System.nanoTime(); started.isEmpty() && System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(10);) {
            timePasses();
        }
        assertThat(started).containsExactly("a");
    }

    @Test
    void each_has_one_only_however_often_it_carried() {
        all.begun();
        all.startSoon(a);
        all.startSoon(a);
        all.ended();
        timePasses();
        timePasses();

        assertThat(started).containsExactly("a");
        assertThat(later).as("nobody waits").isEmpty();
    }

    private void timePasses() {
        Runnable next = later.poll();
        if (next != null) {
            next.run();
        }
    }
}
