package dev.dromedary.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Relay;
import dev.dromedary.testing.RsyncDaemon;
import dev.dromedary.testing.Scratch;
import dev.dromedary.testing.Sh;
import dev.dromedary.testing.SshServer;
import dev.dromedary.testing.Tree;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.dromedary.e2e.Settled.eventuallySettled;
import static dev.dromedary.e2e.Settled.eventuallyState;
import static dev.dromedary.e2e.Settled.startedFor;
import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The ways to a target, each with what its other side can be set to. */
class TransportsIT {

    private static final String IPV6 = "::1";

    @AutoClose
    private final Stage stage = new Stage();

    @Test
    void the_password_is_seen_nowhere() {
        String right = "the-right-words";
        String wrong = "the-wrong-words";
        Path guarded = stage.scratch.folder("guarded");
        RsyncDaemon daemon = RsyncDaemon.in(stage.scratch).module("g", guarded).user("me", right).start();
        Path password = RsyncDaemon.secret(stage.home.resolve("password"), right);
        stage.inSource("head -c 1m /dev/urandom >large");
        Relay relay = Relay.holdingAfter(500_000, daemon, stage.scratch);
        Dromedary dromedary = mirroring(relay.url("me", "g"), "mirror.t.password-file = " + password);
        eventually("it is under way", dromedary, () -> relay.held() == 1 && Tree.of(guarded).size() > 1);
        List<Long> runs = startedFor(stage.state);
        assertThat(runs).isNotEmpty();
        Map<String, String> seen = seen(dromedary, runs);
        assertThat(seen.get("arguments of " + runs.get(0))).as("what it looks at").contains("--password-file=" + password);
        assertThat(seen).allSatisfy((where, text) -> assertThat(text).as(where).doesNotContain(right));
        relay.open();
        eventuallySame(stage.source, guarded, dromedary);

        RsyncDaemon.secret(password, wrong);
        stage.inSource("echo 1 >file");
        eventually("a dead letter is kept", dromedary, () -> !stage.deadLetters().isEmpty());
        eventually("the reason", dromedary, () -> dromedary.get("/api/status").body().contains("the password or the user is wrong"));
        assertThat(seen(dromedary, List.of()))
                .allSatisfy((where, text) -> assertThat(text).as(where).doesNotContain(right).doesNotContain(wrong));

        RsyncDaemon.secret(password, right);
        eventuallySettled(stage, guarded, dromedary);
    }

    @ParameterizedTest
    @CsvSource({"hosts allow = 192.0.2.1, hosts allow = 127.0.0.1", "hosts deny = 127.0.0.0/8, hosts deny = 192.0.2.1"})
    void a_daemon_that_does_not_let_this_machine_in_gets_all_once_it_does(String shut, String open) {
        stage.daemon.reconfigure(text -> text + shut + "\n");
        stage.inSource("echo 1 >file");
        Dromedary dromedary = mirroring(stage.daemon.url("m"));
        eventuallyState("away", dromedary);
        assertThat(dromedary.get("/api/status").body()).contains("does not let this machine in").contains("hosts allow");

        stage.daemon.reconfigure(text -> text.replace(shut, open));
        eventuallySettled(stage, dromedary);
        changesArriveAt(stage.target, dromedary);
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "no"})
    void links_stay_as_they_are_with_and_without_a_chroot(String chroot) {
        assumeTrue(chroot.equals("no") || RsyncDaemon.keepsLinksThatLeave(), "only root can chroot");
        stage.daemon.reconfigure(text -> text + "use chroot = " + chroot + "\nmunge symlinks = no\n");
        stage.inSource("mkdir a; echo 1 >a/file; ln -s a/file link; ln -s a folder-link; ln -s nowhere dangling; ln -s ../link a/up");
        Dromedary dromedary = mirroring(stage.daemon.url("m"));
        eventuallySettled(stage, dromedary);
        changesArriveAt(stage.target, dromedary);
        stage.inSource("rm link; ln -s a/other link; ln -sfn nowhere folder-link");
        eventuallySettled(stage, dromedary);
    }

    /** What a daemon without a chroot does unless it is told otherwise. */
    @Test
    void a_daemon_that_alters_links_gets_them_once_and_all_else_as_it_is() throws IOException {
        stage.daemon.reconfigure(text -> text + "use chroot = no\nmunge symlinks = yes\n");
        stage.inSource("mkdir a; echo 1 >a/file; ln -s a/file link; ln -s / root");
        Dromedary dromedary = mirroring(stage.daemon.url("m"));
        eventuallySame(withoutLinks(stage.source), () -> withoutLinks(stage.target), dromedary);
        eventually("the links", dromedary, () -> Files.isSymbolicLink(stage.target.resolve("link"))
                && Files.isSymbolicLink(stage.target.resolve("root")));
        assertThat(Files.readSymbolicLink(stage.target.resolve("link"))).hasToString("/rsyncd-munged/a/file");
        stage.inSource("rm link; ln -s a link; rm root; echo 2 >a/file");
        eventuallySame(withoutLinks(stage.source), () -> withoutLinks(stage.target), dromedary);
        eventually("the link as it is now", dromedary, () -> Files.isSymbolicLink(stage.target.resolve("link"))
                && Files.readSymbolicLink(stage.target.resolve("link")).toString().equals("/rsyncd-munged/a"));
        assertThat(stage.target.resolve("root")).doesNotExist();
        eventuallyState("live", dromedary);
    }

    @Test
    void a_folder_below_a_module_leaves_what_lies_beside_it() {
        stage.inTarget("mkdir -p sites/other; echo 1 >sites/other/file; echo 1 >file");
        Tree beside = Tree.of(stage.target.resolve("sites/other"));
        stage.inSource("echo 1 >file");
        Dromedary dromedary = mirroring(stage.daemon.url("m") + "sites/www/");
        Path below = stage.target.resolve("sites/www");
        eventuallySame(stage.source, below, dromedary);
        changesArriveAt(below, dromedary);
        assertThat(Tree.of(stage.target.resolve("sites/other"))).isEqualTo(beside);
        assertThat(stage.target.resolve("file")).exists();
    }

    @Test
    void a_daemon_at_an_ipv6_address() {
        assumeIpv6();
        Path other = stage.scratch.folder("other");
        RsyncDaemon daemon = RsyncDaemon.in(stage.scratch).at(IPV6).module("m", other).start();
        assertThat(daemon.url("m")).startsWith("rsync://[::1]:");
        Dromedary dromedary = mirroring(daemon.url("m"));
        changesArriveAt(other, dromedary);
    }

    @Test
    void ssh_to_an_ipv6_address() {
        assumeIpv6();
        SshServer server = SshServer.start(stage.scratch, IPV6);
        Path remote = stage.scratch.folder("remote");
        assertThat(server.url(remote)).contains("@[::1]:");
        Dromedary dromedary = mirroring(server.url(remote), "mirror.t.ssh-options = " + server.options());
        changesArriveAt(remote, dromedary);
    }

    @Test
    void a_local_target_on_another_file_system() throws IOException {
        Path elsewhere = Files.createTempDirectory("dromedary-").toRealPath();
        stage.scratch.own(() -> Scratch.delete(elsewhere));
        assumeTrue(!Files.getAttribute(elsewhere, "unix:dev").equals(Files.getAttribute(stage.source, "unix:dev")),
                "there is one file system for all");
        Path target = elsewhere.resolve("target");
        Dromedary dromedary = mirroring(target);
        changesArriveAt(target, dromedary);
        stage.inSource("mv folder moved; ln moved/file second-name");
        eventuallySettled(stage, target, dromedary);
    }

    /** As a source, and as a target of each kind. */
    @Test
    void a_folder_may_have_any_name_that_a_configuration_can_hold() {
        List<String> paths = List.of(
                "two  spaces/ lead/$HOME $(id) `id` ${body}/it's/a&b=c) RAW(d)/100% + #1? %/[ab]*{c,d}?/münchen 🐪/ends)",
                "say \"hi\"/back\\slash/~/-dash/--delete/a;b|c>d!/a:b@c/a,b/...");
        SshServer server = SshServer.start(stage.scratch);
        List<String> lines = new ArrayList<>();
        Map<Path, List<Path>> mirrors = new TreeMap<>();
        for (String path : paths) {
            String mirror = "t" + mirrors.size();
            Path source = stage.scratch.folder("sources/" + mirror + "/" + path);
            Path local = stage.scratch.folder("local/" + mirror + "/" + path);
            Path behindDaemon = stage.scratch.folder("target/" + mirror + "/" + path);
            Path behindSsh = stage.scratch.folder("remote/" + mirror + "/" + path);
            Sh.run(source, "mkdir a; echo 1 >a/file");
            mirrors.put(source, List.of(local, behindDaemon, behindSsh));
            lines.add("mirror." + mirror + ".source = " + escaped(source.toString()));
            lines.add("mirror." + mirror + ".target.local.url = " + escaped(local.toString()));
            lines.add("mirror." + mirror + ".target.daemon.url = "
                    + escaped(stage.daemon.url("m") + stage.target.relativize(behindDaemon)));
            lines.add("mirror." + mirror + ".target.ssh.url = " + escaped(server.url(behindSsh)));
            lines.add("mirror." + mirror + ".ssh-options = " + server.options());
        }
        Dromedary dromedary = stage.configuredOnlyWith(lines.toArray(String[]::new)).dromedary()
                .environment("LC_ALL", "C.UTF-8").start().awaitReady();
        mirrors.forEach((source, targets) -> targets.forEach(target -> eventuallySame(source, target, dromedary)));

        mirrors.keySet().forEach(source -> Sh.run(source, "mv a b; echo 2 >b/file; echo 3 >c"));
        mirrors.forEach((source, targets) -> targets.forEach(target -> eventuallySame(source, target, dromedary)));
    }

    /** Java would put a question mark there, and so name another folder. */
    @ParameterizedTest
    @ValueSource(strings = {"daemon", "local", "ssh"})
    void a_name_that_the_locale_can_not_spell_is_refused(String kind) {
        String url = switch (kind) {
            case "daemon" -> stage.daemon.url("m") + "münchen/";
            case "ssh" -> "ssh://127.0.0.1:" + stage.daemon.port() + stage.target + "/münchen/";
            default -> stage.target + "/münchen/";
        };
        Dromedary dromedary = stage.configuredOnlyWith("mirror.t.source = " + stage.source, "mirror.t.target.a.url = " + url)
                .dromedary().environment("LC_ALL", "C").start();
        assertThat(dromedary.awaitExit()).as(dromedary.output()).isEqualTo(2);
        assertThat(dromedary.output()).contains("mirror.t.target.a.url").contains("LC_ALL=C.UTF-8");
        assertThat(Tree.of(stage.target).size()).isEqualTo(1);
    }

    @Test
    void the_files_of_a_target_may_have_blanks_in_their_paths() throws IOException {
        Path folder = Files.createDirectories(stage.home.resolve("my keys"));
        SshServer server = SshServer.start(stage.scratch);
        Path remote = stage.scratch.folder("remote");
        Path guarded = stage.scratch.folder("guarded");
        RsyncDaemon daemon = RsyncDaemon.in(stage.scratch).module("g", guarded).user("me", "secret").start();
        RsyncDaemon.secret(folder.resolve("the password"), "secret");
        Files.writeString(folder.resolve("the rules"), "- *.left out\n");
        Files.copy(server.key(), folder.resolve("the key"));
        List<String> lines = new ArrayList<>(Stage.quickTarget("b", server.url(remote)));
        lines.add("mirror.t.target.a.password-file = my keys/the password");
        lines.add("mirror.t.target.b.ssh-options = -i '" + folder.resolve("the key") + "' " + server.options());
        lines.add("mirror.t.filter-from = my keys/the rules");
        stage.inSource("echo 1 >'a file'; echo 1 >'a file.left out'");
        Dromedary dromedary = mirroring(daemon.url("me", "g"), lines.toArray(String[]::new));
        Tree expected = Tree.of(stage.source).without("a file.left out");
        eventuallySame(expected, () -> Tree.of(guarded), dromedary);
        eventuallySame(expected, () -> Tree.of(remote), dromedary);
    }

    private Dromedary mirroring(Object url, String... more) {
        List<String> lines = new ArrayList<>(List.of("mirror.t.source = " + stage.source));
        lines.addAll(Stage.quickTarget("a", url));
        lines.addAll(List.of(more));
        return stage.configuredOnlyWith(lines.toArray(String[]::new)).start().awaitReady();
    }

    private void changesArriveAt(Path target, Dromedary dromedary) {
        stage.inSource("mkdir folder; echo 1 >folder/file; echo 1 >gone; ln -s folder/file a-link");
        eventuallySame(stage.source, target, dromedary);
        stage.inSource("echo 2 >folder/file; rm gone; chmod 700 folder");
        eventuallySettled(stage, target, dromedary);
    }

    private static Tree withoutLinks(Path folder) {
        // their time counts for the folder that they lie in, and there it is right
        return Tree.of(folder).without(path -> Files.isSymbolicLink(folder.resolve(path)));
    }

    /** All that anybody could look at, by where it was seen. */
    private Map<String, String> seen(Dromedary dromedary, List<Long> runs) {
        Map<String, String> seen = new TreeMap<>();
        ProcessHandle.allProcesses().map(ProcessHandle::pid)
                .forEach(pid -> seen.put("arguments of " + pid, proc(pid, "cmdline")));
        Stream.concat(runs.stream(), Stream.of(dromedary.pid()))
                .forEach(pid -> seen.put("environment of " + pid, proc(pid, "environ")));
        seen.put("output", dromedary.output());
        for (String page : new String[] {"/", "/api/status", "/observe/health", "/observe/metrics", "/observe/info"}) {
            seen.put(page, dromedary.get(page).body());
        }
        try (Stream<Path> files = Files.walk(stage.state)) {
            for (Path file : files.filter(each -> Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS)).toList()) {
                seen.put(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return seen;
    }

    private static String proc(long pid, String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // it has ended meanwhile
            return "";
        }
    }

    /** As a value in a file of properties. */
    private static String escaped(String value) {
        return value.replace("\\", "\\\\");
    }

    private static void assumeIpv6() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(IPV6))) {
            assumeTrue(socket.isBound(), "no IPv6 here");
        } catch (IOException e) {
            assumeTrue(false, "no IPv6 here");
        }
    }
}
