package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.dromedary.testing.Dromedary;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

/** A file with several names, in folders of their own: the kernel tells of a change under one of them. */
class HardLinksIT {

    @AutoClose
    private final Stage stage = new Stage();

    private Dromedary mirroring(String... more) {
        stage.inSource("mkdir -p a/deep b; echo 1 >a/deep/one; ln a/deep/one b/other; echo 1 >single");
        Dromedary dromedary = stage.configured(more).start().awaitReady();
        eventually("in line", dromedary, () -> dromedary.output().contains("t/a: in line"));
        return dromedary;
    }

    @Test
    void what_is_written_by_one_name_arrives_under_all() {
        Dromedary dromedary = mirroring();
        stage.inSource("echo 2 >>a/deep/one");
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("echo 3 >>b/other");
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("printf x | dd of=a/deep/one bs=1 conv=notrunc status=none");
        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void so_it_does_by_a_name_that_was_made_while_it_runs() {
        Dromedary dromedary = mirroring();
        stage.inSource("ln single b/third; ln a/deep/one b/fourth");
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("echo 2 >>b/third; echo 2 >>b/fourth");
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("echo 3 >>single; echo 3 >>b/other");
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("mkdir new; ln single new/fifth; echo 4 >>new/fifth");
        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void what_is_written_by_a_name_that_goes_or_becomes_another_file_arrives_under_the_others() {
        Dromedary dromedary = mirroring();
        stage.inSource("ln single b/third; ln single b/fourth");
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("echo 2 >>single; rm single; echo 2 >>a/deep/one; echo new >new; mv new a/deep/one");
        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void rights_and_times_arrive_under_all() {
        Dromedary dromedary = mirroring();
        stage.inSource("chmod 600 a/deep/one");
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("touch -d 2001-02-03 b/other");
        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void names_in_a_folder_that_is_moved_go_on_being_known() {
        Dromedary dromedary = mirroring();
        stage.inSource("mv a moved");
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("echo 2 >>b/other");
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("echo 3 >>moved/deep/one");
        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void where_they_are_kept_one_file_they_stay_one() {
        Dromedary dromedary = mirroring("mirror.t.rsync-options = -H");
        stage.inSource("echo 2 >>a/deep/one");
        eventuallySame(stage.source, stage.target, dromedary);
        assertOne(dromedary, "a/deep/one", "b/other");

        stage.inSource("ln single b/third; ln b/other b/fourth");
        eventuallySame(stage.source, stage.target, dromedary);
        assertOne(dromedary, "single", "b/third");
        assertOne(dromedary, "a/deep/one", "b/other", "b/fourth");

        stage.inSource("echo 3 >>b/fourth; chmod 600 single; mv a moved; echo 3 >>b/third");
        eventuallySame(stage.source, stage.target, dromedary);
        assertOne(dromedary, "single", "b/third");
        assertOne(dromedary, "moved/deep/one", "b/other", "b/fourth");

        // and what has one name again is a file of its own
        stage.inSource("cp single copy; mv copy single; echo 4 >>single");
        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void ignored_only_the_name_that_was_written_by_arrives() throws IOException {
        Dromedary dromedary = mirroring("mirror.t.hard-links = ignore");
        stage.inSource("echo 2 >>a/deep/one; ln single b/third; echo 2 >>b/third");
        eventually("that name", dromedary, () -> read("a/deep/one").equals("1\n2\n") && read("b/third").equals("1\n2\n"));
        stage.inSource("echo 1 >last");
        eventually("what came later", dromedary, () -> Files.exists(stage.target.resolve("last")));

        assertThat(read("b/other")).isEqualTo("1\n");
        assertThat(read("single")).isEqualTo("1\n");
    }

    @Test
    void what_has_names_outside_of_the_source_or_left_out_is_carried_by_those_in_it() {
        Path outside = stage.scratch.folder("outside");
        stage.inSource("mkdir cache; echo 1 >cache/one; ln cache/one kept; ln cache/one " + outside + "/one");
        Dromedary dromedary = mirroring("mirror.t.exclude = cache/");
        stage.inSource("echo 2 >>cache/one; echo 2 >>kept; ln kept also");
        eventually("both", dromedary, () -> read("kept").equals("1\n2\n2\n") && read("also").equals("1\n2\n2\n"));
        stage.inSource("echo 3 >>also");
        eventually("both", dromedary, () -> read("kept").equals("1\n2\n2\n3\n") && read("also").equals("1\n2\n2\n3\n"));
        assertThat(stage.target.resolve("cache")).doesNotExist();
    }

    private String read(String path) throws IOException {
        Path file = stage.target.resolve(path);
        return Files.exists(file) ? Files.readString(file) : "";
    }

    // it may be a moment later that they are joined
    private void assertOne(Dromedary dromedary, String first, String... others) {
        for (String other : others) {
            eventually(first + " and " + other + " are one", dromedary, () -> Files.getAttribute(stage.target.resolve(first),
                    "unix:ino").equals(Files.getAttribute(stage.target.resolve(other), "unix:ino")));
        }
    }
}
