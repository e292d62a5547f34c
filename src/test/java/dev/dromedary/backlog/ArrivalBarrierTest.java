package dev.dromedary.backlog;

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.Move;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static dev.dromedary.change.Extent.ATTRIBUTES;
import static dev.dromedary.change.Extent.ENTRY;
import static dev.dromedary.change.Extent.LEVEL;
import static dev.dromedary.change.Extent.TREE;
import static org.assertj.core.api.Assertions.assertThat;

@Timeout(20)
class ArrivalBarrierTest {

    private static final Set<TransferClass> CHANGES = EnumSet.of(TransferClass.LIVE, TransferClass.MOVED, TransferClass.ATTRIBUTES);
    private static final Set<TransferClass> LARGE = EnumSet.of(TransferClass.LARGE, TransferClass.LARGE_ATTRIBUTES);
    private static final Set<TransferClass> TREES = EnumSet.of(TransferClass.BULK);
    private static final ChangeSet NONE = new ChangeSet();

    private final KnownBacklogPolicy aside = new KnownBacklogPolicy("large");
    private final Backlog backlog = new Backlog("m/t", 0, 100, new ExponentialBackoff(100, 1000), aside);

    @Test
    void where_nothing_is_pending_it_is_over_at_once() throws Exception {
        assertThat(isOver(barrier())).isTrue();
    }

    @Test
    void it_is_over_when_what_was_pending_has_arrived_whatever_comes_meanwhile() throws Exception {
        backlog.add(set("a", ENTRY));
        ArrivalBarrier barrier = barrier();
        TransferRun first = backlog.take(CHANGES);
        backlog.add(set("a", ENTRY));
        backlog.add(set("b", ENTRY));
        assertThat(isOver(barrier)).isFalse();

        backlog.arrived(first);

        assertThat(isOver(barrier)).isTrue();
        assertThat(backlog.size()).isEqualTo(2);
    }

    /** The run that is under way may have read it before it changed. */
    @Test
    void what_changed_while_it_was_on_its_way_goes_once_more_before_it_is_over() throws Exception {
        backlog.add(set("hot", ENTRY));
        TransferRun first = backlog.take(CHANGES);
        backlog.add(set("hot", ENTRY));
        ArrivalBarrier barrier = barrier();
        backlog.arrived(first);
        TransferRun second = backlog.take(CHANGES);
        backlog.add(set("hot", ENTRY));
        assertThat(isOver(barrier)).isFalse();

        backlog.arrived(second);

        assertThat(isOver(barrier)).isTrue();
    }

    @Test
    void what_was_on_its_way_is_enough_where_it_has_not_changed_since() throws Exception {
        backlog.add(set("a", ENTRY));
        TransferRun first = backlog.take(CHANGES);
        ArrivalBarrier barrier = barrier();
        backlog.add(set("a", ENTRY));
        backlog.arrived(first);

        assertThat(isOver(barrier)).isTrue();
    }

    @Test
    void what_fails_has_to_arrive_by_another_run() throws Exception {
        backlog.add(set("a", ENTRY));
        TransferRun first = backlog.take(CHANGES);
        ArrivalBarrier barrier = barrier();
        backlog.failed(first);
        assertThat(isOver(barrier)).isFalse();

        backlog.arrived(backlog.take(CHANGES));

        assertThat(isOver(barrier)).isTrue();
    }

    @Test
    void what_a_dead_letter_holds_has_to_arrive_too() throws Exception {
        aside.onDisk(set("dead", ENTRY));
        backlog.add(set("a", ENTRY));
        ArrivalBarrier barrier = barrier();
        backlog.arrived(backlog.take(CHANGES));
        assertThat(isOver(barrier)).isFalse();
        aside.onDisk(new ChangeSet());
        backlog.add(set("dead", ENTRY).letter("1"));
        backlog.add(set("b", ENTRY));
        backlog.arrived(backlog.take(CHANGES));
        TransferRun replay = backlog.take(CHANGES);
        assertThat(isOver(barrier)).isEqualTo(!replay.replay());

        backlog.arrived(replay);

        assertThat(isOver(barrier)).isTrue();
    }

    @Test
    void what_is_kept_on_disk_meanwhile_is_waited_for() throws Exception {
        backlog.add(set("a", ENTRY));
        ArrivalBarrier barrier = barrier();
        aside.onDisk(set("a", ENTRY));
        backlog.kept(backlog.take(CHANGES));
        backlog.add(set("b", ENTRY));
        backlog.arrived(backlog.take(CHANGES));
        assertThat(isOver(barrier)).isFalse();
        aside.onDisk(new ChangeSet());
        backlog.add(set("a", ENTRY).letter("1"));

        backlog.arrived(backlog.take(CHANGES));

        assertThat(isOver(barrier)).isTrue();
    }

    @Test
    void what_somebody_has_given_up_is_not_waited_for() throws Exception {
        aside.onDisk(set("dead", ENTRY));
        ArrivalBarrier barrier = barrier();
        assertThat(isOver(barrier)).isFalse();
        aside.onDisk(new ChangeSet());
        backlog.lookAgain();

        assertThat(isOver(barrier)).isTrue();
    }

    /** Two contents that were written within one tick of the clock are the same to it. */
    @Test
    void a_comparison_by_size_and_time_does_not_show_that_a_content_has_arrived() throws Exception {
        backlog.add(set("a", ENTRY));
        ArrivalBarrier barrier = barrier();
        backlog.add(ChangeSet.ofWholeTree());
        backlog.arrived(backlog.take(TREES));
        assertThat(isOver(barrier)).isFalse();

        backlog.arrived(backlog.take(CHANGES));

        assertThat(isOver(barrier)).isTrue();
    }

    @Test
    void attributes_arrive_with_a_comparison() throws Exception {
        backlog.add(set("folder/a", ATTRIBUTES));
        ArrivalBarrier barrier = barrier();
        backlog.add(set("folder", TREE));
        backlog.arrived(backlog.take(TREES));

        assertThat(isOver(barrier)).isTrue();
    }

    @Test
    void what_a_run_has_left_is_waited_for() throws Exception {
        ChangeSet both = set("a", ENTRY);
        both.add("b", ENTRY);
        backlog.add(both);
        ArrivalBarrier barrier = barrier();
        TransferRun run = backlog.take(CHANGES);
        backlog.add(set("b", ENTRY));
        backlog.arrived(run, set("b", ENTRY), DeferredChanges.NONE);
        assertThat(isOver(barrier)).isFalse();

        backlog.arrived(backlog.take(CHANGES));

        assertThat(isOver(barrier)).isTrue();
    }

    @Test
    void what_is_left_of_a_folder_is_waited_for() throws Exception {
        backlog.add(set("folder", LEVEL));
        ArrivalBarrier barrier = barrier();
        TransferRun run = backlog.take(CHANGES);
        backlog.add(set("folder/b", ENTRY));
        backlog.arrived(run, set("folder/b", ENTRY), DeferredChanges.NONE);
        assertThat(isOver(barrier)).isFalse();

        backlog.arrived(backlog.take(CHANGES));

        assertThat(isOver(barrier)).isTrue();
    }

    @Test
    void folders_that_are_compared_for_a_name_that_no_list_takes_are_waited_for() throws Exception {
        backlog.add(set("folder/*", ENTRY));
        ArrivalBarrier barrier = barrier();
        TransferRun run = backlog.take(CHANGES);
        backlog.compare(set("folder", LEVEL));
        backlog.arrived(run, NONE, new DeferredChanges(set("folder", LEVEL), NONE, NONE));
        assertThat(isOver(barrier)).isFalse();

        backlog.arrived(backlog.take(CHANGES));

        assertThat(isOver(barrier)).isTrue();
    }

    @Test
    void what_a_run_has_passed_over_and_what_it_found_gone_is_waited_for() throws Exception {
        Backlog ordered = new Backlog("m/t", 0, 100, new ExponentialBackoff(100, 1000), new KnownBacklogPolicy() {
            @Override
            public boolean travelsLast(String path) {
                return path.endsWith(".html");
            }
        });
        ordered.add(set("a.html", ENTRY));
        ordered.add(set("folder", TREE));
        ArrivalBarrier barrier = ordered.barrier();
        barrier.noted().get(10, TimeUnit.SECONDS);
        TransferRun tree = ordered.take(TREES);
        DeferredChanges followUp = new DeferredChanges(NONE, set("folder/b.html", ENTRY), set("folder/gone", ENTRY).since(1));
        ordered.follow(followUp);
        ordered.arrived(tree, NONE, followUp);
        ordered.add(set("other", ENTRY));
        ordered.arrived(ordered.take(CHANGES));
        assertThat(barrier.over()).isNotDone();

        ordered.arrived(ordered.take(EnumSet.of(TransferClass.LAST)));
        ordered.add(set("other", ENTRY));
        assertThat(barrier.over()).isNotDone();

        ordered.arrived(ordered.take(EnumSet.of(TransferClass.GONE)));
        assertThat(barrier.over()).isDone();
    }

    @Test
    void a_large_file_is_waited_for_and_one_that_came_later_is_not() throws Exception {
        backlog.add(set("large", ENTRY));
        ArrivalBarrier barrier = barrier();
        assertThat(backlog.setApart(backlog.take(CHANGES)).changes().isEmpty()).isTrue();
        assertThat(isOver(barrier)).isFalse();
        ArrivalBarrier later = barrier();
        backlog.arrived(backlog.take(LARGE));

        assertThat(isOver(barrier)).isTrue();
        assertThat(isOver(later)).isTrue();
    }

    @Test
    void a_large_file_of_a_whole_tree_is_waited_for() throws Exception {
        backlog.add(ChangeSet.ofWholeTree());
        TransferRun bulk = backlog.take(TREES);
        ArrivalBarrier barrier = barrier();
        backlog.enqueueLarge(bulk);
        backlog.arrived(bulk);
        assertThat(isOver(barrier)).isFalse();

        backlog.arrived(backlog.take(LARGE));

        assertThat(isOver(barrier)).isTrue();
    }

    /** A bulk run may have read it before it changed, and write that over it. */
    @Test
    void what_arrived_beside_a_bulk_run_goes_once_more_before_it_is_over() throws Exception {
        backlog.add(ChangeSet.ofWholeTree());
        TransferRun bulk = backlog.take(TREES);
        backlog.add(set("a", ENTRY));
        backlog.arrived(backlog.take(CHANGES));
        ArrivalBarrier barrier = barrier();
        backlog.arrived(bulk);
        assertThat(isOver(barrier)).isFalse();

        backlog.arrived(backlog.take(CHANGES));

        assertThat(isOver(barrier)).isTrue();
    }

    @Test
    void what_was_moved_is_waited_for() throws Exception {
        ChangeSet moved = new ChangeSet();
        ChangeSet entries = set("old", ENTRY);
        entries.add("new", ENTRY);
        moved.moved(new Move("old", "new", false, entries));
        backlog.add(moved);
        ArrivalBarrier barrier = barrier();
        TransferRun run = backlog.take(CHANGES);
        assertThat(run.lane()).isEqualTo(TransferClass.MOVED);
        assertThat(isOver(barrier)).isFalse();

        backlog.arrived(run, NONE, DeferredChanges.NONE);

        assertThat(isOver(barrier)).isTrue();
    }

    @Test
    void whoever_waits_no_more_is_forgotten() throws Exception {
        backlog.add(set("a", ENTRY));
        ArrivalBarrier barrier = barrier();
        barrier.over().cancel(false);
        backlog.arrived(backlog.take(CHANGES));

        assertThat(barrier.over()).isCancelled();
    }

    private ArrivalBarrier barrier() throws Exception {
        ArrivalBarrier barrier = backlog.barrier();
        barrier.noted().get(10, TimeUnit.SECONDS);
        return barrier;
    }

    private static boolean isOver(ArrivalBarrier barrier) {
        return barrier.over().isDone();
    }

    private static ChangeSet set(String path, Extent extent) {
        ChangeSet set = new ChangeSet();
        set.add(path, extent);
        return set;
    }
}
