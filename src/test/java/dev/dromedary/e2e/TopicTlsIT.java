package dev.dromedary.e2e;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.KafkaBroker;
import dev.dromedary.testing.Scratch;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

/** A broker that is reached by TLS, and who says what is wrong with that. */
class TopicTlsIT {

    private static Scratch kafka;
    private static KafkaBroker broker;

    @BeforeAll
    static void broker() {
        kafka = Scratch.create();
        broker = KafkaBroker.startWithTls(kafka);
    }

    @AfterAll
    static void noBroker() {
        kafka.close();
    }

    @AutoClose
    private final Fan fan = new Fan(broker, "max connections = 20");

    @Test
    void a_source_and_an_agent_meet_by_tls_and_scram() {
        String uri = "kafka:" + fan.topic + "?" + broker.securedBy("127.0.0.1", "good", KafkaBroker.password());
        fan.inSource("echo 1 >f");
        Dromedary publisher = fan.publisher("mirror.t.publish = " + uri).start().awaitReady();
        Fan.Agent agent = fan.agentOf("a", uri);
        Dromedary running = agent.start().awaitReady();
        eventuallySame(fan.source, agent.folder, running);
        eventually("it follows the topic", running, () -> broker.committed("a", fan.topic).isPresent());
        fan.inSource("echo 2 >f; echo 3 >g");
        eventuallySame(fan.source, agent.folder, running);
        Dromedary check = agent.check();
        assertThat(check.awaitExit()).as(check.output()).isZero();
        assertThat(publisher.output() + running.output() + check.output()).doesNotContain("password=").doesNotContain("changeit");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            127.0.0.1 | stranger | the issuer of the broker's certificate is none that the truststore has
            localhost | good     | the host name by which the broker is reached is none of its certificate's
            127.0.0.1 | missing  | there is no file
            """)
    void what_is_wrong_is_said_by_its_part(String host, String trust, String text) {
        isSaid(broker.securedBy(host, trust, KafkaBroker.password()), text);
    }

    @Test
    void a_certificate_that_has_expired_is_said() {
        isSaid(broker.expired(), "the broker's certificate has expired");
    }

    private void isSaid(String options, String text) {
        String uri = "kafka:" + fan.topic + "?" + options;
        fan.inSource("echo 1 >f");
        Fan.Agent agent = fan.agentOf("a", uri);
        Dromedary check = agent.check();
        assertThat(check.awaitExit()).isEqualTo(1);
        assertThat(check.output()).contains(text);
        Dromedary running = agent.start().awaitReady();
        eventually("the agent says so", running, () -> String.valueOf(target(running).get("reason")).contains(text));
        Dromedary publisher = fan.publisher("mirror.t.publish = " + uri).start();
        if (text.contains("there is no file")) {
            assertThat(publisher.awaitExit()).isEqualTo(1);
            assertThat(publisher.output()).contains("it could not be started: ").contains(text);
        } else {
            publisher.awaitReady();
            eventually("the publisher says so", publisher, () -> String.valueOf(target(publisher).get("reason")).contains(text));
        }
    }

    private static JsonObject target(Dromedary dromedary) {
        return (JsonObject) ((JsonArray) ((JsonObject) ((JsonArray) dromedary.json("/api/status").get("mirrors")).get(0)).get("targets")).get(0);
    }
}
