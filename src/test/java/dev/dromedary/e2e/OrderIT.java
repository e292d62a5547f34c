package dev.dromedary.e2e;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Processes;
import dev.dromedary.testing.Relay;
import dev.dromedary.testing.StubRsync;
import org.apache.camel.util.json.JsonObject;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.e2e.Settled.eventuallySettled;
import static dev.dromedary.e2e.Settled.eventuallyState;
import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** last: no page before its assets, and no asset deleted before the page that refers to it is another one. */
class OrderIT {

    /** How many pages are loaded while everything changes. */
    private static final int LOADS = Integer.getInteger("test.loads", 3000);
    private static final int LEAST_VERSIONS = 12;
    private static final long AT_MOST_NANOS = TimeUnit.MINUTES.toNanos(3);

    @AutoClose
    private final Stage stage = new Stage();

    private Stage ordered(String... more) {
        List<String> lines = new ArrayList<>(List.of("mirror.t.last = *.html, *.m3u8"));
        lines.addAll(List.of(more));
        return stage.configured(lines.toArray(String[]::new));
    }

    private Path there(String path) {
        return stage.target.resolve(path);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return null;
        }
    }

    /** A site that is published again and again: assets first, then the page that refers to them, then the old assets go. */
    private static final class Site implements AutoCloseable {

        private final Path folder;
        private final AtomicBoolean ended = new AtomicBoolean();
        private final Thread writer = new Thread(this::publish, "site");
        private Throwable failure;

        Site(Path folder) {
            this.folder = folder;
            writer.start();
        }

        private void publish() {
            try {
                for (int version = 1; !ended.get(); version++) {
                    for (int page = 0; page < 3; page++) {
                        // sorted behind the page, and before it
                        for (String asset : assets(page, version)) {
                            Path file = folder.resolve(asset);
                            Files.createDirectories(file.getParent());
                            Files.writeString(file, "x".repeat(20_000));
                        }
                        Path next = Files.writeString(folder.resolve("page" + page + ".new"), String.join("\n", assets(page, version)));
                        Files.move(next, folder.resolve("page" + page + ".html"), StandardCopyOption.ATOMIC_MOVE);
                        for (String asset : assets(page, version - 1)) {
                            Files.deleteIfExists(folder.resolve(asset));
                        }
                    }
                    Thread.sleep(version % 10 == 0 ? 500 : 40);
                }
            } catch (IOException | InterruptedException e) {
                failure = e;
            }
        }

        static List<String> assets(int page, int version) {
            return List.of("css/p" + page + "-" + version + ".css", "zz/deep/p" + page + "-" + version + ".js", "a" + page + "-" + version + ".png");
        }

        @Override
        public void close() throws InterruptedException {
            ended.set(true);
            writer.join();
            assertThat(failure).isNull();
        }
    }

    /** Loads pages and what they refer to; {@return what was missing while the page was the same} */
    private static List<String> load(Path site, int loads, Set<String> versions) {
        List<String> missing = new ArrayList<>();
        long end = System.nanoTime() + AT_MOST_NANOS;
        for (int i = 0; (i < loads || versions.size() < LEAST_VERSIONS) && System.nanoTime() - end < 0; i++) {
            String name = "page" + i % 3 + ".html";
            String page = read(site.resolve(name));
            if (page != null) {
                versions.add(page);
                // what has changed while it was looked at would be loaded anew
                page.lines().filter(asset -> !Files.exists(site.resolve(asset)) && page.equals(read(site.resolve(name))))
                        .forEach(asset -> missing.add(name + " without " + asset));
            }
            try {
                Thread.sleep(1);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return missing;
    }

    @Test
    void who_loads_pages_from_the_target_while_everything_changes_finds_all_that_they_refer_to() throws Exception {
        Dromedary dromedary = ordered("mirror.t.exclude = *.new").start().awaitReady();
        Set<String> versions = new HashSet<>();
        List<String> missing;
        try (Site site = new Site(stage.source)) {
            missing = load(stage.target, LOADS, versions);
        }
        assertThat(missing).as(versions.size() + " versions" + dromedary.shownOutput()).isEmpty();
        assertThat(versions).hasSizeGreaterThanOrEqualTo(LEAST_VERSIONS);
        eventuallySettled(stage, dromedary);
    }

    @Test
    void the_same_reader_finds_some_missing_behind_lsyncd() throws Exception {
        assumeTrue(stage.works("command -v lsyncd"), "lsyncd is not installed");
        Path config = Files.writeString(stage.scratch.root().resolve("lsyncd.conf"), """
                settings { nodaemon = true, maxProcesses = 1 }
                sync { default.rsync, source = "%s", target = "%s", delay = 1, exclude = { "*.new" } }
                """.formatted(stage.source, stage.daemon.url("m")));
        Process lsyncd = new ProcessBuilder("lsyncd", config.toString()).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        try (Site site = new Site(stage.source)) {
            assertThat(load(stage.target, LOADS, new HashSet<>())).isNotEmpty();
        } finally {
            Processes.end(lsyncd);
        }
    }

    @Test
    void a_page_waits_for_a_large_asset_and_holds_up_nothing_else() {
        Relay relay = Relay.holdingAfter(300_000, stage.daemon, stage.scratch);
        stage.configuredFor(relay.url("m"), "mirror.t.last = *.html", "mirror.t.large-file = 100k");
        stage.inSource("echo old >index.html");
        Dromedary dromedary = stage.start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);

        stage.inSource("head -c 2000000 /dev/urandom >big; echo big >index.html; echo 1 >other");
        eventually("the large one is on its way", dromedary, () -> relay.held() == 1);
        eventually("another file arrives", dromedary, () -> "1".equals(read(there("other"))));
        eventually("it is said", dromedary, () -> String.valueOf(dromedary.target().getString("reason"))
                .contains("what travels last waits until what was pending before it has arrived"));
        assertThat(read(there("index.html"))).isEqualTo("old");
        assertThat(dromedary.json("/api/explain?path=" + URLEncoder.encode(stage.source + "/index.html", StandardCharsets.UTF_8)).toJson())
                .contains("\"state\":\"pending\"").contains("what travels last waits until what was pending before it has arrived: 1 path");

        relay.open();
        eventuallySettled(stage, dromedary);
    }

    @Test
    void a_page_waits_for_an_asset_that_can_not_be_carried_over_kill_9_too() {
        StubRsync stub = StubRsync.in(stage.scratch);
        stage.inSource("echo old >index.html");
        Dromedary first = ordered().dromedary().environment("PATH", stub.path()).start().awaitReady();
        eventuallySame(stage.source, stage.target, first);
        eventuallyState("live", first);
        String fails = "echo 'rsync: [sender] send_files failed to open \"" + stage.source + "/app.js\": Permission denied (13)' >&2; exit 23";
        stub.plays("lists app.js && { bring \"$@\"; " + fails + "; }");
        stage.inSource("echo 1 >app.js; echo app.js >index.html; echo 1 >other.css");
        eventuallyState("partial", first);
        eventually("it waits", first, () -> String.valueOf(first.target().getString("reason")).contains("what travels last waits"));
        eventually("what is no page arrives", first, () -> "1".equals(read(there("other.css"))));
        assertThat(read(there("index.html"))).isEqualTo("old");
        first.killNow();

        Dromedary second = stage.dromedary().environment("PATH", stub.path()).start().awaitReady();
        eventually("it is tried again in vain", second, () -> second.target().getString("state").equals("partial"));
        assertThat(read(there("index.html"))).isEqualTo("old");
        stub.letsGo();
        eventuallySettled(stage, second);
        assertThat(read(there("index.html"))).isEqualTo("app.js");
    }

    @Test
    void what_is_gone_goes_after_the_page_and_so_does_the_old_name_of_what_was_renamed() {
        StubRsync stub = StubRsync.in(stage.scratch);
        stage.inSource("echo old.css >index.html; echo 1 >old.css; head -c 1100000 /dev/zero >a.js");
        Dromedary dromedary = ordered().dromedary().environment("PATH", stub.path()).start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        eventuallyState("live", dromedary);

        stub.plays("lists index.html && held");
        stage.inSource("echo 2 >new.css; mv a.js b.js; echo new.css b.js >index.html; rm old.css");
        eventually("deletions wait", dromedary, () -> String.valueOf(dromedary.target().getString("reason")).contains("what is to be deleted waits"));
        eventually("the new ones are there", dromedary, () -> Files.exists(there("new.css")) && Files.exists(there("b.js")));
        assertThat(read(there("index.html"))).isEqualTo("old.css");
        assertThat(there("old.css")).exists();
        assertThat(there("a.js")).exists();

        stub.letsGo();
        eventuallySettled(stage, dromedary);
        eventuallyState("live", dromedary);
    }

    @Test
    void who_waits_waits_for_the_page_and_for_what_is_deleted_after_it_and_the_log_has_both() {
        StubRsync stub = StubRsync.in(stage.scratch);
        stage.inSource("echo old.css >index.html; echo 1 >old.css");
        Dromedary dromedary = ordered().dromedary().environment("PATH", stub.path()).start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        eventuallyState("live", dromedary);

        stub.plays("lists index.html && held");
        stage.inSource("echo 2 >new.css; echo new.css >index.html; rm old.css");
        eventually("the asset is there", dromedary, () -> Files.exists(there("new.css")));
        assertThat(dromedary.post("/api/mirrors/t/wait?timeout=1s").statusCode()).isEqualTo(504);
        Dromedary waiting = stage.dromedary().port(dromedary.port()).start("wait", "t/a");
        assertThat(read(there("index.html"))).isEqualTo("old.css");

        stub.letsGo();
        assertThat(waiting.awaitExit()).as(waiting.output()).isZero();
        assertThat(read(there("index.html"))).isEqualTo("new.css");
        assertThat(there("old.css")).doesNotExist();
        eventually("the log has them", dromedary, () -> {
            String log = dromedary.json("/api/log?limit=1000").<List<?>>getCollection("entries").stream().map(JsonObject.class::cast)
                    .map(entry -> entry.getString("action") + ' ' + entry.getString("path") + ' ' + entry.getString("way")).toList().toString();
            return log.contains("sent index.html last") && log.contains("deleted old.css gone");
        });
    }

    @Test
    void a_whole_tree_keeps_to_it_and_so_does_a_folder_that_is_moved_in() {
        StubRsync stub = StubRsync.in(stage.scratch);
        stage.inSource("mkdir -p z; echo z/old.css >index.html; echo 1 >z/old.css");
        Dromedary first = ordered().dromedary().environment("PATH", stub.path()).start().awaitReady();
        eventuallySame(stage.source, stage.target, first);
        eventuallyState("live", first);
        first.terminate();
        stage.inSource("echo 2 >z/new.css; echo z/new.css >index.html; rm z/old.css");
        stub.plays("lists index.html && held");

        Dromedary second = stage.dromedary().environment("PATH", stub.path()).start().awaitReady();
        eventually("the asset is there", second, () -> Files.exists(there("z/new.css")));
        eventually("deletions wait", second, () -> String.valueOf(second.target().getString("reason")).contains("what is to be deleted waits"));
        assertThat(read(there("index.html"))).isEqualTo("z/old.css");
        assertThat(there("z/old.css")).exists();
        stub.letsGo();
        eventuallySettled(stage, second);

        stub.plays("lists site/page.html && held");
        stage.inSource("mkdir -p ../made/site/img; echo 1 >../made/site/img/one.png; echo img/one.png >../made/site/page.html; mv ../made/site .");
        eventually("the asset is there", second, () -> Files.exists(there("site/img/one.png")));
        assertThat(there("site/page.html")).doesNotExist();
        stub.letsGo();
        eventuallySettled(stage, second);
    }

    @Test
    void pages_go_and_come_back_and_folders_may_be_last() {
        stage.configured("mirror.t.last = dists/, Packages*, index.html");
        stage.inSource("mkdir -p dists/stable pool; echo 1 >dists/stable/Release; echo 1 >pool/one.deb; echo 1 >index.html");
        Dromedary dromedary = stage.start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);

        stage.inSource("rm index.html; echo 2 >pool/two.deb; echo 2 >dists/stable/Release; echo 2 >dists/Packages.gz");
        eventuallySettled(stage, dromedary);
        stage.inSource("echo 3 >index.html; rm -r dists; mkdir dists; echo 3 >dists/Packages; rm -r pool; echo 1 >pool");
        eventuallySettled(stage, dromedary);
        stage.inSource("rm index.html; mkdir index.html; echo 4 >index.html/file; chmod 750 dists; touch -d 2001-01-01 dists/Packages");
        eventuallySettled(stage, dromedary);
        dromedary.reconcile();
        eventuallySettled(stage, dromedary);
        eventuallyState("live", dromedary);
    }

    @Test
    void what_is_held_because_it_is_too_much_holds_the_page_too_and_keeps_to_the_order_once_it_is_approved() {
        StubRsync stub = StubRsync.in(stage.scratch);
        stage.inSource("echo old >index.html; for i in 1 2 3 4 5; do echo 1 >old$i; done");
        Dromedary dromedary = ordered("mirror.t.max-change = 3").dromedary().environment("PATH", stub.path()).start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        eventuallyState("live", dromedary);

        stage.inSource("for i in 1 2 3 4 5; do echo 2 >new$i; done; echo new1 >index.html; rm old?");
        eventuallyState("halted", dromedary);
        assertThat(dromedary.target().getString("reason")).startsWith("held: ");
        assertThat(read(there("index.html"))).isEqualTo("old");
        assertThat(there("old1")).exists();
        assertThat(there("new1")).doesNotExist();

        // the question what would change may name the page, too
        stub.plays("case $* in *--dry-run*) ;; *) lists index.html && held ;; esac");
        // deletions are a run of their own, and held by themselves
        eventually("the assets are there", dromedary, () -> approved(dromedary) && Files.exists(there("new5")));
        assertThat(read(there("index.html"))).isEqualTo("old");
        assertThat(there("old1")).exists();
        stub.letsGo();
        eventually("the page is there", dromedary, () -> approved(dromedary) && "new1".equals(read(there("index.html"))));
        eventually("the old ones are gone", dromedary, () -> approved(dromedary) && !Files.exists(there("old1")));
        eventuallySettled(stage, dromedary);
        eventuallyState("live", dromedary);
    }

    // whenever something is held
    private static boolean approved(Dromedary dromedary) {
        return !"halted".equals(dromedary.target().getString("state"))
                || dromedary.post("/api/mirrors/t/targets/a/approve").statusCode() == 200;
    }

    @Test
    void where_nothing_is_deleted_nothing_is() {
        ordered("mirror.t.delete = false");
        stage.inSource("echo 1 >asset; echo asset >index.html");
        Dromedary dromedary = stage.start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("echo 2 >another; echo another >index.html; rm asset");
        eventually("the page is there", dromedary, () -> "another".equals(read(there("index.html"))));
        dromedary.reconcile();
        assertThat(there("asset")).exists();
    }

    @Test
    void an_outage_keeps_the_order() throws Exception {
        stage.inSource("echo 0 >index.html");
        Dromedary dromedary = ordered("mirror.t.exclude = *.new").start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        Set<String> versions = new HashSet<>();
        List<String> missing = new ArrayList<>();
        try (Site site = new Site(stage.source)) {
            missing.addAll(load(stage.target, LOADS / 10, versions));
            for (int i = 0; i < 2; i++) {
                stage.daemon.stop();
                eventuallyState("away", dromedary);
                stage.daemon.start();
                versions.clear();
                missing.addAll(load(stage.target, LOADS / 10, versions));
            }
        }
        assertThat(missing).as(dromedary.shownOutput()).isEmpty();
        eventuallySettled(stage, dromedary);
    }
}
