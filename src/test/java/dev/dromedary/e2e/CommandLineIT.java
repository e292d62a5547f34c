package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Tree;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

class CommandLineIT {

    @AutoClose
    private final Stage stage = new Stage();

    @Test
    void a_value_may_come_from_the_environment() {
        stage.inSource("echo 1 >file");
        stage.configuredOnlyWith(
                "mirror.t.source = {{env:DROMEDARY_TEST_SOURCE}}",
                "mirror.t.target.a.url = " + stage.daemon.url("m"));

        Dromedary dromedary = stage.dromedary().environment("DROMEDARY_TEST_SOURCE", stage.source.toString())
                .start().awaitReady();

        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void a_value_may_be_set_by_a_system_property() {
        Path other = stage.scratch.folder("other-target");
        Path state = stage.scratch.root().resolve("other-state");
        stage.inSource("echo 1 >file");
        stage.configured();

        Dromedary dromedary = stage.dromedary()
                .property("mirror.t.target.a.url", other.toString())
                .property("dromedary.state-dir", state.toString())
                .start().awaitReady();

        eventuallySame(stage.source, other, dromedary);
        assertThat(Tree.of(stage.target).has("file")).isFalse();
        assertThat(state).isDirectory();
        assertThat(stage.state).doesNotExist();
    }

    @Test
    void another_file_may_be_named() throws IOException {
        stage.inSource("echo 1 >file");
        Path file = Files.write(stage.scratch.root().resolve("mine.properties"), List.of(
                "mirror.t.source = " + stage.source,
                "mirror.t.target.a.url = " + stage.daemon.url("m")));

        Dromedary dromedary = stage.dromedary().start("--config", file.toString()).awaitReady();

        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void check_says_yes_and_does_nothing() {
        stage.inSource("echo 1 >file");

        Dromedary dromedary = stage.configured().dromedary().start("check");

        assertThat(dromedary.awaitExit()).as(dromedary.output()).isZero();
        assertThat(Tree.of(stage.target).has("file")).isFalse();
    }

    @Test
    void check_may_be_asked_while_it_runs() {
        stage.inSource("echo 1 >file");
        Dromedary running = stage.configured().start().awaitReady();
        Dromedary check = stage.dromedary().start("check");

        assertThat(check.awaitExit()).as(check.output()).isZero();
        eventuallySame(stage.source, stage.target, running);
    }

    @Test
    void a_second_process_does_not_share_a_state_folder() {
        Dromedary running = stage.configured().start().awaitReady();
        Dromedary second = stage.dromedary().start();

        assertThat(second.awaitExit()).isEqualTo(1);
        assertThat(second.output()).contains("process " + running.pid() + " uses it");
        assertThat(running.isReady()).isTrue();
    }

    @Test
    void once_brings_all_in_line_and_ends() {
        stage.inSource("mkdir folder; echo 1 >folder/file; ln -s nowhere link");
        stage.inTarget("echo 2 >stale");
        Dromedary once = stage.configured("mirror.t.reconcile-on-start = false").dromedary().start("once");

        assertThat(once.awaitExit()).as(once.output()).isZero();
        assertThat(once.output()).containsPattern("t/a: 1 file, 2 B \\(.* sent\\), 1 deleted; it took [0-9.]+ m?s");
        eventuallySame(stage.source, stage.target, once);
    }

    @Test
    void once_says_why_it_could_not() {
        stage.inSource("echo 1 >file");
        stage.daemon.stop();
        Dromedary once = stage.configured().dromedary().start("once");

        assertThat(once.awaitExit()).isEqualTo(1);
        assertThat(once.output()).contains("not in line: t/a: nobody listens there");
    }

    @Test
    void a_dry_run_and_verify_say_what_differs_and_change_nothing() {
        stage.inSource("echo 1 >same; echo 1 >new; echo 1 >altered; touch -d @1000000000 same altered");
        stage.inTarget("echo 1 >same; echo 2 >altered; touch -d @1000000000 same altered; echo 1 >stale");
        Tree before = Tree.of(stage.target);
        stage.configured("mirror.t.exclude = *.tmp");

        Dromedary dry = stage.dromedary().start("once", "--dry-run");
        assertThat(dry.awaitExit()).as(dry.output()).isZero();
        assertThat(dry.output()).contains("would create  new\n").contains("would delete  stale\n").doesNotContain("altered")
                .containsPattern("[12] differ, 1 are only at the target; 2 B would be sent; it took ");
        Dromedary codes = stage.dromedary().start("once", "--dry-run", "--itemize");
        assertThat(codes.awaitExit()).as(codes.output()).isZero();
        assertThat(codes.output()).contains("+++++++++ new\n").contains("*deleting   stale\n");

        Dromedary verify = stage.dromedary().start("verify");
        assertThat(verify.awaitExit()).as(verify.output()).isEqualTo(1);
        assertThat(verify.output()).contains("missing there new\n").contains("differs       altered\n").contains("only there    stale\n")
                .doesNotContain(" same");
        assertThat(Tree.of(stage.target)).isEqualTo(before);

        assertThat(stage.dromedary().start("once").awaitExit()).isZero();
        stage.inTarget("echo 1 >altered; touch -d @1000000000 altered");
        Dromedary again = stage.dromedary().start("verify");
        assertThat(again.awaitExit()).as(again.output()).isZero();
        assertThat(again.output()).contains("t/a: 0 differ, 0 are only at the target");
    }

    @Test
    void a_configuration_is_made_of_sersyncs() {
        Dromedary imported = stage.dromedary().start("import-sersync",
                Path.of("src/test/resources/sersync/confxml.xml").toAbsolutePath().toString());

        // not all of what sersync ships can be taken over
        assertThat(imported.awaitExit()).as(imported.output()).isEqualTo(1);
        assertThat(imported.output()).contains("mirror.tongbu.source");
    }
}
