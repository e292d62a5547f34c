package dev.dromedary.change;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static dev.dromedary.change.Extent.ATTRIBUTES;
import static dev.dromedary.change.Extent.ENTRY;
import static dev.dromedary.change.Extent.LEAF;
import static dev.dromedary.change.Extent.LEVEL;
import static dev.dromedary.change.Extent.TREE;
import static dev.dromedary.testing.ChangeSets.pending;
import static org.assertj.core.api.Assertions.assertThat;

public class ChangeSetTest {

    private final ChangeSet set = new ChangeSet();

    @Test
    void a_path_of_as_many_folders_as_rsync_takes_is_shown_and_taken() {
        String deep = "d/".repeat(2045) + "f";
        ChangeSet set = new ChangeSet();
        set.add(deep, ENTRY);
        List<String> shown = new ArrayList<>();
        set.forEach((path, extent) -> shown.add(path));

        assertThat(shown).containsExactly(deep);
        assertThat(set.merge(new ChangeSet()).fold(1).takeFirst().pendingAt(deep).isEmpty()).isFalse();
    }

    @Test
    void the_same_path_twice_is_owed_once() {
        set.add("a/b", ENTRY);
        set.add("a/b", ENTRY);

        assertThat(pending(set)).isEqualTo(Map.of("a/b", ENTRY));
        assertThat(set.size()).isEqualTo(1);
    }

    @Test
    void what_another_set_owes_too_is_taken_out() {
        set.add("a", ENTRY);
        set.add("a/below", ENTRY);
        set.add("level/file", ENTRY);
        set.add("level/folder", LEVEL);
        set.add("tree/deep/file", ENTRY);
        set.add("file/that/was/a/folder", ENTRY);
        set.add("content", ENTRY);
        ChangeSet other = new ChangeSet();
        other.add("a", ENTRY);
        other.add("level", LEVEL);
        other.add("tree", TREE);
        other.add("file", LEAF);
        other.add("content", ATTRIBUTES);
        other.add("not/in/there", ENTRY);

        assertThat(set.subtract(other)).isTrue();
        assertThat(pending(set)).isEqualTo(Map.of("a/below", ENTRY, "level/folder", LEVEL, "content", ENTRY));
        assertThat(set.size()).isEqualTo(3);
        assertThat(set.subtract(other)).isFalse();
    }

    @Test
    void markers_travel_with_it_and_are_no_change() {
        FlushMarker marker = backlog -> { };
        set.mark(List.of(marker));

        assertThat(set.isEmpty()).isTrue();
        assertThat(new ChangeSet().merge(set).markers()).containsExactly(marker);
    }

    @Test
    void the_larger_extent_stays() {
        set.add("a", LEVEL);
        set.add("a", ATTRIBUTES);
        set.add("b", ATTRIBUTES);
        set.add("b", ENTRY);

        assertThat(pending(set)).isEqualTo(Map.of("a", LEVEL, "b", ENTRY));
    }

    @Test
    void a_tree_swallows_all_below_it_and_nothing_beside_it() {
        set.add("a/b/c", ENTRY);
        set.add("a/b", LEVEL);
        set.add("ab", ENTRY);
        set.add("a", TREE);
        set.add("a/later/file", LEVEL);

        assertThat(pending(set)).isEqualTo(Map.of("a", TREE, "ab", ENTRY));
        assertThat(set.size()).isEqualTo(2);
    }

    @Test
    void a_level_swallows_what_lies_directly_in_it_and_nothing_deeper() {
        set.add("a/file", ENTRY);
        set.add("a/sub", LEVEL);
        set.add("a/sub/file", ENTRY);
        set.add("a", LEVEL);
        set.add("a/other", ATTRIBUTES);
        set.add("a/deep/er", ENTRY);

        assertThat(pending(set)).isEqualTo(Map.of("a", LEVEL, "a/sub", LEVEL, "a/deep/er", ENTRY));
        assertThat(set.size()).isEqualTo(3);
    }

    @Test
    void what_lies_below_a_path_that_is_no_folder_any_more_is_owed_no_more_until_it_is_owed_anew() {
        set.add("a", ENTRY);
        set.add("a/b/c", ENTRY);
        set.add("a/d", LEVEL);
        set.add("ab", ENTRY);
        set.add("a", LEAF);

        assertThat(pending(set)).isEqualTo(Map.of("a", LEAF, "ab", ENTRY));
        assertThat(set.size()).isEqualTo(2);

        set.merge(new ChangeSet().merge(set));
        set.add("a/new", ENTRY);

        assertThat(pending(set)).isEqualTo(Map.of("a", LEAF, "a/new", ENTRY, "ab", ENTRY));
    }

    @Test
    void the_whole_tree_swallows_all() {
        set.add("a/b", ENTRY);
        set.merge(ChangeSet.ofWholeTree());
        set.add("c", LEVEL);

        assertThat(pending(set)).isEqualTo(Map.of("", TREE));
        assertThat(set.size()).isEqualTo(1);
    }

    @Test
    void sets_merge_in_any_order() {
        ChangeSet one = new ChangeSet();
        one.add("a/b", ENTRY);
        one.add("c", TREE);
        ChangeSet other = new ChangeSet();
        other.add("a", LEVEL);
        other.add("c/d", ENTRY);

        Map<String, Extent> oneFirst = pending(new ChangeSet().merge(one).merge(other));
        assertThat(oneFirst).isEqualTo(pending(new ChangeSet().merge(other).merge(one)));
        assertThat(oneFirst).isEqualTo(Map.of("a", LEVEL, "c", TREE));
    }

    @Test
    void a_merged_set_is_owed_since_the_older_of_the_two() {
        ChangeSet old = new ChangeSet();
        old.add("a", ENTRY);
        old.since(1000);
        set.add("b", ENTRY);

        assertThat(set.merge(old).since()).isEqualTo(1000);
    }

    @Test
    void a_merged_set_knows_the_dead_letters_of_both() {
        ChangeSet other = new ChangeSet().letter("2");
        other.add("a", ENTRY);

        assertThat(set.letter("1").merge(other).letters()).containsExactlyInAnyOrder("1", "2");
    }

    @Test
    void the_deepest_and_fullest_folders_are_folded_first() {
        set.add("top", ENTRY);
        for (int i = 0; i < 5; i++) {
            set.add("a/b/few/" + i, ENTRY);
        }
        for (int i = 0; i < 50; i++) {
            set.add("a/b/many/" + i, ENTRY);
        }

        assertThat(pending(set.fold(10))).containsEntry("a/b/many", TREE).containsEntry("top", ENTRY)
                .containsEntry("a/b/few/0", ENTRY).hasSize(7);
        assertThat(pending(set.fold(1))).isEqualTo(Map.of("", TREE));
    }
}
