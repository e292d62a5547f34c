package dev.dromedary.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The other tests are worth what these tools are. */
class HarnessTest {

    @AutoClose
    private final Scratch scratch = Scratch.create();

    private final Path source = scratch.folder("source");
    private final Path target = scratch.folder("target");

    @Test
    void a_tree_that_rsync_copied_is_the_same() {
        Sh.run(source, """
                mkdir -p a/b empty; chmod 700 empty
                echo one >a/one; chmod 4755 a/one
                echo two >"$(printf 'a/b/\\377\\nx')"; touch -m -d '2001-02-03 04:05:06.123456789' a/b/*
                ln -s nowhere dangling; touch -h -d '2001-02-03 04:05:06.987654321' dangling
                """);
        Sh.run(source, "rsync -a --modify-window=-1 ./ ../target/");

        Tree.assertSame(source, target);
        assertThat(Tree.of(source).isAt(target)).isTrue();
        assertThat(Tree.of(target).size()).isEqualTo(7);
    }

    @Test
    void every_difference_of_a_tree_is_told() {
        Sh.run(source, "for name in content mode time kind missing same; do echo 1 >$name; done; ln -s a link");
        Sh.run(source, "cp -a . ../target");
        Sh.run(target, """
                echo 2 >content; touch -r ../source/content content
                chmod 600 mode
                touch -m -d '2001-02-03 04:05:06' time
                rm kind missing; mkdir kind
                ln -sfn b link; touch -h -r ../source/link link
                echo >stale
                """);

        assertThatThrownBy(() -> Tree.assertSame(source, target))
                .hasMessageContaining("differs  content").hasMessageContaining("differs  mode")
                .hasMessageContaining("differs  time").hasMessageContaining("differs  kind")
                .hasMessageContaining("differs  link").hasMessageContaining("missing  missing")
                .hasMessageContaining("stale    stale").hasMessageContaining("differs  (the folder itself)")
                .hasMessageNotContaining("same ");
        // the folder itself apart, whose time differs, too
        for (String name : List.of("content", "mode", "time", "kind", "link", "missing", "stale")) {
            Path one = scratch.folder("one/" + name);
            Path other = scratch.folder("other/" + name);
            Sh.run(source, "if [ -e " + name + " ] || [ -L " + name + " ]; then cp -a " + name + " " + one + "; fi; touch -d @1 " + one);
            Sh.run(target, "if [ -e " + name + " ] || [ -L " + name + " ]; then cp -a " + name + " " + other + "; fi; touch -d @1 " + other);
            assertThat(Tree.of(one).isAt(other)).as(name).isFalse();
            assertThat(Tree.of(one).isAt(one)).as(name).isTrue();
        }
        assertThat(Tree.differences(Tree.of(source).without("mode"), Tree.of(target).without("mode")))
                .doesNotContain("differs  mode");
    }

    @Test
    void a_daemon_goes_and_comes_back_at_the_same_port() {
        RsyncDaemon daemon = RsyncDaemon.serving(scratch, "m", target);
        Sh.run(source, "echo 1 >a; rsync -a --modify-window=-1 ./ " + daemon.url("m"));
        Tree.assertSame(source, target);
        assertThat(daemon.connections()).isEqualTo(1);

        daemon.stop();
        assertThat(FreePort.accepts(daemon.port())).isFalse();
        Sh.run(source, "! rsync -a --modify-window=-1 ./ " + daemon.url("m"));

        daemon.start();
        Sh.run(source, "echo 2 >b; rsync -a --modify-window=-1 ./ " + daemon.url("m"));
        Tree.assertSame(source, target);
        assertThat(daemon.connections()).isEqualTo(2);
    }

    @Test
    void a_daemon_that_hangs_answers_nothing_until_it_is_resumed() {
        RsyncDaemon daemon = RsyncDaemon.serving(scratch, "m", target);
        daemon.suspend();
        Sh.run(source, "echo 1 >a; rsync -a --timeout=1 ./ " + daemon.url("m") + " || [ $? -eq 30 ]");
        assertThat(target.resolve("a")).doesNotExist();

        daemon.resume();
        Sh.run(source, "rsync -a --modify-window=-1 ./ " + daemon.url("m"));
        Tree.assertSame(source, target);
    }

    @Test
    void a_guarded_module_wants_its_password() {
        RsyncDaemon daemon = RsyncDaemon.in(scratch).module("m", target).user("me", "secret").start();
        Path right = RsyncDaemon.secret(scratch.root().resolve("right"), "secret");
        Path wrong = RsyncDaemon.secret(scratch.root().resolve("wrong"), "guess");

        Sh.run(source, "! rsync -a --password-file=" + wrong + " ./ " + daemon.url("me", "m"));
        Sh.run(source, "rsync -a --password-file=" + right + " ./ " + daemon.url("me", "m"));
        assertThat(Files.exists(target)).isTrue();
    }

    @Test
    void sshd_lets_us_in() {
        SshServer server = SshServer.start(scratch);
        String[] url = server.url(target).substring("ssh://".length()).split("/", 2);
        String[] host = url[0].split(":");

        Sh.run(source, "echo 1 >a; rsync -a --modify-window=-1 -e 'ssh -p " + host[1] + " " + server.options() + "' ./ "
                + host[0] + ":/" + url[1]);
        Tree.assertSame(source, target);
    }
}
