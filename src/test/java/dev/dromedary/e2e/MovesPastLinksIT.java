package dev.dromedary.e2e;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.RsyncDaemon;
import dev.dromedary.testing.Sh;
import dev.dromedary.testing.SshServer;
import dev.dromedary.testing.Tree;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

/** Where a target has a link in place of a folder, a move brings nothing from where the link leads, and changes nothing there. */
class MovesPastLinksIT {

    @AutoClose
    private final Stage stage = new Stage();

    @ParameterizedTest
    @CsvSource({
            // what is moved, the folder above it, one below it, the one that a file leaves
            "p/old, mv p/old new, new/deep/f",
            "p, mv p/old new, new/deep/f",
            "p/old/deep, mv p/old new, new/deep/f",
            "p/old/deep, mkdir new; mv p/old/deep/f new/f, new/f",
            "p, mkdir new; mv p/old/deep/f new/f, new/f",
            // renamed by the way of large files
            "p/old, mkdir new; mv p/old/large new/other, new/other"})
    void a_link_in_place_of_a_folder_is_not_followed(Path link, String move, String moved) {
        SshServer server = SshServer.start(stage.scratch);
        Path remote = stage.scratch.folder("ssh/t");
        Path local = stage.scratch.folder("local/t");
        Path module = stage.scratch.folder("module/t");
        RsyncDaemon daemon = RsyncDaemon.in(stage.scratch).module("n", module.getParent()).start();
        List<Path> targets = List.of(local, remote, module);
        stage.inSource("mkdir -p p/old/deep; head -c 1500000 /dev/urandom >p/old/deep/f; head -c 4000000 /dev/urandom >p/old/large");
        Dromedary dromedary = stage.configuredOnlyWith(Stream.of(
                List.of("mirror.t.source = " + stage.source, "mirror.t.large-file = 3m", "mirror.t.target.s.ssh-options = " + server.options()),
                Stage.quickTarget("l", local), Stage.quickTarget("s", server.url(remote)), Stage.quickTarget("d", daemon.url("n") + "t/"))
                .flatMap(List::stream).toArray(String[]::new)).start().awaitReady();
        for (String name : List.of("l", "s", "d")) {
            eventually("in line", dromedary, () -> dromedary.output().contains("t/" + name + ": in line"));
        }
        targets.forEach(target -> eventuallySame(stage.source, target, dromedary));
        // beside the target, where a module's link may lead, too
        for (Path target : targets) {
            Sh.run(target, "mkdir ../elsewhere; cp -a p ../elsewhere; rm -r " + link + "; ln -s "
                    + "../".repeat(link.getNameCount()) + "elsewhere/" + link + " " + link);
        }
        List<String> before = targets.stream().map(MovesPastLinksIT::elsewhere).toList();

        stage.inSource(move);
        targets.forEach(target -> eventually("the move", dromedary, () -> Tree.of(target).has(moved)));
        stage.inSource("chmod 4711 " + moved + "; touch -d 2001-01-01 " + moved);

        targets.forEach(target -> eventually("the new rights", dromedary, () ->
                Tree.of(target.resolve(moved)).equals(Tree.of(stage.source.resolve(moved)))));
        assertThat(targets.stream().map(MovesPastLinksIT::elsewhere).toList()).isEqualTo(before);
    }

    // with the number of names of each file
    private static String elsewhere(Path target) {
        return Sh.run(target.getParent(), "find elsewhere -printf '%p %n %m %s %T@\\n' | sort");
    }
}
