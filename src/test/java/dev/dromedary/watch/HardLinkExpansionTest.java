package dev.dromedary.watch;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import com.sun.jna.Platform;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.RawPath;
import dev.dromedary.filter.FilterRules;
import dev.dromedary.testing.Scratch;
import dev.dromedary.testing.Sh;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static dev.dromedary.change.Extent.ATTRIBUTES;
import static dev.dromedary.change.Extent.ENTRY;
import static dev.dromedary.change.Extent.LEVEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What is owed besides what the kernel has told of, which is what each test says. */
class HardLinkExpansionTest {

    @AutoClose
    private final Scratch scratch = Scratch.create();
    private final Path source = scratch.folder("source");
    private final Map<String, Extent> all = new TreeMap<>();

    @BeforeAll
    static void onlyOnLinux() {
        assumeTrue(Platform.isLinux() && Platform.is64Bit(), "statx is Linux's");
    }

    private HardLinkExpansion follow(String script) {
        return links(script, false, 1000);
    }

    private HardLinkExpansion links(String script, boolean joined, int most) {
        Sh.run(source, script);
        HardLinkExpansion links = new HardLinkExpansion(RawPath.of(source), FilterRules.of(List.of("- left-out")), joined, most, () -> { });
        scratch.own(links::close);
        return links;
    }

    private Map<String, Extent> pending(HardLinkExpansion links, Map<String, Extent> told) {
        return pending(links, told, told);
    }

    private Map<String, Extent> pending(HardLinkExpansion links, Map<String, Extent> told, Map<String, Extent> touched) {
        ChangeSet pending = new ChangeSet();
        told.forEach(pending::add);
        links.expand(pending, touched);
        Map<String, Extent> others = new TreeMap<>();
        pending.forEach(others::put);
        all.putAll(others);
        others.keySet().removeAll(told.keySet());
        return others;
    }

    private Map<String, Extent> changesAfter(HardLinkExpansion links, String script, String... told) {
        Sh.run(source, script);
        Map<String, Extent> entries = new TreeMap<>();
        List.of(told).forEach(path -> entries.put(path, ENTRY));
        return pending(links, entries);
    }

    private void known(HardLinkExpansion links, int names) {
        until(() -> links.known() == names);
    }

    private void eventually(HardLinkExpansion links, String path, Extent extent) {
        until(() -> {
            pending(links, Map.of());
            return all.get(path) == extent;
        });
    }

    private static void until(java.util.concurrent.Callable<Boolean> condition) {
        Awaitility.await().atMost(20, TimeUnit.SECONDS).pollInterval(20, TimeUnit.MILLISECONDS).until(condition);
    }

    @Test
    void all_names_of_before_the_start_are_owed_as_the_one_is() {
        HardLinkExpansion links = follow("mkdir a b; echo 1 >a/one; ln a/one b/other; ln a/one b/left-out; echo 1 >a/single");
        known(links, 2);

        assertThat(changesAfter(links, "echo 2 >>a/one", "a/one")).containsExactly(Map.entry("b/other", ENTRY));
        assertThat(pending(links, Map.of("b/other", ATTRIBUTES))).containsExactly(Map.entry("a/one", ATTRIBUTES));
        assertThat(changesAfter(links, "echo 2 >a/single", "a/single")).isEmpty();
    }

    @Test
    void a_name_that_is_made_later_is_known_and_so_is_the_first() {
        HardLinkExpansion links = follow("mkdir b; echo 1 >one; ln one with; ln one without");
        known(links, 3);
        Sh.run(source, "echo 1 >first");
        assertThat(named(links, "ln first b/other", "b/other")).isEmpty();
        changesAfter(links, "echo 2 >>b/other", "b/other");
        eventually(links, "first", ENTRY);

        assertThat(changesAfter(links, "echo 2 >>b/other", "b/other")).containsExactly(Map.entry("first", ENTRY));
        assertThat(changesAfter(links, "echo 3 >>first; ln first b/third", "b/third")).containsOnlyKeys("first", "b/other");
    }

    @Test
    void a_change_before_the_names_are_known_is_owed_when_they_are() {
        Sh.run(source, "for i in $(seq 300); do mkdir -p $i/a/b; echo 1 >$i/a/b/file; done");
        HardLinkExpansion links = follow("mkdir z; ln 300/a/b/file z/other; echo 2 >>z/other");

        pending(links, Map.of("z/other", ENTRY));
        eventually(links, "300/a/b/file", ENTRY);
    }

    @Test
    void a_name_that_comes_or_goes_owes_the_others_only_where_they_are_kept_one() {
        HardLinkExpansion links = follow("mkdir a; echo 1 >a/one; ln a/one a/other");
        known(links, 2);
        assertThat(named(links, "ln a/one a/third; rm a/other", "a/third", "a/other")).isEmpty();
        assertThat(changesAfter(links, "echo 2 >>a/third", "a/third")).containsOnlyKeys("a/one");
        assertThat(changesAfter(links, "ln a/one a/fourth; echo 3 >>a/fourth", "a/fourth")).containsOnlyKeys("a/one", "a/third");
        Sh.run(source, "ln a/one a/fifth; chmod 600 a/fifth");
        assertThat(pending(links, Map.of(), Map.of("a/fifth", ATTRIBUTES))).as("before the name itself is owed")
                .containsOnlyKeys("a/one", "a/third", "a/fourth", "a/fifth");

        HardLinkExpansion joined = links("rm a/third a/fourth a/fifth; ln a/one a/other", true, 1000);
        known(joined, 2);
        assertThat(named(joined, "ln a/one a/third", "a/third")).containsOnlyKeys("a/one", "a/other");
        assertThat(named(joined, "rm a/third; ln a/one a/third", "a/third")).containsOnlyKeys("a/one", "a/other");
    }

    @Test
    void names_of_files_as_they_were_that_come_with_a_folder_owe_nothing() {
        HardLinkExpansion links = follow("mkdir a; echo 1 >a/one; touch -d 2001-01-01 a/one; ln a/one a/other");
        known(links, 2);
        pending(links, Map.of("a/one", ENTRY));
        Sh.run(source, "mkdir new; ln a/one new/third");
        pending(links, Map.of("new", LEVEL), Map.of());
        known(links, 3);
        assertThat(pending(links, Map.of())).isEmpty();

        Sh.run(source, "mkdir newer; ln a/one newer/fourth; echo 2 >>newer/fourth; touch -d 2001-01-01 a/one");
        pending(links, Map.of("newer", LEVEL), Map.of());
        eventually(links, "a/other", ENTRY);
    }

    private Map<String, Extent> named(HardLinkExpansion links, String script, String... told) {
        Sh.run(source, script);
        Map<String, Extent> entries = new TreeMap<>();
        List.of(told).forEach(path -> entries.put(path, ENTRY));
        return pending(links, entries, Map.of());
    }

    @Test
    void where_names_are_kept_one_both_are_owed_again_when_the_first_is_found() {
        HardLinkExpansion links = links("echo 1 >one; touch -d 2001-01-01 one", true, 1000);
        named(links, "ln one other", "other");
        all.clear();

        eventually(links, "one", ENTRY);
        assertThat(all).containsEntry("other", ENTRY);
    }

    @Test
    void what_was_written_by_a_name_that_is_gone_is_owed_by_the_others() {
        HardLinkExpansion links = follow("echo 1 >one; ln one other; ln one third");
        known(links, 3);

        assertThat(changesAfter(links, "echo 2 >>one; rm one", "one")).containsOnlyKeys("other", "third");
        assertThat(changesAfter(links, "echo 3 >>other; echo new >new; mv new other", "other")).containsOnlyKeys("third");
        assertThat(changesAfter(links, "echo 4 >third", "third")).as("it has one name now").isEmpty();
    }

    @Test
    void names_in_a_folder_that_was_moved_are_those_that_it_has_now() {
        HardLinkExpansion links = follow("mkdir -p a/deep b; echo 1 >a/deep/one; ln a/deep/one b/other");
        known(links, 2);
        Sh.run(source, "mv a c");
        pending(links, Map.of("a", ENTRY, "c", LEVEL, "c/deep", LEVEL), Map.of());

        until(() -> changesAfter(links, "echo 2 >>b/other", "b/other").equals(Map.of("c/deep/one", ENTRY)));
        assertThat(changesAfter(links, "echo 3 >>c/deep/one", "c/deep/one")).containsExactly(Map.entry("b/other", ENTRY));
    }

    @Test
    void names_that_came_with_a_folder_are_known() {
        HardLinkExpansion links = follow("echo 1 >one; ln one other");
        known(links, 2);
        Sh.run(source, "mkdir new; ln one new/third; echo 2 >>new/third");
        pending(links, Map.of("new", LEVEL), Map.of());

        eventually(links, "other", ENTRY);
        eventually(links, "one", ENTRY);
    }

    @Test
    void a_name_outside_of_the_source_is_looked_for_once() {
        Path outside = scratch.folder("outside");
        HardLinkExpansion links = follow("mkdir a; echo 1 >a/one; ln a/one a/other; ln a/one " + outside + "/third");
        known(links, 2);
        // the search for the third has to wait
        synchronized (links) {
            pending(links, Map.of("a/one", ENTRY));
            assertInDoubt(links, true);
        }
        until(() -> !isInDoubt(links));

        assertThat(changesAfter(links, "echo 2 >>a/one", "a/one")).containsOnlyKeys("a/other");
        assertInDoubt(links, false);
    }

    private static void assertInDoubt(HardLinkExpansion links, boolean is) {
        assertThat(isInDoubt(links)).isEqualTo(is);
    }

    private static boolean isInDoubt(HardLinkExpansion links) {
        ChangeSet atEnd = new ChangeSet();
        links.end(atEnd);
        return atEnd.isWholeTree();
    }

    @Test
    void no_more_names_are_known_than_are_allowed_and_room_is_made_of_those_that_are_gone() {
        HardLinkExpansion links = links("for i in 1 2 3 4 5 6 7 8; do echo $i >$i; ln $i $i.other; done", false, 10);
        known(links, 10);
        assertThat(changesAfter(links, "echo 2 >>1; echo 2 >>2; echo 2 >>3; echo 2 >>4; echo 2 >>5; echo 2 >>6; echo 2 >>7; echo 2 >>8",
                "1", "2", "3", "4", "5", "6", "7", "8").keySet()).hasSizeLessThanOrEqualTo(8);
        assertThat(links.known()).isLessThanOrEqualTo(10);

        // nobody tells of it
        Sh.run(source, "rm ? ?.other; echo 1 >one; ln one other");
        pending(links, Map.of("1", ENTRY, "2", ENTRY, "3", ENTRY, "4", ENTRY, "5", ENTRY, "6", ENTRY, "7", ENTRY, "8", ENTRY));
        pending(links, Map.of("other", ENTRY));
        until(() -> changesAfter(links, "echo 2 >>other", "other").containsKey("one"));
    }
}
