package dev.dromedary.e2e;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.RsyncDaemon;
import dev.dromedary.testing.Scratch;
import dev.dromedary.testing.Sh;
import dev.dromedary.testing.Tree;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static dev.dromedary.e2e.Settled.eventuallySettled;
import static dev.dromedary.e2e.Settled.eventuallyState;
import static dev.dromedary.e2e.Settled.startedFor;
import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What goes wrong in real life, with real parts, and is put right later: nobody has to start anything again. */
class FaultIT {

    private static final String CHANGE = "echo 2 >file; rm gone; mkdir -p new/folder; echo 3 >new/folder/file";

    @AutoClose
    private final Stage stage = new Stage();

    @Test
    void a_wrong_password_that_is_put_right_later() {
        Path guarded = stage.scratch.folder("guarded");
        RsyncDaemon daemon = RsyncDaemon.in(stage.scratch).module("g", guarded).user("me", "secret").start();
        Path password = RsyncDaemon.secret(stage.home.resolve("password"), "guess");
        Dromedary dromedary = failing(daemon.url("me", "g"), "mirror.t.target.a.password-file = " + password);
        assertReason(dromedary, "password");

        RsyncDaemon.secret(password, "secret");
        eventuallySettled(stage, guarded, dromedary);
        goesOn(guarded, dromedary);
    }

    @Test
    void a_daemon_whose_one_connection_somebody_else_has() throws IOException {
        Path busy = stage.scratch.folder("busy");
        RsyncDaemon daemon = RsyncDaemon.in(stage.scratch).module("b", busy).with("max connections = 1").start();
        Socket other = stage.scratch.own(daemon.occupy("b"));
        Dromedary dromedary = failing(daemon.url("b"));
        assertReason(dromedary, "too many connections");

        other.close();
        eventuallySettled(stage, busy, dromedary);
        goesOn(busy, dromedary);
    }

    @Test
    void a_module_that_is_made_later() {
        Path later = stage.scratch.folder("later");
        Dromedary dromedary = failing(stage.daemon.url("later"));
        assertReason(dromedary, "no such module");

        stage.daemon.reconfigure(text -> text + "[later]\npath = " + later + "\nread only = no\n");
        eventuallySettled(stage, later, dromedary);
        goesOn(later, dromedary);
    }

    @Test
    void a_module_that_may_be_written_to_later() {
        stage.daemon.reconfigure(text -> text.replace("read only = no", "read only = yes"));
        Dromedary dromedary = failing(stage.daemon.url("m"));
        assertReason(dromedary, "read-only");

        stage.daemon.reconfigure(text -> text.replace("read only = yes", "read only = no"));
        eventuallySettled(stage, dromedary);
        goesOn(stage.target, dromedary);
    }

    @Test
    void an_address_that_swallows_everything() {
        Dromedary dromedary = mirroring(stage.daemon.url("m"), stage.target, "mirror.t.timeout = 2s");
        stage.daemon.suspend();
        stage.inSource(CHANGE);
        eventually("a dead letter is kept", dromedary, () -> !stage.deadLetters().isEmpty());
        eventuallyState("away", dromedary);
        stage.inSource("echo later >later");
        assertLives(dromedary);

        stage.daemon.resume();
        eventuallySettled(stage, dromedary);
        goesOn(stage.target, dromedary);
    }

    @Test
    void a_target_without_room_for_one_of_many() {
        Path small = stage.mounted("small", "size=2m");
        Dromedary dromedary = mirroring(small, small);
        stage.inSource("for i in 1 2 3 4 5 6 7 8 9; do echo $i >a-$i; echo $i >z-$i; done; head -c 4m /dev/urandom >huge");
        eventuallySame(withoutHuge(stage.source), () -> withoutHuge(small), dromedary);
        eventually("a dead letter is kept", dromedary, () -> !stage.deadLetters().isEmpty());
        eventuallyState("full", dromedary);
        stage.inSource("echo 2 >file; rm a-1");
        eventuallySame(withoutHuge(stage.source), () -> withoutHuge(small), dromedary);
        assertLives(dromedary);

        Sh.run(small, "mount -o remount,size=16m .");
        eventuallySettled(stage, small, dromedary);
        goesOn(small, dromedary);
    }

    // each attempt to write it there sets the time of the folder that it is in, until it has arrived
    private static Tree withoutHuge(Path folder) {
        return Tree.of(folder).without(path -> path.toString().isEmpty() || path.startsWith("huge"));
    }

    @Test
    void a_target_without_room_for_one_of_many_at_the_start() {
        Path small = stage.mounted("small", "size=2m");
        stage.inSource("for i in 1 2 3 4 5 6 7 8 9; do echo $i >a-$i; echo $i >z-$i; done; head -c 4m /dev/urandom >huge");
        Dromedary dromedary = start(small);
        eventuallySame(withoutHuge(stage.source), () -> withoutHuge(small), dromedary);

        Sh.run(small, "mount -o remount,size=16m .");
        eventuallySettled(stage, small, dromedary);
    }

    @Test
    void a_target_whose_file_system_becomes_read_only() {
        Path disk = stage.mounted("disk", "size=16m");
        Dromedary dromedary = mirroring(disk, disk);
        Sh.run(disk, "mount -o remount,ro .");
        stage.inSource(CHANGE);
        eventually("a dead letter is kept", dromedary, () -> !stage.deadLetters().isEmpty());
        assertLives(dromedary);
        stage.inSource("echo later >later");

        Sh.run(disk, "mount -o remount,rw .");
        eventuallySettled(stage, disk, dromedary);
        goesOn(disk, dromedary);
    }

    @Test
    void a_folder_at_the_target_that_may_not_be_changed() {
        stage.inSource("mkdir -p fixed/in; echo 1 >fixed/file");
        Dromedary dromedary = mirroring(stage.daemon.url("m"), stage.target);
        immutable(stage.target.resolve("fixed"));
        stage.inSource("echo 2 >fixed/file; echo 2 >fixed/new; rmdir fixed/in; ln -s x fixed/link; echo 2 >beside");
        eventually("what lies beside it arrives", dromedary, () -> Tree.of(stage.target).has("beside"));
        eventually("a dead letter is kept", dromedary, () -> !stage.deadLetters().isEmpty());
        assertLives(dromedary);

        Sh.run(stage.target, "chattr -i fixed");
        eventuallySettled(stage, dromedary);
        goesOn(stage.target, dromedary);
    }

    /** The whole tree is owed, and what failed in it is named by temporary files only. */
    @ParameterizedTest
    @EnumSource(Immutable.class)
    void what_may_not_be_changed_at_the_target_at_the_start(Immutable what) {
        stage.inSource("mkdir -p fixed; echo new >fixed/file; echo 2 >beside");
        stage.inTarget("mkdir -p fixed; echo 1 >fixed/file");
        immutable(stage.target.resolve(what.path));
        Dromedary dromedary = start(stage.daemon.url("m"));
        eventually("what lies beside it arrives", dromedary, () -> Tree.of(stage.target).has("beside"));
        eventually("a dead letter is kept", dromedary, () -> !stage.deadLetters().isEmpty());

        Sh.run(stage.target, "chattr -i " + what.path);
        eventuallySettled(stage, dromedary);
    }

    private enum Immutable {
        A_FOLDER("fixed"), A_FILE("fixed/file");

        private final String path;

        Immutable(String path) {
            this.path = path;
        }
    }

    @Test
    void the_target_itself_that_may_not_be_changed() throws IOException {
        stage.inSource("mkdir -p folder; echo new >folder/file");
        stage.inTarget("mkdir -p folder; echo 1 >folder/file");
        immutable(stage.target);
        Dromedary dromedary = start(stage.daemon.url("m"));
        eventually("what lies below arrives", dromedary, () -> Files.size(stage.target.resolve("folder/file")) == 4);
        eventually("a dead letter is kept", dromedary, () -> !stage.deadLetters().isEmpty());
        assertLives(dromedary);

        Sh.run(stage.target, "chattr -i .");
        eventuallySettled(stage, dromedary);
        assertThat(stage.state.resolve("quarantine")).doesNotExist();
    }

    @Test
    void a_file_that_an_ordinary_user_may_read_later() {
        Dromedary.Builder ordinary = asNobody();
        stage.inSource("echo 1 >file; chmod 755 .");
        Dromedary dromedary = ordinary.start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);

        stage.inSource("echo 2 >secret; chmod 0 secret; echo 2 >file; echo 2 >beside");
        eventuallySame(Tree.of(stage.source).without("secret"), () -> Tree.of(stage.target).without("secret"), dromedary);
        eventually("a dead letter is kept", dromedary, () -> !stage.deadLetters().isEmpty());
        assertThat(Tree.of(stage.target).has("secret")).isFalse();
        assertLives(dromedary);

        stage.inSource("chmod 644 secret");
        eventuallySettled(stage, dromedary);
    }

    @Test
    void a_daemon_that_is_started_again_and_again() {
        Dromedary dromedary = mirroring(stage.daemon.url("m"), stage.target);
        for (int i = 0; i < 15; i++) {
            stage.daemon.stop();
            stage.inSource("mkdir -p d-" + i + "; echo " + i + " >d-" + i + "/file; echo " + i + " >file; rm -rf d-" + (i - 3));
            long before = stage.daemon.connections();
            stage.daemon.start();
            stage.inSource("echo " + i + " >e-" + i + "; mv e-" + i + " e");
            // so that a run is under way when it goes
            eventually("it is asked again", dromedary, () -> stage.daemon.connections() > before);
        }
        assertLives(dromedary);
        eventuallySettled(stage, dromedary);
        goesOn(stage.target, dromedary);
    }

    @ParameterizedTest
    @EnumSource(Forgery.class)
    void a_dead_letter_that_was_tampered_with_while_the_program_was_down(Forgery forgery) throws IOException {
        Path outside = stage.scratch.root().resolve("x");
        Files.writeString(outside, "precious");
        Dromedary first = mirroring(stage.daemon.url("m"), stage.target);
        stage.daemon.stop();
        stage.inSource(CHANGE);
        eventually("a dead letter is kept", first, () -> !stage.deadLetters().isEmpty());
        first.terminate();
        List<Path> letters = stage.deadLetters();
        for (Path letter : letters) {
            Files.writeString(letter, forgery.of(Files.readString(letter)));
        }

        stage.daemon.start();
        Dromedary second = stage.configured("mirror.t.reconcile-on-start = false").start().awaitReady();
        eventuallySettled(stage, second);
        for (Path letter : letters) {
            assertThat(stage.state.resolve("quarantine/t/a").resolve(letter.getFileName())).exists();
        }
        assertThat(Files.readString(outside)).isEqualTo("precious");
        goesOn(stage.target, second);
    }

    private enum Forgery {
        A_PATH_OUT_OF_THE_SOURCE_WITH_THE_RIGHT_CHECKSUM {
            @Override
            String of(String letter) {
                return signed(letter.replaceFirst("\"path\":\"[^\"]*\"", "\"path\":\"../../x\""));
            }
        },
        A_FIELD_MORE {
            @Override
            String of(String letter) {
                return letter.replaceFirst("\\{", "{\"command\":\"rm\",");
            }
        },
        A_LINE_LESS {
            @Override
            String of(String letter) {
                return letter.substring(0, letter.stripTrailing().lastIndexOf('\n') + 1);
            }
        },
        A_LINE_CUT {
            @Override
            String of(String letter) {
                return letter.substring(0, letter.length() / 2);
            }
        };

        abstract String of(String letter);

        // whoever can write there can count as well
        static String signed(String letter) {
            int end = letter.stripTrailing().lastIndexOf('\n') + 1;
            try {
                byte[] digest = MessageDigest.getInstance("SHA-256")
                        .digest(letter.substring(0, end).getBytes(StandardCharsets.UTF_8));
                return letter.substring(0, end) + letter.substring(end)
                        .replaceFirst("\"sha256\":\"[^\"]*\"", "\"sha256\":\"" + HexFormat.of().formatHex(digest) + '"');
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void a_crash_while_rsync_hangs() {
        Dromedary first = mirroring(stage.daemon.url("m"), stage.target);
        stage.daemon.suspend();
        stage.inSource(CHANGE);
        eventually("an rsync hangs", first, () -> !startedFor(stage.state).isEmpty());
        List<Long> left = startedFor(stage.state);
        first.killNow();
        assertThat(startedFor(stage.state)).as("rsyncs of the killed program").containsAll(left);

        stage.configured("mirror.t.reconcile-on-start = false");
        Dromedary second = stage.start().awaitReady();
        assertThat(startedFor(stage.state)).as("rsyncs of the new program").doesNotContainAnyElementsOf(left);
        stage.daemon.resume();
        eventuallySettled(stage, second);
        goesOn(stage.target, second);
    }

    @Test
    void a_state_folder_that_can_not_be_written_to_for_a_while() throws IOException {
        Path local = stage.scratch.folder("local");
        stage.inSource("echo 1 >file; echo 1 >gone");
        Dromedary dromedary = stage.configured(Stage.quickTarget("b", local).toArray(String[]::new)).start().awaitReady();
        eventuallySettled(stage, dromedary);
        Path letters = stage.state.resolve("dead-letter");
        Scratch.delete(letters);
        Files.writeString(letters, "in the way");

        stage.daemon.stop();
        stage.inSource(CHANGE);
        eventuallySame(stage.source, local, dromedary);
        eventually("its health says so", dromedary, () -> stateIsDown(dromedary));
        assertLives(dromedary);
        for (int i = 0; i < 3; i++) {
            stage.inSource("echo " + i + " >more-" + i);
            eventuallySame(stage.source, local, dromedary);
        }

        stage.daemon.start();
        eventuallySame(stage.source, stage.target, dromedary);

        Files.delete(letters);
        stage.daemon.stop();
        stage.inSource("echo last >last");
        eventually("a dead letter is kept", dromedary, () -> !stage.deadLetters().isEmpty());
        eventually("its health says so", dromedary, () -> !stateIsDown(dromedary));
        stage.daemon.start();
        eventuallySettled(stage, dromedary);
        eventuallySame(stage.source, local, dromedary);
    }

    // the target, which is away, is down by itself
    private static boolean stateIsDown(Dromedary dromedary) {
        return dromedary.get("/observe/health").body()
                .matches("(?s).*\\{[^{}]*\"name\":\\s*\"state\"[^{}]*\"status\":\\s*\"DOWN\".*");
    }

    private Dromedary start(Object url, String... more) {
        List<String> lines = new ArrayList<>(List.of("mirror.t.source = " + stage.source));
        lines.addAll(Stage.quickTarget("a", url));
        lines.addAll(List.of(more));
        return stage.configuredOnlyWith(lines.toArray(String[]::new)).start().awaitReady();
    }

    private Dromedary mirroring(Object url, Path target, String... more) {
        stage.inSource("echo 1 >file; echo 1 >gone");
        Dromedary dromedary = start(url, more);
        eventuallySettled(stage, target, dromedary);
        return dromedary;
    }

    /** At a target that takes nothing from the start; what changes meanwhile is owed as well. */
    private Dromedary failing(Object url, String... more) {
        stage.inSource("echo 1 >file; echo 1 >gone");
        Dromedary dromedary = start(url, more);
        eventually("a dead letter is kept", dromedary, () -> !stage.deadLetters().isEmpty());
        eventuallyState("away", dromedary);
        stage.inSource(CHANGE);
        assertLives(dromedary);
        return dromedary;
    }

    private static void assertReason(Dromedary dromedary, String words) {
        eventually("the reason", dromedary, () -> dromedary.get("/api/status").body().contains(words));
    }

    private static void assertLives(Dromedary dromedary) {
        assertThat(dromedary.isAlive()).as(dromedary.shownOutput()).isTrue();
        assertThat(dromedary.isReady()).as("ready").isTrue();
    }

    /** All is live again. */
    private void goesOn(Path target, Dromedary dromedary) {
        stage.inSource("echo on >on; rm -f file");
        eventuallySettled(stage, target, dromedary);
        eventuallyState("live", dromedary);
    }

    private void immutable(Path path) {
        assumeTrue(stage.works("chattr +i " + path), "chattr +i does not work here");
        stage.scratch.own(() -> Sh.run(Path.of("/"), "chattr -i " + path));
    }

    /** Root may read everything. */
    private Dromedary.Builder asNobody() {
        int nobody = 65534;
        String become = "setpriv --reuid=" + nobody + " --regid=" + nobody + " --clear-groups ";
        assumeTrue(stage.works(become + "true"), "only root can become another user");
        Sh.run(stage.scratch.root(), "chmod 711 . && chown " + nobody + ":" + nobody + " home source");
        Path jar = Path.of(System.getProperty("dromedary.jar", "target/dromedary.jar")).toAbsolutePath();
        assumeTrue(stage.works(become + "test -r " + jar), "an ordinary user can't read " + jar);
        return stage.configured().dromedary().as(nobody);
    }
}
