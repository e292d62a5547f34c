package dev.dromedary.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

import dev.dromedary.rsync.ReleasePlaceholders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ReleaseMemoryTest {

    private static final Instant THEN = Instant.parse("2026-11-28T13:00:00Z");
    private static final Instant NOW = Instant.parse("2026-11-28T14:00:00Z");

    @TempDir
    Path dir;

    private static SortedSet<Integer> numbers(Integer... numbers) {
        return new TreeSet<>(List.of(numbers));
    }

    private static ReleaseInventory there(int current, Integer... numbers) {
        return new ReleaseInventory(numbers(numbers), current, false);
    }

    private static ReleaseMemory memory(int current, SortedSet<Integer> whole, SortedSet<Integer> begun, SortedSet<Integer> going) {
        return new ReleaseMemory(current, THEN, whole, begun, going, null);
    }

    @Test
    void the_first_has_the_number_one() {
        assertThat(ReleaseMemory.NOTHING.next(there(0), 0)).isEqualTo(new ReleasePlaceholders(1, List.of()));
    }

    @Test
    void the_next_shares_with_the_newest_whichever_is_shown() {
        ReleaseMemory memory = memory(3, numbers(3, 4, 5), numbers(), numbers());

        assertThat(memory.next(there(3, 3, 4, 5), 5)).isEqualTo(new ReleasePlaceholders(6, List.of(5)));
    }

    @Test
    void no_number_is_used_twice() {
        assertThat(memory(3, numbers(3), numbers(), numbers()).next(there(3, 3, 9), 3).number()).isEqualTo(10);
        // the newest one was deleted by hand
        assertThat(memory(3, numbers(3), numbers(), numbers()).next(there(3, 3), 4).number()).isEqualTo(5);
        assertThat(memory(12, numbers(11, 12), numbers(13), numbers(10)).highest()).isEqualTo(12);
    }

    @Test
    void the_first_one_goes_on_in_its_folder_and_a_later_one_in_a_new_one() {
        assertThat(memory(0, numbers(), numbers(1), numbers()).next(there(0, 1), 0)).isEqualTo(new ReleasePlaceholders(1, List.of()));
        assertThat(memory(1, numbers(1), numbers(2, 3), numbers()).next(there(1, 1, 2, 3), 1))
                .isEqualTo(new ReleasePlaceholders(4, List.of(3, 2, 1)));
    }

    @Test
    void one_that_is_begun_ever_again_goes_on_at_last() {
        SortedSet<Integer> begun = new TreeSet<>(IntStream.rangeClosed(2, 11).boxed().toList());
        TreeSet<Integer> all = new TreeSet<>(begun);
        all.add(1);

        ReleasePlaceholders next = memory(1, numbers(1), begun, numbers()).next(new ReleaseInventory(all, 1, false), 1);
        assertThat(next).isEqualTo(new ReleasePlaceholders(11, List.of(10, 9, 8, 7, 6, 5, 4, 3, 2, 1)));
    }

    @Test
    void what_the_target_has_puts_it_right() {
        ReleaseMemory memory = memory(3, numbers(2, 3), numbers(4, 5), numbers(1));

        // killed behind the link
        ReleaseMemory shown = memory.seen(there(4, 2, 3, 4), NOW);
        assertThat(shown).isEqualTo(new ReleaseMemory(4, NOW, numbers(2, 3, 4), numbers(), numbers(), null));
        assertThat(memory.seen(there(3, 1, 2, 3, 4, 5), NOW)).isEqualTo(memory);
        // somebody has deleted all
        assertThat(memory.seen(there(0), NOW)).isEqualTo(new ReleaseMemory(0, null, numbers(), numbers(), numbers(), null));
    }

    @Test
    void what_is_not_known_is_whole_up_to_the_current_one() {
        ReleaseMemory learned = ReleaseMemory.NOTHING.seen(there(3, 1, 2, 3, 7), NOW);

        assertThat(learned).isEqualTo(new ReleaseMemory(3, NOW, numbers(1, 2, 3), numbers(), numbers(), null));
        assertThat(learned.next(there(3, 1, 2, 3, 7), 3)).isEqualTo(new ReleasePlaceholders(8, List.of(3)));
        // a first one that is not whole; its files are
        assertThat(ReleaseMemory.NOTHING.seen(there(0, 1), NOW).next(there(0, 1), 0)).isEqualTo(new ReleasePlaceholders(2, List.of(1)));
    }

    @Test
    void the_newest_stay_and_the_current_one() {
        ReleaseMemory memory = memory(2, numbers(1, 2, 3, 4, 5), numbers(6), numbers());

        assertThat(memory.doomed(there(2, 1, 2, 3, 4, 5, 6), 2)).containsExactly(1, 3, 6);
        assertThat(memory.doomed(there(2, 1, 2, 3, 4, 5, 6, 7), 9)).containsExactly(6);
        ReleaseMemory going = memory.go(numbers(1, 3, 6));
        assertThat(going).isEqualTo(new ReleaseMemory(2, THEN, numbers(2, 4, 5), numbers(), numbers(1, 3, 6), null));
        // one that is half deleted is no release any more
        assertThat(going.seen(there(2, 2, 3, 4, 5), NOW).whole()).containsExactly(2, 4, 5);
        assertThat(going.doomed(there(2, 2, 3, 4, 5), 5)).containsExactly(3);
        assertThat(going.gone().going()).isEmpty();
    }

    @Test
    void what_is_unknown_goes_with_those_that_are_older_than_what_is_kept() {
        assertThat(memory(8, numbers(7, 8), numbers(), numbers()).doomed(there(8, 3, 7, 8, 12), 2)).containsExactly(3);
    }

    @Test
    void it_is_written_and_read() throws IOException {
        Path file = ReleaseMemory.file(dir, "www", "web");
        assertThat(file).isEqualTo(dir.resolve("release/www-web.json"));
        assertThat(ReleaseMemory.read(file)).isEmpty();
        ReleaseMemory memory = memory(3, numbers(1, 3), numbers(4), numbers(2)).want(NOW);

        memory.write(file);
        assertThat(ReleaseMemory.read(file)).contains(memory);
        ReleaseMemory.NOTHING.write(file);
        assertThat(ReleaseMemory.read(file)).contains(ReleaseMemory.NOTHING);
    }

    @Test
    void one_that_is_damaged_is_said_to_be() throws IOException {
        Path file = ReleaseMemory.file(dir, "www", "web");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "{\"version\":1}");
        assertThatThrownBy(() -> ReleaseMemory.read(file)).isInstanceOf(IOException.class).hasMessage("it is damaged");
    }
}
