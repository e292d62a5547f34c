package dev.dromedary.backlog;

import java.util.EnumSet;
import java.util.Set;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.clock.SteadyClock;
import org.junit.jupiter.api.Test;

import static dev.dromedary.backlog.TransferClass.ATTRIBUTES;
import static dev.dromedary.backlog.TransferClass.BULK;
import static dev.dromedary.backlog.TransferClass.GONE;
import static dev.dromedary.backlog.TransferClass.LARGE;
import static dev.dromedary.backlog.TransferClass.LIVE;
import static dev.dromedary.backlog.TransferClass.MOVED;
import static org.assertj.core.api.Assertions.assertThat;

/** What may run beside what, and in which order. */
class LaneSchedulerTest {

    private static final Set<TransferClass> ALL = EnumSet.allOf(TransferClass.class);

    private final TargetLanes lanes = new TargetLanes();
    private final LaneScheduler schedule = new LaneScheduler(lanes, 0);

    @Test
    void nothing_comes_next_where_nothing_is_pending() {
        assertThat(schedule.next(ALL, false)).isEmpty();
    }

    @Test
    void what_was_not_served_for_longest_comes_next() {
        pending(LIVE);
        pending(ATTRIBUTES);
        TransferClass first = run();
        pending(first);

        assertThat(next()).isNotEqualTo(first);
    }

    @Test
    void what_was_moved_comes_first_but_not_twice_in_turn() {
        pending(LIVE);
        pending(MOVED);
        assertThat(run()).isEqualTo(MOVED);
        pending(MOVED);

        assertThat(next()).isEqualTo(LIVE);
    }

    @Test
    void folders_wait_for_a_run_that_began_before_they_were_pending() {
        pending(LIVE);
        TransferRun live = schedule.start(schedule.next(ALL, false).orElseThrow());
        pending(BULK);
        assertThat(schedule.next(Set.of(BULK), false)).isEmpty();
        lanes.get(live.lane()).inFlight = null;

        assertThat(next()).isEqualTo(BULK);
    }

    @Test
    void folders_do_not_wait_for_a_run_that_began_after_they_were_pending() {
        pending(BULK);
        pending(LIVE);
        schedule.start(schedule.next(Set.of(LIVE), false).orElseThrow());

        assertThat(schedule.next(Set.of(BULK), false)).isPresent();
    }

    @Test
    void large_files_wait_for_the_cleanup_of_what_they_have_left() {
        pending(LARGE);

        assertThat(schedule.next(ALL, true)).isEmpty();
        assertThat(schedule.next(ALL, false)).isPresent();
    }

    @Test
    void a_large_file_goes_alone() {
        lanes.get(LARGE).enqueue("a", Extent.ENTRY, 1);
        lanes.get(LARGE).enqueue("b", Extent.ENTRY, 1);

        assertThat(schedule.start(schedule.next(ALL, false).orElseThrow()).changes().size()).isEqualTo(1);
        assertThat(lanes.get(LARGE).pending.size()).isEqualTo(1);
    }

    @Test
    void what_is_gone_waits_half_a_second_and_what_was_moved_a_moment() {
        lanes.get(GONE).enqueue("a", Extent.ENTRY, SteadyClock.millis() + 10_000);
        lanes.get(MOVED).enqueue("b", Extent.ENTRY, SteadyClock.millis() + 10_000);

        assertThat(schedule.waitNanos(schedule.next(Set.of(GONE), false).orElseThrow())).isBetween(9_500_000_000L, 10_500_000_000L);
        assertThat(schedule.waitNanos(schedule.next(Set.of(MOVED), false).orElseThrow())).isBetween(9_000_000_000L, 10_020_000_000L);
    }

    @Test
    void a_lane_begins_once_in_a_window() {
        schedule.window(60_000);
        pending(LIVE);
        assertThat(schedule.waitNanos(schedule.next(ALL, false).orElseThrow())).isLessThanOrEqualTo(0);
        run();
        pending(LIVE);

        assertThat(schedule.waitNanos(schedule.next(ALL, false).orElseThrow())).isPositive();
    }

    @Test
    void what_failed_before_takes_turns_with_what_is_new() {
        lanes.get(LIVE).replays.add(changes("old"));
        pending(LIVE);
        boolean first = schedule.start(schedule.next(ALL, false).orElseThrow()).replay();
        lanes.get(LIVE).inFlight = null;
        lanes.get(LIVE).replays.add(changes("old"));
        pending(LIVE);

        assertThat(schedule.next(ALL, false).orElseThrow().replay()).isNotEqualTo(first);
    }

    private TransferClass next() {
        return schedule.next(ALL, false).orElseThrow().lane();
    }

    // to its end
    private TransferClass run() {
        TransferClass lane = schedule.start(schedule.next(ALL, false).orElseThrow()).lane();
        lanes.get(lane).inFlight = null;
        return lane;
    }

    private void pending(TransferClass lane) {
        lanes.get(lane).enqueue("path", Extent.ENTRY, 1);
    }

    private static ChangeSet changes(String path) {
        ChangeSet changes = new ChangeSet();
        changes.add(path, Extent.ENTRY);
        return changes;
    }
}
