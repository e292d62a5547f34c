package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.OtherRsync;
import dev.dromedary.testing.Relay;
import dev.dromedary.testing.RsyncDaemon;
import dev.dromedary.testing.Sh;
import dev.dromedary.testing.StubRsync;
import org.apache.camel.util.json.JsonObject;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What was carried and deleted: in the JSON, by the command line and in the state folder. */
class TransferLogIT {

    @AutoClose
    private final Stage stage = new Stage();

    private static List<JsonObject> entries(Dromedary dromedary) {
        return dromedary.json("/api/log?limit=1000").<List<?>>getCollection("entries").stream().map(JsonObject.class::cast).toList();
    }

    private static void eventuallySays(Dromedary dromedary, String action, String path, Predicate<JsonObject> more) {
        eventually(action + " " + path + " is told", dromedary, () -> entries(dromedary).stream().anyMatch(entry ->
                entry.getString("action").equals(action) && entry.getString("path").equals(path) && more.test(entry)));
    }

    private static void eventuallySays(Dromedary dromedary, String action, String path) {
        eventuallySays(dromedary, action, path, entry -> true);
    }

    private String log(Dromedary running, String... arguments) {
        Dromedary log = stage.dromedary().port(running.port()).start(Stream.concat(Stream.of("log"), Stream.of(arguments)).toArray(String[]::new));
        assertThat(log.awaitExit()).as(log.output()).isZero();
        return log.output();
    }

    @Test
    void what_is_sent_deleted_and_renamed_is_told_with_its_size_and_its_lag() {
        stage.inSource("echo before >before; echo small >small; mkdir old; head -c 2000000 /dev/zero >old/file; echo 1 >old/other");
        Dromedary dromedary = stage.configured().start().awaitReady();
        eventuallySays(dromedary, "sent", "before", entry -> entry.getString("way").equals("whole") && entry.get("lagSeconds") == null
                && entry.getLong("size") == 7 && "arrived".equals(entry.getString("outcome")));
        eventuallySame(stage.source, stage.target, dromedary);
        int known = entries(dromedary).size();

        stage.inSource("echo 12345678 >new");
        eventuallySays(dromedary, "sent", "new", entry -> entry.getLong("size") == 9 && entry.getString("mirror").equals("t")
                && entry.getString("target").equals("a") && entry.getString("way").equals("live") && entry.getDouble("lagSeconds") > 0
                && entry.getDouble("lagSeconds") < 60 && "arrived".equals(entry.getString("outcome")));
        stage.inSource("rm before");
        eventuallySays(dromedary, "deleted", "before", entry -> entry.get("size") == null && entry.get("lagSeconds") != null);
        stage.inSource("chmod 600 new");
        eventuallySays(dromedary, "attributes", "new", entry -> entry.getLong("size") == 9);
        stage.inSource("mv small tiny");
        eventuallySays(dromedary, "sent", "tiny");
        eventuallySays(dromedary, "deleted", "small");
        stage.inSource("mv old moved");
        eventuallySays(dromedary, "moved", "moved", entry -> entry.getString("from").equals("old"));
        eventuallySame(stage.source, stage.target, dromedary);
        assertThat(entries(dromedary)).hasSizeGreaterThan(known).noneMatch(entry -> entry.getString("path").isEmpty())
                .noneMatch(entry -> entry.getString("path").equals("moved/file") && entry.getString("action").equals("sent"));
    }

    @Test
    void a_name_is_only_a_name() {
        Dromedary dromedary = stage.configured().start().awaitReady();
        stage.inSource("echo 1 >'Number of deleted files: 5'; echo 1 >'100%'; echo 1 >\"$(printf 'new\\nline')\"; echo 1 >\"$(printf 'caf\\351')\";"
                + " echo 1 >'change:*deleting  ,0,0,x'; echo 1 >'back\\slash'; echo 1 >'\"quoted\"'; echo 1 >$(printf '%0240d' 0)");
        eventuallySame(stage.source, stage.target, dromedary);
        for (String shown : List.of("Number of deleted files: 5", "100%", "new\\#012line", "caf\\#351", "change:*deleting  ,0,0,x", "back\\#134slash",
                "\"quoted\"", "0".repeat(240))) {
            eventuallySays(dromedary, "sent", shown);
        }
        assertThat(entries(dromedary)).noneMatch(entry -> entry.getString("action").equals("deleted"));
        eventually("the figures", dromedary, () -> dromedary.target().<JsonObject>getMap("totals").getLong("files") >= 8);
        assertThat(dromedary.target().<JsonObject>getMap("totals").getLong("deletes")).isZero();

        assertThat(log(dromedary, "--path", "new\\#012line")).contains("  sent        2 B  ").contains("  new\\#012line\n").doesNotContain("100%");
        stage.inSource("rm -r ./*");
        eventuallySays(dromedary, "deleted", "new\\#012line");
        assertThat(log(dromedary, "--deleted", "--path", "*line*")).contains("  deleted     -  ").doesNotContain("  sent");
    }

    @Test
    void a_whole_tree_that_is_the_same_says_nothing() {
        stage.inSource("mkdir -p a/b; touch a/b/1 a/2 3; ln -s 3 link");
        Dromedary dromedary = stage.configured().start().awaitReady();
        eventuallySays(dromedary, "sent", "a/b/1");
        eventually("in line", dromedary, () -> dromedary.output().contains("in line"));
        List<JsonObject> before = entries(dromedary);
        dromedary.post("/api/mirrors/t/targets/a/reconcile");
        stage.inSource("echo 1 >later");
        eventuallySays(dromedary, "sent", "later");
        eventually("compared again", dromedary, () -> dromedary.target().<JsonObject>getMap("totals").getLong("runs") >= 3
                && dromedary.target().<List<?>>getCollection("runs").isEmpty());
        // what changes while the whole tree is under way goes once more
        assertThat(entries(dromedary)).filteredOn(entry -> !entry.getString("path").equals("later")).isEqualTo(before);
    }

    @Test
    void a_large_file_is_told_when_it_is_whole() {
        Relay relay = Relay.holdingAfter(1_000_000, stage.daemon, stage.scratch);
        stage.inSource("head -c 3000000 /dev/urandom >large; echo 1 >small");
        Dromedary dromedary = stage.configuredFor(relay.url("m"), "mirror.t.large-file = 1m").start().awaitReady();
        eventuallySays(dromedary, "sent", "small");
        assertThat(entries(dromedary)).noneMatch(entry -> entry.getString("path").equals("large"));
        relay.open();
        eventuallySays(dromedary, "sent", "large", entry -> entry.getString("way").startsWith("large") && entry.getLong("size") == 3_000_000
                && "arrived".equals(entry.getString("outcome")));
        assertThat(entries(dromedary)).noneMatch(entry -> entry.getString("path").startsWith(".~"));
    }

    @Test
    void what_could_not_be_written_there_is_told_as_failed() {
        assumeTrue(RsyncDaemon.keepsLinksThatLeave(), "only root may make a folder of somebody else");
        Path target = stage.scratch.folder("of-another");
        Sh.run(target, "chmod 755 . ../; mkdir locked; touch -d @1000000000 locked; chown 1234:1234 .");
        RsyncDaemon daemon = RsyncDaemon.in(stage.scratch).module("n", target).with("uid = 1234").with("gid = 1234").start();
        stage.inSource("mkdir locked; touch -d @1000000000 locked");
        Dromedary dromedary = stage.configuredFor(daemon.url("n"), "mirror.t.rsync-options = --no-owner --no-group").start().awaitReady();
        eventually("in line", dromedary, () -> dromedary.output().contains("in line"));
        stage.inSource("echo 1 >locked/file; touch -d @1000000000 locked; echo 1 >beside");

        eventuallySays(dromedary, "sent", "beside", entry -> "arrived".equals(entry.getString("outcome")));
        eventuallySays(dromedary, "sent", "locked/file", entry -> "failed".equals(entry.getString("outcome")));
        assertThat(log(dromedary, "t/a")).contains("  locked/file (failed)\n").contains("  beside\n");
    }

    @Test
    void what_was_said_before_a_run_was_cut_off_is_told_as_unconfirmed() {
        StubRsync stub = StubRsync.in(stage.scratch);
        Dromedary dromedary = stage.configured("mirror.t.warm = off").dromedary().environment("PATH", stub.path()).start().awaitReady();
        eventually("in line", dromedary, () -> dromedary.output().contains("in line"));
        stub.plays("probe || { bring \"$@\"; exit 12; }");
        stage.inSource("echo 1 >file");
        eventuallySays(dromedary, "sent", "file", entry -> "unconfirmed".equals(entry.getString("outcome")));
        stub.letsGo();
        eventually("carried again", dromedary, () -> dromedary.target().getLong("pending") == 0);
    }

    @Test
    void off_writes_nothing_and_asks_rsync_for_nothing() {
        StubRsync stub = StubRsync.in(stage.scratch);
        stub.plays("case \" $* \" in *--out-format=change*) exit 1 ;; esac");
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configured("dromedary.transfer-log = off").dromedary().environment("PATH", stub.path()).start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        JsonObject answer = dromedary.json("/api/log?limit=5");
        assertThat(answer.getBoolean("off")).isTrue();
        assertThat(answer.<List<?>>getCollection("entries")).isEmpty();
        Dromedary log = stage.dromedary().port(dromedary.port()).start("log");
        assertThat(log.awaitExit()).isEqualTo(1);
        assertThat(log.output()).contains("there is no transfer log, as dromedary.transfer-log = off");
        dromedary.terminate();
        assertThat(stage.state.resolve("log")).doesNotExist();
    }

    @Test
    void the_command_filters_and_speaks_json_and_reads_the_files_when_nobody_answers() throws IOException {
        Path other = stage.scratch.folder("other");
        Dromedary dromedary = stage.configured("mirror.t.target.b.url = " + other).start().awaitReady();
        stage.inSource("mkdir img; for i in 1 2 3; do echo $i >img/$i.jpg; done; echo 1 >page");
        eventuallySame(stage.source, stage.target, dromedary);
        eventuallySame(stage.source, other, dromedary);
        stage.inSource("rm img/1.jpg");
        eventually("both", dromedary, () -> entries(dromedary).stream().filter(entry -> entry.getString("action").equals("deleted")).count() == 2);

        assertThat(log(dromedary).lines().findFirst()).get().asString().matches("TIME +TARGET +ACTION +SIZE +LAG +PATH");
        assertThat(log(dromedary, "t/b", "--json").lines()).isNotEmpty().allMatch(line -> line.startsWith("{\"at\":\"") && line.contains("\"target\":\"b\""));
        assertThat(log(dromedary, "--deleted", "--json").lines()).hasSize(2);
        assertThat(log(dromedary, "-n", "1", "--json").lines()).hasSize(1);
        assertThat(log(dromedary, "--path", "img", "--json", "t/a").lines()).hasSizeGreaterThanOrEqualTo(5);
        assertThat(log(dromedary, "--path", "*.jpg", "--since", "1h", "--json", "t/a").lines()).allMatch(line -> line.contains(".jpg"))
                .hasSizeGreaterThanOrEqualTo(4);
        Dromedary wrong = stage.dromedary().port(dromedary.port()).start("log", "t/c");
        assertThat(wrong.awaitExit()).isEqualTo(2);
        assertThat(wrong.output()).contains("there is no t/c; there are t/a, t/b");
        Dromedary span = stage.dromedary().port(dromedary.port()).start("log", "--since", "soon");
        assertThat(span.awaitExit()).isEqualTo(2);
        assertThat(span.output()).contains("this is a span such as 30s, 10m, 1h or 2d");

        String before = log(dromedary, "--json");
        dromedary.terminate();
        assertThat(log(dromedary, "--json").lines().filter(line -> line.startsWith("{"))).containsExactlyElementsOf(before.lines().toList());
        assertThat(log(dromedary, "--deleted")).contains("nobody answers, so the files in ").contains("img/1.jpg");
        Sh.run(stage.state, "rm -r log");
        Dromedary none = stage.dromedary().port(dromedary.port()).start("log");
        assertThat(none.awaitExit()).isEqualTo(1);
        assertThat(none.output()).contains("nobody answers at").contains("Nor is there a transfer log in ");
        assertThat(Files.exists(stage.state.resolve("log"))).isFalse();
    }

    @Test
    void following_goes_on_over_a_restart() {
        Dromedary dromedary = stage.configured().start().awaitReady();
        stage.inSource("echo 1 >first");
        eventuallySays(dromedary, "sent", "first");
        Dromedary log = stage.dromedary().port(dromedary.port()).start("log", "-f", "--json");
        eventually("what was", log, () -> log.output().contains("\"path\":\"first\""));
        stage.inSource("echo 1 >second");
        eventually("what comes", log, () -> log.output().contains("\"path\":\"second\""));
        dromedary.killNow();
        eventually("it is missed", log, () -> log.output().contains("nobody answers"));
        stage.inSource("echo 1 >third");
        Dromedary again = stage.dromedary().port(dromedary.port()).start().awaitReady();
        eventually("what comes after a restart", log, () -> log.output().contains("\"path\":\"third\""));
        stage.inSource("echo 1 >fourth");
        eventually("and later", log, () -> log.output().contains("\"path\":\"fourth\""));
        assertThat(log.output().lines().filter(line -> line.contains("\"path\":\"second\""))).hasSize(1);
        assertThat(log.isAlive()).isTrue();
        assertThat(again.isAlive()).isTrue();
    }

    @Test
    void a_daemon_that_refuses_to_say_it_gets_its_files_all_the_same() {
        RsyncDaemon daemon = RsyncDaemon.in(stage.scratch).module("n", stage.target).with("refuse options = log-format").start();
        stage.inSource("mkdir a; echo 1 >a/file");
        Dromedary dromedary = stage.configuredFor(daemon.url("n")).start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("echo 2 >a/file; echo 3 >more; rm -r a");
        eventuallySame(stage.source, stage.target, dromedary);
        assertThat(dromedary.output()).containsOnlyOnce("take log-format out of \"refuse options\"");
        assertThat(entries(dromedary)).isEmpty();
        assertThat(stage.deadLetters()).isEmpty();
    }

    @Test
    void an_older_receiver_says_the_same() {
        RsyncDaemon daemon = RsyncDaemon.in(stage.scratch).program(OtherRsync.of("bullseye")).module("n", stage.target).start();
        stage.inTarget("mkdir stale; touch stale/file");
        stage.inSource("echo 1 >file; echo 1 >other; touch 1 2 3 4 5");
        Dromedary dromedary = stage.configuredFor(daemon.url("n"), "mirror.t.first-run = delete").start().awaitReady();
        eventuallySays(dromedary, "sent", "file", entry -> entry.getLong("size") == 2);
        eventuallySays(dromedary, "deleted", "stale/file");
        eventuallySays(dromedary, "deleted", "stale");
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("rm file; chmod 600 other");
        eventuallySays(dromedary, "deleted", "file");
        eventuallySays(dromedary, "attributes", "other");
    }
}
