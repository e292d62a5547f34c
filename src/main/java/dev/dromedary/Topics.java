package dev.dromedary;

import java.io.IOException;
import java.nio.file.Path;

import dev.dromedary.change.Backlog;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.config.Mirror;
import dev.dromedary.config.Settings;
import dev.dromedary.deadletter.DeadLetters;
import dev.dromedary.topic.Arrival;
import dev.dromedary.topic.Follower;
import dev.dromedary.topic.Following;
import dev.dromedary.topic.RecordReader;
import dev.dromedary.topic.RemoteSource;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes what {@code routes/agent.camel.yaml} names. A class of its own, so that Kafka's classes are needed by agents alone. */
final class Topics {

    private static final Logger LOG = LoggerFactory.getLogger(Topics.class);

    private Topics() {
    }

    /** @throws IOException if something is published or subscribed to, and Kafka's classes are not there */
    static void checkClasses(CamelContext context, Settings settings) throws IOException {
        boolean needed = settings.mirrors().stream().anyMatch(mirror -> mirror.isPulled()
                || !mirror.compared().containsAll(mirror.targets()));
        if (needed && context.getClassResolver().resolveClass("org.apache.camel.component.kafka.KafkaComponent") == null) {
            throw new IOException("a mirror has publish or subscribe, and the classes for Kafka are not there; put dromedary-kafka.jar"
                    + " beside dromedary.jar, or with the Camel CLI add --dep=camel:kafka");
        }
    }

    static void bind(Routes routes, Mirror mirror, Backlog backlog, DeadLetters deadLetters, Path stateDir) {
        RemoteSource source = new RemoteSource(mirror.source(), mirror.from(), RemoteSource.file(stateDir, mirror.name()));
        routes.bind("remote-" + backlog.id().replace('/', '-'), source);
        Following following = new Following(mirror.name(), mirror.topic());
        routes.bind("records-" + mirror.name(), new RecordReader(mirror.name(), source, following));
        routes.bind("arrival-" + mirror.name(), new Arrival(backlog, deadLetters));
        routes.bind("following-" + mirror.name(), following);
        routes.bind("follower-" + mirror.name(), Follower.of(following,
                stateDir.resolve("topic").resolve(mirror.name() + ".json"), why -> {
            LOG.info("{}: {}: the whole tree is compared", mirror.name(), why);
            backlog.add(ChangeSet.wholeTree());
        }));
    }
}
