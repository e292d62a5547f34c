package dev.dromedary.topic;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.dromedary.filter.FilterRules;
import dev.dromedary.filter.PathFilter;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class RemoteSourceGuardTest {

    private static final long LONG_AGO = Long.MAX_VALUE;

    @TempDir
    private Path dir;
    private Path folder;
    private Path memory;

    @BeforeEach
    void folder() throws IOException {
        folder = Files.createDirectory(dir.resolve("folder"));
        memory = RemoteSourceGuard.file(dir.resolve("state"), "t");
        for (String name : List.of("a", "b", "c", "d")) {
            Files.createFile(folder.resolve(name));
        }
    }

    @Test
    void half_of_the_names_that_it_had_are_enough_and_fewer_are_not() throws IOException {
        assertThat(isKnown(source(), listed("a", "b", "c", "d"), false)).isTrue();

        assertThat(isKnown(source(), listed("a"), false)).isFalse();
        assertThat(isKnown(source(), listed("lost+found"), false)).isFalse();
        assertThat(isKnown(source(), listed("x", "y", "z"), false)).isFalse();
        assertThat(isKnown(source(), listed("a", "b"), false)).isTrue();
    }

    /** What it had is remembered, and not what is here: somebody may have put something here. */
    @Test
    void what_is_here_alone_does_not_count() throws IOException {
        isKnown(source(), listed("a", "b", "c"), false);
        for (int i = 0; i < 10; i++) {
            Files.createFile(folder.resolve("mine" + i));
        }

        assertThat(isKnown(source(), listed("a", "b"), false)).isTrue();
    }

    @Test
    void it_may_shrink_step_by_step() throws IOException {
        RemoteSourceGuard source = source();
        assertThat(isKnown(source, listed("a", "b", "c", "d"), false)).isTrue();
        assertThat(isKnown(source, listed("a", "b"), false)).isTrue();
        assertThat(isKnown(source, listed("a"), false)).isTrue();
        assertThat(isKnown(source, listed(), false)).isFalse();
        assertThat(source.isEmptied(listed())).as("nobody has said so").isFalse();

        source.said(told(null, null), null, LONG_AGO);
        assertThat(source.isEmptied(listed("x"))).isFalse();
        assertThat(source.isEmptied(listed("lost+found"))).isTrue();
        assertThat(isKnown(source, listed("anything"), false)).as("what was emptied may come back in any form").isTrue();
    }

    @Test
    void its_owner_may_tell_of_other_names() throws IOException {
        RemoteSourceGuard source = source();
        isKnown(source, listed("a", "b", "c", "d"), false);
        source.said(told(null, null, "new", "newer", "lost+found"), null, LONG_AGO);

        assertThat(isKnown(source, listed("lost+found"), false)).isFalse();
        assertThat(isKnown(source, listed("new"), false)).isTrue();
    }

    /** For the paths of a record that was sent a moment ago nobody has to ask whether the source is still there. */
    @Test
    void a_recent_word_of_its_owner_is_as_good_as_a_probe() throws IOException {
        RemoteSourceGuard source = source();
        source.said(told("1f", null, "a", "b"), null, 0);
        assertThat(source.isInDoubt(false, null)).as("it was never probed").isTrue();
        isKnown(source, listed("a", "b", "c", "d"), false);
        assertThat(source.isInDoubt(false, null)).isFalse();
        awaitDoubt(source);

        source.said(told("1f", null, "a", "b"), null, LONG_AGO);
        assertThat(source.isInDoubt(false, null)).as("it was sent long ago").isTrue();
        source.said(told("2e", null, "a", "b"), null, 0);
        assertThat(source.isInDoubt(false, null)).as("it is of another disk").isTrue();
        source.said(told("1f", null, "x", "y"), null, 0);
        assertThat(source.isInDoubt(false, null)).as("it is of other names").isTrue();
        source.said(told("1f", null, "a", "b"), null, -20);
        assertThat(source.isInDoubt(false, null)).isFalse();
        assertThat(source.isInDoubt(true, null)).as("whole folders are compared").isTrue();
        assertThat(source.isInDoubt(false, true)).as("deletions were counted").isTrue();
    }

    private static void awaitDoubt(RemoteSourceGuard source) {
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> source.isInDoubt(false, null));
    }

    /** Its owner may not know yet that a disk is gone. */
    @Test
    void a_disk_below_it_has_to_have_one_of_its_names() throws IOException {
        Files.createDirectories(folder.resolve("disk"));
        Files.createFile(folder.resolve("disk/x"));
        RemoteSourceGuard source = source();
        source.said(new SourceIdentity(List.of("a", "disk"), null, null, Set.of(), Map.of("disk", List.of("x", "y"))), null, LONG_AGO);
        assertThat(new String(source.question(source.submounts().namesHere()), StandardCharsets.UTF_8)).contains("./disk/x\0").as("there is nothing to lose").doesNotContain("disk/y");

        assertThat(isKnown(source, listed("a", "b", "c", "d", "disk", "disk/x"), false)).isTrue();
        assertThat(isKnown(source, listed("a", "b", "c", "d", "disk"), false)).isFalse();
        assertThat(source.isEmptied(listed())).isFalse();
        RemoteSourceGuard without = source(FilterRules.of(List.of("- disk")));
        without.said(new SourceIdentity(List.of("a", "disk"), null, null, Set.of(), Map.of("disk", List.of("x"))), null, LONG_AGO);
        assertThat(new String(without.question(without.submounts().namesHere()), StandardCharsets.UTF_8)).doesNotContain("disk/x");

        source.said(new SourceIdentity(List.of("a", "disk"), null, null, Set.of("disk"), Map.of()), null, LONG_AGO);
        assertThat(isKnown(source, listed("a", "b", "c", "d", "disk"), false)).as("it is excluded by now").isTrue();
        assertThat(source.submounts().excludes("disk/x", false)).isTrue();
        assertThat(source().submounts().missing()).as("after a restart").containsExactly("disk");

        source.said(new SourceIdentity(List.of("a", "disk"), null, null, Set.of(), Map.of("disk", List.of("x"))), null, LONG_AGO);
        RemoteSourceGuard again = source();
        assertThat(isKnown(again, listed("a", "b", "c", "d", "disk"), false)).as("after a restart, before its owner has said anything").isFalse();
        assertThat(again.isKnown(listed("a", "b", "c", "d", "disk"), false, again.submounts().namesHere(), 23)).as("it could not be looked at").isTrue();
        assertThat(isKnown(again, listed("a", "b", "c", "d", "disk"), false)).isFalse();
        again.accept();
        assertThat(isKnown(again, listed("a", "b", "c", "d", "disk"), false)).isTrue();
        assertThat(isKnown(again, listed("a", "b", "c", "d", "disk"), false)).as("for good").isTrue();

        again = source();
        again.said(new SourceIdentity(List.of("a", "disk"), null, null), null, LONG_AGO);
        assertThat(isKnown(again, listed("a", "b", "c", "d", "disk"), false)).as("its owner has none any more").isTrue();
    }

    /** Its owner may have lost what it remembered, and then takes any disk for the right one. */
    @Test
    void what_its_owner_tells_of_another_disk_counts_only_if_a_person_has_put_that_in_its_place() throws IOException {
        RemoteSourceGuard source = source();
        source.said(told("1f", null, "a", "b"), null, LONG_AGO);
        assertThat(isKnown(source, listed("a", "b", "c", "d"), false)).isTrue();

        source.said(told("2e", null, "other"), null, LONG_AGO);
        assertThat(isKnown(source, listed("other"), false)).isFalse();
        source.said(told("2e", null), null, LONG_AGO);
        assertThat(source.isEmptied(listed())).as("it is another disk that is empty").isFalse();
        source = source();
        source.said(told("2e", null, "other"), null, LONG_AGO);
        assertThat(isKnown(source, listed("other"), false)).as("after a restart").isFalse();

        source.said(told("2e", "1f", "other"), null, LONG_AGO);
        assertThat(isKnown(source, listed("other"), false)).isTrue();
        source.said(told("2e", null, "another"), null, LONG_AGO);
        assertThat(isKnown(source, listed("another"), false)).as("it is the one that is known now").isTrue();
    }

    @Test
    void the_same_names_on_another_disk_are_a_source_that_was_restored() throws IOException {
        RemoteSourceGuard source = source();
        source.said(told("1f", null, "a", "b"), null, LONG_AGO);
        isKnown(source, listed("a", "b", "c", "d"), false);

        source.said(told("2e", null, "a", "b"), null, LONG_AGO);
        assertThat(isKnown(source, listed("a", "b", "c", "d"), false)).isTrue();
        source.said(told("2e", null, "new"), null, LONG_AGO);
        assertThat(isKnown(source, listed("new"), false)).isTrue();
    }

    @Test
    void one_that_was_never_asked_has_half_of_what_is_here_unless_its_first_run_was_looked_at() throws IOException {
        assertThat(isKnown(source(), listed("a"), null)).isFalse();
        assertThat(isKnown(source(), listed("a"), true)).isTrue();
    }

    @Test
    void a_person_may_say_that_it_is_the_right_one() throws IOException {
        isKnown(source(), listed("a", "b", "c", "d"), false);
        RemoteSourceGuard source = source();
        source.accept();

        assertThat(isKnown(source, listed("a"), false)).isTrue();
        assertThat(isKnown(source, listed("a"), false)).isTrue();
        assertThat(isKnown(source, listed(), false)).as("once").isFalse();
    }

    @Test
    void a_damaged_memory_does_no_harm() throws IOException {
        isKnown(source(), listed("a", "b", "c", "d"), false);
        Files.writeString(memory, "{");

        assertThat(isKnown(source(), listed("a"), false)).isFalse();
        assertThat(isKnown(source(), listed("a", "b"), false)).isTrue();
    }

    @Test
    void names_are_read_as_rsync_writes_them() throws IOException {
        Path strange = Files.createDirectory(dir.resolve("strange"));
        Files.createFile(strange.resolve("n\nl"));
        Files.createFile(strange.resolve("a b -> c"));
        RemoteSourceGuard source = new RemoteSourceGuard(strange, "rsync://h/m/", FilterRules.NONE, memory);

        assertThat(new String(source.question(source.submounts().namesHere()), StandardCharsets.ISO_8859_1)).contains("./n\nl\0");
        assertThat(isKnown(source, "drwxr-xr-x          4,096 2026/01/01 00:00:00 .\n"
                + "-rw-r--r--              0 2026/01/01 00:00:00 n\\#012l\n"
                + "lrwxrwxrwx              7 2026/01/01 00:00:00 a b -> c -> else\n", false)).isTrue();
        assertThat(memory).content().contains("n\\\\#012l").contains("a b -> c");
    }

    private static boolean isKnown(RemoteSourceGuard source, String listed, Boolean first) throws IOException {
        return source.isKnown(listed, first, source.submounts().namesHere(), 0);
    }

    private RemoteSourceGuard source(PathFilter leftOut) {
        return new RemoteSourceGuard(folder, "rsync://h/m/", leftOut, memory);
    }

    private RemoteSourceGuard source() {
        return source(FilterRules.NONE);
    }

    private static SourceIdentity told(String fileSystem, String replaced, String... names) {
        return new SourceIdentity(List.of(names), fileSystem, replaced);
    }

    private static String listed(String... names) {
        return Stream.concat(Stream.of("drwxr-xr-x          4,096 2026/01/01 00:00:00 ."),
                Stream.of(names).map(name -> "-rw-r--r--          1,234 2026/01/01 00:00:00 " + name)).collect(Collectors.joining("\n"));
    }
}
