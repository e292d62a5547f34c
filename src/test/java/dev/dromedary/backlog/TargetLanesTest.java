package dev.dromedary.backlog;

import java.util.Set;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import org.junit.jupiter.api.Test;

import static dev.dromedary.testing.ChangeSets.pending;
import static org.assertj.core.api.Assertions.assertThat;

/** What the lanes of a target hold together. */
class TargetLanesTest {

    private final TargetLanes lanes = new TargetLanes();

    @Test
    void the_oldest_change_of_all_lanes_counts() {
        assertThat(lanes.since()).isEqualTo(Long.MAX_VALUE);
        lanes.get(TransferClass.LIVE).enqueue("a", Extent.ENTRY, 7);
        lanes.get(TransferClass.BULK).enqueue("b", Extent.TREE, 5);

        assertThat(lanes.since()).isEqualTo(5);
        assertThat(lanes.sizeSince(5, Set.of(TransferClass.LIVE, TransferClass.BULK))).isEqualTo(1);
    }

    @Test
    void a_path_is_found_in_each_lane_that_has_it_and_what_a_run_has_comes_first() {
        lanes.get(TransferClass.ATTRIBUTES).enqueue("folder/a", Extent.ATTRIBUTES, 1);
        ChangeSet inFlight = new ChangeSet();
        inFlight.add("folder", Extent.TREE);
        lanes.get(TransferClass.BULK).inFlight = inFlight;

        assertThat(lanes.pending("folder/a")).extracting(Backlog.Pending::lane).containsExactly(TransferClass.BULK, TransferClass.ATTRIBUTES);
        assertThat(lanes.pending("other")).isEmpty();
    }

    @Test
    void too_many_changes_become_folders_that_are_compared_by_content() {
        for (int i = 0; i < 50; i++) {
            lanes.get(TransferClass.LIVE).enqueue("folder/" + i, Extent.ENTRY, 1);
        }
        lanes.fit(lanes.get(TransferClass.LIVE), 10, false);

        assertThat(lanes.size()).isLessThanOrEqualTo(10);
        assertThat(lanes.get(TransferClass.BULK).pending.isByContent()).isTrue();
        assertThat(lanes.sets().anyMatch(set -> set.covers("folder/7", Extent.ENTRY))).isTrue();
    }

    @Test
    void what_travels_last_is_folded_only_while_nothing_is_handed_out() {
        for (int i = 0; i < 50; i++) {
            lanes.get(TransferClass.LAST).enqueue("folder/" + i, Extent.ENTRY, 1);
        }
        lanes.fit(lanes.get(TransferClass.LAST), 10, false);
        assertThat(lanes.get(TransferClass.LAST).pending.size()).isEqualTo(50);
        lanes.fit(lanes.get(TransferClass.LAST), 10, true);

        assertThat(lanes.size()).isLessThanOrEqualTo(10);
    }

    @Test
    void what_a_dead_letter_holds_is_not_torn_apart() {
        LaneQueue live = lanes.get(TransferClass.LIVE);
        for (int i = 0; i < 50; i++) {
            live.enqueue("folder/" + i, Extent.ENTRY, 1);
        }
        live.pending.letter("letter");
        lanes.fit(live, 10, false);

        assertThat(live.pending.isEmpty()).isTrue();
        assertThat(lanes.get(TransferClass.BULK).pending.letters()).containsExactly("letter");
    }

    @Test
    void a_copy_does_not_change_with_the_lanes() {
        lanes.get(TransferClass.LIVE).enqueue("a", Extent.ENTRY, 1);
        ChangeSet copy = lanes.copy(Set.of(TransferClass.LIVE));
        lanes.get(TransferClass.LIVE).enqueue("b", Extent.ENTRY, 1);

        assertThat(pending(copy)).containsOnlyKeys("a");
    }
}
