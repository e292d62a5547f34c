package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.sun.jna.Function;
import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Tree;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What a mirror and its targets can be told; the target b is a local folder and has options of its own. */
class OptionsIT {

    private static final String ACL = "system.posix_acl_access";

    @AutoClose
    private final Stage stage = new Stage();
    private final Path local = stage.scratch.folder("local");

    @Test
    void a_limit_of_bandwidth_holds_for_the_targets_that_have_it() {
        Dromedary dromedary = mirroring("mirror.t.bandwidth-limit = 200", "mirror.t.target.b.bandwidth-limit = 0");
        long start = System.nanoTime();
        stage.inSource("head -c 1m /dev/urandom >large");
        eventuallySame(stage.source, local, dromedary);
        assertThat(Tree.of(stage.target).has("large")).as("the other has it already").isFalse();

        eventuallySame(stage.source, stage.target, dromedary);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).as("1 MiB at 200 KiB a second").isGreaterThan(Duration.ofSeconds(4));
    }

    @Test
    void each_target_waits_as_long_as_its_own_window() {
        Dromedary dromedary = mirroring("mirror.t.target.b.window = 1h");
        stage.inSource("echo 1 >file");
        // an idle target gets the first change at once; from then on the window counts
        eventuallySame(stage.source, local, dromedary);
        stage.inSource("echo 2 >file; mkdir folder");
        eventuallySame(stage.source, stage.target, dromedary);
        eventually("it is owed", dromedary, () -> dromedary.get("/api/status").body().contains("catching up"));
        assertThat(Tree.of(local).has("folder")).isFalse();
        dromedary.terminate();

        eventuallySame(stage.source, local,
                stage.dromedary().property("mirror.t.target.b.window", "10ms").start().awaitReady());
    }

    @Test
    void a_backlog_of_few_paths_loses_nothing() {
        Dromedary dromedary = mirroring("mirror.t.max-backlog = 10");
        stage.daemon.stop();
        stage.inSource("for i in $(seq 100); do mkdir -p d-$((i % 7))/e-$((i % 3)); echo $i >d-$((i % 7))/e-$((i % 3))/$i; done");
        stage.inSource("rm -r d-3; echo 2 >file; rm d-4/e-*/*");
        eventuallySame(stage.source, local, dromedary);

        stage.daemon.start();
        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void permissions_may_be_others_at_a_target() throws IOException {
        stage.inSource("mkdir folder; echo 1 >folder/file; chmod 777 folder folder/file");
        Dromedary dromedary = mirroring("mirror.t.target.b.rsync-options = -z --chmod=D750,F640");
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("echo 2 >folder/new; chmod 666 folder/new; echo 2 >folder/file");
        eventuallySame(stage.source, stage.target, dromedary);
        eventually("the changes", dromedary, () -> mode("folder/file").equals("rw-r-----")
                && mode("folder/new").equals("rw-r-----") && Files.size(local.resolve("folder/file")) == 2);
        assertThat(mode("folder")).isEqualTo("rwxr-x---");
    }

    @Test
    void owners_are_mirrored_where_they_are_wanted() throws IOException {
        assumeTrue(stage.works("touch probe && chown 4321:8765 probe && rm probe"), "only root can give files away");
        stage.inSource("echo 1 >theirs; chown 4321:8765 theirs");
        Dromedary dromedary = mirroring("mirror.t.target.b.rsync-options = --no-owner --no-group");
        eventuallySame(stage.source, stage.target, dromedary);
        eventuallySame(stage.source, local, dromedary);
        assertThat(owner(stage.target, "theirs")).isEqualTo("4321:8765");
        assertThat(owner(local, "theirs")).isEqualTo(owner(local, "."));

        stage.inSource("chown 1:1 theirs; echo 1 >new; chown -h 2:2 new; ln -s new link; chown -h 3:3 link");
        eventually("the owners as they are now", dromedary, () -> Tree.of(stage.target).has("link") && Tree.of(stage.target).has("new")
                && owner(stage.target, "theirs").equals("1:1") && owner(stage.target, "new").equals("2:2")
                && owner(stage.target, "link").equals("3:3"));
        eventuallySame(stage.source, local, dromedary);
        assertThat(owner(local, "new")).isEqualTo(owner(local, "."));
    }

    @Test
    void two_names_of_a_file_stay_one_file_where_that_is_wanted() throws IOException {
        stage.inSource("echo 1 >one; ln one other");
        Dromedary dromedary = mirroring("mirror.t.target.b.rsync-options = -H");
        eventuallySame(stage.source, stage.target, dromedary);
        eventuallySame(stage.source, local, dromedary);
        assertThat(isOneFile(stage.target, "one", "other")).isFalse();
        assertThat(isOneFile(local, "one", "other")).isTrue();

        // in one window, as only what travels together is joined
        stage.inSource("mkdir new; echo 2 >new/.one; ln new/.one new/.other; mv new made");
        eventuallySame(stage.source, local, dromedary);
        eventually("joined", dromedary, () -> isOneFile(local, "made/.one", "made/.other"));
    }

    @Test
    void extended_attributes_are_mirrored_where_they_are_wanted() throws IOException {
        stage.inSource("echo 1 >file; mkdir folder");
        assumeTrue(extended(stage.source.resolve("file"), "colour", "grey"), "no extended attributes here");
        Dromedary dromedary = mirroring("mirror.t.target.b.rsync-options = -X");
        eventuallySame(stage.source, stage.target, dromedary);
        eventually("the attribute", dromedary, () -> extended(local.resolve("file"), "colour").equals("grey"));
        assertThat(extended(stage.target.resolve("file"), "colour")).isEmpty();

        extended(stage.source.resolve("file"), "colour", "brown");
        extended(stage.source.resolve("folder"), "kind", "camel");
        eventually("the attributes as they are now", dromedary, () -> extended(local.resolve("file"), "colour").equals("brown")
                && extended(local.resolve("folder"), "kind").equals("camel"));
    }

    @Test
    void access_lists_are_mirrored_where_they_are_wanted() throws IOException {
        stage.inSource("echo 1 >file; chmod 640 file");
        assumeTrue(allow(stage.source.resolve("file"), 4321, 6), "no access lists here");
        Dromedary dromedary = mirroring("mirror.t.target.b.rsync-options = -A");
        eventuallySame(stage.source, stage.target, dromedary);
        eventually("the list", dromedary, () -> accessList(local.resolve("file")).equals(accessList(stage.source.resolve("file"))));
        assertThat(accessList(stage.target.resolve("file"))).isEmpty();

        allow(stage.source.resolve("file"), 8765, 4);
        eventually("the list as it is now", dromedary,
                () -> accessList(local.resolve("file")).equals(accessList(stage.source.resolve("file"))));
    }

    private Dromedary mirroring(String... more) {
        stage.inSource("echo 1 >file-of-all");
        List<String> lines = new ArrayList<>(Stage.quickTarget("b", local));
        lines.addAll(List.of(more));
        Dromedary dromedary = stage.configured(lines.toArray(String[]::new)).start().awaitReady();
        eventually("the start", dromedary, () -> Tree.of(stage.target).has("file-of-all") && Tree.of(local).has("file-of-all"));
        return dromedary;
    }

    private String mode(String path) throws IOException {
        Path file = local.resolve(path);
        return Files.exists(file) ? PosixFilePermissions.toString(Files.getPosixFilePermissions(file)) : "";
    }

    private static String owner(Path folder, String path) throws IOException {
        Path file = folder.resolve(path);
        return Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS) + ":"
                + Files.getAttribute(file, "unix:gid", LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean isOneFile(Path folder, String one, String other) throws IOException {
        return Files.getAttribute(folder.resolve(one), "unix:ino").equals(Files.getAttribute(folder.resolve(other), "unix:ino"));
    }

    private static boolean extended(Path file, String name, String value) {
        try {
            view(file).write(name, ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)));
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    private static String extended(Path file, String name) throws IOException {
        if (!view(file).list().contains(name)) {
            return "";
        }
        ByteBuffer value = ByteBuffer.allocate(view(file).size(name));
        view(file).read(name, value);
        return new String(value.array(), StandardCharsets.UTF_8);
    }

    private static UserDefinedFileAttributeView view(Path file) {
        return Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
    }

    /** Gives one more user rights to a file of mode 0640, as the kernel stores it (acl(5), linux/posix_acl_xattr.h). */
    private static boolean allow(Path file, int user, int rights) {
        int[][] entries = {{0x01, 6, -1}, {0x02, rights, user}, {0x04, 4, -1}, {0x10, 6, -1}, {0x20, 0, -1}};
        ByteBuffer list = ByteBuffer.allocate(4 + entries.length * 8).order(ByteOrder.LITTLE_ENDIAN).putInt(2);
        for (int[] entry : entries) {
            list.putShort((short) entry[0]).putShort((short) entry[1]).putInt(entry[2]);
        }
        return Function.getFunction("c", "setxattr")
                .invokeInt(new Object[] {file.toString(), ACL, list.array(), (long) list.capacity(), 0}) == 0;
    }

    private static List<Byte> accessList(Path file) {
        byte[] list = new byte[1024];
        int length = Function.getFunction("c", "getxattr")
                .invokeInt(new Object[] {file.toString(), ACL, list, (long) list.length});
        List<Byte> bytes = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            bytes.add(list[i]);
        }
        return bytes;
    }
}
