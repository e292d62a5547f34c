package dev.dromedary.watch;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.FlushMarker;
import dev.dromedary.filter.FilterRules;
import org.apache.camel.Exchange;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import static dev.dromedary.change.Extent.ATTRIBUTES;
import static dev.dromedary.change.Extent.ENTRY;
import static dev.dromedary.change.Extent.LEVEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The component in a route of somebody's own. */
@ParameterizedClass
@EnumSource(names = {"INOTIFY", "FANOTIFY"})
class FileWatchTest extends CamelTestSupport {

    @Parameter
    private WatchMethod by;
    @TempDir
    private Path scratch;
    private Path source;

    @Override
    protected RoutesBuilder createRouteBuilder() throws IOException {
        source = Files.createDirectories(scratch.resolve("a source? 100%"));
        Files.createDirectories(source.resolve("known/deep"));
        Files.createDirectories(source.resolve("skipped"));
        context().getRegistry().bind("rules", FilterRules.of(java.util.List.of("- skipped/", "- *.tmp")));
        String uri = source.toUri().getRawPath();
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("file-watch:" + uri + "?by=" + by + "&filter=#rules&maxDelay=300&poll=500&cookies="
                        + scratch.resolve("cookies")).routeId("watch").to("mock:changes");
            }
        };
    }

    @BeforeEach
    void awaitWatching() {
        awaitPending("", Extent.TREE);
        getMockEndpoint("mock:changes").reset();
    }

    @Test
    void a_written_file_is_owed_once() throws IOException {
        Files.writeString(source.resolve("known/deep/file"), "content");

        awaitPending("known/deep/file", ENTRY);
        Files.writeString(source.resolve("end"), "");
        awaitPending("end", ENTRY);
        long told = getMockEndpoint("mock:changes").getExchanges().stream()
                .filter(exchange -> pending(exchange).containsKey("known/deep/file")).count();
        assertThat(told).isEqualTo(1);
    }

    @Test
    void a_marker_comes_behind_all_that_was_changed_before_it_set_out() throws IOException {
        InotifyConsumer watch = (InotifyConsumer) context().getRoute("watch").getConsumer();
        Files.writeString(source.resolve("moved-out"), "content");
        for (int i = 0; i < 20; i++) {
            Path folder = Files.createDirectories(source.resolve("new-" + i + "/deep"));
            Files.writeString(folder.resolve("file"), "content");
            if (i == 19) {
                Files.move(source.resolve("moved-out"), scratch.resolve("out"));
            }
            try (OutputStream open = Files.newOutputStream(source.resolve("open-" + i))) {
                open.write(1);
                FlushMarker marker = new FlushMarker() {
                    @Override
                    public void reached(String target) {
                        // there is none
                    }
                };
                watch.mark(marker);
                await().atMost(20, TimeUnit.SECONDS).until(() -> upTo(marker) != null);
                Set<String> before = upTo(marker);
                assertThat(before).contains("open-" + i);
                String deep = folder.getParent().getFileName() + "/deep";
                assertThat(before).anyMatch(path -> path.equals(deep) || path.equals(deep + "/file"));
            }
        }
        assertThat(allOwed()).containsKey("moved-out");
    }

    // what was told with a marker and before; null as long as it has not come
    private Set<String> upTo(FlushMarker marker) {
        Set<String> paths = new HashSet<>();
        for (Exchange exchange : List.copyOf(getMockEndpoint("mock:changes").getExchanges())) {
            ChangeSet changes = exchange.getIn().getBody(ChangeSet.class);
            changes.forEach((path, extent) -> paths.add(path));
            if (changes.markers().contains(marker)) {
                return paths;
            }
        }
        return null;
    }

    @Test
    void a_new_folder_is_owed_with_what_is_in_it_and_watched() throws IOException {
        Files.createDirectories(source.resolve("new/er"));
        awaitPending("new/er", LEVEL);

        Files.writeString(source.resolve("new/er/file"), "content");
        awaitPending("new/er/file", ENTRY);
    }

    @Test
    void a_moved_folder_is_known_by_its_new_path() throws IOException {
        Files.move(source.resolve("known"), source.resolve("renamed"));
        awaitPending("known", ENTRY);
        awaitPending("renamed", LEVEL);
        awaitPending("renamed/deep", LEVEL);

        Files.writeString(source.resolve("renamed/deep/file"), "content");
        awaitPending("renamed/deep/file", ENTRY);
    }

    @Test
    void a_folder_that_was_moved_out_is_let_go() throws IOException {
        InotifyConsumer watch = (InotifyConsumer) context().getRoute("watch").getConsumer();
        Integer before = watch.folders();
        Files.move(source.resolve("known"), scratch.resolve("outside"));

        awaitPending("known", ENTRY);
        await().atMost(20, TimeUnit.SECONDS).until(() -> by == WatchMethod.FANOTIFY ? watch.folders() == null : watch.folders() == before - 2);
        Files.writeString(scratch.resolve("outside/deep/file"), "content");
        Files.writeString(source.resolve("end"), "");
        awaitPending("end", ENTRY);
        assertThat(allOwed()).doesNotContainKey("known/deep/file");
    }

    @Test
    void other_attributes_are_told_from_another_content() throws IOException {
        Path file = Files.writeString(source.resolve("file"), "content");
        awaitPending("file", ENTRY);
        getMockEndpoint("mock:changes").reset();

        Files.setLastModifiedTime(file, FileTime.fromMillis(1000));
        awaitPending("file", ATTRIBUTES);
    }

    @Test
    void a_link_has_no_writer_and_is_owed_all_the_same() throws IOException {
        Files.createSymbolicLink(source.resolve("link"), Path.of("nowhere"));
        awaitPending("link", ENTRY);
    }

    @Test
    void a_file_that_stays_open_is_owed_again_and_again() throws IOException {
        try (var log = Files.newOutputStream(source.resolve("log"), StandardOpenOption.CREATE)) {
            for (int i = 0; i < 2; i++) {
                getMockEndpoint("mock:changes").reset();
                log.write('x');
                log.flush();
                awaitPending("log", ENTRY);
            }
        }
    }

    @Test
    void what_is_left_out_is_neither_watched_nor_told() throws IOException {
        Files.writeString(source.resolve("skipped/file"), "content");
        Files.writeString(source.resolve("file.tmp"), "content");
        Files.createDirectories(source.resolve("known/skipped/deep"));
        Files.writeString(source.resolve("end"), "");

        awaitPending("end", ENTRY);
        assertThat(allOwed()).doesNotContainKeys("skipped/file", "file.tmp", "known/skipped", "known/skipped/deep");
    }

    @Test
    void a_source_that_is_moved_away_is_no_longer_whole() throws IOException {
        InotifyConsumer watch = (InotifyConsumer) context().getRoute("watch").getConsumer();
        assertThat(watch.whole()).isTrue();

        Files.move(source, scratch.resolve("elsewhere"));

        await().atMost(20, TimeUnit.SECONDS).until(() -> !watch.whole());
    }

    @Test
    void a_watch_that_went_blind_begins_anew() throws IOException {
        Files.move(scratch.resolve("cookies"), scratch.resolve("cookies-that-are-not-looked-at"));
        Files.createDirectory(scratch.resolve("cookies"));
        Files.createFile(scratch.resolve("cookies/cookie"));

        // the old folder's watch moved with it, so the cookie that is laid in the new one is not seen
        awaitPending("", Extent.TREE);
        Files.writeString(source.resolve("file"), "content");
        awaitPending("file", ENTRY);
    }

    private void awaitPending(String path, Extent extent) {
        await("that " + path + " is owed").atMost(20, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(allOwed()).containsEntry(path, extent));
    }

    private Map<String, Extent> allOwed() {
        Map<String, Extent> all = new TreeMap<>();
        getMockEndpoint("mock:changes").getExchanges().forEach(exchange -> pending(exchange).forEach(
                (path, extent) -> all.merge(path, extent, (one, other) -> one.compareTo(other) > 0 ? one : other)));
        return all;
    }

    private static Map<String, Extent> pending(Exchange exchange) {
        Map<String, Extent> pending = new TreeMap<>();
        exchange.getIn().getBody(ChangeSet.class).forEach(pending::put);
        return pending;
    }
}
