package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.OtherRsync;
import dev.dromedary.testing.RsyncDaemon;
import dev.dromedary.testing.SshServer;
import dev.dromedary.testing.Tree;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.dromedary.e2e.Settled.eventuallyState;
import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/** What writes at a target may be an rsync of any age; docs/receivers.md has what came out. */
class ReceiversIT {

    /** It refuses what its version takes elsewhere: a security mend of Debian's. */
    private static final String MENDED = "bookworm 3.2.7-1+deb12u6";

    @AutoClose
    private final Stage stage = new Stage();

    static Stream<Arguments> receivers() {
        return Stream.of("bullseye", MENDED, "trixie", "sid")
                .flatMap(suite -> Stream.of("daemon", "daemon without chroot", "ssh").map(way -> arguments(suite, way)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("receivers")
    void all_kinds_of_changes_arrive(String suite, String way) throws IOException {
        Path rsync = OtherRsync.of(suite);
        String url = stage.target.toString();
        String more = "mirror.t.large-file = 1m";
        if (way.equals("ssh")) {
            SshServer server = SshServer.start(stage.scratch);
            url = server.url(stage.target) + "\nmirror.t.ssh-options = " + server.options();
            more += "\nmirror.t.rsync-options = --rsync-path=" + rsync;
        } else {
            RsyncDaemon.Builder daemon = RsyncDaemon.in(stage.scratch).program(rsync).module("m", stage.target);
            url = (way.equals("daemon") ? daemon : daemon.with("use chroot = no").with("munge symlinks = no")).start().url("m");
        }
        // so that it shows when the first tidying is over, which would take what is laid there later
        Path holding = Files.createDirectory(stage.target.resolve(".~dromedary~"));
        stage.inSource("mkdir -p a/b gone; echo 1 >a/b/file; echo 1 >gone/file; echo 1 >'a b'; echo 1 >a/x; ln -s x a/link");
        Dromedary dromedary = stage.configuredOnlyWith("mirror.t.source = " + stage.source, "mirror.t.target.a.url = " + url, more)
                .start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);

        stage.inSource("echo 22 >a/b/file; rm -r gone; rm 'a b'; mkdir c; echo 3 >c/new; echo 4 >'c/ümlaut'; printf 5 >\"c/n\nl\"");
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("mv a/b a/d; rm a/link; mkdir a/link; echo 6 >a/link/in; rm -r c; echo 7 >c");
        eventuallySame(stage.source, stage.target, dromedary);

        // what a run that was cut off has left
        eventually("tidied", dromedary, () -> !Files.exists(holding));
        Files.createDirectory(holding);
        stage.inSource("head -c 2500000 /dev/urandom >../large; head -c 1500000 ../large >../target/.~dromedary~/large; mv ../large .");
        eventually("tidied again", dromedary, () -> !Files.exists(holding));
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("mv large renamed; rm a/x");
        eventuallySame(stage.source, stage.target, dromedary);

        assertThat(dromedary.output()).doesNotContain("could not be transferred").doesNotContain("AWAY");
        assertThat(stage.deadLetters()).isEmpty();
        if (suite.equals(MENDED)) {
            assertThat(dromedary.output()).containsOnlyOnce("takes no list that names what is gone");
        }
        Dromedary check = stage.dromedary().start("check");
        check.awaitExit();
        assertThat(check.output()).contains(url.lines().findFirst().orElseThrow() + " answers and lets us in");
        assertThat(check.output().contains("takes no list")).as(check.output()).isEqualTo(suite.equals(MENDED));
    }

    /** Older ones count no deletion in a dry run's figures, unless each is named. */
    @ParameterizedTest
    @ValueSource(strings = {"bullseye", MENDED})
    void deletions_are_counted_before_they_are_made(String suite) {
        RsyncDaemon daemon = RsyncDaemon.in(stage.scratch).program(OtherRsync.of(suite)).module("m", stage.target).start();
        stage.inTarget("touch 1 2 3 4 5 6 7 8 9 10");
        stage.inSource("mkdir many; cd many; touch $(seq 4)");
        Dromedary dromedary = stage.configuredOnlyWith("mirror.t.source = " + stage.source, "mirror.t.target.a.url = " + daemon.url("m"),
                "mirror.t.max-delete = 15").start();
        eventually("asked", dromedary, () -> dromedary.output().contains("would delete 10 of the 10 entries"));
        assertThat(dromedary.post("/api/mirrors/t/targets/a/resume").statusCode()).isEqualTo(409);
        assertThat(Tree.of(stage.target).has("10")).isTrue();
        dromedary.post("/api/mirrors/t/targets/a/new-target");
        eventuallySame(stage.source, stage.target, dromedary);

        stage.inSource("cd many; touch $(seq 30)");
        eventuallySame(stage.source, stage.target, dromedary);
        // what changed while the whole tree was under way goes once more, and would see a part of them gone
        eventually("nothing is owed", dromedary, () -> dromedary.target().getInteger("pending") == 0);
        stage.inSource("rm -r many");
        eventuallyState("halted", dromedary);
        assertThat(dromedary.output()).contains("31 entries would be deleted, and max-delete = 15 allows no more");
        assertThat(Tree.of(stage.target).has("many/30")).isTrue();
        dromedary.post("/api/mirrors/t/targets/a/resume");
        eventuallySame(stage.source, stage.target, dromedary);
    }
}
