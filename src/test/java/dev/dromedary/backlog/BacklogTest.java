package dev.dromedary.backlog;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.Move;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static dev.dromedary.change.Extent.ATTRIBUTES;
import static dev.dromedary.change.Extent.ENTRY;
import static dev.dromedary.change.Extent.TREE;
import static dev.dromedary.testing.ChangeSets.pending;
import static org.assertj.core.api.Assertions.assertThat;

@Timeout(20)
class BacklogTest {

    private static final Set<TransferClass> CHANGES = EnumSet.of(TransferClass.LIVE, TransferClass.MOVED, TransferClass.ATTRIBUTES);
    private static final Set<TransferClass> LARGE = EnumSet.of(TransferClass.LARGE, TransferClass.LARGE_ATTRIBUTES);
    private static final Set<TransferClass> TREES = EnumSet.of(TransferClass.BULK);

    private static final ExponentialBackoff BACKOFF = new ExponentialBackoff(100, 1000);

    private final Backlog backlog = new Backlog("m/t", 0, 100, BACKOFF, new KnownBacklogPolicy());

    @Test
    void what_comes_while_a_run_is_under_way_is_the_next_run() throws Exception {
        backlog.add(set("a", ENTRY));
        TransferRun first = backlog.take(CHANGES);
        backlog.add(set("b", ENTRY));
        backlog.add(set("a", ENTRY));
        backlog.arrived(first);

        assertThat(pending(first.changes())).isEqualTo(Map.of("a", ENTRY));
        assertThat(pending(backlog.take(CHANGES).changes())).isEqualTo(Map.of("a", ENTRY, "b", ENTRY));
    }

    @Test
    void what_failed_stays_owed() throws Exception {
        backlog.add(set("a", ENTRY));
        backlog.failed(backlog.take(CHANGES));
        backlog.add(set("b", ENTRY));

        assertThat(pending(backlog.take(CHANGES).changes())).isEqualTo(Map.of("a", ENTRY, "b", ENTRY));
    }

    @Test
    void what_arrived_is_owed_no_more() throws Exception {
        backlog.add(set("a", ENTRY));
        assertThat(backlog.size()).isEqualTo(1);
        backlog.arrived(backlog.take(CHANGES));

        assertThat(backlog.size()).isZero();
        assertThat(backlog.unsaved(Long.MAX_VALUE)).isEmpty();
        assertThat(backlog.isIdle(CHANGES)).isTrue();
        assertThat(backlog.since()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void trees_content_and_attributes_go_apart() throws Exception {
        backlog.add(set("tree", TREE));
        backlog.add(set("content", ENTRY).since(1));
        backlog.add(set("attributes", ATTRIBUTES).since(2));

        TransferRun trees = backlog.take(TREES);
        TransferRun content = backlog.take(CHANGES);
        backlog.arrived(content);
        TransferRun attributes = backlog.take(CHANGES);

        assertThat(trees.lane()).isEqualTo(TransferClass.BULK);
        assertThat(pending(trees.changes())).isEqualTo(Map.of("tree", TREE));
        assertThat(content.lane()).isEqualTo(TransferClass.LIVE);
        assertThat(pending(content.changes())).isEqualTo(Map.of("content", ENTRY));
        assertThat(attributes.lane()).isEqualTo(TransferClass.ATTRIBUTES);
    }

    @Test
    void what_arrived_beside_a_bulk_run_goes_once_more() throws Exception {
        backlog.add(ChangeSet.ofWholeTree());
        TransferRun bulk = backlog.take(TREES);
        backlog.add(set("a", ENTRY));
        backlog.arrived(backlog.take(CHANGES));
        assertThat(backlog.isIdle(CHANGES)).isTrue();

        backlog.arrived(bulk);

        assertThat(pending(backlog.take(CHANGES).changes())).isEqualTo(Map.of("a", ENTRY));
    }

    @Test
    void what_is_on_its_way_when_a_bulk_run_begins_goes_once_more() throws Exception {
        backlog.add(ChangeSet.ofWholeTree());
        backlog.add(set("a", ENTRY));
        TransferRun live = backlog.take(CHANGES);
        TransferRun bulk = backlog.take(TREES);
        backlog.arrived(bulk);
        backlog.arrived(live);

        assertThat(pending(backlog.take(CHANGES).changes())).isEqualTo(Map.of("a", ENTRY));
    }

    /** Otherwise that may delete what the bulk run has brought: it saw the source before the tree was owed. */
    @Test
    void a_bulk_run_waits_for_what_was_on_its_way_when_the_tree_came_to_be_owed() throws Exception {
        backlog.add(set("a", ENTRY));
        TransferRun live = backlog.take(CHANGES);
        backlog.add(ChangeSet.ofWholeTree());
        CompletableFuture<TransferRun> bulk = taken(TREES);
        backlog.add(set("b", ENTRY));
        assertThat(bulk).isNotDone();

        backlog.arrived(live);

        assertThat(pending(bulk.get(10, TimeUnit.SECONDS).changes())).isEqualTo(Map.of("", TREE));
        assertThat(pending(backlog.take(CHANGES).changes())).isEqualTo(Map.of("b", ENTRY));
    }

    @Test
    void what_arrived_after_it_was_cut_off_has_its_folders_tidied() throws Exception {
        backlog.add(set("folder/file", ENTRY));
        TransferRun run = backlog.take(CHANGES);
        run.changes().cutOff(true);
        backlog.failed(run);
        backlog.arrived(backlog.take(CHANGES));

        TransferRun tidy = backlog.take(CHANGES);
        assertThat(tidy.lane()).isEqualTo(TransferClass.ATTRIBUTES);
        assertThat(pending(tidy.changes())).isEqualTo(Map.of("folder", Extent.LEVEL));
        backlog.arrived(tidy);
        assertThat(backlog.isIdle(CHANGES)).isTrue();
    }

    private final Backlog ordered = new Backlog("m/t", 0, 100, BACKOFF, new KnownBacklogPolicy() {
        @Override
        public boolean travelsLast(String path) {
            return path.endsWith(".html");
        }
    });

    private static final Set<TransferClass> LAST = EnumSet.of(TransferClass.LAST);

    @Test
    void what_travels_last_goes_apart_and_a_letter_that_holds_both_is_parted() throws Exception {
        ChangeSet both = set("a.css", ENTRY);
        both.add("index.html", ENTRY);
        ordered.add(both);
        assertThat(pending(ordered.take(CHANGES).changes())).isEqualTo(Map.of("a.css", ENTRY));
        assertThat(pending(ordered.take(LAST).changes())).isEqualTo(Map.of("index.html", ENTRY));

        ChangeSet letter = set("b.css", ENTRY).letter("one#0");
        letter.add("b.html", ENTRY);
        ordered.add(letter);
        ordered.add(set("c.html", ENTRY).letter("two#0"));
        Backlog.Unsaved unsaved = ordered.unsaved(Long.MAX_VALUE).stream().filter(each -> each.copy().covers("b.html", ENTRY)).findFirst()
                .orElseThrow();
        assertThat(unsaved.copy().letters()).as("it is saved anew").isEmpty();
        assertThat(ordered.letters()).containsExactlyInAnyOrder("one#0", "two#0");
    }

    @Test
    void what_was_pending_before_is_awaited_and_what_comes_later_is_not() throws Exception {
        ordered.add(set("a.css", ENTRY).since(1));
        ordered.add(set("tree", TREE).since(5));
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> awaitArrived(3, 0));
        TransferRun live = ordered.take(CHANGES);
        while (ordered.waits().isEmpty()) {
            Thread.onSpinWait();
        }
        assertThat(ordered.waits()).containsExactly(Map.entry("last", 1));
        assertThat(waiting).isNotDone();
        ordered.add(set("b.css", ENTRY).since(4));

        ordered.arrived(live);
        assertThat(waiting.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(ordered.waits()).isEmpty();
    }

    @Test
    void what_failed_is_awaited_too_unless_that_is_of_no_use() throws Exception {
        assertThat(awaitArrived(3, 2)).isFalse();
        ordered.add(set("a.css", ENTRY).since(1));
        ordered.failed(ordered.take(CHANGES));
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> awaitArrived(3, 0));
        while (ordered.waits().isEmpty()) {
            Thread.onSpinWait();
        }
        ordered.halt("by hand", "paused");
        ordered.arrived(new TransferRun(TransferClass.LIVE, set("a.css", ENTRY), false));
        assertThat(waiting.get(10, TimeUnit.SECONDS)).as("halted, so nothing may go").isFalse();
    }

    // gives up when only those outside are waited for
    private boolean awaitArrived(long moment, int letters) {
        try {
            return ordered.awaitArrived(moment, EnumSet.complementOf(EnumSet.of(TransferClass.LAST, TransferClass.GONE)), () -> letters, "last", outside -> !outside);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void what_is_gone_goes_by_a_lane_of_its_own() throws Exception {
        ordered.follow(new DeferredChanges(new ChangeSet(), new ChangeSet(), set("a.css", ENTRY).since(1)));
        assertThat(ordered.size()).isEqualTo(1);
        assertThat(ordered.isIdle(CHANGES)).isTrue();
        TransferRun gone = ordered.take(EnumSet.of(TransferClass.GONE));
        assertThat(pending(gone.changes())).isEqualTo(Map.of("a.css", ENTRY));
        assertThat(ordered.setApart(gone)).isSameAs(gone);
        ordered.arrived(gone);
        assertThat(ordered.size()).isZero();
    }

    @Test
    void it_waits_until_something_is_owed() throws Exception {
        CompletableFuture<TransferRun> taken = taken(CHANGES);
        backlog.add(set("a", ENTRY));

        assertThat(pending(taken.get(10, TimeUnit.SECONDS).changes())).isEqualTo(Map.of("a", ENTRY));
    }

    @Test
    void a_run_does_not_start_within_the_window_of_the_one_before() throws Exception {
        Backlog paced = new Backlog("m/t", 300, 100, BACKOFF, new KnownBacklogPolicy());
        paced.add(set("a", ENTRY));
        long start = System.nanoTime();
        paced.arrived(paced.take(CHANGES));
        paced.add(set("b", ENTRY));
        paced.take(CHANGES);

        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(300));
    }

    @Test
    void a_halted_target_keeps_what_it_is_owed() throws Exception {
        backlog.add(set("a", ENTRY));
        backlog.halt("test", "because");
        CompletableFuture<TransferRun> taken = taken(CHANGES);
        backlog.add(set("b", ENTRY));

        assertThat(taken).isNotDone();
        assertThat(backlog.halted()).isEqualTo("because");
        assertThat(backlog.size()).isEqualTo(2);
    }

    @Test
    void a_halted_target_goes_on_when_the_last_cause_is_gone() throws Exception {
        backlog.add(set("a", ENTRY));
        backlog.halt("one", "1");
        backlog.halt("other", "2");
        backlog.resume("one");
        assertThat(backlog.halted()).isEqualTo("2");

        backlog.resume("other");
        assertThat(pending(backlog.take(CHANGES).changes())).isEqualTo(Map.of("a", ENTRY));
    }

    @Test
    void what_is_too_much_is_owed_by_folders() throws Exception {
        for (int i = 0; i < 1000; i++) {
            backlog.add(set("many/deep/file" + i, ENTRY));
        }
        backlog.add(set("few/file", ENTRY));

        assertThat(backlog.size()).isLessThanOrEqualTo(101);
        assertThat(pending(backlog.take(TREES).changes())).isEqualTo(Map.of("many/deep", TREE));
        assertThat(pending(backlog.take(CHANGES).changes())).containsEntry("few/file", ENTRY);
    }

    @Test
    void a_dead_letter_is_not_torn_apart() throws Exception {
        ChangeSet letter = set("a", ENTRY).letter("1");
        letter.add("b", ATTRIBUTES);
        backlog.add(letter);

        TransferRun run = backlog.take(CHANGES);
        assertThat(pending(run.changes())).isEqualTo(Map.of("a", ENTRY, "b", ATTRIBUTES));
        assertThat(run.changes().letters()).containsExactly("1");
        backlog.arrived(run);
        assertThat(backlog.isIdle(CHANGES)).isTrue();
    }

    @Test
    void what_comes_back_takes_turns_with_what_changes() throws Exception {
        for (int i = 0; i < 3; i++) {
            backlog.add(set("old" + i, ENTRY).letter("letter#" + i));
        }
        StringBuilder order = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            backlog.add(set("new" + i, ENTRY));
            TransferRun run = backlog.take(CHANGES);
            order.append(run.replay() ? 'o' : 'n');
            backlog.arrived(run);
        }
        assertThat(order.toString()).matches("(no|on){3}");
    }

    @Test
    void a_target_that_is_away_gets_nothing_until_it_answers() throws Exception {
        backlog.add(set("a", ENTRY));
        backlog.kept(backlog.take(CHANGES));
        TargetOutage first = backlog.pause(RunOutcome.AWAY, "it rains", false).orElseThrow();
        backlog.add(set("b", ENTRY));
        CompletableFuture<TransferRun> taken = taken(CHANGES);

        assertThat(backlog.awaitProbe().changes().isEmpty()).isTrue();
        assertThat(backlog.pause(RunOutcome.AWAY, "it rains", false)).as("no news").isEmpty();
        TargetOutage second = backlog.paused();
        assertThat(taken).isNotDone();
        assertThat(second.attempts()).isEqualTo(first.attempts() + 1);
        assertThat(second.since()).isEqualTo(first.since());

        assertThat(backlog.back()).as("something is owed, which will show").isNull();
        assertThat(pending(taken.get(10, TimeUnit.SECONDS).changes())).isEqualTo(Map.of("b", ENTRY));
        assertThat(backlog.paused()).isNotNull();
        assertThat(backlog.arrived(taken.get())).isEqualTo(second);
        assertThat(backlog.paused()).isNull();
    }

    @Test
    void a_pause_is_told_of_when_it_is_sure_and_when_its_reason_changes() {
        assertThat(backlog.pause(RunOutcome.AWAY, "it may have been the letter", true)).isEmpty();
        assertThat(backlog.pause(RunOutcome.AWAY, "it rains", false)).isPresent();
        assertThat(backlog.pause(RunOutcome.AWAY, "it rains", true)).isEmpty();
        assertThat(backlog.pause(RunOutcome.FULL, "no room", false)).isPresent();
        assertThat(backlog.pause(RunOutcome.FULL, "no room", false)).isEmpty();
    }

    @Test
    void a_target_is_asked_ever_more_seldom_up_to_a_ceiling() {
        assertThat(BACKOFF.delay(1)).isBetween(90L, 110L);
        assertThat(BACKOFF.delay(2)).isBetween(180L, 220L);
        assertThat(BACKOFF.delay(3)).isBetween(360L, 440L);
        assertThat(BACKOFF.delay(1000)).isBetween(900L, 1100L);
    }

    @Test
    void a_target_that_is_full_is_not_back_because_it_answers() throws Exception {
        backlog.add(set("a", ENTRY));
        backlog.kept(backlog.take(CHANGES));
        backlog.pause(RunOutcome.FULL, "no room", false);
        backlog.back();
        assertThat(backlog.paused()).isNotNull();

        backlog.add(set("b", ENTRY));
        assertThat(backlog.arrived(backlog.take(CHANGES))).isNotNull();
        assertThat(backlog.paused()).isNull();
    }

    /** Else it would be told of as back and as full in turn, for as long as it is full. */
    @Test
    void a_target_that_is_full_is_not_back_because_something_small_fits() throws Exception {
        AtomicBoolean othersWait = new AtomicBoolean(true);
        Backlog full = new Backlog("m/t", 0, 100, BACKOFF, new KnownBacklogPolicy() {
            @Override
            public boolean deadLettersWait() {
                return othersWait.get();
            }
        });
        full.add(set("large", ENTRY));
        full.kept(full.take(CHANGES));
        full.pause(RunOutcome.FULL, "no room", false);
        TargetOutage first = full.paused();
        full.back();

        full.add(set("small", ENTRY));
        assertThat(full.arrived(full.take(CHANGES))).isNull();
        assertThat(full.paused()).isEqualTo(first);
        full.add(set("another", ENTRY));
        TransferRun goesOn = full.take(CHANGES);
        othersWait.set(false);
        assertThat(full.arrived(goesOn)).isEqualTo(first);
        assertThat(full.paused()).isNull();
    }

    @Test
    void what_may_itself_be_the_reason_does_not_make_the_others_wait() throws Exception {
        backlog.add(set("poison", ENTRY).letter("letter#0"));
        backlog.kept(backlog.take(CHANGES));
        backlog.pause(RunOutcome.AWAY, "it broke off", true);

        backlog.awaitProbe();
        assertThat(backlog.back()).isNotNull();
        assertThat(backlog.paused()).isNull();
    }

    @Test
    void a_large_file_goes_by_itself_and_the_rest_does_not_wait() throws Exception {
        Backlog mixed = new Backlog("m/t", 0, 100, BACKOFF, new KnownBacklogPolicy("large", "larger"));
        mixed.add(set("large", ENTRY).merge(set("small", ENTRY)).merge(set("larger", ENTRY)));

        TransferRun small = mixed.setApart(mixed.take(CHANGES));
        TransferRun large = mixed.take(LARGE);

        assertThat(pending(small.changes())).isEqualTo(Map.of("small", ENTRY));
        assertThat(large.lane()).isEqualTo(TransferClass.LARGE);
        assertThat(large.changes().size()).isEqualTo(1);
        mixed.arrived(large);
        assertThat(mixed.take(LARGE).changes().size()).isEqualTo(1);
    }

    @Test
    void a_large_file_in_a_tree_is_asked_for_size_and_time() throws Exception {
        Backlog mixed = new Backlog("m/t", 0, 100, BACKOFF, new KnownBacklogPolicy("a/large"));
        mixed.add(ChangeSet.ofWholeTree());

        TransferRun tree = mixed.setApart(mixed.take(TREES));
        TransferRun large = mixed.take(LARGE);

        assertThat(tree.changes().isWholeTree()).isTrue();
        assertThat(large.lane()).isEqualTo(TransferClass.LARGE_ATTRIBUTES);
        assertThat(pending(large.changes())).isEqualTo(Map.of("a/large", ATTRIBUTES));
    }

    /** It was read before that came, and may have been written after. */
    @Test
    void what_came_meanwhile_under_the_name_of_a_large_file_goes_once_more() throws Exception {
        Backlog mixed = new Backlog("m/t", 0, 100, BACKOFF, new KnownBacklogPolicy("a"));
        mixed.add(set("a", ENTRY));
        mixed.setApart(mixed.take(CHANGES));
        TransferRun large = mixed.take(LARGE);
        mixed.add(set("a", ENTRY));
        mixed.arrived(mixed.take(CHANGES));
        assertThat(mixed.isIdle(CHANGES)).isTrue();

        mixed.arrived(large);

        assertThat(pending(mixed.take(CHANGES).changes())).isEqualTo(Map.of("a", ATTRIBUTES));
    }

    @Test
    void the_target_is_tidied_when_nothing_is_owed_any_more() throws Exception {
        Backlog mixed = new Backlog("m/t", 0, 100, BACKOFF, new KnownBacklogPolicy("a"));
        mixed.add(set("a", ENTRY));
        mixed.setApart(mixed.take(CHANGES));
        mixed.add(set("b", ENTRY));
        mixed.arrived(mixed.take(LARGE));
        assertThat(mixed.isTidy()).isFalse();
        mixed.arrived(mixed.take(CHANGES));

        mixed.awaitTidy();
        mixed.tidied(true);

        assertThat(mixed.isTidy()).isTrue();
    }

    @Test
    void what_was_moved_goes_first_and_is_certain_if_nothing_else_is_owed_there() throws Exception {
        backlog.add(ChangeSet.ofWholeTree());
        backlog.arrived(backlog.take(TREES));
        ChangeSet changes = set("c", ENTRY).merge(set("x/file", ENTRY));
        changes.moved(move("a", "b"));
        changes.moved(move("x", "y"));
        backlog.add(changes);

        TransferRun moved = backlog.take(CHANGES);

        assertThat(moved.lane()).isEqualTo(TransferClass.MOVED);
        assertThat(moved.changes().moves()).extracting(Move::certain).containsExactly(true, false);
        assertThat(pending(moved.changes())).containsEntry("a", ENTRY).containsEntry("b", ENTRY);
    }

    @Test
    void a_comparison_is_under_way_until_it_has_arrived() throws Exception {
        backlog.add(ChangeSet.ofWholeTree());
        assertThat(backlog.isComparing()).isFalse();
        TransferRun trees = backlog.take(TREES);
        assertThat(backlog.isComparing()).isTrue();
        backlog.arrived(trees);
        assertThat(backlog.isComparing()).isFalse();
        assertThat(backlog.isInLine()).isTrue();
    }

    @Test
    void a_move_that_others_have_told_is_certain_only_if_they_say_so() throws Exception {
        backlog.add(ChangeSet.ofWholeTree());
        backlog.arrived(backlog.take(TREES));
        ChangeSet changes = new ChangeSet();
        changes.moved(move("a", "b").certain(false));
        backlog.add(changes);

        assertThat(backlog.take(CHANGES).changes().moves()).extracting(Move::certain).containsExactly(false);
    }

    @Test
    void what_the_target_may_not_have_is_not_moved_there() throws Exception {
        backlog.add(set("a", ENTRY));
        ChangeSet changes = new ChangeSet();
        changes.moved(move("a", "b"));
        backlog.add(changes);

        TransferRun run = backlog.take(CHANGES);

        assertThat(run.lane()).isEqualTo(TransferClass.LIVE);
        assertThat(pending(run.changes())).isEqualTo(Map.of("a", ENTRY, "b", ENTRY));
    }

    @Test
    void a_move_that_failed_is_carried_like_any_change() throws Exception {
        ChangeSet changes = new ChangeSet();
        changes.moved(move("a", "b"));
        backlog.add(changes);
        backlog.failed(backlog.take(CHANGES));

        TransferRun run = backlog.take(CHANGES);

        assertThat(run.lane()).isEqualTo(TransferClass.LIVE);
        assertThat(run.changes().hasMoves()).isFalse();
        assertThat(pending(run.changes())).isEqualTo(Map.of("a", ENTRY, "b", ENTRY));
    }

    /** An rsync for each, and looks at the target besides: a thousand would hold up all else for a minute. */
    @Test
    void of_many_moves_some_are_linked_and_the_others_sent() throws Exception {
        ChangeSet changes = new ChangeSet();
        for (int i = 0; i < 3 * Backlog.MOST_MOVES; i++) {
            changes.moved(move("a" + i, "b" + i));
        }
        backlog.add(changes);
        TransferRun moved = backlog.take(CHANGES);
        assertThat(moved.lane()).isEqualTo(TransferClass.MOVED);
        assertThat(moved.changes().moves()).hasSize(Backlog.MOST_MOVES);
        backlog.arrived(moved);
        TransferRun others = backlog.take(CHANGES);
        assertThat(others.lane()).isEqualTo(TransferClass.LIVE);
        assertThat(others.changes().size()).isEqualTo(2 * 2 * Backlog.MOST_MOVES);
    }

    @Test
    void what_was_moved_does_not_go_first_twice_in_a_row() throws Exception {
        backlog.add(new ChangeSet().merge(moves("a", "b")));
        TransferRun moved = backlog.take(CHANGES);
        backlog.add(new ChangeSet().merge(moves("c", "d")));
        backlog.add(set("x", ENTRY));
        backlog.arrived(moved);
        assertThat(pending(backlog.take(CHANGES).changes())).isEqualTo(Map.of("x", ENTRY));
    }

    private static ChangeSet moves(String from, String to) {
        ChangeSet changes = new ChangeSet();
        changes.moved(move(from, to));
        return changes;
    }

    /** A file that was written anew within a tick of the clock has the same size and time. */
    @Test
    void what_was_written_is_compared_by_content_when_it_is_folded() throws Exception {
        for (int i = 0; i < 150; i++) {
            backlog.add(set("d/" + i, ENTRY));
        }
        TransferRun trees = backlog.take(TREES);
        assertThat(pending(trees.changes())).isEqualTo(Map.of("d", TREE));
        assertThat(trees.changes().isByContent()).isTrue();
    }

    private static Move move(String from, String to) {
        return new Move(from, to, true, set(from, ENTRY).merge(set(to, ENTRY)));
    }

    private CompletableFuture<TransferRun> taken(Set<TransferClass> of) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return backlog.take(of);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static ChangeSet set(String path, Extent extent) {
        ChangeSet set = new ChangeSet();
        set.add(path, extent);
        return set;
    }
}
