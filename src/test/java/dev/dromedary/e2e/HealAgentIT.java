package dev.dromedary.e2e;

import java.nio.file.Path;
import java.util.List;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.KafkaBroker;
import dev.dromedary.testing.Scratch;
import dev.dromedary.testing.Sh;
import org.apache.camel.util.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

/** heal at an agent: its folder is watched too. */
class HealAgentIT {

    private static Scratch kafka;
    private static KafkaBroker broker;

    @BeforeAll
    static void broker() {
        kafka = Scratch.create();
        broker = KafkaBroker.start(kafka);
    }

    @AfterAll
    static void noBroker() {
        kafka.close();
    }

    @AutoClose
    private final Fan fan = new Fan(broker);

    private static JsonObject target(Dromedary agent) {
        JsonObject mirror = (JsonObject) agent.json("/api/status").<List<?>>getCollection("mirrors").get(0);
        return (JsonObject) mirror.<List<?>>getCollection("targets").get(0);
    }

    private static long healed(Dromedary agent) {
        return ((Number) target(agent).get("healed")).longValue();
    }

    @Test
    void what_others_change_in_the_folder_of_an_agent_comes_back() {
        fan.inSource("mkdir -p a/b; echo 1 >a/one; echo 2 >a/b/two; echo 3 >three");
        fan.publisher().start().awaitReady();
        Fan.Agent agent = fan.agent("a", "mirror.t.target.here.heal = true");
        Dromedary running = agent.start();
        eventuallySame(fan.source, agent.folder, running);
        eventually("it is live", running, () -> "live".equals(target(running).getString("state")) && target(running).getLong("pending") == 0);
        eventually("the folder is watched", running, () -> running.output().contains("heal-watch-t-here: "));
        assertThat(healed(running)).isZero();

        change(agent.folder, "echo evil >a/one; rm three; mkdir new; echo x >new/x; chmod 600 a/b/two");
        eventually("it is counted", running, () -> healed(running) >= 5);
        eventuallySame(fan.source, agent.folder, running);

        // what it pulls itself does not count
        long before = healed(running);
        fan.inSource("echo 11 >a/one; mv a/b c; rm three; for i in 1 2 3 4 5 6 7 8 9; do echo $i >f$i; sleep 0.1; done");
        eventuallySame(fan.source, agent.folder, running);
        change(agent.folder, "echo stranger >zz");
        eventually("the last one is counted", running, () -> healed(running) > before);
        assertThat(healed(running)).as(running.output()).isEqualTo(before + 1);
        eventuallySame(fan.source, agent.folder, running);
        eventually("no dead letter is left", running, () -> agent.deadLetters().isEmpty());
    }

    private static void change(Path folder, String script) {
        Sh.run(folder, script);
    }
}
