package dev.dromedary.e2e;

import java.nio.file.Files;
import java.nio.file.Path;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Sh;
import dev.dromedary.testing.Tree;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

/** A source that is a symbolic link, as a deployment's "current" is. */
class LinkedSourceIT {

    @AutoClose
    private final Stage stage = new Stage();
    private final Path first = stage.scratch.root().resolve("releases/1");
    private final Path second = stage.scratch.root().resolve("releases/2");

    @BeforeEach
    void deployed() {
        sh("rmdir source; mkdir -p releases/1/a/b; echo 1 >releases/1/a/b/file; echo 1 >releases/1/index; head -c 2000000 /dev/zero"
                + " >releases/1/large; cp -a releases/1 releases/2; echo 2 >releases/2/index; mkdir releases/2/new; ln -s releases/1 source");
    }

    @Test
    void it_is_followed_and_what_it_is_pointed_to_later_is_taken_over() throws Exception {
        Dromedary dromedary = mirroring();
        stage.inSource("echo 2 >a/b/file; mkdir -p c/d");
        eventuallySame(first, stage.target, dromedary);
        assertThat(dromedary.json("/api/status").toJson()).contains("\"foldersWatched\":5");

        sh("ln -s releases/2 next; mv -T next source");
        eventuallySame(second, stage.target, dromedary);
        sh("echo 3 >releases/2/new/file; echo 3 >releases/1/a/b/unseen");
        eventuallySame(second, stage.target, dromedary);
        assertThat(dromedary.isReady()).isTrue();
        assertThat(Files.exists(stage.target.resolve("a/b/unseen"))).isFalse();
    }

    @Test
    void pointed_to_something_else_it_halts_until_somebody_says_that_this_is_meant() {
        Dromedary dromedary = mirroring();
        Tree before = Tree.of(stage.target);
        sh("mkdir strange; echo 1 >strange/stranger; ln -s strange next; mv -T next source");
        eventually("halted", dromedary, () -> dromedary.output().contains("HALTED")
                && dromedary.answers("/observe/health/ready", 503));
        assertThat(dromedary.get("/api/status").body()).contains("dromedary resume --new-source");
        Tree.assertSame(before, Tree.of(stage.target));

        dromedary.post("/api/mirrors/t/targets/a/new-source");
        eventuallySame(stage.scratch.root().resolve("strange"), stage.target, dromedary);
        eventually("ready", dromedary, dromedary::isReady);
        stage.inSource("echo 2 >more");
        eventuallySame(stage.scratch.root().resolve("strange"), stage.target, dromedary);
    }

    @Test
    void a_folder_above_that_is_renamed_is_missed_and_awaited() {
        Dromedary dromedary = mirroring();
        sh("mv releases elsewhere");
        eventually("halted", dromedary, () -> dromedary.output().contains("HALTED") && dromedary.answers("/observe/health/ready", 503));
        sh("echo 3 >elsewhere/1/late; mv elsewhere releases");
        eventually("ready", dromedary, dromedary::isReady);
        eventuallySame(first, stage.target, dromedary);
    }

    @Test
    void once_and_check_see_what_it_leads_to() {
        stage.configured();
        Dromedary once = stage.dromedary().start("once");
        assertThat(once.awaitExit()).as(once.output()).isZero();
        Tree.assertSame(Tree.of(first), Tree.of(stage.target));
        Dromedary check = stage.dromedary().start("check");
        assertThat(check.awaitExit()).as(check.output()).isZero();
        assertThat(check.output()).contains("has 3 folders");
    }

    private Dromedary mirroring() {
        Dromedary dromedary = stage.configured("mirror.t.large-file = 1m").start().awaitReady();
        eventuallySame(first, stage.target, dromedary);
        // the whole tree is tried dry before, so it may come behind the first changes
        eventually("at rest", dromedary, () -> dromedary.output().contains("t/a: in line with its source")
                && dromedary.target().getInteger("pending") == 0);
        return dromedary;
    }

    private void sh(String script) {
        Sh.run(stage.scratch.root(), script);
    }
}
