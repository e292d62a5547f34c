package dev.dromedary.transferlog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.clock.SteadyClock;
import dev.dromedary.rsync.ItemizedChange;
import dev.dromedary.rsync.ItemizedChange.Action;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class TransferLogTest {

    private static final long MEGABYTE = 1 << 20;
    private static final long ALL = Long.MAX_VALUE;

    @TempDir
    private Path state;

    private List<Path> files() throws IOException {
        if (!Files.exists(state.resolve("log"))) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(state.resolve("log"))) {
            return files.sorted().toList();
        }
    }

    private void write(String target, String... paths) {
        try (TransferLog log = new TransferLog(state, MEGABYTE)) {
            RunTransferBuffer run = log.begin(target, "live", SteadyClock.millis() - 40, false).orElseThrow();
            for (String path : paths) {
                run.accept(new ItemizedChange(Action.SENT, path, null, 7));
            }
            run.ended("live", "arrived", null);
        }
    }

    private List<String> newest(int limit) throws IOException {
        return new LogReader(state).newest(limit, TransferQuery.ALL, ALL).entries().stream().map(TransferEntry::path).toList();
    }

    @Test
    void what_was_written_is_read_the_newest_last_and_only_its_owner_may() throws Exception {
        write("www/backup", "a", "sp ace", "new\nline", "quo\"te", "back\\slash", "caf\u00c3\u00a9", "\u00ff");

        assertThat(newest(10)).containsExactly("a", "sp ace", "new\\#012line", "quo\"te", "back\\#134slash", "caf\u00e9", "\\#377");
        TransferEntry entry = new LogReader(state).newest(1, TransferQuery.ALL, ALL).entries().get(0);
        assertThat(entry.id()).isEqualTo("www/backup");
        assertThat(entry.size()).isEqualTo(7);
        assertThat(entry.lagSeconds()).isBetween(0.04, 30.0);
        assertThat(entry.outcome()).isEqualTo(TransferEntry.Outcome.ARRIVED);
        assertThat(entry.at()).isBetween(Instant.now().minusSeconds(60), Instant.now());
        assertThat(files()).singleElement().satisfies(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------"));
        for (String line : Files.readAllLines(files().get(0))) {
            assertThat(TransferEntry.of((JsonObject) Jsoner.deserialize(line))).get().extracting(TransferEntry::line).isEqualTo(line);
        }
    }

    @Test
    void what_became_of_a_run_stands_with_each_path() throws IOException {
        try (TransferLog log = new TransferLog(state, MEGABYTE)) {
            ChangeSet failed = new ChangeSet();
            failed.add("bad", Extent.LEAF);
            failed.add("folder", Extent.TREE);
            RunTransferBuffer run = log.begin("t/a", "live", SteadyClock.millis(), false).orElseThrow();
            Stream.of("good", "bad", "folder/in").forEach(path -> run.accept(new ItemizedChange(Action.SENT, path, null, 1)));
            run.ended("live", "partly", failed);
            RunTransferBuffer cut = log.begin("t/a", "whole", SteadyClock.millis(), true).orElseThrow();
            cut.accept(new ItemizedChange(Action.DELETED, "gone", null, -1));
            cut.ended("whole", "away", null);
            RunTransferBuffer none = log.begin("t/a", "live", SteadyClock.millis(), false).orElseThrow();
            none.ended("live", "arrived", null);
            RunTransferBuffer moved = log.begin("t/a", "live", SteadyClock.millis(), false).orElseThrow();
            moved.accept(new ItemizedChange(Action.MOVED, "new", "old\t", -1));
            moved.ended("attributes", "arrived", null);
        }

        assertThat(new LogReader(state).newest(10, TransferQuery.ALL, ALL).entries()).extracting(entry -> entry.action().text() + " " + entry.path() + " "
                + entry.from() + " " + entry.size() + " " + (entry.lagSeconds() != null) + " " + entry.way() + " " + entry.outcome().text())
                .containsExactly("sent good null 1 true live arrived", "sent bad null 1 true live failed", "sent folder/in null 1 true live unconfirmed",
                        "deleted gone null null false whole unconfirmed", "moved new old\\#011 null true attributes arrived");
    }

    @Test
    void of_a_long_run_what_has_gathered_is_written_before_it_ends() throws IOException {
        try (TransferLog log = new TransferLog(state, 10 * MEGABYTE)) {
            RunTransferBuffer run = log.begin("t/a", "whole", SteadyClock.millis(), true).orElseThrow();
            IntStream.range(0, 2500).forEach(i -> run.accept(new ItemizedChange(Action.SENT, "f" + i, null, 1)));
        }

        LogReader.Page page = new LogReader(state).newest(10_000, TransferQuery.ALL, ALL);
        assertThat(page.entries()).hasSize(2000).allMatch(entry -> entry.outcome() == null);
        assertThat(page.entries().get(1999).path()).isEqualTo("f1999");
    }

    @Test
    void a_line_that_a_crash_has_cut_off_is_passed_over_and_the_next_is_whole() throws IOException {
        write("t/a", "one", "two");
        Path file = files().get(0);
        String text = Files.readString(file);
        Files.writeString(file, text.substring(0, text.length() - 20));
        assertThat(newest(10)).containsExactly("one");
        assertThat(new LogReader(state).after(LogPosition.START, 10, TransferQuery.ALL, ALL).entries()).hasSize(1);

        write("t/a", "three");
        Files.writeString(file, "no JSON\n{}\n[1]\n\n{\"at\":\"now\"}\n\u0000\u0000\n", StandardOpenOption.APPEND);
        write("t/a", "four");
        assertThat(files()).hasSize(1);
        assertThat(newest(10)).containsExactly("one", "three", "four");
        assertThat(new LogReader(state).after(LogPosition.START, 10, TransferQuery.ALL, ALL).entries()).extracting(TransferEntry::path).containsExactly("one", "three", "four");
    }

    @Test
    void all_files_together_stay_within_the_bound_and_the_oldest_go() throws IOException {
        Random random = new Random(1);
        int written = 0;
        try (TransferLog log = new TransferLog(state, MEGABYTE)) {
            for (int i = 0; i < 40; i++) {
                RunTransferBuffer run = log.begin("t/a", "live", SteadyClock.millis(), false).orElseThrow();
                for (int k = 0; k < 250; k++) {
                    run.accept(new ItemizedChange(Action.SENT, "f" + written++ + "-" + "x".repeat(random.nextInt(200)), null, 1));
                }
                run.ended("live", "arrived", null);
            }
        }

        long size = 0;
        for (Path file : files()) {
            size += Files.size(file);
        }
        assertThat(size).isBetween(MEGABYTE / 2, MEGABYTE);
        assertThat(files()).hasSizeBetween(5, 20);
        int last = written;
        assertThat(newest(300)).hasSize(300).allSatisfy(path -> assertThat(path).startsWith("f")).last().asString().startsWith("f" + (last - 1) + "-");
        List<String> all = newest(Integer.MAX_VALUE);
        assertThat(all).isEqualTo(new LogReader(state).after(LogPosition.START, Integer.MAX_VALUE, TransferQuery.ALL, ALL).entries().stream()
                .map(TransferEntry::path).toList());
    }

    @Test
    void what_is_older_than_thirty_days_goes() throws IOException {
        write("t/a", "old");
        Files.setLastModifiedTime(files().get(0), FileTime.from(Instant.now().minus(Duration.ofDays(31))));
        Path before = files().get(0);

        write("t/a", "new");
        assertThat(before).doesNotExist();
        assertThat(newest(10)).containsExactly("new");
    }

    @Test
    void a_file_has_the_lines_of_a_day_at_most() throws IOException {
        write("t/a", "one");
        Path first = files().get(0);
        Files.writeString(first, Files.readString(first).replaceFirst("\"at\":\"[^\"]*\"", "\"at\":\"" + Instant.now().minus(Duration.ofHours(25)) + '"'));
        write("t/a", "two");
        write("t/a", "three");

        assertThat(files()).hasSize(2);
        assertThat(newest(10)).containsExactly("one", "two", "three");
    }

    @Test
    void reading_goes_on_where_it_was_over_restarts_and_files_that_are_gone() throws IOException {
        LogReader reader = new LogReader(state);
        LogPosition position = reader.newest(10, TransferQuery.ALL, ALL).next();
        assertThat(position).isEqualTo(LogPosition.START);
        write("t/a", "one", "two");
        LogReader.Page page = reader.after(position, 1, TransferQuery.ALL, ALL);
        assertThat(page.entries()).extracting(TransferEntry::path).containsExactly("one");
        assertThat(page.complete()).isFalse();
        page = reader.after(LogPosition.parse(page.next().toString()).orElseThrow(), 10, TransferQuery.ALL, ALL);
        assertThat(page.entries()).extracting(TransferEntry::path).containsExactly("two");
        assertThat(page.complete()).isTrue();
        assertThat(page.next()).isEqualTo(reader.newest(10, TransferQuery.ALL, ALL).next());
        assertThat(reader.after(page.next(), 10, TransferQuery.ALL, ALL)).isEqualTo(new LogReader.Page(List.of(), page.next(), true));

        write("t/a", "three");
        assertThat(reader.after(page.next(), 10, TransferQuery.ALL, ALL).entries()).extracting(TransferEntry::path).containsExactly("three");
        Files.copy(files().get(0), state.resolve("log/transfers-0000000002.jsonl"));
        Files.delete(files().get(0));
        assertThat(reader.after(page.next(), 10, TransferQuery.ALL, ALL).entries()).extracting(TransferEntry::path).containsExactly("one", "two", "three");
        assertThat(reader.after(new LogPosition(99, 5), 10, TransferQuery.ALL, ALL).entries()).hasSize(3);
        assertThat(reader.after(new LogPosition(2, 1L << 40), 10, TransferQuery.ALL, ALL).entries()).hasSize(3);
        assertThat(reader.after(new LogPosition(2, 3), 10, TransferQuery.ALL, ALL).entries()).extracting(TransferEntry::path).containsExactly("two", "three");
    }

    @Test
    void only_so_much_is_searched_at_once() throws IOException {
        for (int i = 0; i < 20; i++) {
            write("t/a", IntStream.range(0, 100).mapToObj(k -> "x".repeat(1000) + k).toArray(String[]::new));
        }
        TransferQuery none = new TransferQuery(List.of("other"), null, null, null, null);
        LogReader.Page page = new LogReader(state).newest(10, none, 200_000);
        assertThat(page.entries()).isEmpty();
        assertThat(page.complete()).isFalse();
        LogPosition position = LogPosition.START;
        int pages = 0;
        for (boolean complete = false; !complete; pages++) {
            LogReader.Page next = new LogReader(state).after(position, 10, none, 200_000);
            complete = next.complete();
            position = next.next();
        }
        assertThat(pages).isBetween(4, 20);
        assertThat(position).isEqualTo(page.next());
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            img,        img/a.jpg img/deep/b.jpg
            img/,       img/a.jpg img/deep/b.jpg
            /img/deep,  img/deep/b.jpg
            *.jpg,      img/a.jpg img/deep/b.jpg c.jpg
            img/*.jpg,  img/a.jpg
            img/**,     img/a.jpg img/deep/b.jpg
            im,         ''
            caf?,       caf\\#351
            caf\\#351,  caf\\#351
            caf[!x],    caf\\#351
            """)
    void a_path_or_a_pattern_chooses(String path, String chosen) throws IOException {
        write("t/a", "img/a.jpg", "img/deep/b.jpg", "imgs", "c.jpg", "caf\u00e9");

        assertThat(new LogReader(state).newest(10, new TransferQuery(List.of(), null, null, null, path), ALL).entries()).extracting(TransferEntry::path)
                .containsExactly(chosen.isEmpty() ? new String[0] : chosen.split(" "));
    }

    @Test
    void a_mirror_a_target_an_action_and_a_moment_choose() throws IOException {
        write("t/a", "1");
        write("t/b", "2");
        write("u/a", "3");
        Instant later = Instant.now();
        write("u/b", "4");

        assertThat(chosen(new TransferQuery(List.of("t"), null, null, null, null))).containsExactly("1", "2");
        assertThat(chosen(new TransferQuery(List.of("t/b", "u"), null, null, null, null))).containsExactly("2", "3", "4");
        assertThat(chosen(new TransferQuery(List.of(), "a", null, null, null))).containsExactly("1", "3");
        assertThat(chosen(new TransferQuery(List.of(), null, Action.DELETED, null, null))).isEmpty();
        assertThat(chosen(new TransferQuery(List.of(), null, null, later, null))).containsExactly("4");
        assertThat(chosen(new TransferQuery(List.of("t/b"), null, Action.SENT, null, null))).containsExactly("2");
    }

    private List<String> chosen(TransferQuery query) throws IOException {
        List<String> newest = new LogReader(state).newest(10, query, ALL).entries().stream().map(TransferEntry::path).toList();
        assertThat(new LogReader(state).after(LogPosition.START, 10, query, ALL).entries()).extracting(TransferEntry::path).isEqualTo(newest);
        return newest;
    }

    @Test
    void the_last_about_a_path_is_found() throws IOException {
        write("t/a", "p", "q/r", "\n");
        write("t/b", "p");
        try (TransferLog log = new TransferLog(state, MEGABYTE)) {
            RunTransferBuffer run = log.begin("t/a", "live", SteadyClock.millis(), false).orElseThrow();
            run.accept(new ItemizedChange(Action.DELETED, "p", null, -1));
            run.accept(new ItemizedChange(Action.MOVED, "new", "q", -1));
            run.ended("live", "arrived", null);
        }
        try (TransferLog log = new TransferLog(state, MEGABYTE)) {
            assertThat(log.lastOf("t/a", "p")).get().extracting(TransferEntry::action).isEqualTo(Action.DELETED);
            assertThat(log.lastOf("t/b", "p")).get().extracting(TransferEntry::action).isEqualTo(Action.SENT);
            assertThat(log.lastOf("t/a", "\n")).isPresent();
            assertThat(log.lastOf("t/a", "new/r")).get().extracting(TransferEntry::from).isEqualTo("q");
            assertThat(log.lastOf("t/a", "newer")).isEmpty();
            assertThat(log.lastOf("t/a", "q")).isEmpty();
        }
    }

    /** What stands in the way is that the folder can't be made: so it is where the disk is full, too. */
    @Test
    void a_disk_that_takes_nothing_is_no_error_and_it_goes_on_when_it_does() throws IOException {
        Files.writeString(state.resolve("log"), "in the way");
        try (TransferLog log = new TransferLog(state, MEGABYTE)) {
            RunTransferBuffer run = log.begin("t/a", "live", SteadyClock.millis(), false).orElseThrow();
            run.accept(new ItemizedChange(Action.SENT, "lost", null, 1));
            run.ended("live", "arrived", null);
            write(log, "lost too");
        }
        Files.delete(state.resolve("log"));
        write("t/a", "kept");
        assertThat(newest(10)).containsExactly("kept");
    }

    @Test
    void files_that_somebody_removes_are_made_anew() throws Exception {
        try (TransferLog log = new TransferLog(state, MEGABYTE)) {
            write(log, "one");
            Awaitility.await().until(() -> newest(10).equals(List.of("one")));
            Files.delete(files().get(0));
            write(log, "two");
        }
        assertThat(newest(10)).containsExactly("two");
    }

    private static void write(TransferLog log, String path) {
        RunTransferBuffer run = log.begin("t/a", "live", SteadyClock.millis(), false).orElseThrow();
        run.accept(new ItemizedChange(Action.SENT, path, null, 1));
        run.ended("live", "arrived", null);
    }

    @Test
    void off_is_off() throws IOException {
        try (TransferLog log = new TransferLog(state, 0)) {
            assertThat(log.isOn()).isFalse();
            assertThat(log.begin("t/a", "live", 0, false)).isEmpty();
            assertThat(log.lastOf("t/a", "p")).isEmpty();
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void many_writers_lose_nothing() throws Exception {
        List<Thread> threads = new ArrayList<>();
        try (TransferLog log = new TransferLog(state, 100 * MEGABYTE)) {
            for (int i = 0; i < 8; i++) {
                Thread thread = new Thread(() -> IntStream.range(0, 500).forEach(k -> write(log, Thread.currentThread().getName() + "-" + k)), "w" + i);
                threads.add(thread);
                thread.start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
        assertThat(newest(10_000)).hasSize(4000).doesNotHaveDuplicates();
    }
}
