package dev.dromedary.backlog;

import java.util.List;
import java.util.Set;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import org.junit.jupiter.api.Test;

import static dev.dromedary.testing.ChangeSets.pending;
import static org.assertj.core.api.Assertions.assertThat;

/** What of the lanes is on disk, and what is not. */
class LaneCheckpointTrackerTest {

    private final TargetLanes lanes = new TargetLanes();
    private final LaneQueue live = lanes.get(TransferClass.LIVE);
    private final LaneCheckpointTracker checkpoint = new LaneCheckpointTracker(lanes);

    @Test
    void only_what_is_old_enough_is_to_be_saved() {
        live.enqueue("a", Extent.ENTRY, 100);

        assertThat(checkpoint.unsaved(100)).isEmpty();
        assertThat(checkpoint.unsaved(101)).hasSize(1);
    }

    @Test
    void what_is_saved_is_not_to_be_saved_again_until_something_is_added() {
        live.enqueue("a", Extent.ENTRY, 1);
        Backlog.Unsaved what = checkpoint.unsaved(2).get(0);
        assertThat(checkpoint.saved(what, "letter")).isTrue();
        assertThat(checkpoint.unsaved(2)).isEmpty();
        assertThat(lanes.letters()).containsExactly("letter");
        live.enqueue("b", Extent.ENTRY, 1);

        assertThat(checkpoint.unsaved(2)).hasSize(1);
    }

    @Test
    void what_could_not_be_written_is_to_be_saved_again() {
        live.enqueue("a", Extent.ENTRY, 1);
        checkpoint.saved(checkpoint.unsaved(2).get(0), null);

        assertThat(checkpoint.unsaved(2)).hasSize(1);
    }

    @Test
    void what_arrived_while_it_was_written_is_not_pending_any_more() {
        live.enqueue("a", Extent.ENTRY, 1);
        Backlog.Unsaved what = checkpoint.unsaved(2).get(0);
        live.pending = new ChangeSet();

        assertThat(checkpoint.saved(what, "letter")).isFalse();
    }

    @Test
    void what_a_run_has_is_saved_as_what_it_took() {
        live.inFlight = changes("a").since(1);
        List<Backlog.Unsaved> unsaved = checkpoint.unsaved(2);
        assertThat(unsaved).singleElement().satisfies(one -> assertThat(one.onTheWay()).isTrue());
        checkpoint.saved(unsaved.get(0), "letter");

        assertThat(live.isSafe()).isTrue();
    }

    @Test
    void what_a_letter_holds_is_forgotten_and_the_rest_is_kept() {
        live.enqueue("a", Extent.ENTRY, 1);
        checkpoint.saved(checkpoint.unsaved(2).get(0), "letter");
        ChangeSet held = new ChangeSet().merge(live.pending);
        live.replays.add(changes("c").letter("letter"));

        assertThat(checkpoint.forget(Set.of("letter"), held)).isTrue();
        assertThat(lanes.size()).isZero();
    }

    @Test
    void what_a_run_has_is_not_forgotten() {
        live.inFlight = changes("a").letter("letter");

        assertThat(checkpoint.forget(Set.of("letter"), changes("a"))).isFalse();
        assertThat(pending(live.inFlight)).containsKey("a");
    }

    private static ChangeSet changes(String path) {
        ChangeSet changes = new ChangeSet();
        changes.add(path, Extent.ENTRY);
        return changes;
    }
}
