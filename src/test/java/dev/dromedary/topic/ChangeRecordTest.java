package dev.dromedary.topic;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.Move;
import dev.dromedary.filter.FilterRules;
import dev.dromedary.source.SourceGuard;
import org.apache.camel.util.json.DeserializationException;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.dromedary.change.Extent.ATTRIBUTES;
import static dev.dromedary.change.Extent.ENTRY;
import static dev.dromedary.change.Extent.LEAF;
import static dev.dromedary.change.Extent.LEVEL;
import static dev.dromedary.change.Extent.TREE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ChangeRecordTest {

    private static final String HEAD = "{\"version\":1,\"mirror\":\"www\",\"since\":\"2026-01-01T00:00:00Z\",\"names\":[]}\n";

    @TempDir
    private Path source;
    private final ChangeSet changes = new ChangeSet();

    @BeforeEach
    void source() throws IOException {
        Files.createDirectories(source.resolve("a/b"));
        Files.createFile(source.resolve("a/b/file"));
    }

    @Test
    void what_is_owed_comes_back_as_it_is_at_the_source() throws IOException {
        changes.add("a", LEVEL);
        changes.add("a/b", ENTRY);
        changes.add("a/b/file", ENTRY);
        changes.add("gone/below", TREE);
        changes.add("n\n\u00ff", ENTRY);
        changes.add("c", ATTRIBUTES);

        ChangeRecord record = ChangeRecord.read(written().get(0));

        assertThat(record.mirror()).isEqualTo("www");
        assertThat(record.source().names()).containsExactly("a");
        assertThat(record.changes().since()).isEqualTo(changes.since());
        assertThat(pending(record.changes())).isEqualTo(Map.of("a", LEVEL, "a/b/file", LEAF, "gone", LEAF, "n\n\u00ff", LEAF,
                "c", ATTRIBUTES));
    }

    @Test
    void the_whole_tree_and_its_content_are_told() throws IOException {
        ChangeRecord record = ChangeRecord.read(new ChangeRecordWriter("www", new SourceGuard(source, null), FilterRules.NONE)
                .write(ChangeSet.ofWholeTree().byContent(true)).get(0));

        assertThat(record.changes().isWholeTree()).isTrue();
        assertThat(record.changes().isByContent()).isTrue();
    }

    @Test
    void nothing_that_is_left_out_is_told() throws IOException {
        changes.add("a/b/file", ENTRY);
        changes.add("x.swp", ENTRY);

        assertThat(pending(ChangeRecord.read(new ChangeRecordWriter("www", new SourceGuard(source, null), FilterRules.of(List.of("- *.swp")))
                .write(changes).get(0)).changes())).containsOnlyKeys("a/b/file");
    }

    @Test
    void a_large_set_is_cut_into_records_that_a_broker_takes() throws IOException {
        for (int i = 0; i < 20_000; i++) {
            changes.add("some-longer-name-of-a-file-" + i, ENTRY);
        }

        List<String> records = written();

        assertThat(records).hasSizeGreaterThan(2).allSatisfy(record ->
                assertThat(record.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(512 << 10));
        ChangeSet all = new ChangeSet();
        records.forEach(record -> all.merge(ChangeRecord.read(record).changes()));
        assertThat(all.size()).isEqualTo(20_000);
    }

    @Test
    void of_a_source_that_is_gone_nothing_is_told() throws IOException {
        SourceGuard root = new SourceGuard(source.resolve("a"), null);
        ChangeRecordWriter writer = new ChangeRecordWriter("www", root, FilterRules.NONE);
        writer.write(changes);
        Files.move(source.resolve("a"), source.resolve("moved"));

        assertThatThrownBy(() -> writer.write(ChangeSet.ofWholeTree())).isInstanceOf(IOException.class);
    }

    @Test
    void a_record_says_where_it_is_among_the_others() throws IOException {
        ChangeRecordWriter writer = new ChangeRecordWriter("www", new SourceGuard(source, null), FilterRules.NONE);
        changes.add("a", LEVEL);
        RecordSequenceNumber first = order(writer.write(changes).get(0));
        String second = writer.write(changes).get(0);
        writer.acknowledged(second);
        RecordSequenceNumber third = order(writer.write(changes).get(0));

        assertThat(first.number()).isEqualTo(1);
        assertThat(first.after()).isZero();
        assertThat(order(second)).isEqualTo(new RecordSequenceNumber(first.run(), 2, 0));
        assertThat(third).isEqualTo(new RecordSequenceNumber(first.run(), 3, 2));
    }

    @Test
    void a_sign_of_life_is_a_record_that_owes_nothing_to_a_version_that_does_not_know_it() {
        Heartbeat heartbeat = new Heartbeat(Instant.parse("2026-01-01T00:00:00Z"), 30_000, "it is gone", null);
        SourceIdentity source = new SourceIdentity(List.of("lost+found"), "1f", "2e", Set.of("a/b"), Map.of("c", List.of("d")));

        String record = ChangeRecord.of("www", source, heartbeat, new RecordSequenceNumber("r", 0, 5));

        assertThat(record.lines()).hasSize(1).first().asString().contains("\"version\":1", "\"since\":", "\"names\":[\"lost+found\"]");
        assertThat(ChangeRecord.read(record).heartbeat()).isEqualTo(heartbeat);
        assertThat(ChangeRecord.read(record).source()).isEqualTo(source);
        assertThat(ChangeRecord.read(record).order()).isEqualTo(new RecordSequenceNumber("r", 0, 5));
        assertThat(ChangeRecord.read(record).changes().isEmpty()).isTrue();
    }

    @Test
    void a_record_of_a_version_before_there_was_an_order_is_read_and_one_of_a_kind_of_later_on_is_passed_over() {
        assertThat(ChangeRecord.read(HEAD + "{\"path\":\"a\",\"extent\":\"entry\"}\n").order()).isNull();

        ChangeRecord later = ChangeRecord.read("{\"version\":1,\"mirror\":\"www\",\"kind\":\"moves\"}\nwhatever that may be\n");
        assertThat(later.changes().isEmpty()).isTrue();
        assertThat(later.source()).isNull();
    }

    /** What a version before there were moves reads of each line: its path and its extent, and nothing else. */
    @Test
    void a_move_is_told_and_a_version_that_does_not_know_moves_reads_what_is_owed_by_it() throws IOException, DeserializationException {
        Files.createDirectories(source.resolve("b/sub"));
        ChangeSet entries = new ChangeSet();
        entries.add("old", ENTRY);
        entries.add("b", LEVEL);
        entries.add("b/sub", LEVEL);
        changes.moved(new Move("old", "b", true, entries));
        changes.add("c", ENTRY);

        String record = written().get(0);

        ChangeSet read = ChangeRecord.read(record).changes();
        assertThat(read.moves()).singleElement().satisfies(move -> {
            assertThat(move.from() + " " + move.to() + " " + move.folder()).isEqualTo("old b true");
            assertThat(pending(move.entries())).isEqualTo(Map.of("old", LEAF, "b", LEVEL, "b/sub", LEVEL));
        });
        assertThat(pending(read)).isEqualTo(Map.of("old", LEAF, "b", LEVEL, "b/sub", LEVEL, "c", LEAF));
        Map<String, String> before = new LinkedHashMap<>();
        for (String line : record.lines().skip(1).toList()) {
            JsonObject pending = (JsonObject) Jsoner.deserialize(line);
            before.put(pending.getString("path"), pending.getString("extent"));
        }
        assertThat(before).isEqualTo(Map.of("old", "leaf", "b", "level", "b/sub", "level", "c", "leaf"));
    }

    /** What was changed shortly before may be in a record that comes later, so the owner of the source says what it knows. */
    @Test
    void a_move_is_certain_only_if_its_record_says_so() throws IOException {
        Files.createDirectories(source.resolve("b"));
        for (boolean certain : new boolean[] {true, false}) {
            ChangeSet moved = new ChangeSet();
            moved.moved(new Move("old", "b", true, new ChangeSet()).certain(certain));
            ChangeSet entries = moved.moves().get(0).entries();
            entries.add("old", ENTRY);
            entries.add("b", LEVEL);
            String record = new ChangeRecordWriter("www", new SourceGuard(source, null), FilterRules.NONE).write(moved).get(0);

            assertThat(ChangeRecord.read(record).changes().moves()).extracting(Move::certain).containsExactly(certain);
            assertThat(ChangeRecord.read(record.replaceAll(",?\"certain\":(true|false)", "")).changes().moves()).extracting(Move::certain)
                    .as("of a version that does not say").containsExactly(false);
        }
    }

    @Test
    void a_move_that_was_overtaken_is_none() throws IOException {
        ChangeSet entries = new ChangeSet();
        entries.add("a", ENTRY);
        entries.add("gone", LEVEL);
        changes.moved(new Move("a", "gone", true, entries));

        ChangeSet read = ChangeRecord.read(written().get(0)).changes();

        assertThat(read.moves()).isEmpty();
        assertThat(pending(read)).isEqualTo(Map.of("a", ENTRY, "gone", LEAF));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../out", "/etc", "a/../../b"})
    void a_move_from_elsewhere_is_refused(String from) {
        assertThatThrownBy(() -> ChangeRecord.read(HEAD + "{\"path\":\"a\",\"extent\":\"entry\",\"move\":0,\"from\":\"" + from + "\"}\n"))
                .isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("it ");
    }

    private static RecordSequenceNumber order(String record) {
        return ChangeRecord.read(record).order();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "[]", "{}", "{\"version\":2,\"mirror\":\"www\"}", "{\"version\":1}",
        "{\"version\":1,\"mirror\":\"www\",\"since\":\"yesterday\",\"names\":[]}",
        "{\"version\":1,\"mirror\":\"www\",\"since\":\"2026-01-01T00:00:00Z\",\"names\":[\"a/b\"]}",
        "{\"version\":1,\"mirror\":\"www\",\"since\":\"2026-01-01T00:00:00Z\",\"names\":[7]}",
        HEAD + "x", HEAD + "{}", HEAD + "{\"path\":\"a\",\"extent\":\"all\"}", HEAD + "{\"path\":\"/a\",\"extent\":\"entry\"}",
        HEAD + "{\"path\":\"a/../b\",\"extent\":\"entry\"}", HEAD + "{\"path\":\"a\\\\#000\",\"extent\":\"entry\"}"})
    void a_record_that_was_tampered_with_is_told_apart(String record) {
        assertThatThrownBy(() -> ChangeRecord.read(record)).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("it ");
    }

    private List<String> written() throws IOException {
        return new ChangeRecordWriter("www", new SourceGuard(source, null), FilterRules.NONE).write(changes);
    }

    private static Map<String, Extent> pending(ChangeSet set) {
        Map<String, Extent> pending = new LinkedHashMap<>();
        set.forEach(pending::put);
        return pending;
    }
}
