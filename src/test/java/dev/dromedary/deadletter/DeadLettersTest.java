package dev.dromedary.deadletter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class DeadLettersTest {

    private static final String TARGET = "www/backup";

    @TempDir
    private Path state;

    @Test
    void what_is_kept_comes_back_byte_for_byte() throws IOException {
        ChangeSet changes = new ChangeSet();
        changes.add("plain", Extent.ENTRY);
        changes.add("new\nline/\u00ff\u00fe\"", Extent.LEVEL);
        changes.add("mode", Extent.ATTRIBUTES);
        changes.since(1_700_000_000_000L);
        letters().keep(changes, TARGET, new IOException("it rains"), null, null);

        List<ChangeSet> back = letters().replay(TARGET);

        assertThat(back).hasSize(1);
        assertThat(owed(back.get(0))).isEqualTo(owed(changes));
        assertThat(back.get(0).since()).isEqualTo(1_700_000_000_000L);
    }

    @Test
    void a_record_can_be_read_by_a_person_and_by_its_owner_only() throws IOException {
        letters().keep(ChangeSet.wholeTree(), TARGET, new IOException("it rains"), null, null);

        Path record = records().get(0);
        assertThat(Files.readString(record)).contains("it rains").contains("www").contains("tree");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(record.getParent())))
                .isEqualTo("rwx------");
    }

    @Test
    void a_record_stays_until_its_content_has_arrived() throws IOException {
        letters().keep(ChangeSet.wholeTree(), TARGET, null, null, null);
        ChangeSet replayed = letters().replay(TARGET).get(0);
        assertThat(records()).hasSize(1);

        letters().arrived(replayed, TARGET);

        assertThat(records()).isEmpty();
    }

    @Test
    void what_fails_again_takes_the_place_of_what_it_came_from() throws IOException {
        DeadLetters letters = letters();
        for (int i = 0; i < 5; i++) {
            ChangeSet owed = new ChangeSet();
            owed.add("file" + i, Extent.ENTRY);
            letters.replay(TARGET).forEach(owed::merge);
            letters.keep(owed, TARGET, null, null, null);
        }

        assertThat(records()).hasSize(1);
        assertThat(letters.replay(TARGET).get(0).size()).isEqualTo(5);
    }

    @Test
    void what_is_kept_meanwhile_is_not_removed_with_what_arrives() throws IOException {
        DeadLetters letters = letters();
        letters.keep(one("a"), TARGET, null, null, null);
        ChangeSet replayed = letters.replay(TARGET).get(0);
        letters.keep(one("b"), TARGET, null, null, null);

        letters.arrived(replayed, TARGET);

        assertThat(letters.replay(TARGET)).singleElement()
                .satisfies(set -> assertThat(owed(set)).isEqualTo(Map.of("b", Extent.ENTRY)));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "",
        "no json",
        "[]",
        "{\"target\":\"www/backup\"}",
        "{\"target\":\"www/backup\",\"reason\":\"r\",\"since\":\"2026-01-01T00:00:00Z\"}\n{\"path\":\"../../x\",\"extent\":\"entry\"}",
        "{\"target\":\"www/backup\",\"reason\":\"r\",\"since\":\"2026-01-01T00:00:00Z\"}\n{\"path\":\"/etc/passwd\",\"extent\":\"entry\"}",
        "{\"target\":\"www/backup\",\"reason\":\"r\",\"since\":\"2026-01-01T00:00:00Z\"}\n{\"path\":\"a\",\"extent\":\"all\"}",
        "{\"target\":\"www/backup\",\"reason\":\"r\",\"since\":\"2026-01-01T00:00:00Z\"}\n{\"path\":\"a\",\"ext"
    })
    void a_record_that_cannot_be_trusted_is_set_aside_and_the_tree_is_owed(String content) throws IOException {
        Path folder = Files.createDirectories(state.resolve("dead-letter").resolve(TARGET));
        Files.writeString(folder.resolve("1.jsonl"), content);

        assertThat(letters().replay(TARGET)).singleElement()
                .satisfies(set -> assertThat(owed(set)).isEqualTo(Map.of("", Extent.TREE)));
        assertThat(Files.readString(folder.resolve("1.jsonl.bad"))).isEqualTo(content);
        assertThat(letters().replay(TARGET)).isEmpty();
    }

    private DeadLetters letters() {
        return new DeadLetters(state);
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

    private static Map<String, Extent> owed(ChangeSet set) {
        Map<String, Extent> owed = new TreeMap<>();
        set.forEach(owed::put);
        return owed;
    }
}
