package dev.dromedary.rsync;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.dromedary.backlog.BacklogEndpoint;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class MaxDeleteGuardTest {

    @TempDir
    private static Path folder;

    private final MaxDeleteGuard fuse = new MaxDeleteGuard("t/a", 5);
    private final MaxDeleteGuard pulled = new MaxDeleteGuard("t/a", Integer.MAX_VALUE, folder.resolve("t-a.deletable"));

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
        fuse.count(exchange, "live", new DryRunDeletionCounter(), 10, null);
        assertThat(exchange.getProperty(BacklogEndpoint.OUTCOME)).isNull();
        assertThat(exchange.getProperty(MaxDeleteGuard.PROPERTY)).isEqualTo(5);
    }

    /** The source may vanish between the count and the run, and a busy one may delete some more. */
    @Test
    void a_pull_of_whole_folders_deletes_only_what_was_counted() throws IOException {
        Exchange exchange = trees();
        count(pulled, exchange, "deleting a[1]\ndeleting d/x\ndeleting d/\n", 10);
        Path rules = exchange.getProperty(MaxDeleteGuard.RULES, Path.class);
        assertThat(rules).hasContent("risk /a\\[1]\0risk /d/x\0risk /d\0protect *\0");
        ended(exchange, 10, 3);
        assertThat(pulled.isToRecount(exchange, 0, null)).isFalse();
    }

    @Test
    void a_pull_that_finds_less_than_half_of_what_was_counted_is_counted_again() throws IOException {
        Exchange exchange = trees();
        count(pulled, exchange, "deleting a\n", 10);
        ended(exchange, 5, 1);
        assertThat(pulled.isToRecount(exchange, 0, null)).isFalse();
        ended(exchange, 4, 1);
        assertThat(pulled.isToRecount(exchange, 23, null)).as("one that failed is judged").isFalse();
        assertThat(pulled.isToRecount(exchange, 0, null)).isTrue();
        count(pulled, exchange, "", 4);
        ended(exchange, 4, 1);
        assertThat(pulled.isToRecount(exchange, 0, null)).isFalse();
    }

    @Test
    void what_was_not_deleted_is_counted_again_as_long_as_anything_is() throws IOException {
        Exchange exchange = trees();
        for (int left : new int[] {30, 40, 20, 10}) {
            count(pulled, exchange, many(left), 10);
            ended(exchange, 10, 10);
            assertThat(pulled.isToRecount(exchange, left == 40 ? 23 : 24, null)).isEqualTo(left > 10);
        }
        Exchange stuck = trees();
        for (boolean again : new boolean[] {true, true, false}) {
            count(pulled, stuck, many(2), 10);
            ended(stuck, 10, 0);
            assertThat(pulled.isToRecount(stuck, 0, null)).isEqualTo(again);
        }
    }

    @Test
    void a_count_that_could_not_see_everything_is_repeated() throws IOException {
        Exchange exchange = trees();
        DryRunDeletionCounter counter = counted("", 10);
        exchange.setProperty(DryRunDeletionCounter.PROPERTY, counter);
        pulled.count(exchange, "whole", counter, 23, null);
        ended(exchange, 10, 0);
        assertThat(pulled.isToRecount(exchange, 23, null)).as("it is judged").isFalse();
        assertThat(pulled.isToRecount(exchange, 0, null)).isTrue();
    }

    @Test
    void a_count_that_fails_again_and_again_ends_the_run_and_has_no_rules_of_the_one_before() throws IOException {
        Exchange exchange = trees();
        count(pulled, exchange, many(3), 10);
        for (int i = 0; i < 3; i++) {
            pulled.count(exchange, "whole", new DryRunDeletionCounter(), 10, null);
            assertThat(exchange.getProperty(MaxDeleteGuard.RULES)).isNull();
            assertThat(exchange.getProperty(BacklogEndpoint.OUTCOME)).isNull();
            assertThat(pulled.isToRecount(exchange, 25, null)).isTrue();
        }
        pulled.count(exchange, "whole", new DryRunDeletionCounter(), 10, null);
        assertThat(exchange.getProperty(BacklogEndpoint.OUTCOME)).isEqualTo("away");
    }

    @Test
    void what_a_person_has_allowed_is_used_up_by_each_pass() throws IOException {
        MaxDeleteGuard limited = new MaxDeleteGuard("t/a", 5, folder.resolve("t-a.deletable"));
        count(limited, trees(), many(30), 10);
        limited.allow();
        Exchange exchange = trees();
        count(limited, exchange, many(30), 10);
        ended(exchange, 10, 25);
        assertThat(limited.isToRecount(exchange, 0, null)).isTrue();
        count(limited, exchange, many(5), 10);
        ended(exchange, 10, 5);
        assertThat(limited.isToRecount(exchange, 0, null)).isFalse();
        Exchange another = trees();
        count(limited, another, many(20), 10);
        assertThat(another.getProperty(BacklogEndpoint.HALT)).isNotNull();
    }

    @Test
    void only_what_a_list_does_not_tell_is_counted() {
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
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.setProperty(MaxDeleteGuard.PROPERTY, 0L);
        assertThat(pulled.isToRecount(exchange, 25, null)).isTrue();
        assertThat(pulled.isToCount(exchange)).isTrue();
    }

    @Test
    void what_can_not_be_counted_deletes_nothing_where_whole_folders_are_pulled() throws IOException {
        Exchange exchange = trees();
        new MaxDeleteGuard("t/a", 5, folder.resolve("t-a.deletable")).count(exchange, "whole", new DryRunDeletionCounter(), 10, null);
        assertThat(exchange.getProperty(MaxDeleteGuard.PROPERTY)).isEqualTo(0);
    }

    @Test
    void a_pull_is_halted_at_max_delete_as_a_push_is() throws IOException {
        Exchange exchange = trees();
        count(new MaxDeleteGuard("t/a", 5, folder.resolve("t-a.deletable")), exchange, many(6), 10);
        assertThat(exchange.getProperty(BacklogEndpoint.HALT)).isNotNull();
    }

    private static Exchange trees() {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.setProperty(BacklogEndpoint.TREES, true);
        exchange.setProperty(RunOutputParser.PROPERTY, new RunOutputParser());
        return exchange;
    }

    private static String many(int deletions) {
        return IntStream.range(0, deletions).mapToObj(i -> "deleting " + i + '\n').collect(Collectors.joining());
    }

    private static void count(MaxDeleteGuard guard, Exchange exchange, String names, int files) throws IOException {
        DryRunDeletionCounter counter = counted(names, files);
        exchange.setProperty(DryRunDeletionCounter.PROPERTY, counter);
        guard.count(exchange, "whole", counter, 0, null);
    }

    private static DryRunDeletionCounter counted(String names, int files) throws IOException {
        return DryRunDeletionCounterTest.counted(names + "Number of files: " + files + "\nNumber of deleted files: 0\n");
    }

    private static void ended(Exchange exchange, int files, int deleted) throws IOException {
        exchange.getProperty(RunOutputParser.PROPERTY, RunOutputParser.class).read(new ByteArrayInputStream(
                ("Number of files: " + files + "\nNumber of deleted files: " + deleted + '\n').getBytes(StandardCharsets.UTF_8)));
    }

    private boolean halts(String way, int deletions) throws IOException {
        return carried(way, deletions, "away");
    }

    private boolean carried(String way, int deletions, String outcome) throws IOException {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        fuse.count(exchange, way, DryRunDeletionCounterTest.counted("Number of files: 3\nNumber of deleted files: " + deletions + " (reg: 1)\n"), 0, null);
        if (exchange.getProperty(BacklogEndpoint.HALT) != null) {
            return true;
        }
        fuse.ended(exchange.getProperty(MaxDeleteGuard.PROPERTY, Long.class), outcome);
        return false;
    }
}
