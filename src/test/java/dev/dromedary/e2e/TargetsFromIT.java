package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Mirrors;
import dev.dromedary.testing.Relay;
import dev.dromedary.testing.RsyncDaemon;
import org.apache.camel.util.json.JsonObject;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

/** Targets that come and go with their hosts. Each host is a module of one daemon here. */
class TargetsFromIT {

    @AutoClose
    private final Stage stage = new Stage();
    private final Path hosts = stage.home.resolve("hosts");
    private final RsyncDaemon daemon = RsyncDaemon.in(stage.scratch).module("web1", stage.scratch.folder("web1"))
            .module("web2", stage.scratch.folder("web2")).module("web3", stage.scratch.folder("web3")).start();

    private Stage configured(String from, String... more) {
        List<String> lines = new ArrayList<>(List.of("mirror.t.source = " + stage.source, "mirror.t.targets-from = " + from,
                "mirror.t.warm = 1s"));
        lines.addAll(Stage.quickTarget("*", daemon.url("{host}")));
        lines.addAll(List.of(more));
        return stage.configuredOnlyWith(lines.toArray(String[]::new));
    }

    private void named(String text) throws IOException {
        Path next = Files.writeString(hosts.resolveSibling("hosts.next"), text);
        Files.move(next, hosts, StandardCopyOption.ATOMIC_MOVE);
    }

    private Path at(String host) {
        return stage.scratch.root().resolve(host);
    }

    private void eventuallyAt(Dromedary dromedary, String... all) {
        for (String host : all) {
            eventuallySame(stage.source, at(host), dromedary);
        }
    }

    private static JsonObject mirror(Dromedary dromedary) {
        return (JsonObject) dromedary.json("/api/status").<List<?>>getCollection("mirrors").get(0);
    }

    private static List<String> targets(Dromedary dromedary) {
        return mirror(dromedary).<List<?>>getCollection("targets").stream().map(target -> ((JsonObject) target).getString("name")).toList();
    }

    private static String reason(Dromedary dromedary, String name) {
        return mirror(dromedary).<List<?>>getCollection("targets").stream().map(JsonObject.class::cast)
                .filter(target -> target.getString("name").equals(name)).map(target -> String.valueOf(target.getString("reason")))
                .findFirst().orElse("it is not there");
    }

    private static int ready(Dromedary dromedary, String target) {
        return dromedary.get("/ready/t/" + target).statusCode();
    }

    @Test
    void a_host_that_comes_gets_everything_and_follows_and_one_that_leaves_is_dropped_after_a_while() throws Exception {
        named("web1\nweb2 # the second\n");
        stage.inSource("mkdir a; echo 1 >a/old");
        Dromedary dromedary = configured("file:hosts", "mirror.t.forget = 10s").start().awaitReady();
        eventuallyAt(dromedary, "web1", "web2");
        assertThat(at("web3")).isEmptyDirectory();
        eventually("both are ready", dromedary, () -> ready(dromedary, "web1") == 200 && ready(dromedary, "web2") == 200);
        assertThat(ready(dromedary, "web3")).isEqualTo(404);

        named("web1\nweb2\nweb3\n");
        eventuallyAt(dromedary, "web3");
        eventually("it is ready", dromedary, () -> ready(dromedary, "web3") == 200);
        stage.inSource("echo 2 >a/new; rm a/old");
        eventuallyAt(dromedary, "web1", "web2", "web3");
        assertThat(mirror(dromedary)).containsEntry("targetsFrom", "file:" + hosts.toRealPath()).containsEntry("targetsFromFault", null);
        assertThat(mirror(dromedary).getInteger("hostsNamed")).isEqualTo(3);
        assertThat(dromedary.get("/observe/metrics").body()).contains("dromedary_hosts{mirror=\"t\"} 3.0", "dromedary_hosts_up{mirror=\"t\"} 1.0");

        named("web1\nweb3\n");
        eventually("it is said", dromedary, () -> reason(dromedary, "web2").contains("its host is no longer named by file:"));
        assertThat(dromedary.get("/api/explain?path=" + stage.source + "/a/new").body()).contains("\"targetLeaves\":\"its host is no longer named by file:");
        stage.inSource("echo 3 >a/new");
        eventuallyAt(dromedary, "web1", "web2", "web3");
        eventually("it is dropped", dromedary, () -> targets(dromedary).equals(List.of("web1", "web3")));
        assertThat(ready(dromedary, "web2")).isEqualTo(404);
        assertThat(dromedary.output()).contains("the host web2 is no longer named", "the host web2 has not been named for 10 s and is dropped");
        assertThat(Mirrors.deadLetters(stage.state, "t", "web2")).isEmpty();

        stage.inSource("echo 4 >a/new; echo 4 >other");
        eventuallyAt(dromedary, "web1", "web3");
        assertThat(at("web2").resolve("other")).doesNotExist();
        named("web1\nweb2\nweb3\n");
        eventuallyAt(dromedary, "web2");
    }

    @Test
    void an_answer_that_fails_or_is_empty_drops_nobody_over_kill_9_too() throws Exception {
        named("web1 web2");
        Dromedary first = configured("file:hosts", "mirror.t.forget = 1s", "mirror.t.reconcile-on-start = false").start().awaitReady();
        eventuallyAt(first, "web1", "web2");
        for (String bad : List.of("", "<html>502 Bad Gateway</html>\n", "# nobody\n")) {
            named(bad);
            eventually("it is said", first, () -> mirror(first).getString("targetsFromFault") != null);
            stage.inSource("echo '" + bad.length() + "' >file");
            eventuallyAt(first, "web1", "web2");
            named("web1 web2");
            eventually("it answers again", first, () -> mirror(first).getString("targetsFromFault") == null);
        }
        Files.delete(hosts);
        eventually("it is said", first, () -> "there is no such file".equals(mirror(first).getString("targetsFromFault")));
        assertThat(first.get("/observe/metrics").body()).contains("dromedary_hosts_up{mirror=\"t\"} 0.0");
        first.killNow();
        stage.inSource("echo 5 >file");

        Dromedary second = stage.start().awaitReady();
        eventuallyAt(second, "web1", "web2");
        assertThat(targets(second)).containsExactly("web1", "web2");
        assertThat(second.output()).contains("does not say which hosts there are: there is no such file");
        second.terminate();

        // new since then, and nobody compares at a start
        stage.inSource("echo 6 >file");
        named("web1 web2 web3");
        Dromedary third = stage.start().awaitReady();
        eventuallyAt(third, "web3");
    }

    @Test
    void it_begins_without_a_host_and_goes_on_when_there_is_one() throws Exception {
        stage.inSource("echo 1 >file");
        Dromedary dromedary = configured("exec:cat hosts").start().awaitReady();
        eventually("it is said", dromedary, () -> String.valueOf(mirror(dromedary).getString("targetsFromFault")).startsWith("it ended with 1: cat: "));
        assertThat(targets(dromedary)).isEmpty();
        assertThat(dromedary.post("/api/mirrors/t/wait?timeout=1s").statusCode()).isEqualTo(409);
        stage.inSource("echo 2 >file");

        named("web2");
        eventuallyAt(dromedary, "web2");
        stage.inSource("echo 3 >file");
        eventuallyAt(dromedary, "web2");
        assertThat(mirror(dromedary)).containsEntry("targetsFrom", "exec:cat");
        assertThat(dromedary.post("/api/mirrors/t/wait?timeout=20s").statusCode()).isEqualTo(200);
    }

    @Test
    void a_target_is_ready_only_while_it_is_in_line() {
        Relay relay = Relay.holdingAfter(100_000, stage.daemon, stage.scratch);
        stage.configuredFor(relay.url("m"));
        stage.inSource("head -c 1000000 /dev/urandom >file");
        Dromedary dromedary = stage.start().awaitReady();
        eventually("it is being filled", dromedary, () -> relay.held() == 1);
        assertThat(ready(dromedary, "a")).isEqualTo(503);
        assertThat(dromedary.get("/ready/t/a?lag=1h").statusCode()).isEqualTo(503);
        relay.open();
        eventually("it is ready", dromedary, () -> ready(dromedary, "a") == 200);

        dromedary.post("/api/mirrors/t/targets/a/pause");
        assertThat(dromedary.get("/ready/t/a").body()).startsWith("paused: ");
        assertThat(ready(dromedary, "a")).isEqualTo(503);
        dromedary.post("/api/mirrors/t/targets/a/resume");
        eventually("it is ready", dromedary, () -> ready(dromedary, "a") == 200);
    }

    @Test
    void a_target_that_is_away_is_not_ready() {
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configured().start().awaitReady();
        eventually("it is ready", dromedary, () -> ready(dromedary, "a") == 200);

        stage.daemon.stop();
        stage.inSource("echo 2 >file");
        eventually("it is not", dromedary, () -> ready(dromedary, "a") == 503);
        stage.daemon.start();
        eventually("it is ready", dromedary, () -> ready(dromedary, "a") == 200);
        assertThat(ready(dromedary, "b")).isEqualTo(404);
        assertThat(dromedary.get("/ready/t/a?lag=long").statusCode()).isEqualTo(400);
    }

    @Test
    void check_says_how_many_hosts_there_are_and_an_address_of_the_dns_is_one() throws Exception {
        named("web1 web2 web3");
        Dromedary check = configured("file:hosts").dromedary().start("check");
        assertThat(check.awaitExit()).as(check.output()).isZero();
        assertThat(check.output()).contains("mirror.t.targets-from: file:" + hosts.toRealPath() + " names 3 hosts");

        Files.delete(hosts);
        Dromedary failing = stage.dromedary().start("check");
        assertThat(failing.awaitExit()).as(failing.output()).isEqualTo(1);
        assertThat(failing.output()).contains("does not say which hosts there are: there is no such file");

        for (String command : List.of("once", "verify")) {
            Dromedary without = stage.dromedary().start(command);
            assertThat(without.awaitExit()).as(without.output()).isEqualTo(1);
        }

        stage.configuredOnlyWith("mirror.t.source = " + stage.source, "mirror.t.targets-from = dns:localhost",
                "mirror.t.target.*.url = " + stage.daemon.url("m").replace("127.0.0.1", "{host}"));
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        assertThat(targets(dromedary)).contains("127-0-0-1");
    }
}
