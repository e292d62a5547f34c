package dev.dromedary.rsync;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

import dev.dromedary.backlog.BacklogEndpoint;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MaxDeleteGuardTest {

    private final MaxDeleteGuard fuse = new MaxDeleteGuard("t/a", 5);

    @Test
    void what_a_person_has_allowed_holds_until_it_has_arrived_and_for_no_more() throws IOException {
        assertThat(halts("whole", 5)).isFalse();
        assertThat(halts("whole", 100)).isTrue();
        fuse.allow();
        // cut off, and then whole
        assertThat(carried("whole", 100, "away")).isFalse();
        assertThat(carried("whole", 100, "arrived")).isFalse();
        assertThat(halts("whole", 100)).isTrue();
    }

    @Test
    void of_two_that_were_counted_both_are_allowed_and_they_may_come_in_parts() throws IOException {
        assertThat(halts("whole", 100)).isTrue();
        assertThat(halts("live", 40)).isTrue();
        fuse.allow();
        assertThat(carried("live", 20, "arrived")).isFalse();
        assertThat(carried("live", 20, "arrived")).isFalse();
        assertThat(carried("whole", 100, "arrived")).isFalse();
        assertThat(halts("live", 20)).isTrue();
    }

    @Test
    void nothing_is_allowed_where_nothing_was_counted() throws IOException {
        fuse.allow();
        assertThat(halts("live", 6)).isTrue();
    }

    @Test
    void what_can_not_be_counted_stops_at_that_number() throws IOException {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        fuse.count(exchange, "live", null, 10, null);
        assertThat(exchange.getProperty(BacklogEndpoint.OUTCOME)).isNull();
        assertThat(exchange.getProperty(MaxDeleteGuard.PROPERTY)).isEqualTo(5);
    }

    /** The source may vanish between the count and the run, and a busy one may delete some more. */
    @Test
    void a_pull_of_whole_folders_deletes_no_more_than_was_counted_and_counts_again_with_more_and_more_room() throws IOException {
        MaxDeleteGuard pulled = new MaxDeleteGuard("t/a", Integer.MAX_VALUE, true);
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.setProperty(BacklogEndpoint.TREES, true);

        for (int room : new int[] {0, 16, 256, 4096, 65536}) {
            count(pulled, exchange, 3);
            assertThat(exchange.getProperty(MaxDeleteGuard.PROPERTY, Long.class)).isEqualTo(3 + room);
            assertThat(pulled.isToRecount(exchange, 0, null)).as("one that ended well").isFalse();
            assertThat(pulled.isToRecount(exchange, 23, said("Deletions stopped due to --max-delete limit (7 skipped)\n"))).isTrue();
        }
        count(pulled, exchange, 3);
        assertThat(exchange.getProperty(MaxDeleteGuard.PROPERTY, Long.class)).isEqualTo(Integer.MAX_VALUE);
        assertThat(pulled.isToRecount(exchange, 25, null)).isFalse();
    }

    @Test
    void only_what_a_list_does_not_tell_is_counted() {
        MaxDeleteGuard pulled = new MaxDeleteGuard("t/a", Integer.MAX_VALUE, true);
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        assertThat(pulled.isToCount(exchange)).isFalse();
        exchange.setProperty(MaxDeleteGuard.UNCOUNTED, true);
        assertThat(pulled.isToCount(exchange)).isTrue();
        exchange.setProperty(MaxDeleteGuard.UNCOUNTED, false);
        exchange.setProperty(BacklogEndpoint.TREES, true);
        assertThat(pulled.isToCount(exchange)).isTrue();
        assertThat(fuse.isToCount(new DefaultExchange(new DefaultCamelContext()))).as("with max-delete").isTrue();
    }

    @Test
    void a_list_whose_budget_is_used_up_is_counted() throws IOException {
        MaxDeleteGuard pulled = new MaxDeleteGuard("t/a", Integer.MAX_VALUE, true);
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.setProperty(MaxDeleteGuard.PROPERTY, 0L);
        assertThat(pulled.isToRecount(exchange, 25, null)).isTrue();
        assertThat(pulled.isToCount(exchange)).isTrue();
    }

    @Test
    void what_can_not_be_counted_deletes_nothing_where_whole_folders_are_pulled() throws IOException {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.setProperty(BacklogEndpoint.TREES, true);
        new MaxDeleteGuard("t/a", 5, true).count(exchange, "whole", null, 10, null);
        assertThat(exchange.getProperty(MaxDeleteGuard.PROPERTY)).isEqualTo(0);
    }

    @Test
    void a_pull_is_halted_at_max_delete_as_a_push_is() throws IOException {
        MaxDeleteGuard pulled = new MaxDeleteGuard("t/a", 5, true);
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.setProperty(BacklogEndpoint.TREES, true);
        count(pulled, exchange, 6);
        assertThat(exchange.getProperty(BacklogEndpoint.HALT)).isNotNull();
    }

    private static void count(MaxDeleteGuard guard, Exchange exchange, int deletions) throws IOException {
        guard.count(exchange, "whole", "Number of files: 3\nNumber of deleted files: " + deletions + " (reg: 1)\n", 0, null);
    }

    private static InputStream said(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private boolean halts(String way, int deletions) throws IOException {
        return carried(way, deletions, "away");
    }

    private boolean carried(String way, int deletions, String outcome) throws IOException {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        fuse.count(exchange, way, "Number of files: 3\nNumber of deleted files: " + deletions + " (reg: 1)\n", 0, null);
        if (exchange.getProperty(BacklogEndpoint.HALT) != null) {
            return true;
        }
        fuse.ended(exchange.getProperty(MaxDeleteGuard.PROPERTY, Long.class), outcome);
        return false;
    }
}
