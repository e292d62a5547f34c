package dev.dromedary.watch;

import dev.dromedary.watch.HardLinkIndex.Linked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HardLinkIndexTest {

    private static final InodeId ONE = new InodeId(1, 1);
    private static final InodeId OTHER = new InodeId(1, 2);

    private final HardLinkIndex names = new HardLinkIndex(4);

    @Test
    void a_file_is_known_by_each_of_its_names_until_the_last_is_gone() {
        Linked file = names.add("a", ONE);
        assertThat(names.add("b", ONE)).isSameAs(file);
        assertThat(names.add("c", ONE)).isSameAs(file);
        assertThat(names.at("b")).isSameAs(file);
        assertThat(file.paths()).containsExactlyInAnyOrder("a", "b", "c");

        names.remove("b");
        assertThat(file.paths()).containsExactlyInAnyOrder("a", "c");
        names.remove("c");
        names.remove("a");
        names.remove("a");
        assertThat(names.of(ONE)).isNull();
        assertThat(names.size()).isZero();
    }

    @Test
    void a_name_that_another_file_has_got_is_no_more_the_firsts() {
        Linked file = names.add("a", ONE);
        names.add("b", ONE);
        names.add("a", OTHER);

        assertThat(file.paths()).containsExactly("b");
        assertThat(names.of(OTHER).paths()).containsExactly("a");
    }

    @Test
    void there_are_no_more_than_are_allowed() {
        for (String name : new String[] {"a", "b", "c", "d"}) {
            assertThat(names.add(name, ONE)).isNotNull();
        }
        assertThat(names.hasRoom()).isFalse();
        assertThat(names.add("e", ONE)).isNull();
        assertThat(names.add("e", OTHER)).isNull();
        assertThat(names.of(OTHER)).isNull();
        assertThat(names.add("d", ONE)).as("as it is known already").isNotNull();

        names.remove("a");
        assertThat(names.add("e", OTHER)).isNotNull();
    }

    @Test
    void names_elsewhere_are_counted_once_all_others_are_known() {
        Linked file = names.add("a", ONE);
        assertThat(file.isWhole(2)).isFalse();
        file.whole();
        assertThat(file.isWhole(2)).isTrue();
        assertThat(file.isWhole(3)).as("one more has come").isFalse();

        names.add("b", ONE);
        file.whole();
        assertThat(file.isWhole(3)).as("one elsewhere").isTrue();
        assertThat(file.isWhole(2)).as("that one went").isTrue();
        assertThat(file.isWhole(3)).as("another one came").isFalse();
    }
}
