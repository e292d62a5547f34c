package dev.dromedary.deadletter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.dromedary.backlog.Backlog;
import dev.dromedary.backlog.BacklogEndpoint;
import dev.dromedary.backlog.ExponentialBackoff;
import dev.dromedary.backlog.KnownBacklogPolicy;
import dev.dromedary.backlog.TransferClass;
import dev.dromedary.backlog.TransferRun;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DeadLettersTest {

    private static final String TARGET = "www/backup";
    private static final ExponentialBackoff AT_ONCE = new ExponentialBackoff(0, 0);
    private static final ExponentialBackoff NEVER = new ExponentialBackoff(1_000_000_000, 1_000_000_000);

    @AutoClose
    private final CamelContext context = new DefaultCamelContext();

    @TempDir
    private Path state;

    @Test
    void what_is_kept_comes_back_byte_for_byte() throws IOException {
        ChangeSet changes = new ChangeSet();
        changes.add("plain", Extent.ENTRY);
        changes.add("new\nline/\u00ff\u00fe\"", Extent.LEVEL);
        changes.add("mode", Extent.ATTRIBUTES);
        changes.since(1_700_000_000_000L);
        letters().keep(changes, away("it rains"));

        List<ChangeSet> back = letters().replay(TARGET);

        assertThat(back).hasSize(1);
        assertThat(pending(back.get(0))).isEqualTo(pending(changes));
        assertThat(back.get(0).since()).isEqualTo(1_700_000_000_000L);
    }

    @Test
    void a_record_can_be_read_by_a_person_and_by_its_owner_only() throws IOException {
        letters().keep(ChangeSet.ofWholeTree(), away("it rains"));

        Path record = records().get(0);
        assertThat(Files.readString(record)).contains("it rains").contains("www").contains("tree")
                .contains("\"attempts\":1").contains("\"next\"");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(record.getParent())))
                .isEqualTo("rwx------");
    }

    @Test
    void a_record_stays_until_its_content_has_arrived() throws IOException {
        letters().keep(ChangeSet.ofWholeTree(), away("it rains"));
        DeadLetters letters = letters();
        ChangeSet replayed = letters.replay(TARGET).get(0);
        assertThat(records()).hasSize(1);
        assertThat(letters.replay(TARGET)).as("lent out already").isEmpty();

        letters.arrived(replayed, TARGET);

        assertThat(records()).isEmpty();
    }

    @Test
    void what_fails_again_takes_the_place_of_what_it_came_from() throws IOException {
        DeadLetters letters = letters();
        for (int i = 0; i < 5; i++) {
            List<ChangeSet> due = letters.replay(TARGET);
            ChangeSet pending = due.isEmpty() ? one("file") : due.get(0);
            letters.keep(pending, i == 0 ? away("it rains") : again("it rains"));
        }

        assertThat(records()).singleElement()
                .satisfies(record -> assertThat(Files.readString(record)).contains("\"attempts\":5"));
    }

    @Test
    void what_is_kept_meanwhile_is_not_removed_with_what_arrives() throws IOException {
        DeadLetters letters = letters();
        letters.keep(one("a"), away("it rains"));
        ChangeSet replayed = letters.replay(TARGET).get(0);
        letters.keep(one("b"), away("it rains"));

        letters.arrived(replayed, TARGET);

        assertThat(letters.replay(TARGET)).singleElement()
                .satisfies(set -> assertThat(pending(set)).isEqualTo(Map.of("b", Extent.ENTRY)));
    }

    @Test
    void a_large_record_comes_back_in_parts_and_stays_until_the_last_has_arrived() throws IOException {
        letters().keep(many(10_000), away("it rains"));
        DeadLetters letters = letters();
        List<ChangeSet> parts = letters.replay(TARGET);

        assertThat(parts).hasSizeGreaterThan(4).allSatisfy(part -> assertThat(part.size()).isLessThanOrEqualTo(2000));
        assertThat(parts.stream().mapToInt(ChangeSet::size).sum()).isEqualTo(10_000);
        for (ChangeSet part : parts) {
            assertThat(records()).hasSize(1);
            letters.arrived(part, TARGET);
        }
        assertThat(records()).isEmpty();
    }

    /** One path that spoils every run that it is in, without being named: the others arrive, and it ends up alone. */
    @Test
    void what_fails_again_and_again_is_narrowed_down() throws IOException {
        DeadLetters letters = letters();
        letters.keep(many(3000), away("it rains"));
        int rounds = 0;
        for (List<ChangeSet> due = letters.replay(TARGET); ; due = letters.replay(TARGET)) {
            assertThat(++rounds).isLessThan(20);
            List<ChangeSet> poisoned = new ArrayList<>();
            for (ChangeSet part : due) {
                if (part.pendingAt("many/1234").isEmpty()) {
                    letters.arrived(part, TARGET);
                } else {
                    poisoned.add(part);
                }
            }
            assertThat(poisoned).hasSize(1);
            if (poisoned.get(0).size() == 1) {
                break;
            }
            letters.keep(poisoned.get(0), again("it rains"));
        }
        assertThat(records()).hasSize(1);
    }

    @Test
    void a_path_that_can_not_be_carried_waits_alone() throws IOException {
        DeadLetters letters = letters(NEVER);
        ChangeSet run = one("good");
        run.add("bad", Extent.ENTRY);
        Exchange full = exchange("full", "no room", false);
        full.setProperty(BacklogEndpoint.PARKED, one("bad"));
        letters.keep(run, full);

        assertThat(records()).hasSize(2);
        assertThat(letters.replay(TARGET)).singleElement()
                .satisfies(set -> assertThat(pending(set)).isEqualTo(Map.of("good", Extent.ENTRY)));
    }

    /** It fails with each change, and waits once: with all that has failed beside it before, or with what fails beside it now. */
    @Test
    void a_path_that_fails_again_is_in_one_record() throws IOException {
        DeadLetters letters = letters(NEVER);
        for (List<String> failed : List.of(List.of("a"), List.of("a"), List.of("a", "b"), List.of("b"), List.of("b", "c"))) {
            ChangeSet run = new ChangeSet();
            failed.forEach(path -> run.add(path, Extent.ENTRY, 1_700_000_000_000L));
            Exchange partly = exchange("partly", "may not be read", false);
            partly.setProperty(BacklogEndpoint.PARKED, run);
            letters.keep(run, partly);
        }
        assertThat(letters.all(TARGET)).hasSize(2).allMatch(DeadLetterHeader::failed).extracting(DeadLetterHeader::some)
                .containsExactlyInAnyOrder(List.of("a", "b"), List.of("c"));
        assertThat(letters.all(TARGET)).extracting(DeadLetterHeader::attempts).contains(3);
    }

    /** The whole tree fails again and again while folders are replaced, and it waited two minutes for that to end. */
    @Test
    void many_failures_within_a_moment_are_no_reason_to_wait_for_long() throws IOException {
        DeadLetters letters = letters(new ExponentialBackoff(1000, 3_600_000));
        for (int i = 0; i < 10; i++) {
            Exchange partly = exchange("partly", "vanished", false);
            partly.setProperty(BacklogEndpoint.PARKED, ChangeSet.ofWholeTree());
            letters.keep(ChangeSet.ofWholeTree(), partly);
        }

        assertThat(letters.all(TARGET)).singleElement().satisfies(letter -> {
            assertThat(letter.attempts()).isEqualTo(10);
            assertThat(Instant.ofEpochMilli(letter.next())).as("not after 512 s").isBefore(Instant.now().plusSeconds(100));
        });
    }

    /** Else it would look as if it could not be carried until its next attempt, which may be an hour away. */
    @Test
    void what_has_arrived_by_another_run_is_due() throws IOException {
        DeadLetters letters = letters(NEVER);
        Exchange partly = exchange("partly", "may not be read", false);
        ChangeSet failed = one("a/b");
        failed.add("a/c", Extent.ATTRIBUTES);
        partly.setProperty(BacklogEndpoint.PARKED, failed);
        letters.keep(failed, partly);

        letters.arrived(one("a/b"), TARGET);
        letters.arrived(one("other"), TARGET);
        assertThat(letters.replay(TARGET)).as("not all of it").isEmpty();

        letters.arrived(ChangeSet.ofWholeTree(), TARGET);
        assertThat(letters.replay(TARGET)).singleElement()
                .satisfies(set -> assertThat(pending(set)).isEqualTo(Map.of("a/b", Extent.ENTRY, "a/c", Extent.ATTRIBUTES)));
    }

    @Test
    void of_a_run_that_was_carried_in_part_only_the_rest_is_kept() throws IOException {
        ChangeSet run = one("good");
        run.add("bad", Extent.ENTRY);
        Exchange partly = exchange("partly", "may not be read", false);
        partly.setProperty(BacklogEndpoint.PARKED, one("bad"));
        letters().keep(run, partly);

        assertThat(letters().replay(TARGET)).singleElement()
                .satisfies(set -> assertThat(pending(set)).isEqualTo(Map.of("bad", Extent.ENTRY)));
    }

    @Test
    void many_small_records_become_one() throws IOException {
        DeadLetters letters = letters(NEVER);
        for (int i = 0; i < 100; i++) {
            Exchange partly = exchange("partly", "may not be read", false);
            partly.setProperty(BacklogEndpoint.PARKED, one("bad" + i));
            letters.keep(one("bad" + i), partly);
        }

        assertThat(records()).hasSizeLessThan(20);
        DeadLetters later = letters();
        assertThat(records()).hasSizeLessThan(20);
        assertThat(later.count(TARGET)).isEqualTo(records().size());
    }

    @Test
    void what_waits_in_a_backlog_is_on_disk_until_it_has_arrived() throws Exception {
        DeadLetters letters = letters();
        Backlog backlog = new Backlog(TARGET, 0, 100, AT_ONCE, new KnownBacklogPolicy());
        backlog.add(one("a"));
        assertThat(letters.save(backlog, Long.MAX_VALUE, "it waits")).isTrue();
        backlog.add(one("b"));
        assertThat(letters.save(backlog, Long.MAX_VALUE, "it waits")).isTrue();

        assertThat(records()).hasSize(1);
        assertThat(letters.replay(TARGET)).as("it is in the backlog").isEmpty();
        assertThat(letters().replay(TARGET)).as("after a crash").singleElement()
                .satisfies(set -> assertThat(pending(set)).isEqualTo(Map.of("a", Extent.ENTRY, "b", Extent.ENTRY)));

        TransferRun run = backlog.take(Set.of(TransferClass.LIVE));
        assertThat(letters.save(backlog, Long.MAX_VALUE, "it waits")).isTrue();
        assertThat(records()).hasSize(1);
        letters.arrived(run.changes(), TARGET);
        backlog.arrived(run);
        assertThat(records()).isEmpty();
    }

    /** The run had removed its letters already, but was not over. */
    @Test
    void what_is_saved_while_its_run_ends_is_due_once_more() throws Exception {
        DeadLetters letters = letters();
        Backlog backlog = new Backlog(TARGET, 0, 100, AT_ONCE, new KnownBacklogPolicy());
        backlog.add(one("a"));
        TransferRun run = backlog.take(Set.of(TransferClass.LIVE));
        letters.arrived(run.changes(), TARGET);
        letters.save(backlog, Long.MAX_VALUE, "it waits");
        backlog.arrived(run);
        assertThat(letters.replay(TARGET)).isEmpty();

        letters.save(backlog, Long.MAX_VALUE, "it waits");

        assertThat(letters.replay(TARGET)).hasSize(1);
    }

    @Test
    void without_a_state_folder_it_is_said_and_nothing_is_lost() throws IOException {
        Files.createFile(state.resolve("dead-letter"));
        DeadLetters letters = letters();
        Backlog backlog = new Backlog(TARGET, 0, 100, AT_ONCE, new KnownBacklogPolicy());
        backlog.add(one("a"));

        assertThat(letters.save(backlog, Long.MAX_VALUE, "it waits")).isFalse();
        assertThatThrownBy(() -> letters.keep(one("b"), away("it rains"))).isInstanceOf(IOException.class);
        assertThat(letters.fault()).contains(state.toString());
        assertThat(backlog.unsaved(Long.MAX_VALUE)).hasSize(1);

        Files.delete(state.resolve("dead-letter"));
        letters.keep(one("b"), away("it rains"));
        assertThat(letters.fault()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no json", "[]", "{\"target\":\"www/backup\"}", "{}\n{}\n", "{\"sha256\":\"00\"}\n{\"sha256\":\"00\"}\n"})
    void a_record_that_is_none_is_set_aside_and_the_tree_is_owed(String content) throws IOException {
        Path folder = Files.createDirectories(state.resolve("dead-letter").resolve(TARGET));
        Files.writeString(folder.resolve("1.jsonl"), content);

        assertSetAside(content);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut", "altered", "outside", "extent", "other", "longer"})
    void a_record_that_was_tampered_with_is_set_aside_and_the_tree_is_owed(String how) throws IOException {
        letters().keep(one(how.equals("outside") ? "../../x" : "a"), away("it rains"));
        Path record = records().get(0);
        String content = Files.readString(record);
        String tampered = switch (how) {
            case "cut" -> content.substring(0, content.length() / 2);
            case "altered" -> content.replace("\"a\"", "\"b\"");
            case "extent" -> content.replace("entry", "trees");
            case "other" -> content.replace("backup", "elsewhere");
            case "longer" -> content + "{\"path\":\"b\",\"extent\":\"entry\"}\n";
            default -> content;
        };
        Files.delete(record);
        Files.writeString(record.resolveSibling("1.jsonl"), tampered);

        assertSetAside(tampered);
    }

    private void assertSetAside(String content) throws IOException {
        DeadLetters letters = letters();
        List<ChangeSet> due = letters.replay(TARGET);
        assertThat(due).singleElement().satisfies(set -> assertThat(pending(set)).isEqualTo(Map.of("", Extent.TREE)));
        Path quarantine = state.resolve("quarantine").resolve(TARGET);
        assertThat(quarantine.resolve("1.jsonl")).hasContent(content);
        assertThat(quarantine.resolve("1.jsonl.reason")).isNotEmptyFile();

        letters.arrived(due.get(0), TARGET);
        assertThat(records()).isEmpty();
    }

    @Test
    void the_records_of_a_target_that_is_not_configured_are_set_aside() throws IOException {
        letters().keep(one("a"), away("it rains"));
        DeadLetters others = new DeadLetters(state);
        others.open("www/other", AT_ONCE);

        assertThat(others.setAsideUnknown()).containsExactly(TARGET);
        assertThat(records()).isEmpty();
        assertThat(state.resolve("quarantine").resolve(TARGET)).isDirectoryContaining("glob:**.jsonl");
    }

    private DeadLetters letters() throws IOException {
        return letters(AT_ONCE);
    }

    private DeadLetters letters(ExponentialBackoff pace) throws IOException {
        DeadLetters letters = new DeadLetters(state);
        letters.open(TARGET, pace);
        return letters;
    }

    private Exchange away(String reason) {
        return exchange("away", reason, false);
    }

    private Exchange again(String reason) {
        return exchange("away", reason, true);
    }

    private Exchange exchange(String outcome, String reason, boolean replay) {
        Exchange exchange = new DefaultExchange(context);
        exchange.setProperty(BacklogEndpoint.TARGET, TARGET);
        exchange.setProperty(BacklogEndpoint.OUTCOME, outcome);
        exchange.setProperty(BacklogEndpoint.REASON, reason);
        exchange.setProperty(BacklogEndpoint.REPLAY, replay);
        return exchange;
    }

    private List<Path> records() throws IOException {
        try (Stream<Path> files = Files.list(state.resolve("dead-letter").resolve(TARGET))) {
            return files.toList();
        }
    }

    private static ChangeSet one(String path) {
        ChangeSet set = new ChangeSet();
        set.add(path, Extent.ENTRY);
        return set;
    }

    private static ChangeSet many(int count) {
        ChangeSet set = new ChangeSet();
        for (int i = 0; i < count; i++) {
            set.add("many/" + i, Extent.ENTRY);
        }
        return set;
    }

    private static Map<String, Extent> pending(ChangeSet set) {
        Map<String, Extent> pending = new TreeMap<>();
        set.forEach(pending::put);
        return pending;
    }
}
