package dev.dromedary.topic;

import java.util.List;
import java.util.Map;

import org.apache.camel.Exchange;
import org.apache.camel.component.stub.StubEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PublishRouteTest {

    /** In the place of a writer. */
    public static final class Records {
        public List<String> write() {
            return List.of("a record", "another");
        }

        public void acknowledged() {
            // that a broker has taken them is of no interest here
        }

        public void failed() {
            throw new AssertionError("they were not sent");
        }
    }

    @AutoClose
    private final DefaultCamelContext context = new DefaultCamelContext();

    /** CVE-2026-49098: camel-kafka 4.17 lets a header say to which topic, and no filter of another component knows its name. */
    @Test
    void what_is_published_goes_to_the_topic_of_the_configuration_whatever_headers_there_are() throws Exception {
        context.getRegistry().bind("records-www-topic", new Records());
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.resolveMandatoryResource(context, "file:routes/publish.camel.yaml"));
        context.addRouteFromTemplate("publish", "publish", Map.of("name", "www-topic", "mirror", "www", "topic", "stub:topic"));
        context.start();

        context.createProducerTemplate().sendBodyAndHeaders("direct:publish-www-topic", "", Map.of("kafka.OVERRIDE_TOPIC", "other",
                "KAFKA.PARTITION_KEY", 7, "kafka.OVERRIDE_TIMESTAMP", 1L, "kafka.KEY", "other"));

        List<Exchange> sent = context.getEndpoint("stub:topic?maxBlockMs=4000&requestTimeoutMs=4000&deliveryTimeoutMs=5000",
                StubEndpoint.class).getExchanges();
        assertThat(sent).extracting(each -> each.getMessage().getBody()).containsExactly("a record", "another");
        assertThat(sent).allSatisfy(each ->
                assertThat(each.getMessage().getHeaders()).containsExactly(Map.entry("kafka.KEY", "www")));
    }
}
