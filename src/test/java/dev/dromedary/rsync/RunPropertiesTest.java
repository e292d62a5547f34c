package dev.dromedary.rsync;

import java.util.List;
import java.util.stream.Stream;

import dev.dromedary.backlog.BacklogEndpoint;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RunPropertiesTest {

    @Test
    void only_the_result_of_an_earlier_attempt_is_removed() {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        List<String> asked = List.of(BacklogEndpoint.TARGET, BacklogEndpoint.LANE, BacklogEndpoint.TREES, BacklogEndpoint.REPLAY, BacklogEndpoint.PENDING,
                RunOutputParser.PROPERTY, TargetGuard.FIRST);
        asked.forEach(property -> exchange.setProperty(property, "1"));
        Stream.of("Outcome", "Reason", "Cause", "Halt", "Parked", "Again", "Instead", "Compared", "CutOff", "Listed", "Gone", "Last", "Large", "MostDeletions",
                "Deletable", "Recount", "Fruitless", "Counted", "DeletionCount").forEach(result -> exchange.setProperty("Dromedary" + result, "1"));
        new RunProperties().clear(exchange);
        assertThat(exchange.getProperties()).containsOnlyKeys(asked);
    }
}
