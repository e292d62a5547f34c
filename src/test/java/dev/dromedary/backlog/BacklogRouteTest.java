package dev.dromedary.backlog;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What a route that somebody has edited may do to the lane that it serves. */
@Timeout(60)
class BacklogRouteTest {

    private final Backlog backlog = new Backlog("m/t", 0, 100, new ExponentialBackoff(100, 1000), new KnownBacklogPolicy());

    @Test
    void a_lane_is_served_again_after_a_failure_that_was_not_foreseen_and_nothing_is_lost() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch arrived = new CountDownLatch(1);
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.getRegistry().bind("m/t", backlog);
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("backlog:m/t").process(exchange -> {
                        exchange.setProperty(BacklogEndpoint.OUTCOME, runs.incrementAndGet() == 1 ? "ARIVED" : "arrived");
                        if (runs.get() > 1) {
                            arrived.countDown();
                        }
                    });
                }
            });
            camel.start();
            ChangeSet changes = new ChangeSet();
            changes.add("file", Extent.ENTRY);
            backlog.add(changes);

            assertThat(arrived.await(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(runs).hasValue(2);
    }

    @Test
    void large_files_do_not_wait_for_a_tidying_that_failed_in_a_way_that_was_not_foreseen() throws Exception {
        Backlog large = new Backlog("m/t", 0, 100, new ExponentialBackoff(100, 1000), new KnownBacklogPolicy("large", "larger"));
        CountDownLatch tidied = new CountDownLatch(1);
        CountDownLatch carried = new CountDownLatch(2);
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.getRegistry().bind("m/t", large);
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("backlog:m/t").setProperty(BacklogEndpoint.OUTCOME, constant("arrived"));
                    from("backlog:m/t?take=large").process(exchange -> carried.countDown())
                            .setProperty(BacklogEndpoint.OUTCOME, constant("arrived"));
                    from("backlog:m/t?take=tidy").process(exchange -> tidied.countDown())
                            .setProperty(BacklogEndpoint.OUTCOME, constant("ARIVED"));
                }
            });
            camel.start();
            ChangeSet changes = new ChangeSet();
            changes.add("large", Extent.ENTRY);
            large.add(changes);
            assertThat(tidied.await(30, TimeUnit.SECONDS)).isTrue();
            ChangeSet more = new ChangeSet();
            more.add("larger", Extent.ENTRY);
            large.add(more);

            assertThat(carried.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void an_outcome_that_there_is_not_is_named_with_those_that_there_are() {
        assertThatThrownBy(() -> RunOutcome.named("ARIVED")).hasMessage("a route has set the property DromedaryOutcome to ARIVED,"
                + " which is none of [arrived, partly, full, refused, halted, busy, away]");
    }
}
