package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Relay;
import org.apache.camel.util.json.JsonObject;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.e2e.Settled.eventuallyState;
import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

/** What the page shows of the past, and that it is there after a restart. */
class HistoryIT {

    @AutoClose
    private final Stage stage = new Stage();

    @Test
    void what_was_carried_and_what_happened_is_known_after_a_restart() {
        stage.inSource("head -c 123456 /dev/urandom >file");
        Dromedary dromedary = stage.configured().start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        eventuallyState("live", dromedary);
        stage.daemon.stop();
        stage.inSource("echo 2 >other");
        eventually("it is told", dromedary, () -> states(dromedary).equals(List.of("away")));
        assertThat(event(dromedary, 0).getString("reason")).contains("nobody listens there");
        assertThat(event(dromedary, 0).getString("until")).isNull();
        dromedary.terminate();
        assertThat(stage.state.resolve("history.json")).exists();

        stage.daemon.start();
        Dromedary again = stage.start().awaitReady();
        eventuallyState("live", again);
        eventually("how long it was away", again, () -> states(again).equals(List.of("away", "stopped")) && event(again, 0).getString("until") != null);
        assertThat(event(again, 0).getString("until")).isEqualTo(event(again, 1).getString("from"));
        assertThat(sum(again, "bytes")).isGreaterThanOrEqualTo(123_456);
        assertThat(sum(again, "files")).isPositive();
        assertThat(again.<JsonObject>json("/api/events").<List<?>>getCollection("present")).singleElement()
                .satisfies(present -> assertThat(((JsonObject) present).getString("state")).isEqualTo("live"));
    }

    @Test
    void one_that_is_damaged_is_set_aside_and_nothing_else_suffers() throws IOException {
        Files.createDirectories(stage.state);
        Files.writeString(stage.state.resolve("history.json"), "{\"version\":1,\"at\":\"soon\"");
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configured().start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);

        assertThat(states(dromedary)).isEmpty();
        assertThat(dromedary.get("/api/history").statusCode()).isEqualTo(200);
        assertThat(stage.state.resolve("history.json.damaged")).content().contains("soon");
        assertThat(dromedary.output()).containsOnlyOnce("history.json can't be used (it is damaged)").doesNotContain("Exception");
        dromedary.terminate();
        assertThat(stage.state.resolve("history.json")).content().contains("\"version\":1");
    }

    /** Not only at its end, which may be hours away. */
    @Test
    void the_throughput_of_a_run_that_goes_on_is_counted() throws IOException {
        Path status = stage.routes().resolve("status.camel.yaml");
        Files.writeString(status, Files.readString(status).replaceAll("(initialDelay|delay): 30000", "$1: 300"));
        stage.inSource("head -c 6000000 /dev/urandom >large");
        Relay relay = Relay.holdingAfter(2_000_000, stage.daemon, stage.scratch);
        List<String> lines = new ArrayList<>(List.of("mirror.t.source = " + stage.source, "mirror.t.bandwidth-limit = 400"));
        lines.addAll(Stage.quickTarget("a", relay.url("m")));
        Dromedary dromedary = stage.configuredOnlyWith(lines.toArray(String[]::new)).start().awaitReady();

        eventually("some of it", dromedary, () -> sum(dromedary, "bytes") > 100_000);
        assertThat(dromedary.target().getString("state")).isEqualTo("catching up");
        long before = sum(dromedary, "bytes");
        relay.open();
        eventuallySame(stage.source, stage.target, dromedary);
        eventually("all of it, once", dromedary, () -> sum(dromedary, "bytes") == 6_000_000);
        assertThat(before).isLessThan(6_000_000);
    }

    @Test
    void what_can_not_be_asked_for_is_refused_in_words() {
        Dromedary dromedary = stage.configured().start().awaitReady();

        assertThat(dromedary.get("/api/history?span=day").body()).contains("\"slotSeconds\":300");
        assertThat(dromedary.get("/api/history?mirror=nowhere").body()).contains("\"targets\":[]");
        assertThat(dromedary.get("/api/history?span=year").statusCode()).isEqualTo(400);
        assertThat(dromedary.get("/api/history?span=year").body()).contains("span = year: this is hour or day");
        for (String limit : List.of("-1", "501", "x", "99999999999")) {
            assertThat(dromedary.get("/api/events?limit=" + limit).statusCode()).as(limit).isEqualTo(400);
            assertThat(dromedary.get("/api/events?limit=" + limit).body()).contains("this is a whole number from 0 to 500");
        }
    }

    @Test
    void the_status_says_which_program_it_is() {
        Dromedary dromedary = stage.configured().start().awaitReady();
        JsonObject status = dromedary.json("/api/status");

        assertThat(status.getString("configuration")).isEqualTo(stage.home.resolve("config/application.properties").toString());
        assertThat(status.getString("programVersion")).matches("\\d+\\.\\d+\\.\\d+.*");
        assertThat(status.getString("host")).isNotBlank();
        assertThat(status.getString("startedAt")).isLessThanOrEqualTo(status.getString("at"));
    }

    private static List<String> states(Dromedary dromedary) {
        return dromedary.json("/api/events").<List<?>>getCollection("events").stream().map(each -> ((JsonObject) each).getString("state")).toList();
    }

    private static JsonObject event(Dromedary dromedary, int i) {
        return (JsonObject) dromedary.json("/api/events").<List<?>>getCollection("events").get(i);
    }

    private static long sum(Dromedary dromedary, String key) {
        return dromedary.json("/api/history").<List<?>>getCollection("targets").stream().flatMap(each -> ((JsonObject) each).<List<?>>getCollection(key).stream())
                .filter(Objects::nonNull).mapToLong(each -> ((Number) each).longValue()).sum();
    }
}
