package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Processes;
import dev.dromedary.testing.Tree;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What can't be looked at for a while, as on a disk that fails or a server that has forgotten a handle, is not gone. */
class FailingDiskIT {

    private static final String LOOKS = "stat,lstat,newfstatat,statx";

    @AutoClose
    private final Stage stage = new Stage();

    @ParameterizedTest
    @ValueSource(strings = {"EIO", "ESTALE", "ENOMEM"})
    void what_can_not_be_looked_at_is_neither_deleted_nor_forgotten(String error) throws IOException {
        assumeTrue(stage.works("command -v strace"), "no strace, which makes system calls fail");
        stage.inSource("mkdir -p a/b; echo 1 >a/b/file; echo 1 >a/other");
        // so that the kind of each path decides
        Dromedary dromedary = stage.configured("mirror.t.exclude = b-not/").start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        Path calls = stage.scratch.root().resolve("calls");
        Process strace = new ProcessBuilder("strace", "-f", "-qq", "-o", calls.toString(), "-P", stage.source + "/./a", "-P",
                stage.source + "/a", "-P", stage.source + "/./a/b", "-P", stage.source + "/a/b", "-e", "trace=" + LOOKS, "-e",
                "inject=" + LOOKS + ":error=" + error, "-p", String.valueOf(dromedary.pid())).redirectErrorStream(true)
                .redirectOutput(stage.scratch.root().resolve("strace").toFile()).start();
        stage.scratch.own(() -> Processes.end(strace));
        eventually("it is traced", dromedary, () -> Files.readString(Path.of("/proc/" + dromedary.pid() + "/status"))
                .contains("TracerPid:\t" + strace.pid()));

        stage.inSource("echo 22 >a/b/file; rm a/other; echo 1 >beside");
        eventually("something could not be looked at", dromedary, () -> Files.readString(calls).contains("(INJECTED)"));
        eventually("what is beside it", dromedary, () -> Tree.of(stage.target).has("beside"));
        assertThat(Tree.of(stage.target).has("a/b/file")).isTrue();

        Processes.end(strace);
        eventuallySame(stage.source, stage.target, dromedary);
    }
}
