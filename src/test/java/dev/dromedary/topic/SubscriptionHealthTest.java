package dev.dromedary.topic;

import java.time.Instant;
import java.util.List;

import dev.dromedary.change.ChangeSet;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SubscriptionHealthTest {

    private final SubscriptionHealth following = new SubscriptionHealth("www", "kafka:changes");

    @Test
    void a_record_that_was_missed_is_noticed() {
        assertThat(following.heard(record("run", 5, 4))).as("what was before the first one is not known").isFalse();
        assertThat(following.heard(record("run", 6, 5))).isFalse();
        assertThat(following.heard(record("run", 0, 6))).isFalse();
        assertThat(following.heard(record("run", 0, 7))).as("the broker had number 7 before").isTrue();
        assertThat(following.heard(record("run", 8, 7))).as("told once").isFalse();
    }

    @Test
    void records_that_were_under_way_at_once_may_come_in_any_order_and_twice() {
        following.heard(record("run", 1, 0));
        assertThat(following.heard(record("run", 3, 1))).isFalse();
        assertThat(following.heard(record("run", 0, 3))).isFalse();
        assertThat(following.heard(record("run", 2, 1))).isFalse();
        assertThat(following.heard(record("run", 2, 1))).isFalse();
        assertThat(following.heard(record("run", 4, 3))).isFalse();
    }

    @Test
    void nothing_is_missed_where_another_process_begins_or_another_one_has_read_on() {
        following.heard(record("run", 1, 0));
        assertThat(following.heard(record("other", 0, 9))).isFalse();
        following.beginAnew();
        assertThat(following.heard(record("other", 20, 19))).isFalse();
        assertThat(following.heard(new ChangeRecord("www", new SourceIdentity(List.of(), null, null), new ChangeSet(), null, null))).as("of a version before").isFalse();
    }

    @Test
    void what_its_owner_says_is_known_until_it_says_something_else() {
        assertThat(following.unheard()).contains("nothing has been heard of the source");
        Instant before = Instant.now().minusSeconds(60);
        following.heard(new ChangeRecord("www", new SourceIdentity(List.of(), null, null), new ChangeSet(), null,
                new Heartbeat(Instant.now(), 30_000, "it is gone", before)));
        assertThat(following.halted()).isEqualTo("it is gone");
        assertThat(following.pendingSince()).isBetween(before.toEpochMilli() - 2000, before.toEpochMilli() + 2000);
        assertThat(following.unheard()).isNull();

        following.heard(record("run", 1, 0));
        assertThat(following.halted()).isNull();
        assertThat(following.pendingSince()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void a_group_that_is_read_elsewhere_is_a_fault_and_one_that_is_read_by_another_process_here_is_none() {
        following.polled(true, false);
        following.leftOut("a process at 10.0.0.5 reads it with groupId=web7", false);
        assertThat(following.fault()).isEqualTo("kafka:changes: a process at 10.0.0.5 reads it with groupId=web7");
        assertThat(following.up()).isFalse();

        following.leftOut("another process of this host reads it", true);
        assertThat(following.fault()).isNull();
        assertThat(following.standsBy()).isEqualTo("another process of this host reads it");

        following.polled(true, true);
        assertThat(following.standsBy()).isNull();
        assertThat(following.up()).isTrue();
    }

    /** Camel connects anew after each, so a poll that says nothing comes between two of them. */
    @Test
    void a_failure_that_comes_with_each_attempt_does_not_come_and_go() {
        following.failed("the version is not supported");
        following.polled(true, false);
        assertThat(following.fault()).isEqualTo("kafka:changes can't be followed: the version is not supported");

        following.polled(true, true);
        assertThat(following.fault()).as("it reads").isNull();
    }

    private static ChangeRecord record(String run, long number, long after) {
        return new ChangeRecord("www", new SourceIdentity(List.of("a"), null, null), new ChangeSet(), new RecordSequenceNumber(run, number, after), null);
    }
}
