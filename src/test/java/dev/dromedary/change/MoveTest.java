package dev.dromedary.change;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static dev.dromedary.change.Extent.ENTRY;
import static dev.dromedary.change.Extent.LEVEL;
import static dev.dromedary.testing.ChangeSets.pending;
import static org.assertj.core.api.Assertions.assertThat;

/** Several moves in a row, as a target that has seen none of them needs to know them. */
class MoveTest {

    private final ChangeSet set = new ChangeSet();

    @Test
    void what_a_move_owes_is_owed() {
        move("a", "b");
        set.add("b/file", ENTRY);

        assertThat(pending(set)).isEqualTo(Map.of("a", ENTRY, "b", LEVEL, "b/file", ENTRY));
        assertThat(set.size()).isEqualTo(3);
        assertThat(moves()).containsExactly("a>b");
    }

    @Test
    void a_chain_is_one_move() {
        move("a", "b");
        move("b", "c");

        assertThat(moves()).containsExactly("a>c");
        assertThat(pending(set)).containsEntry("a", ENTRY).containsEntry("b", LEVEL).containsEntry("c", LEVEL);
    }

    @Test
    void there_and_back_is_none() {
        move("a", "b");
        move("b", "a");

        assertThat(moves()).isEmpty();
        assertThat(pending(set)).containsEntry("a", LEVEL).containsEntry("b", LEVEL);
    }

    @Test
    void two_that_change_places_come_from_each_other() {
        move("a", "x");
        move("b", "a");
        move("x", "b");

        assertThat(moves()).containsExactly("b>a", "a>b");
    }

    @Test
    void what_leaves_a_moved_folder_comes_from_where_the_folder_was() {
        move("a", "b");
        move("b/deep", "c");
        move("b", "d");

        assertThat(moves()).containsExactly("a/deep>c", "a>d");
    }

    @Test
    void what_came_into_a_folder_moves_on_with_it() {
        move("a", "b/a");
        move("b", "c");

        assertThat(moves()).containsExactly("a>c/a", "b>c");
    }

    @Test
    void what_is_moved_over_comes_from_nowhere() {
        move("a", "b");
        move("c", "b");

        assertThat(moves()).containsExactly("c>b");
        assertThat(pending(set)).containsEntry("a", ENTRY);
    }

    @Test
    void what_has_just_come_to_be_is_not_at_the_target_to_be_moved() {
        set.add("new", LEVEL);
        move("new", "b");

        assertThat(moves()).isEmpty();
        assertThat(pending(set)).containsEntry("b", LEVEL);
    }

    @Test
    void what_takes_the_old_place_afterwards_is_no_reason_to_forget_the_move() {
        move("a", "b");
        set.add("a", LEVEL);
        ChangeSet later = new ChangeSet();
        later.add("c", ENTRY);

        assertThat(new ChangeSet().merge(set).merge(later).moves()).hasSize(1);
    }

    @Test
    void sets_are_merged_in_the_order_in_which_they_came() {
        move("a", "b");
        ChangeSet later = new ChangeSet();
        later.moved(new Move("b", "c", true, pendingBy("b", "c")));

        set.merge(later);

        assertThat(moves()).containsExactly("a>c");
    }

    @Test
    void one_is_taken_out_after_the_other() {
        set.add("a/b", ENTRY);
        set.add("a/c", ENTRY);
        set.letter("letter#0");
        move("x", "y");

        ChangeSet move = set.takeFirst();
        ChangeSet first = set.takeFirst();
        ChangeSet last = set.takeFirst();

        assertThat(pending(move)).isEqualTo(Map.of("x", ENTRY, "y", LEVEL));
        assertThat(List.of(first.size(), last.size(), set.size())).containsExactly(1, 1, 0);
        assertThat(first.letters()).isEmpty();
        assertThat(last.letters()).containsExactly("letter#0");
    }

    private void move(String from, String to) {
        set.moved(new Move(from, to, true, pendingBy(from, to)));
    }

    private static ChangeSet pendingBy(String from, String to) {
        ChangeSet entries = new ChangeSet();
        entries.add(from, ENTRY);
        entries.add(to, LEVEL);
        return entries;
    }

    private List<String> moves() {
        return set.moves().stream().map(move -> move.from() + ">" + move.to()).toList();
    }
}
