package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Processes;
import dev.dromedary.testing.Sh;
import dev.dromedary.testing.SshServer;
import dev.dromedary.testing.Tree;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

class SshIT {

    private static final Path RRSYNC = Path.of("/usr/bin/rrsync");

    @AutoClose
    private final Stage stage = new Stage();
    private final SshServer server = SshServer.start(stage.scratch);
    private final Path remote = stage.scratch.folder("remote");

    @Test
    void one_connection_carries_all_runs_and_is_made_anew_when_it_dies() {
        Dromedary dromedary = mirroring(server.url(remote), server.options());
        for (int i = 0; i < 5; i++) {
            stage.inSource("echo " + i + " >file");
            eventuallySame(stage.source, remote, dromedary);
        }
        // the first two runs, one of changes and one of the whole tree, may have come at the same moment
        int logins = logins();
        assertThat(logins).isLessThanOrEqualTo(2);

        assertThat(shared()).isNotEmpty().allMatch(ProcessHandle::destroyForcibly);
        stage.inSource("echo again >file");
        eventuallySame(stage.source, remote, dromedary);
        assertThat(logins()).isGreaterThan(logins);

        dromedary.terminate();
        assertThat(shared()).isEmpty();
        assertThat(Settled.startedFor(stage.state)).isEmpty();
    }

    @Test
    void a_connection_that_a_killed_program_left_behind_is_ended() {
        Dromedary dromedary = mirroring(server.url(remote), server.options());
        List<ProcessHandle> before = shared();
        assertThat(before).isNotEmpty();
        dromedary.killNow();

        stage.inSource("echo 2 >file");
        eventuallySame(stage.source, remote, stage.start().awaitReady());
        assertThat(before).noneMatch(ProcessHandle::isAlive);
    }

    @Test
    void a_host_that_is_not_known_is_refused_with_a_hint_until_it_is() throws IOException {
        Path hosts = stage.scratch.root().resolve("hosts");
        Files.createFile(hosts);
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configuredOnlyWith(lines(server.url(remote), server.options(), hosts))
                .start().awaitReady();
        eventually("the reason", dromedary, () -> dromedary.get("/api/status").body().contains("host key")
                && dromedary.get("/api/status").body().contains("ssh-keyscan"));

        Files.writeString(hosts, server.knownHosts());
        eventuallySame(stage.source, remote, dromedary);
    }

    @Test
    void another_key_than_the_one_that_is_known_is_refused() throws IOException {
        Path hosts = stage.scratch.root().resolve("hosts");
        Sh.run(stage.scratch.root(), "ssh-keygen -q -t ed25519 -N '' -f impostor");
        String impostor = Files.readString(stage.scratch.root().resolve("impostor.pub"));
        Files.writeString(hosts, server.knownHosts().replaceFirst(" .*", " " + impostor.strip()));
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configuredOnlyWith(lines(server.url(remote), server.options(), hosts))
                .start().awaitReady();
        eventually("the reason", dromedary, () -> dromedary.get("/api/status").body().contains("host key"));
        assertThat(logins()).isZero();

        Files.writeString(hosts, server.knownHosts());
        eventuallySame(stage.source, remote, dromedary);
    }

    @Test
    void nobody_is_ever_asked_for_the_words_of_a_key() throws IOException {
        Path key = stage.scratch.root().resolve("locked");
        Files.copy(server.key(), key, StandardCopyOption.COPY_ATTRIBUTES);
        Sh.run(stage.scratch.root(), "ssh-keygen -q -p -P '' -N words -f locked");
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configuredOnlyWith(lines(server.url(remote),
                server.options().replace(server.key().toString(), key.toString()), null)).dromedary()
                // the program that would ask
                .environment("SSH_ASKPASS", asking("words").toString()).environment("SSH_ASKPASS_REQUIRE", "force")
                .environment("DISPLAY", ":0").start().awaitReady();
        eventually("the reason", dromedary, () -> dromedary.get("/api/status").body().contains("ssh is not let in"));
        assertThat(stage.home.resolve("asked")).doesNotExist();

        Sh.run(stage.scratch.root(), "ssh-keygen -q -p -P words -N '' -f locked");
        eventuallySame(stage.source, remote, dromedary);
    }

    @Test
    void the_form_of_scp_takes_its_port_from_the_options_of_ssh() {
        Dromedary dromedary = mirroring(server.scpLikeUrl(remote), server.options() + " -p " + server.port());
        stage.inSource("echo 2 >file; mkdir folder; ln -s file link");
        eventuallySame(stage.source, remote, dromedary);
        assertThat(logins()).isLessThanOrEqualTo(2);
    }

    @Test
    void it_works_behind_rrsync_that_may_only_write() throws IOException {
        Assumptions.assumeTrue(Files.isExecutable(RRSYNC), "no " + RRSYNC);
        server.restrict(RRSYNC + " -wo -no-lock " + remote);
        stage.inSource("mkdir folder; echo 1 >folder/file; echo 1 >gone");
        Dromedary dromedary = stage.configuredOnlyWith(lines(server.url(Path.of("/")).replaceAll("//$", "/"), server.options(),
                null, "mirror.t.rsync-options = --modify-window=0")).start().awaitReady();
        eventually("what was there", dromedary, () -> Tree.of(remote).has("folder/file") && Tree.of(remote).has("gone"));
        stage.inSource("rm gone; echo 22 >folder/file; mv folder moved; ln -s nowhere link");
        // not the times, of which only whole seconds are compared there
        eventually("what changed", dromedary, () -> {
            Tree tree = Tree.of(remote);
            return tree.has("moved/file") && tree.has("link") && !tree.has("gone") && !tree.has("folder")
                    && Files.readString(remote.resolve("moved/file")).equals("22\n");
        });
    }

    /** Without -no-lock, and somebody else's run is under way there. */
    @Test
    void rrsync_that_lets_in_one_run_at_a_time_is_told_by_name_and_waited_for() throws IOException {
        Assumptions.assumeTrue(Files.isExecutable(RRSYNC), "no " + RRSYNC);
        server.restrict(RRSYNC + " -wo " + remote);
        Process other = new ProcessBuilder("flock", remote.toString(), "sleep", "1000").start();
        stage.scratch.own(() -> Processes.end(other));
        eventuallyLocked();
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configuredOnlyWith(lines(server.url(Path.of("/")).replaceAll("//$", "/"), server.options(),
                null, "mirror.t.rsync-options = --modify-window=0")).start().awaitReady();
        eventually("the reason", dromedary, () -> dromedary.get("/api/status").body().contains("-no-lock"));

        Processes.end(other);
        eventually("it arrives", dromedary, () -> Tree.of(remote).has("file"));
    }

    private void eventuallyLocked() {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !stage.works("flock --nonblock " + remote + " true"));
    }

    private Path asking(String answer) throws IOException {
        Path program = Files.writeString(stage.scratch.root().resolve("ask"),
                "#!/bin/sh\ntouch " + stage.home.resolve("asked") + "\necho " + answer + "\n");
        return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    private Dromedary mirroring(String url, String options) {
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configuredOnlyWith(lines(url, options, null)).start().awaitReady();
        eventuallySame(stage.source, remote, dromedary);
        return dromedary;
    }

    private String[] lines(String url, String options, Path hosts, String... more) {
        List<String> lines = new ArrayList<>(List.of("mirror.t.source = " + stage.source));
        lines.addAll(Stage.quickTarget("a", url));
        // of several values ssh takes the first
        String known = hosts == null ? "" : "-o UserKnownHostsFile=" + hosts + " -o GlobalKnownHostsFile=none ";
        lines.add("mirror.t.target.a.ssh-options = " + known + options);
        lines.addAll(List.of(more));
        return lines.toArray(String[]::new);
    }

    // a shared connection has its socket in its title, which a run that is under way has among its arguments only; the
    // socket's folder is named after the state folder
    private List<ProcessHandle> shared() {
        CRC32 crc = new CRC32();
        crc.update(stage.state.toString().getBytes(StandardCharsets.UTF_8));
        String folder = "-" + Long.toHexString(crc.getValue()) + "/";
        return ProcessHandle.allProcesses().filter(process -> {
            try {
                String title = Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
                return title.startsWith("ssh: ") && title.contains(folder);
            } catch (IOException e) {
                return false;
            }
        }).toList();
    }

    private int logins() {
        return (int) server.log().lines().filter(line -> line.contains("Accepted publickey")).count();
    }
}
