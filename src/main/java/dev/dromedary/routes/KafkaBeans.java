package dev.dromedary.routes;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Properties;
import java.util.function.Supplier;

import dev.dromedary.backlog.Backlog;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.config.Mirror;
import dev.dromedary.config.Settings;
import dev.dromedary.config.Target;
import dev.dromedary.deadletter.DeadLetters;
import dev.dromedary.filter.FilterRules;
import dev.dromedary.filter.PathFilter;
import dev.dromedary.topic.AgentKafkaClientFactory;
import dev.dromedary.topic.AgentReport;
import dev.dromedary.topic.Agents;
import dev.dromedary.topic.ChangeRecordReader;
import dev.dromedary.topic.OffsetCommitter;
import dev.dromedary.topic.RemoteSourceGuard;
import dev.dromedary.topic.SubscriptionHealth;
import dev.dromedary.topic.UpstreamGate;
import org.apache.camel.CamelContext;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the beans that {@code routes/agent.camel.yaml} names. It is a separate class so that only agents need Kafka's classes. */
final class KafkaBeans {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaBeans.class);

    private KafkaBeans() {
    }

    /** @throws IOException if a mirror publishes or subscribes, and Kafka's classes are missing */
    static void checkClasses(CamelContext context, Settings settings) throws IOException {
        boolean needed = settings.mirrors().stream().anyMatch(mirror -> mirror.isPulled()
                || !mirror.compared().containsAll(mirror.targets()));
        if (needed && context.getClassResolver().resolveClass("org.apache.camel.component.kafka.KafkaComponent") == null) {
            throw new IOException("a mirror has publish or subscribe, and the classes for Kafka are not there; put dromedary-kafka.jar"
                    + " beside dromedary.jar, or with the Camel CLI add --dep=camel:kafka");
        }
    }

    /** {@return the agents that follow what a target publishes} */
    static Agents agents(CamelContext context, Mirror mirror, Target target) {
        KafkaConfiguration configuration = context.getEndpoint(target.url().path(), KafkaEndpoint.class).getConfiguration();
        return new Agents(mirror.publishedAs(), configuration.getTopic(), () -> {
            Properties client = configuration.createConsumerProperties();
            client.put("bootstrap.servers", configuration.getBrokers());
            return client;
        });
    }

    /** @param report how the agent stands; null if that is not known yet */
    static void bind(RouteTemplateInstances routes, Mirror mirror, Backlog backlog, DeadLetters deadLetters, Path stateDir, Supplier<AgentReport> report) {
        RemoteSourceGuard source = routes.bound("remote-" + backlog.id().replace('/', '-'), RemoteSourceGuard.class);
        SubscriptionHealth following = new SubscriptionHealth(mirror.name(), mirror.topic());
        routes.bind("records-" + mirror.name(), new ChangeRecordReader(mirror.name(), source, following, mirror.source(),
                PathFilter.anyOf(source.submounts(), FilterRules.of(mirror.targets().get(0).filter()))));
        routes.bind("arrival-" + mirror.name(), new OffsetCommitter(backlog, deadLetters));
        routes.bind("following-" + mirror.name(), following);
        routes.bind("upstream-" + backlog.id(), new UpstreamGate(backlog, following, () -> !deadLetters.waiting(backlog.id()).isEmpty()));
        routes.bind("follower-" + mirror.name(), AgentKafkaClientFactory.of(following,
                stateDir.resolve("topic").resolve(mirror.name() + ".json"), why -> {
            LOG.info("{}: {}: the whole tree is compared", mirror.name(), why);
            backlog.treeIsDue();
            backlog.add(ChangeSet.ofWholeTree());
        }, report));
    }
}
