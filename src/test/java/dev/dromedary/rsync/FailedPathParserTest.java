package dev.dromedary.rsync;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.RawPath;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.dromedary.change.Extent.ATTRIBUTES;
import static dev.dromedary.change.Extent.ENTRY;
import static dev.dromedary.change.Extent.LEVEL;
import static dev.dromedary.change.Extent.TREE;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Lines of rsync 3.5.0 as they were measured. What must never be: all is understood, and a path that failed is not among
 * the failed. Then it is taken for arrived, and nobody brings it any more.
 */
class FailedPathParserTest {

    private static final String SOURCE = "/src";
    private static final FailedPathParser.Place PLACE = new FailedPathParser.Place(SOURCE, "/", path -> false);

    private final ChangeSet run = new ChangeSet();

    @Test
    void a_file_that_could_not_be_read_stays_owed() {
        enqueue("a", "b", "c/d");
        assertFailed("rsync: [sender] send_files failed to open \"/src/b\": Permission denied (13)", "b");
    }

    /** Each end of such a path might be one that was listed; none of them failed, as nothing was tried. */
    @ParameterizedTest
    @ValueSource(strings = {"rsync: [Receiver] mkdir \"/srv/not/there\" failed: No such file or directory (2)",
        "rsync: [Receiver] mkdir \"/srv/not\" failed: Permission denied (13)", "rsync: [Receiver] change_dir#3 \"/srv\" failed: Permission denied (13)"})
    void a_complaint_about_the_target_itself_is_about_no_path(String said) {
        run.add("", TREE, 1);
        FailedPathParser named = FailedPathParser.in(run, new FailedPathParser.Place(SOURCE, "/srv/not/there/", path -> false), said, false);
        assertThat(named.understood()).isFalse();
        assertThat(named.failed().isEmpty()).isTrue();
    }

    @Test
    void a_name_with_a_line_break_is_read_back() {
        enqueue("n\nl", "n");
        assertFailed("rsync: [sender] send_files failed to open \"/src/n\\#012l\": Permission denied (13)", "n\nl");
    }

    @Test
    void a_name_that_looks_like_an_escape_is_read_back() {
        enqueue("n\\#012l", "n\nl");
        assertFailed("rsync: [sender] send_files failed to open \"/src/n\\#134#012l\": Permission denied (13)", "n\\#012l");
    }

    @Test
    void a_folder_that_could_not_be_read_stays_owed_with_all_that_is_in_it() {
        enqueue("dir/x", "dir/y/z", "other");
        assertFailed("rsync: [sender] opendir \"/src/dir\" failed: Permission denied (13)", "dir/x", "dir/y/z");
    }

    @Test
    void what_could_not_be_looked_at_stays_owed() {
        enqueue("dir/x", "dir/y");
        assertFailed("rsync: [sender] link_stat \"/src/dir/x\" failed: Permission denied (13)", "dir/x");
    }

    /** A source that could not be read wholly makes rsync delete nothing (--ignore-errors): folders stay in doubt. */
    @Test
    void while_something_could_not_be_read_folders_stay_owed() {
        run.add("gone/from/here", LEVEL, 1);
        enqueue("b");
        assertFailed("rsync: [sender] send_files failed to open \"/src/b\": Permission denied (13)", "b", "gone/from/here");
    }

    @Test
    void a_folder_that_could_not_be_made_stays_owed_with_all_that_is_in_it() {
        enqueue("sd", "sd/in/it", "other");
        assertFailed("""
                rsync: [generator] recv_generator: mkdir "sd" (in small) failed: Read-only file system (30)
                *** Skipping any contents from this failed directory ***
                """, "sd", "sd/in/it");
    }

    @Test
    void a_temporary_file_stands_for_the_one_that_it_was_to_become() {
        enqueue("a1", "a2", "sd/file", "sd/other");
        assertFailed("rsync: [receiver] mkstemp \".a1.Fm8wgZ\" (in small) failed: Read-only file system (30)", "a1");
        assertFailed("rsync: [receiver] mkstemp \"/.a1.Fm8wgZ\" (in small) failed: Read-only file system (30)", "a1");
        assertFailed("rsync: [receiver] mkstemp \"/tmp/imm/sd/.file.9ddAoT\" failed: Operation not permitted (1)", "sd/file");
    }

    /** rsync puts no second dot before a name that begins with one. */
    @Test
    void a_temporary_file_of_a_hidden_one_stands_for_that_one() {
        enqueue(".hid", "hid");
        assertCovered("rsync: [receiver] mkstemp \"/.hid.lzD7kU\" (in m) failed: Operation not permitted (1)", ".hid", ENTRY);
    }

    /** rsync cuts it, so that the temporary name is no longer than a name may be. */
    @Test
    void a_temporary_file_of_one_with_a_long_name_stands_for_that_one() {
        enqueue("n".repeat(254), "a");
        assertCovered("rsync: [receiver] mkstemp \"/." + "n".repeat(240) + ".P3d8sr\" (in m) failed: Operation not"
                + " permitted (1)", "n".repeat(254), ENTRY);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "rsync: [receiver] mkstemp \".file.Fm8wgZ\" (in small) failed: Operation not permitted (1)",
            "rsync: [receiver] mkstemp \"/.file.Fm8wgZ\" (in small) failed: Operation not permitted (1)",
            "rsync: [receiver] mkstemp \"/backup/.file.9ddAoT\" failed: Operation not permitted (1)",
            "rsync: [receiver] rename \"/.file.hzQEMp\" (in m) -> \"file\": Operation not permitted (1)",
            "rsync: [receiver] rename \"/backup/.file.OjmDeT\" -> \"file\": Operation not permitted (1)"})
    void of_a_tree_too_a_temporary_file_stands_for_the_one_that_it_was_to_become(String line) {
        run.add("", TREE, 1);
        assertCovered(line, "file", ENTRY);
    }

    @Test
    void of_a_tree_too_a_temporary_file_in_a_folder_stands_for_the_one_that_it_was_to_become() {
        run.add("", TREE, 1);
        assertCovered("rsync: [receiver] mkstemp \"/tmp/imm/sd/.file.9ddAoT\" failed: Operation not permitted (1)",
                "sd/file", ENTRY);
    }

    @Test
    void of_a_level_too_a_temporary_file_stands_for_the_one_that_it_was_to_become() {
        run.add("sd", LEVEL, 1);
        assertCovered("rsync: [receiver] mkstemp \"/tmp/imm/sd/.file.9ddAoT\" failed: Operation not permitted (1)",
                "sd/file", ENTRY);
    }

    /** So it is with a file that is immutable (chattr(1)): the folder takes a temporary file, which can't replace it. */
    @Test
    void a_file_that_could_not_be_replaced_stays_owed() {
        enqueue("sd/file", "file", "top");
        assertCovered("rsync: [receiver] rename \"/sd/.file.18wh65\" (in m) -> \"sd/file\": Operation not permitted (1)",
                "sd/file", ENTRY);
        assertCovered("rsync: [receiver] rename \"/dev/shm/tgt/sd/.file.WBBwSO\" -> \"sd/file\": Operation not permitted (1)",
                "sd/file", ENTRY);
    }

    @Test
    void the_attributes_of_a_temporary_file_are_those_of_the_one_that_it_was_to_become() {
        run.add("", TREE, 1);
        assertCovered("rsync: [receiver] chgrp \"/.file.hzQEMp\" (in m) failed: Operation not permitted (1)", "file",
                ATTRIBUTES);
    }

    @Test
    void of_attributes_only_the_attributes_stay_owed() {
        enqueue("a", "b");
        FailedPathParser named = in("rsync: [generator] failed to set times on \"a\" (in small): Operation not permitted (1)");
        assertThat(named.understood()).isTrue();
        assertThat(entries(named.failed())).containsExactly(Map.entry("a", ATTRIBUTES));
    }

    @Test
    void the_attributes_of_the_source_itself_stay_owed() {
        run.add("", TREE, 1);
        assertCovered("rsync: [generator] failed to set times on \".\" (in small): Read-only file system (30)", "", ATTRIBUTES);
        assertCovered("rsync: [generator] failed to set times on \"/.\" (in m): Operation not permitted (1)", "", ATTRIBUTES);
        assertCovered("rsync: [generator] chown \"/.\" (in m) failed: Operation not permitted (1)", "", ATTRIBUTES);
    }

    /** A dead letter with such a path is not trusted when it is read again. */
    @Test
    void no_path_is_named_that_can_not_be_one() {
        run.add("", TREE, 1);
        assertThat(entries(in("rsync: [generator] chown \"/.\" (in m) failed: Operation not permitted (1)").failed()))
                .doesNotContainKey(".");
    }

    @ParameterizedTest
    @ValueSource(strings = {"utime.c", "set_acl", "setxattr"})
    void a_file_by_the_name_of_a_system_call_stays_owed_with_its_content(String name) {
        enqueue(name);
        assertFailed("rsync: [sender] send_files failed to open \"/src/" + name + "\": Permission denied (13)", name);
    }

    @Test
    void a_link_that_could_not_be_made_stays_owed() {
        enqueue("sd/link", "x");
        assertCovered("rsync: [generator] symlink \"/tmp/imm/sd/link\" -> \"x\" failed: Operation not permitted (1)",
                "sd/link", ENTRY);
    }

    @Test
    void what_could_not_be_deleted_stays_owed() {
        enqueue("sd/f2", "sd/old", "f2");
        assertCovered("rsync: [generator] delete_file: unlink(sd/f2) failed: Operation not permitted (1)", "sd/f2", ENTRY);
        assertCovered("rsync: [generator] delete_file: rmdir(sd/old) failed: Operation not permitted (1)", "sd/old", ENTRY);
        assertCovered("""
                rsync: [generator] delete_file: rmdir(sd/old) failed: Permission denied (13)
                could not make way for new regular file: sd/old
                """, "sd/old", ENTRY);
    }

    @Test
    void a_folder_that_is_not_empty_and_so_was_not_deleted_stays_owed() {
        enqueue("sd/old", "a");
        assertCovered("cannot delete non-empty directory: sd/old", "sd/old", ENTRY);
    }

    @Test
    void a_file_for_which_there_was_no_room_stays_owed() {
        enqueue("huge", "small");
        assertFailed("""
                rsync: [receiver] write failed on "huge" (in small): No space left on device (28)
                rsync error: error in file IO (code 11) at receiver.c(380) [receiver=3.5.0]
                """, "huge");
    }

    @Test
    void what_vanished_did_not_fail() {
        enqueue("a/b", "a/c");
        FailedPathParser named = in("""
                file has vanished: "/src/a/b"
                rsync warning: some files vanished before they could be transferred (code 24) at main.c(1394) [sender=3.5.0]
                """);
        assertThat(entries(named.vanished())).containsOnlyKeys("a/b");
        assertThat(named.failed().isEmpty()).isTrue();
        assertThat(named.understood()).isTrue();
    }

    @Test
    void a_line_that_names_nothing_that_was_listed_is_not_understood() {
        enqueue("a");
        assertThat(in("rsync: [sender] send_files failed to open \"/src/b\": Permission denied (13)").understood()).isFalse();
        assertThat(in("rsync: [sender] something new went wrong (99)").understood()).isFalse();
        assertThat(in("ERROR: a failed verification -- update discarded.").understood()).isFalse();
    }

    @Test
    void the_words_of_a_connection_that_ended_are_no_complaint_about_a_path() {
        enqueue("a");
        FailedPathParser named = in("""
                rsync: connection unexpectedly closed (0 bytes received so far) [sender]
                rsync: [sender] read error: Connection reset by peer (104)
                rsync error: error in rsync protocol data stream (code 12) at io.c(232) [sender=3.5.0]
                """);
        assertThat(named.understood()).isTrue();
        assertThat(named.failed().isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\"b", "a\"b\"c", "\"", "a b", " -> ", "a\" -> \"b", "x\" (in m", "x\" (in m)", "a\" failed: b",
            "a) failed: b", "(a", "'", "a\\b", "a\tb", "\u00c3\u00a4", "\u00ff", "a\rb", ".a.abc123", ".hidden", "-a", "a: b"})
    void a_name_of_any_kind_is_found_in_each_line(String name) {
        for (String line : lines(name, "file").values()) {
            ChangeSet files = new ChangeSet();
            // what else could be read out of the line is owed as well
            for (String other : List.of(name, "b", "a", "x", "c", "sub/" + name)) {
                files.add(other, ENTRY, 1);
            }
            assertNeverLost(files, line, name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "rsync: [receiver] mkstemp \"/sub/.file.Fm8wgZ\" (in nob) failed: Permission denied (13)",
            "rsync: [receiver] rename \"/sub/.file.hzQEMp\" (in nob) -> \"sub/file\": Operation not permitted (1)",
            "rsync: [receiver] open \"/sub/file\" (in a (b)) failed: Operation not permitted (1)",
            "rsync: [generator] delete_file: unlink(sub/file) failed: Operation not permitted (1)",
            "cannot delete non-empty directory: sub/file"})
    void of_a_tree_that_one_path_fails_which_the_source_has(String line) {
        run.add("", TREE, 1);
        FailedPathParser.Place place = new FailedPathParser.Place(SOURCE, "/", List.of("sub/file", "file", "b", "sub")::contains);
        assertThat(entries(FailedPathParser.in(run, place, line, false).failed())).containsOnlyKeys("sub/file");
    }

    @Test
    void a_quote_in_a_name_makes_no_other_path_of_it() {
        for (String path : List.of("\"/a", "\\) failedmkstemp./\t \n\"/\\#012\" failed: ) failed\" failed: ")) {
            for (String other : List.of("a", "\\#012")) {
                for (String kind : lines(path, other).keySet()) {
                    whatever_else_the_source_has_a_failed_path_stays_owed(path, other, other, true, kind);
                }
            }
        }
    }

    @Property(tries = 2000, shrinking = ShrinkingMode.BOUNDED)
    void whatever_else_the_source_has_a_failed_path_stays_owed(@ForAll("paths") String path, @ForAll("paths") String other,
            @ForAll("paths") String third, @ForAll boolean tree, @ForAll("kinds") String kind) {
        ChangeSet pending = new ChangeSet();
        List.of(other, third, path).forEach(each -> pending.add(each, ENTRY, 1));
        if (tree) {
            pending.add("", TREE, 1);
        }
        // what is deleted is gone at the source
        List<String> there = List.of("unlink", "rmdir", "make way", "not empty").contains(kind) ? List.of(other, third)
                : List.of(other, third, path);
        FailedPathParser.Place place = new FailedPathParser.Place(SOURCE, "/", there::contains);
        assertNeverLost(pending, FailedPathParser.in(pending, place, lines(path, other).get(kind), false), path, ENTRY, kind);
    }

    /** A folder of mode 0555: who deletes by a comparison gives himself the right to (rsync's delete_item). */
    @Test
    void what_may_not_be_deleted_by_its_name_is_left_to_a_comparison_of_its_folder() {
        enqueue("sub/ro", "other");
        run.add("sub/ro/deep", ATTRIBUTES, 1);
        FailedPathParser.Place place = new FailedPathParser.Place(SOURCE, "/", "sub"::equals);
        FailedPathParser named = FailedPathParser.in(run, place, "rsync: [generator] delete_file: unlink(sub/ro/deep/x) failed: Permission denied (13)", false);
        assertThat(named.understood()).isTrue();
        assertThat(named.failed().isEmpty()).isTrue();
        assertThat(entries(named.compared())).isEqualTo(Map.of("sub", LEVEL));

        run.add("sub", LEVEL, 1);
        assertThat(FailedPathParser.in(run, place, "rsync: [generator] delete_file: unlink(sub/ro) failed: Permission denied (13)", false)
                .failed().isEmpty()).isFalse();
    }

    @Test
    void what_is_gone_and_refused_by_the_daemon_is_done() {
        enqueue("secret", "x");
        FailedPathParser named = in("ERROR: daemon refused to receive file \"secret\"");
        assertThat(named.settled()).isTrue();
        assertThat(named.failed().isEmpty()).isTrue();

        FailedPathParser there = FailedPathParser.in(run, new FailedPathParser.Place(SOURCE, "/", "secret"::equals),
                "ERROR: daemon refused to receive file \"secret\"", false);
        assertThat(entries(there.failed())).containsOnlyKeys("secret");
    }

    /** With more readings than are tried, nothing may be made out by chance. */
    @Test
    void a_name_of_many_quotes_is_not_lost() {
        String name = "a" + "\"".repeat(30);
        for (String line : lines(name, "file").values()) {
            ChangeSet files = new ChangeSet();
            files.add(name, ENTRY, 1);
            files.add("a", ENTRY, 1);
            assertNeverLost(files, line, name);
        }
    }

    @Property(tries = 2000, shrinking = ShrinkingMode.BOUNDED)
    void whatever_the_name_of_a_failed_path_it_stays_owed(@ForAll("paths") String path, @ForAll("paths") String other,
            @ForAll("paths") String third, @ForAll Extent extent, @ForAll("kinds") String kind) {
        ChangeSet pending = new ChangeSet();
        pending.add(other, ENTRY, 1);
        pending.add(third, ENTRY, 1);
        switch (extent) {
            case TREE -> pending.add("", TREE, 1);
            case LEVEL -> pending.add(RawPath.parent(path), LEVEL, 1);
            default -> pending.add(path, ENTRY, 1);
        }
        assertNeverLost(pending, lines(path, other).get(kind), path);
    }

    @Provide
    Arbitrary<String> kinds() {
        return Arbitraries.of(lines("a", "b").keySet());
    }

    @Provide
    Arbitrary<String> paths() {
        Arbitrary<String> part = Arbitraries.of("a", "b", ".", "\"", " ", " -> ", "\" (in m", "\" failed: ", "(", ")",
                ") failed", "\\", "\\#012", "\n", "\t", "\u00e4", "'", ":", ".abc123", "utime", "mkstemp");
        Arbitrary<String> name = part.list().ofMinSize(1).ofMaxSize(4).map(parts -> String.join("", parts))
                .filter(text -> !text.equals(".") && !text.equals(".."));
        return name.list().ofMinSize(1).ofMaxSize(3).map(names -> String.join("/", names));
    }

    /** What rsync says of a path that failed, by what went wrong; all of it owes more than attributes. */
    private static Map<String, String> lines(String path, String linkedTo) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        String folder = path.substring(0, path.length() - name.length());
        String temporary = folder + (name.startsWith(".") ? name : "." + name) + ".Fm8wgZ";
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("read", "[sender] send_files failed to open \"" + escaped(SOURCE + "/" + path) + "\": Permission denied (13)");
        lines.put("look", "[sender] link_stat \"" + escaped(SOURCE + "/" + path) + "\" failed: Permission denied (13)");
        lines.put("list", "[sender] opendir \"" + escaped(SOURCE + "/" + path) + "\" failed: Permission denied (13)");
        lines.put("mkdir", "[generator] recv_generator: mkdir \"" + escaped("/" + path) + "\" (in m) failed: Permission denied (13)");
        lines.put("daemon", "[receiver] mkstemp \"" + escaped("/sub/" + temporary) + "\" (in m) failed: Permission denied (13)");
        lines.put("mkstemp", "[receiver] mkstemp \"" + escaped("/backup/" + temporary) + "\" failed: Operation not permitted (1)");
        lines.put("rename", "[receiver] rename \"" + escaped("/backup/" + temporary) + "\" -> \"" + escaped(path)
                + "\": Operation not permitted (1)");
        lines.put("in a module", "[receiver] rename \"" + escaped("/sub/" + temporary) + "\" (in m) -> \"" + escaped(path)
                + "\": Operation not permitted (1)");
        lines.put("link", "[generator] symlink \"" + escaped("/backup/" + path) + "\" -> \"" + escaped(linkedTo)
                + "\" failed: Operation not permitted (1)");
        lines.put("unlink", "[generator] delete_file: unlink(" + escaped(path) + ") failed: Operation not permitted (1)");
        lines.put("rmdir", "[generator] delete_file: rmdir(" + escaped(path) + ") failed: Operation not permitted (1)");
        lines.put("write", "[receiver] write failed on \"" + escaped("/" + path) + "\" (in m): No space left on device (28)");
        lines.replaceAll((kind, line) -> "rsync: " + line);
        lines.put("make way", "could not make way for new regular file: " + escaped(path));
        lines.put("not empty", "cannot delete non-empty directory: " + escaped(path));
        return lines;
    }

    /** As rsync does it in the locale C, which we run it in (log.c, filtered_fwrite). */
    private static String escaped(String raw) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c != '\t' && (c < 0x20 || c >= 0x7f) || raw.substring(i).matches("(?s)\\\\#[0-9]{3}.*")) {
                text.append(String.format("\\#%03o", (int) c));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    @Test
    void where_one_pulls_the_topmost_folder_that_is_gone_is_owed_in_place_of_what_was_in_it() {
        enqueue("a/b/c/d", "e/f");
        String said = "file has vanished: \"a/b\" (in www)\nfile has vanished: \"a/b/c\" (in www)\n"
                + "WARNING: parent dir is absent in the file list: a/b/c\n"
                + "rsync: [sender] link_stat \"/e/f\" (in www) failed: No such file or directory (2)";

        FailedPathParser named = FailedPathParser.in(run, PLACE, said, true);

        assertThat(entries(named.vanished())).isEqualTo(Map.of("a/b", Extent.LEAF, "e/f", Extent.LEAF));
        assertThat(named.failed().isEmpty()).isTrue();
        assertThat(named.understood()).isTrue();
    }

    private void enqueue(String... paths) {
        for (String path : paths) {
            run.add(path, ENTRY, 1);
        }
    }

    private FailedPathParser in(String said) {
        return FailedPathParser.in(run, PLACE, said, false);
    }

    private void assertFailed(String said, String... paths) {
        FailedPathParser named = in(said);
        assertThat(named.understood()).as("understood: %s", said).isTrue();
        assertThat(entries(named.failed())).as(said).containsOnlyKeys(paths).doesNotContainValue(ATTRIBUTES);
    }

    private void assertCovered(String said, String path, Extent extent) {
        assertNeverLost(run, said, path, extent);
    }

    private static void assertNeverLost(ChangeSet pending, String said, String path) {
        assertNeverLost(pending, said, path, ENTRY);
    }

    private static void assertNeverLost(ChangeSet pending, String said, String path, Extent extent) {
        assertNeverLost(pending, FailedPathParser.in(pending, PLACE, said, false), path, extent, said);
    }

    private static void assertNeverLost(ChangeSet pending, FailedPathParser named, String path, Extent extent, String said) {
        ChangeSet one = new ChangeSet();
        one.add(path, extent, 1);
        assertThat(!named.understood() || one.without(new ChangeSet().merge(named.failed()).merge(named.compared())).isEmpty())
                .as("not understood, or \"%s\" among the failed %s: %s", path, entries(named.failed()), said).isTrue();
    }

    private static Map<String, Extent> entries(ChangeSet set) {
        Map<String, Extent> entries = new LinkedHashMap<>();
        set.forEach(entries::put);
        return entries;
    }
}
