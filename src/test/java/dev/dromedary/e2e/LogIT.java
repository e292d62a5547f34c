package dev.dromedary.e2e;

import java.util.ArrayList;
import java.util.List;

import dev.dromedary.testing.Dromedary;
import org.apache.camel.util.json.DeserializationException;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

class LogIT {

    @AutoClose
    private final Stage stage = new Stage();

    @Test
    void as_json_each_line_is_an_object_that_says_what_it_is_about() throws DeserializationException {
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configured("dromedary.log-format = json").start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        stage.daemon.stop();
        stage.inSource("echo 2 >'a \"quoted\" name'");
        eventually("it is said", dromedary, () -> dromedary.output().contains("nobody listens there"));
        dromedary.terminate();

        List<JsonObject> lines = new ArrayList<>();
        for (String line : dromedary.output().lines().toList()) {
            lines.add((JsonObject) Jsoner.deserialize(line));
        }
        assertThat(lines).allMatch(line -> line.getString("at").length() >= "2026-01-01T00:00:00.000Z".length());
        assertThat(lines).anyMatch(line -> "t".equals(line.getString("mirror")) && line.getString("message").contains("is watched"));
        assertThat(lines).anyMatch(line -> "WARN".equals(line.getString("level")) && "a".equals(line.getString("target"))
                && "t".equals(line.getString("mirror")) && line.getString("message").contains("nobody listens there"));
    }

    @Test
    void the_list_of_each_run_is_told_if_it_is_asked_for() {
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configured("dromedary.log-level = debug").start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("printf x >'two words'; printf x >\"$(printf 'line\\nbreak')\"");

        eventually("it is told", dromedary, () -> dromedary.output().lines().anyMatch(line -> line.contains(" run, list: ")
                && line.contains("./two\\#040words")));
        eventually("it is told", dromedary, () -> dromedary.output().contains("./line\\#012break"));
    }

    @Test
    void the_journal_of_systemd_gets_no_second_time_stamp() {
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configured().dromedary().withJournal().start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        eventually("it is said", dromedary, () -> dromedary.output().contains("in line"));

        assertThat(dromedary.output().lines()).allMatch(line -> line.matches("<[3-7]>\\D.*"));
    }
}
