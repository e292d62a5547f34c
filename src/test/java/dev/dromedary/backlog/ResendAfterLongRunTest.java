package dev.dromedary.backlog;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import org.junit.jupiter.api.Test;

import static dev.dromedary.testing.ChangeSets.pending;
import static org.assertj.core.api.Assertions.assertThat;

/** What is sent once more after a long run. */
class ResendAfterLongRunTest {

    private static final ChangeSet NOTHING = new ChangeSet();

    private final TargetLanes lanes = new TargetLanes();
    private final ResendAfterLongRun resend = new ResendAfterLongRun(lanes);

    @Test
    void what_arrived_beside_a_run_through_folders_is_sent_once_more_after_it() {
        begin(TransferClass.BULK, "folder", Extent.TREE);
        TransferRun live = begin(TransferClass.LIVE, "folder/a", Extent.ENTRY);
        resend.arrived(live, NOTHING, 100);
        end(TransferClass.LIVE);
        assertThat(resend.due()).isEmpty();
        end(TransferClass.BULK);

        assertThat(resend.due()).singleElement().satisfies(again -> assertThat(pending(again)).containsOnlyKeys("folder/a"));
        assertThat(resend.due()).isEmpty();
    }

    /** An agent that is far behind compares some folders and pulls a hundred thousand paths in others: not twice. */
    @Test
    void what_arrived_beside_a_run_through_other_folders_is_not() {
        begin(TransferClass.BULK, "folder", Extent.LEVEL);
        TransferRun live = begin(TransferClass.LIVE, "other/a", Extent.ENTRY);
        resend.arrived(live, NOTHING, 100);
        end(TransferClass.LIVE);
        // the folder made a moment ago may be gone for the run that compares what lies beside it
        for (String path : new String[] {"folder/a", "folder/made/b"}) {
            resend.arrived(begin(TransferClass.LIVE, path, Extent.ENTRY), NOTHING, 100);
            end(TransferClass.LIVE);
        }
        end(TransferClass.BULK);

        assertThat(resend.due()).singleElement().satisfies(again -> assertThat(pending(again)).containsOnlyKeys("folder/a", "folder/made/b"));
    }

    @Test
    void each_of_several_runs_through_folders_counts_that_were_there_meanwhile() {
        TransferRun live = begin(TransferClass.LIVE, "a/1", Extent.ENTRY);
        begin(TransferClass.BULK, "a", Extent.TREE);
        end(TransferClass.BULK);
        begin(TransferClass.BULK, "b", Extent.TREE);
        resend.arrived(live, NOTHING, 100);
        end(TransferClass.LIVE);
        end(TransferClass.BULK);

        assertThat(resend.due()).singleElement().satisfies(again -> assertThat(pending(again)).containsOnlyKeys("a/1"));
    }

    @Test
    void what_arrived_before_a_run_through_folders_began_is_not() {
        TransferRun live = begin(TransferClass.LIVE, "a", Extent.ENTRY);
        resend.arrived(live, NOTHING, 100);
        end(TransferClass.LIVE);
        begin(TransferClass.BULK, "", Extent.TREE);
        end(TransferClass.BULK);

        assertThat(resend.due()).isEmpty();
    }

    @Test
    void a_large_file_that_changed_while_it_was_on_its_way_is_compared_after_it() {
        begin(TransferClass.LARGE, "large", Extent.ENTRY);
        TransferRun live = begin(TransferClass.LIVE, "large", Extent.ENTRY);
        resend.arrived(live, NOTHING, 100);
        assertThat(resend.due()).isEmpty();
        end(TransferClass.LARGE);

        assertThat(resend.due()).singleElement().satisfies(again -> assertThat(pending(again)).containsEntry("large", Extent.ATTRIBUTES));
    }

    @Test
    void another_file_beside_a_large_one_is_not_sent_again() {
        begin(TransferClass.LARGE, "large", Extent.ENTRY);
        resend.arrived(begin(TransferClass.LIVE, "small", Extent.ENTRY), NOTHING, 100);
        end(TransferClass.LARGE);

        assertThat(resend.due()).isEmpty();
    }

    /** Else it would be passed over and fetched again, for ever. */
    @Test
    void a_large_file_that_a_run_has_passed_over_is_not_sent_again() {
        TransferRun compared = begin(TransferClass.ATTRIBUTES, "large", Extent.ATTRIBUTES);
        ChangeSet passedOver = new ChangeSet();
        passedOver.add("large", Extent.ATTRIBUTES);
        begin(TransferClass.LARGE_ATTRIBUTES, "large", Extent.ATTRIBUTES);
        resend.arrived(compared, passedOver, 100);
        end(TransferClass.ATTRIBUTES);
        end(TransferClass.LARGE_ATTRIBUTES);

        assertThat(resend.due()).isEmpty();
    }

    @Test
    void too_many_paths_become_folders() {
        begin(TransferClass.BULK, "", Extent.TREE);
        for (int i = 0; i < 50; i++) {
            TransferRun live = begin(TransferClass.LIVE, "folder/" + i, Extent.ENTRY);
            resend.arrived(live, NOTHING, 10);
            end(TransferClass.LIVE);
        }
        end(TransferClass.BULK);

        assertThat(resend.due()).singleElement().satisfies(again -> {
            assertThat(again.size()).isLessThanOrEqualTo(10);
            assertThat(again.covers("folder/7", Extent.ENTRY)).isTrue();
        });
    }

    private TransferRun begin(TransferClass lane, String path, Extent extent) {
        ChangeSet changes = new ChangeSet();
        changes.add(path, extent);
        lanes.get(lane).inFlight = changes;
        resend.begun();
        return new TransferRun(lane, changes, false);
    }

    private void end(TransferClass lane) {
        lanes.get(lane).inFlight = null;
        lanes.get(lane).besideBulk.clear();
    }
}
