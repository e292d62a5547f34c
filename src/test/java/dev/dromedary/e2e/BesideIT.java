package dev.dromedary.e2e;

import java.util.ArrayList;
import java.util.List;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Relay;
import dev.dromedary.testing.Tree;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

/** Live changes beside a reconcile that takes long. */
class BesideIT {

    @AutoClose
    private final Stage stage = new Stage();

    @Test
    void a_change_does_not_wait_for_a_reconcile_and_is_not_undone_by_it() {
        stage.inSource("mkdir a; echo old >a/file; echo 1 >a/gone; head -c 6000000 /dev/urandom >b-large; mkdir z");
        Relay relay = Relay.holdingAfter(1_000_000, stage.daemon, stage.scratch);
        List<String> lines = new ArrayList<>(List.of("mirror.t.source = " + stage.source));
        lines.addAll(Stage.quickTarget("a", relay.url("m")));
        Dromedary dromedary = stage.configuredOnlyWith(lines.toArray(String[]::new)).start().awaitReady();
        eventually("the large file on its way", dromedary, () -> relay.held() == 1);

        stage.inSource("echo new! >a/file; echo 2 >z/live; rm a/gone; mkdir z/folder; echo 3 >z/folder/file");
        eventually("the change, before the large file", dromedary,
                () -> Tree.of(stage.target).has("z/folder/file"));
        assertThat(dromedary.output()).as("the reconcile is still under way").doesNotContain("in line");

        relay.open();
        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void a_link_in_the_place_of_a_folder_leads_nowhere() {
        stage.inSource("mkdir -p folder/in; echo 1 >folder/in/file; echo 1 >folder/file");
        Dromedary dromedary = stage.configured().start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);

        // what the link points at has the same names, here and at the target's side
        dev.dromedary.testing.Sh.run(stage.scratch.root(),
                "mkdir -p outside/in; echo secret >outside/in/file; echo secret >outside/file; echo keep >outside/keep");
        Tree outside = Tree.of(stage.scratch.root().resolve("outside"));
        stage.inSource("echo 2 >folder/file; rm -r folder; ln -s ../outside folder; touch ../outside/in/file -r ../outside/in/file");
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("rm folder; mkdir folder; echo 3 >folder/file; mv folder f; ln -s ../outside folder; rm folder");
        eventuallySame(stage.source, stage.target, dromedary);

        Tree.assertSame(outside, Tree.of(stage.scratch.root().resolve("outside")));
    }
}
