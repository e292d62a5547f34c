package dev.dromedary.rsync;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.dromedary.backlog.BacklogEndpoint;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.filter.FilterRules;
import dev.dromedary.source.SourceGuard;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.dromedary.change.Extent.ATTRIBUTES;
import static dev.dromedary.change.Extent.ENTRY;
import static dev.dromedary.change.Extent.LEVEL;
import static dev.dromedary.change.Extent.TREE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PushFilesFromTest {

    private final OverlongPaths tooLong = new OverlongPaths();

    @TempDir
    private Path scratch;
    private Path source;
    private final ChangeSet changes = new ChangeSet();

    @BeforeEach
    void source() throws IOException {
        source = Files.createDirectories(scratch.resolve("source"));
        Files.createDirectories(source.resolve("a/b"));
        Files.createFile(source.resolve("a/b/file"));
        Files.createFile(source.resolve("#file"));
    }

    private final Exchange exchange = new DefaultExchange(new DefaultCamelContext());

    @Test
    void each_entry_begins_with_a_dot() throws IOException {
        assertThat(list("#file", ENTRY)).containsExactly("./#file");
    }

    @Test
    void a_level_and_a_tree_end_with_a_slash() throws IOException {
        changes.add("a/b", TREE);
        assertThat(list("a", LEVEL)).containsExactly("./a/", "./a/b/");
        assertThat(list("", TREE)).containsExactly("./");
    }

    /** Only what the system says is not there is gone; rsync is to say what it can't read, so that it stays owed. */
    @Test
    void what_can_not_be_looked_at_is_not_gone() throws IOException {
        // no file system takes a name of more than 255 bytes, and that is another answer than that there is none
        String unknown = "n".repeat(300);
        changes.add(unknown + "/file", ENTRY);
        changes.add("a/" + unknown, TREE);
        changes.add("gone/below/file", ENTRY);
        assertThat(list("a/b/file/below/it", ENTRY)).containsExactlyInAnyOrder("./" + unknown + "/file", "./a/" + unknown + "/",
                "./gone", "./a/b/file");
    }

    @Test
    void a_folder_by_itself_has_no_slash() throws IOException {
        assertThat(list("a", ENTRY)).containsExactly("./a");
    }

    @Test
    void what_is_gone_is_listed() throws IOException {
        assertThat(list("a/gone", ENTRY)).containsExactly("./a/gone");
        assertThat(list("a/gone-too", LEVEL)).containsExactlyInAnyOrder("./a/gone", "./a/gone-too");
    }

    @Test
    void below_a_folder_that_is_gone_only_the_topmost_is_listed_and_once() throws IOException {
        changes.add("gone/b/c", ENTRY);
        changes.add("gone/b", LEVEL);
        assertThat(list("gone/d", ENTRY)).containsExactly("./gone");
    }

    /** Who may not delete it by its name, as the folder there is of mode 0555, may by a comparison. */
    @Test
    void what_is_gone_from_a_folder_that_is_compared_is_not_listed() throws IOException {
        changes.add("a/gone/b", ATTRIBUTES);
        changes.add("a/gone/b/c", ATTRIBUTES);
        changes.add("other/gone", ENTRY);
        assertThat(list("a", LEVEL)).containsExactlyInAnyOrder("./a/", "./other");
    }

    @Test
    void below_a_link_only_the_link_is_listed() throws IOException {
        Files.createDirectories(scratch.resolve("outside"));
        Files.createFile(scratch.resolve("outside/secret"));
        Files.createSymbolicLink(source.resolve("link"), scratch.resolve("outside"));

        changes.add("link/secret", ENTRY);
        assertThat(list("link", LEVEL)).containsOnly("./link");
    }

    @Test
    void below_a_file_only_the_file_is_listed() throws IOException {
        assertThat(list("#file/was/a/folder", ENTRY)).containsExactly("./#file");
    }

    @Test
    void what_is_left_out_is_not_listed_be_it_there_or_gone() throws IOException {
        Files.createDirectories(source.resolve(".git"));
        Files.createFile(source.resolve(".git/config"));
        changes.add(".git/config", ENTRY);
        changes.add("a/x.swp", ENTRY);
        changes.add("a/.git", ENTRY);
        changes.add("a/.git/gone", ENTRY);

        assertThat(list(".git", LEVEL, "- .git/", "- *.swp")).isEmpty();
    }

    @Test
    void a_rule_for_folders_does_not_hold_for_a_file() throws IOException {
        Files.createFile(source.resolve("build"));

        assertThat(list("build", ENTRY, "- build/")).containsExactly("./build");
    }

    @Test
    void without_missing_args_the_folder_of_what_is_gone_is_compared() throws IOException {
        changes.add("a/b/gone", ENTRY);
        changes.add("a/b/gone-too", ENTRY);
        changes.add("a/b/file", ENTRY);
        changes.add("gone", ENTRY);

        byte[] list = new PushFilesFrom(new SourceGuard(source, null), FilterRules.NONE, receiver("3.4.3"), tooLong).list(changes, exchange);
        assertThat(entries(list)).containsExactly("./a/b/file");
        assertThat(compared()).containsExactly(LEVEL + " ", LEVEL + " a/b");
    }

    /** rsync -a --delete deletes what it finds there by the rules for that, and not by those for what was here. */
    @ParameterizedTest
    @ValueSource(strings = {"- *.git/", "+ */ | + *.jpg | - *", "+ /gone.git | - *.git/"})
    void where_the_rules_depend_on_what_it_is_the_folder_of_what_is_gone_is_compared(String rules) throws IOException {
        changes.add("a/gone.git", ENTRY);
        changes.add("a/gone.git/b/c", ENTRY);

        assertThat(list("a/gone.jpg", ENTRY, rules.split(" [|] "))).containsExactly("./a/gone.jpg");
        assertThat(compared()).containsExactly(LEVEL + " a");
    }

    @Test
    void what_has_become_something_that_is_left_out_is_compared() throws IOException {
        Files.createDirectory(source.resolve("a/.git"));

        assertThat(list("a/.git", ENTRY, "- .git/")).isEmpty();
        assertThat(compared()).containsExactly(LEVEL + " a");
    }

    @Test
    void so_is_what_has_become_a_file_where_only_folders_are_mirrored() throws IOException {
        Files.createFile(source.resolve("a/x"));

        assertThat(list("a/x", ENTRY, "+ */", "- *")).isEmpty();
        assertThat(compared()).containsExactly(LEVEL + " a");
    }

    private List<String> compared() {
        List<String> compared = new ArrayList<>();
        exchange.getProperty(BacklogEndpoint.COMPARED, ChangeSet.class).forEach((path, extent) -> compared.add(extent + " " + path));
        return compared.stream().sorted().toList();
    }

    private static ReceiverState receiver(String version) throws IOException {
        return new ReceiverState("t/a", RsyncVersion.parse("rsync  version " + version + "  protocol version 32"));
    }

    @Test
    void a_path_that_rsync_would_cut_is_not_listed() throws IOException {
        String deep = "0123456789/".repeat(400) + "x";

        assertThat(deep.length()).isGreaterThan(4093);
        changes.add(deep.replace("/", "_"), ENTRY);
        assertThat(list("a", ENTRY)).containsExactly("./a");
    }

    @Test
    void a_source_that_is_gone_is_not_an_empty_one() throws IOException {
        PushFilesFrom list = new PushFilesFrom(new SourceGuard(source, null), FilterRules.NONE, receiver("3.5.0"), tooLong);
        list.list(changes, exchange);
        Files.move(source, scratch.resolve("moved"));
        assertThatThrownBy(() -> list.list(ChangeSet.ofWholeTree(), exchange)).isInstanceOf(IOException.class)
                .hasMessageContaining("is not there");

        Files.createDirectory(source);
        assertThatThrownBy(() -> list.list(ChangeSet.ofWholeTree(), exchange)).isInstanceOf(IOException.class)
                .hasMessageContaining("another folder");
    }

    private List<String> list(String path, Extent extent, String... rules) throws IOException {
        changes.add(path, extent);
        return entries(new PushFilesFrom(new SourceGuard(source, null), FilterRules.of(List.of(rules)), receiver("3.5.0"), tooLong)
                .list(changes, exchange));
    }

    private static List<String> entries(byte[] list) {
        String text = new String(list, StandardCharsets.ISO_8859_1);
        return text.isEmpty() ? List.of() : List.of(text.split("\0"));
    }
}
