package dev.dromedary.backlog;

import java.time.Duration;
import java.util.EnumSet;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.clock.SteadyClock;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ReleaseTriggerTest {

    private static final EnumSet<TransferClass> TREES = EnumSet.of(TransferClass.BULK);

    private final ReleaseTrigger byHand = new ReleaseTrigger(null);
    private final ReleaseTrigger byRest = new ReleaseTrigger(Duration.ofHours(1));

    private static Backlog backlog(ReleaseTrigger gathering) {
        return new Backlog("m/t", 0, 100, new ExponentialBackoff(1, 1), new KnownBacklogPolicy(), gathering);
    }

    private static ChangeSet change(String path) {
        ChangeSet change = new ChangeSet();
        change.add(path, Extent.ENTRY);
        return change;
    }

    @Test
    void what_changes_waits_until_somebody_says_so() throws InterruptedException {
        Backlog backlog = backlog(byHand);
        backlog.add(change("a"));
        backlog.add(change("b"));
        assertThat(byHand.waitMillis()).isEqualTo(ReleaseTrigger.UNTIL_TOLD);
        assertThat(backlog.isIdle(TREES)).isTrue();
        assertThat(backlog.size()).isEqualTo(1);
        assertThat(backlog.since()).as("nothing is due").isEqualTo(Long.MAX_VALUE);

        long asked = SteadyClock.millis();
        byHand.want(asked);
        assertThat(backlog.since()).isEqualTo(asked);
        TransferRun run = backlog.take(TREES);
        assertThat(run.changes().isWholeTree()).isTrue();
        assertThat(byHand.isRelease()).isTrue();
        assertThat(byHand.isWanted()).isTrue();
        backlog.arrived(run);
        assertThat(byHand.done()).isTrue();
        assertThat(backlog.since()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void what_changes_waits_for_rest() {
        Backlog backlog = backlog(byRest);
        backlog.add(change("a"));

        assertThat(byRest.waitMillis()).isBetween(Duration.ofMinutes(59).toMillis(), Duration.ofHours(1).toMillis());
        assertThat(byRest.waitsFor("m/t")).isEqualTo("waits for 3600 s without a change");
        assertThat(backlog.isIdle(TREES)).isTrue();
    }

    @Test
    void what_is_in_doubt_is_compared_at_once() throws InterruptedException {
        Backlog backlog = backlog(byRest);
        backlog.add(change("a"));
        backlog.add(ChangeSet.ofWholeTree());

        TransferRun run = backlog.take(TREES);
        assertThat(byRest.isRelease()).isFalse();
        assertThat(backlog.size()).isEqualTo(1);
        // it differs
        backlog.add(change(""));
        backlog.arrived(run);
        assertThat(byRest.waitMillis()).isPositive();
        assertThat(backlog.treeArrived()).isTrue();
    }

    @Test
    void what_was_on_disk_is_in_doubt_and_one_with_what_else_there_is() throws InterruptedException {
        Backlog backlog = backlog(byHand);
        backlog.add(change("a").letter("1#0"));
        backlog.add(change("b").letter("2#0"));

        TransferRun run = backlog.take(TREES);
        assertThat(run.changes().letters()).containsExactlyInAnyOrder("1#0", "2#0");
        assertThat(byHand.isRelease()).isFalse();
        backlog.failed(run);
        assertThat(byHand.waitMillis()).isZero();
    }

    @Test
    void a_run_takes_over_what_comes_meanwhile() throws InterruptedException {
        Backlog backlog = backlog(byHand);
        backlog.add(change("a").letter("1#0"));
        TransferRun run = backlog.take(TREES);
        assertThat(backlog.absorb()).isFalse();

        backlog.add(change("b").letter("2#0"));
        assertThat(backlog.absorb()).isTrue();
        assertThat(backlog.absorb()).isFalse();
        assertThat(run.changes().letters()).containsExactlyInAnyOrder("1#0", "2#0");
        backlog.arrived(run);
        assertThat(backlog.size()).isZero();
    }

    @Test
    void what_is_to_be_compared_by_content_takes_a_run_of_its_own() throws InterruptedException {
        Backlog backlog = backlog(byHand);
        backlog.add(ChangeSet.ofWholeTree());
        backlog.take(TREES);
        backlog.add(ChangeSet.ofWholeTree().byContent(true));

        assertThat(backlog.absorb()).isFalse();
        assertThat(backlog.size()).isEqualTo(2);
    }

    @Test
    void one_that_is_asked_for_while_another_is_made_follows() throws InterruptedException {
        Backlog backlog = backlog(byHand);
        byHand.want(SteadyClock.millis());
        backlog.add(ChangeSet.ofWholeTree());
        TransferRun run = backlog.take(TREES);

        byHand.want(SteadyClock.millis() + 1000);
        backlog.add(ChangeSet.ofWholeTree());
        backlog.arrived(run);
        assertThat(byHand.done()).isFalse();
        assertThat(backlog.size()).isEqualTo(1);
    }

    @Test
    void one_that_is_asked_for_just_when_the_source_begins_to_be_compared_is_made() throws InterruptedException {
        Backlog backlog = backlog(byHand);
        backlog.add(ChangeSet.ofWholeTree());
        TransferRun run = backlog.take(TREES);
        assertThat(byHand.isRelease()).isFalse();

        byHand.want(SteadyClock.millis());
        backlog.add(ChangeSet.ofWholeTree());
        assertThat(backlog.absorb()).isTrue();
        assertThat(byHand.isRelease()).isTrue();
        assertThat(byHand.isWanted()).isTrue();
        backlog.arrived(run);
        assertThat(byHand.done()).isTrue();
    }

    @Test
    void a_source_that_does_not_hold_still_is_waited_for() throws InterruptedException {
        Backlog backlog = backlog(byHand);
        byHand.want(SteadyClock.millis());
        backlog.add(ChangeSet.ofWholeTree());
        TransferRun run = backlog.take(TREES);

        byHand.restless();
        backlog.add(change("a"));
        backlog.arrived(run);
        assertThat(byHand.waitMillis()).isBetween(1L, 5000L);
        assertThat(byHand.waitsFor("m/t")).isEqualTo("the source does not hold still: the release waits for 5 s without a change");
    }
}
