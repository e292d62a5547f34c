package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Relay;
import dev.dromedary.testing.RsyncDaemon;
import dev.dromedary.testing.Sh;
import dev.dromedary.testing.SshServer;
import dev.dromedary.testing.Tree;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The folder in which large files are written is one that was made for it, and nothing of its name is mirrored. */
class HoldingIT {

    private static final String NAME = ".~dromedary~";
    private static final String LARGE = "head -c 3000000 /dev/urandom >";
    private static final String LARGE_FROM = "mirror.t.large-file = 1m";

    @AutoClose
    private final Stage stage = new Stage();
    private final Path holding = stage.target.resolve(NAME);
    private Path outside;

    @BeforeEach
    void somewhereElse() {
        outside = stage.scratch.folder("outside");
        Sh.run(outside, "echo kept >file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ln -s \"$OUT\" N", "ln -s nowhere N", "echo 1 >N", "mkfifo N", "mkdir N; echo 1 >N/file"})
    void nothing_of_its_name_is_mirrored_whatever_it_is_and_however_deep(String make) throws IOException {
        String script = make.replace("$OUT", outside.toString()).replace("N", NAME);
        stage.inSource("mkdir -p a/b; echo 1 >a/b/file\n" + script + "\ncd a/b; " + script);
        Path local = stage.scratch.folder("local");
        SshServer server = SshServer.start(stage.scratch);
        Path remote = stage.scratch.folder("remote");
        Dromedary dromedary = stage.configured(Stream.of(List.of(LARGE_FROM, "mirror.t.target.s.ssh-options = " + server.options()),
                Stage.quickTarget("l", local), Stage.quickTarget("s", server.url(remote)))
                .flatMap(List::stream).toArray(String[]::new)).start().awaitReady();
        List<Path> targets = List.of(stage.target, local, remote);
        targets.forEach(target -> eventuallySame(mirrored(), () -> Tree.of(target), dromedary));

        // by lists, and by moves in both directions
        stage.inSource("mkdir c d; " + LARGE + "d/large\ncd c\n" + script);
        // the time of a folder does not go when only what is left out of it changes
        stage.inSource("touch c; mv a/b a/moved; rm -r " + NAME + "; mv d " + NAME + "; mkdir e; mv a/moved/" + NAME
                + " e/was; touch a/moved; echo 1 >last");
        targets.forEach(target -> eventuallySame(mirrored(), () -> Tree.of(target), dromedary));

        stage.inSource("rm -r a c; mv " + NAME + " back");
        targets.forEach(target -> eventuallySame(mirrored(), () -> Tree.of(target), dromedary));
        assertThat(Sh.run(outside, "find . -type f")).isEqualTo("./file\n");
    }

    private Tree mirrored() {
        Tree tree = Tree.of(stage.source);
        for (String folder : List.of("", "a/b/", "a/moved/", "c/")) {
            tree = tree.without(folder + NAME);
        }
        return tree;
    }

    @Test
    void what_another_version_has_mirrored_of_its_name_goes() {
        stage.inSource("mkdir stays; echo 1 >stays/file");
        stage.inTarget("mkdir -p gone/deep stays; ln -s " + outside + " " + NAME + "; ln -s " + outside + " stays/" + NAME
                + "; mkdir gone/deep/" + NAME + "; echo 1 >gone/deep/" + NAME + "/file");
        Dromedary dromedary = stage.configured(LARGE_FROM, "mirror.t.first-run = delete").start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        assertThat(outside.resolve("file")).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ln -s \"$OUT\" N", "ln -s nowhere N", "echo 1 >N", "mkfifo N", "mkdir N; chmod 777 N"})
    void what_is_in_its_place_at_a_target_is_replaced_before_a_large_file_comes(String make) {
        Dromedary dromedary = tidied(stage.configured(LARGE_FROM), stage.target);
        stage.inTarget(make.replace("$OUT", outside.toString()).replace("N", NAME));
        String watch = watchOutside();
        stage.inSource(LARGE + "large");
        eventuallySame(stage.source, stage.target, dromedary);
        assertThat(watchOutside()).isEqualTo(watch);
        assertThat(stage.deadLetters()).isEmpty();
    }

    // a file that was there for a moment has changed the folder's times
    private String watchOutside() {
        return Sh.run(outside, "find . -printf '%p %i %s %T@ %C@\\n' | sort");
    }

    @Test
    void one_of_somebody_else_is_taken_over_by_a_receiver_that_may() throws IOException {
        assumeTrue(RsyncDaemon.keepsLinksThatLeave(), "only root may give a folder to somebody else");
        Relay relay = Relay.holdingAfter(1_000_000, stage.daemon, stage.scratch);
        stage.configuredFor(relay.url("m"), LARGE_FROM, "mirror.t.target.a.rsync-options = --chmod=D777 --chown=1234:1234");
        Dromedary dromedary = tidied(stage, stage.target);
        stage.inTarget("mkdir " + NAME + "; chmod 777 " + NAME + "; chown 1234:1234 " + NAME);
        stage.inSource(LARGE + "large");
        eventually("it is on its way", dromedary, () -> relay.held() == 1);
        assertThat(Sh.run(stage.target, "stat -c '%a %u:%g' " + NAME)).isEqualTo("700 0:0\n");
        relay.open();
        eventually("the large file", dromedary, () -> Tree.of(stage.target).has("large"));
    }

    @Test
    void into_one_of_somebody_else_nothing_is_written_and_the_reason_is_said() throws IOException {
        assumeTrue(RsyncDaemon.keepsLinksThatLeave(), "only root may make a folder of somebody else");
        Path target = stage.scratch.folder("of-another");
        Sh.run(target, "chmod 755 . ../; chown 1234:1234 .");
        RsyncDaemon daemon = RsyncDaemon.in(stage.scratch).module("n", target)
                .with("uid = 1234").with("gid = 1234").start();
        stage.configuredFor(daemon.url("n"), LARGE_FROM);
        Dromedary dromedary = tidied(stage, target);
        Sh.run(target, "mkdir " + NAME + "; chown 4321:4321 " + NAME + "; chmod 777 " + NAME);
        stage.inSource(LARGE + "large; " + LARGE + "t; " + LARGE + NAME.substring(1) + "; echo 1 >small");

        eventually("a dead letter of each", dromedary, () -> stage.deadLetters().size() > 0
                && dromedary.output().contains("the folder .~dromedary~ at the target belongs to somebody else"));
        eventually("the rest", dromedary, () -> Tree.of(target).has("small"));
        assertThat(target.resolve("large")).doesNotExist();
        assertThat(target.resolve("t")).doesNotExist();
        assertThat(Sh.run(target, "find " + NAME)).isEqualTo(NAME + "\n");

        Sh.run(target, "rmdir " + NAME);
        eventually("all of it", dromedary, () -> stage.deadLetters().isEmpty() && Tree.of(target).has("large")
                && Tree.of(target).has("t") && Tree.of(target).has(NAME.substring(1)));
    }

    // what a start finds there is removed once, and nothing is after that until a large file has come
    private Dromedary tidied(Stage configured, Path target) {
        Sh.run(target, "mkdir " + NAME + "; chown --reference=. " + NAME);
        Dromedary dromedary = configured.start().awaitReady();
        eventually("it is removed", dromedary, () -> !Tree.of(target).has(NAME));
        return dromedary;
    }
}
