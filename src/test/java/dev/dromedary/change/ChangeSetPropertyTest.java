package dev.dromedary.change;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

import static org.assertj.core.api.Assertions.assertThat;

/** What holds of a change set whatever was added and merged, in whatever order; {@link Add#covers} is all it is held to. */
class ChangeSetPropertyTest {

    record Add(String path, Extent extent, long when) {

        /** Whether who carries this has carried the other too. */
        boolean covers(Add other) {
            if (path.equals(other.path)) {
                return extent.compareTo(other.extent) >= 0;
            }
            boolean below = path.isEmpty() || other.path.startsWith(path + "/");
            String rest = path.isEmpty() ? other.path : below ? other.path.substring(path.length() + 1) : "";
            return below && (extent == Extent.TREE
                    || extent == Extent.LEVEL && rest.indexOf('/') < 0 && other.extent.compareTo(Extent.ENTRY) <= 0);
        }
    }

    @Property
    void all_that_was_added_is_owed(@ForAll("additions") List<List<Add>> additions) {
        List<Add> pending = pending(merged(additions));
        assertThat(flat(additions)).allMatch(add -> pending.stream().anyMatch(entry -> entry.covers(add)));
    }

    @Property
    void nothing_is_owed_that_was_not_added(@ForAll("additions") List<List<Add>> additions) {
        List<Add> added = flat(additions);
        assertThat(pending(merged(additions))).allMatch(entry -> added.stream().anyMatch(add -> add.covers(entry)));
    }

    @Property
    void nothing_is_owed_twice(@ForAll("additions") List<List<Add>> additions) {
        List<Add> pending = pending(merged(additions));
        assertThat(pending).noneMatch(entry -> pending.stream().anyMatch(other -> other != entry && other.covers(entry)));
    }

    @Property
    void a_run_may_touch_what_is_in_the_same_top_folder_as_something_pending(@ForAll("adds") List<Add> adds, @ForAll("adds") List<Add> others) {
        ChangeSet set = set(adds);
        List<Add> pending = pending(set);
        assertThat(others).allMatch(other -> set.touches(other.path)
                == pending.stream().anyMatch(entry -> entry.path.isEmpty() || other.path.isEmpty()
                        || entry.path.split("/")[0].equals(other.path.split("/")[0])));
    }

    @Property
    void the_size_is_the_number_of_entries(@ForAll("additions") List<List<Add>> additions) {
        ChangeSet set = merged(additions);
        assertThat(set.size()).isEqualTo(pending(set).size());
        assertThat(set.isEmpty()).isEqualTo(flat(additions).isEmpty());
    }

    @Property
    void a_folder_comes_before_what_lies_in_it(@ForAll("additions") List<List<Add>> additions) {
        List<String> paths = pending(merged(additions)).stream().map(Add::path).toList();
        for (int i = 0; i < paths.size(); i++) {
            String before = paths.get(i).isEmpty() ? "" : paths.get(i) + "/";
            assertThat(paths.subList(0, i)).noneMatch(path -> path.startsWith(before));
        }
    }

    @Property
    void the_order_of_additions_makes_no_difference(@ForAll("additions") List<List<Add>> additions,
            @ForAll Random random) {
        List<Add> other = new ArrayList<>(flat(additions));
        Collections.shuffle(other, random);
        assertSame(merged(additions), set(other));
    }

    @Property
    void merging_is_commutative(@ForAll("adds") List<Add> one, @ForAll("adds") List<Add> other) {
        assertSame(set(one).merge(set(other)), set(other).merge(set(one)));
    }

    @Property
    void merging_is_associative(@ForAll("adds") List<Add> one, @ForAll("adds") List<Add> two,
            @ForAll("adds") List<Add> three) {
        assertSame(set(one).merge(set(two)).merge(set(three)), set(one).merge(set(two).merge(set(three))));
    }

    @Property
    void merging_is_idempotent(@ForAll("adds") List<Add> one, @ForAll("adds") List<Add> other) {
        ChangeSet once = set(one).merge(set(other));
        assertSame(once, set(one).merge(set(other)).merge(set(other)));
        assertSame(once, set(one).merge(set(other)).merge(once));
        assertSame(once, once.merge(new ChangeSet()));
        assertSame(once, new ChangeSet().merge(once));
    }

    @Property
    void what_was_merged_stays_as_it_was_and_apart(@ForAll("adds") List<Add> one, @ForAll("adds") List<Add> other,
            @ForAll("adds") List<Add> later) {
        ChangeSet taken = set(other);
        ChangeSet all = set(one).merge(taken);
        later.forEach(add -> all.add(add.path, add.extent, add.when));
        assertSame(taken, set(other));
        assertSame(all, set(one).merge(set(other)).merge(set(later)));
    }

    @Property
    void it_is_owed_since_the_first_addition(@ForAll("additions") List<List<Add>> additions) {
        long first = flat(additions).stream().mapToLong(Add::when).min().orElse(Long.MAX_VALUE);
        assertThat(merged(additions).since()).isEqualTo(first);
    }

    @Property
    void no_dead_letter_is_forgotten(@ForAll("adds") List<Add> one, @ForAll("adds") List<Add> other,
            @ForAll Set<Integer> first, @ForAll Set<Integer> second) {
        ChangeSet set = set(one);
        ChangeSet merged = set(other);
        first.forEach(id -> set.letter(id.toString()));
        second.forEach(id -> merged.letter(id.toString()));

        Set<Integer> both = new HashSet<>(first);
        both.addAll(second);
        assertThat(set.merge(merged).letters())
                .containsExactlyInAnyOrderElementsOf(both.stream().map(Object::toString).toList());
    }

    /** Each list is a set of its own that is merged; a list of one is added. */
    @Provide
    Arbitrary<List<List<Add>>> additions() {
        return adds().list().ofMaxSize(8);
    }

    @Provide
    Arbitrary<List<Add>> adds() {
        // few names, some of them the beginning of another, so that paths meet
        Arbitrary<String> paths = Arbitraries.frequencyOf(
                Tuple.of(30, Arbitraries.of("a", "b", "ab", "a b").list().ofMinSize(1).ofMaxSize(4)
                        .map(names -> String.join("/", names))),
                Tuple.of(1, Arbitraries.just("")));
        Arbitrary<Extent> extents = Arbitraries.frequency(Tuple.of(4, Extent.ATTRIBUTES), Tuple.of(6, Extent.ENTRY),
                Tuple.of(4, Extent.LEVEL), Tuple.of(1, Extent.TREE));
        return Combinators.combine(paths, extents, Arbitraries.longs().between(1, 1_000_000)).as(Add::new)
                .list().ofMaxSize(12);
    }

    private static ChangeSet merged(List<List<Add>> additions) {
        ChangeSet all = new ChangeSet();
        for (List<Add> adds : additions) {
            if (adds.size() == 1) {
                adds.forEach(add -> all.add(add.path, add.extent, add.when));
            } else {
                all.merge(set(adds));
            }
        }
        return all;
    }

    private static ChangeSet set(List<Add> adds) {
        ChangeSet set = new ChangeSet();
        adds.forEach(add -> set.add(add.path, add.extent, add.when));
        return set;
    }

    private static List<Add> flat(List<List<Add>> additions) {
        return additions.stream().flatMap(List::stream).toList();
    }

    private static List<Add> pending(ChangeSet set) {
        List<Add> pending = new ArrayList<>();
        set.forEach((path, extent) -> pending.add(new Add(path, extent, set.since())));
        return pending;
    }

    private static void assertSame(ChangeSet one, ChangeSet other) {
        assertThat(pending(one)).containsExactlyInAnyOrderElementsOf(pending(other));
        assertThat(one.size()).isEqualTo(other.size());
        assertThat(one.since()).isEqualTo(other.since());
    }
}
