package dev.dromedary.check;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

import dev.dromedary.config.Mirror;
import dev.dromedary.topic.TopicInspector;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PropertyBindingSupport;
import org.apache.kafka.common.KafkaException;

/** Checks at a broker the topic that a mirror publishes to or subscribes to. It is a separate class because it needs Kafka's classes. */
final class TopicCheck {

    private final Map<String, String> options;

    /** @param options the options of Camel's component for all topics, without {@code camel.component.kafka.} */
    TopicCheck(Map<String, String> options) {
        this.options = options;
    }

    List<CheckFinding> look(Mirror mirror, String endpoint) throws IOException, InterruptedException {
        String what = "topic of " + mirror.name();
        List<CheckFinding> findings = new ArrayList<>();
        try {
            KafkaConfiguration configuration = configuration(endpoint);
            String topic = configuration.getTopic();
            Properties client = configuration.createConsumerProperties();
            client.put("bootstrap.servers", configuration.getBrokers());
            TopicInspector look = new TopicInspector(client);
            if (!look.isThere(topic)) {
                String make = "create it, or correct its name: kafka-topics.sh --create --topic " + topic;
                findings.add(mirror.isPulled() ? CheckFinding.wrong(what, "there is no topic " + topic + " at the broker", make)
                        : CheckFinding.advice(what, "there is no topic " + topic + " at the broker, which may create it automatically", make));
                return findings;
            }
            if (mirror.isPulled()) {
                findings.add(records(mirror, topic, look.mirrors(topic)));
                CheckFinding group = group(what, configuration.getGroupId(), look.readers(configuration.getGroupId(), topic));
                if (group != null) {
                    findings.add(group);
                }
            } else {
                findings.add(CheckFinding.ok(what, topic + " is there"));
            }
        } catch (KafkaException e) {
            findings.add(CheckFinding.wrong(what, "the broker can't be asked about it: " + TopicInspector.cause(e), null));
        }
        return findings;
    }

    /** Creates a topic, unless it exists. */
    CheckFinding create(Mirror mirror, String endpoint) throws IOException, InterruptedException {
        String what = "topic of " + mirror.name();
        try {
            KafkaConfiguration configuration = configuration(endpoint);
            Properties client = configuration.createConsumerProperties();
            client.put("bootstrap.servers", configuration.getBrokers());
            String topic = configuration.getTopic();
            return CheckFinding.ok(what, topic + (new TopicInspector(client).create(topic) ? " is created, and keeps its records for a day" : " is there already"));
        } catch (KafkaException e) {
            return CheckFinding.wrong(what, "it can't be created: " + TopicInspector.cause(e), "create it by hand: kafka-topics.sh --create");
        }
    }

    private static CheckFinding records(Mirror mirror, String topic, Map<String, Integer> mirrors) {
        String what = "topic of " + mirror.name();
        if (mirrors.isEmpty() || mirrors.containsKey(mirror.name())) {
            return CheckFinding.ok(what, topic + " is there and may be read" + (mirrors.isEmpty() ? ", and has no record yet"
                    : ", and its last records are of this mirror"));
        }
        String others = mirrors.keySet().stream().filter(name -> !name.isEmpty()).sorted().collect(Collectors.joining(", "));
        return CheckFinding.wrong(what, "the last records of " + topic + " are of " + (others.isEmpty() ? "another program"
                : others + ", and none is of " + mirror.name()), "a mirror has the same name at both ends");
    }

    private static CheckFinding group(String what, String group, List<TopicInspector.Reader> readers) {
        List<String> elsewhere = readers.stream().filter(reader -> !reader.ours()).map(TopicInspector.Reader::host).distinct().toList();
        return readers.isEmpty() ? null : elsewhere.isEmpty() ? CheckFinding.ok(what, "it is read with groupId=" + group + " by a process of this host")
                : CheckFinding.wrong(what, "it is read with groupId=" + group + " at " + String.join(", ", elsewhere) + ", so this host would get nothing",
                        "give each host a groupId of its own");
    }

    private KafkaConfiguration configuration(String endpoint) throws IOException {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            KafkaComponent component = context.getComponent("kafka", KafkaComponent.class);
            PropertyBindingSupport.build().withCamelContext(context).withTarget(component).withIgnoreCase(true)
                    .withConfigurer(component.getComponentPropertyConfigurer()).withProperties(new HashMap<>(options)).bind();
            return context.getEndpoint(endpoint, KafkaEndpoint.class).getConfiguration();
        }
    }
}
