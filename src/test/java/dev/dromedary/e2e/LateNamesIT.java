package dev.dromedary.e2e;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import com.sun.jna.Function;
import com.sun.jna.Platform;
import dev.dromedary.testing.Dromedary;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** A file that is opened without a name, by O_TMPFILE of open(2), and gets one by linkat(2) while it is being written. */
class LateNamesIT {

    /** Such a file; closed as its writer closes it. */
    private static final class Nameless implements AutoCloseable {

        private static final int O_RDWR = 2;
        private static final int O_TMPFILE = 0x400000 | (Platform.isARM() ? 0x4000 : 0x10000);
        private static final int AT_FDCWD = -100;
        private static final int AT_SYMLINK_FOLLOW = 0x400;

        private final int fd;

        Nameless(Path folder) {
            fd = call("open", folder.toString(), O_RDWR | O_TMPFILE, 0644);
            assumeTrue(fd >= 0, "no O_TMPFILE in " + folder);
        }

        Nameless write(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            assertThat(call("write", fd, bytes, (long) bytes.length)).isEqualTo(bytes.length);
            return this;
        }

        Nameless name(Path path) {
            assertThat(call("linkat", AT_FDCWD, "/proc/self/fd/" + fd, AT_FDCWD, path.toString(), AT_SYMLINK_FOLLOW)).isZero();
            return this;
        }

        @Override
        public void close() {
            call("close", fd);
        }

        private static int call(String name, Object... arguments) {
            return Function.getFunction("c", name).invokeInt(arguments);
        }
    }

    @AutoClose
    private final Stage stage = new Stage();

    @ParameterizedTest
    @ValueSource(strings = {"tmpfs", "ext4", "xfs", "btrfs"})
    void what_is_written_after_the_name_was_given_arrives(String fileSystem) {
        Path source = stage.fileSystem("disk", fileSystem);
        Dromedary dromedary = mirroring(source);
        try (Nameless file = new Nameless(source).write("1")) {
            file.name(source.resolve("named"));
            eventuallySame(source, stage.target, dromedary);
            file.write("2");
        }
        eventuallySame(source, stage.target, dromedary);

        // another one, by which of them the watch is not to be confused
        try (Nameless file = new Nameless(source).write("3")) {
            file.name(source.resolve("other"));
            eventuallySame(source, stage.target, dromedary);
            file.write("4");
        }
        eventuallySame(source, stage.target, dromedary);
    }

    @Test
    void so_it_does_if_the_file_was_opened_elsewhere_and_is_renamed() {
        Path outside = stage.scratch.folder("outside");
        stage.inSource("mkdir -p a b");
        Dromedary dromedary = mirroring(stage.source);
        try (Nameless file = new Nameless(outside).write("1")) {
            file.name(stage.source.resolve("a/named"));
            // before and after it has become known
            stage.inSource("mv a/named b/named");
            eventuallySame(stage.source, stage.target, dromedary);
            file.write("2");
            stage.inSource("mv b/named a/again; mv a c");
            eventuallySame(stage.source, stage.target, dromedary);
            file.write("3");
        }
        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void one_that_stays_open_is_sent_now_and_then() {
        Dromedary dromedary = mirroring(stage.source);
        try (Nameless file = new Nameless(stage.source)) {
            file.name(stage.source.resolve("named"));
            eventuallySame(stage.source, stage.target, dromedary);
            file.write("1");
            eventually("it", dromedary, () -> Files.size(stage.target.resolve("named")) == 1);
        }
    }

    @Test
    void a_folder_in_its_place_is_watched() {
        Dromedary dromedary = mirroring(stage.source);
        try (Nameless file = new Nameless(stage.source).write("1")) {
            file.name(stage.source.resolve("named"));
            eventuallySame(stage.source, stage.target, dromedary);
            stage.inSource("rm named; mkdir named");
            file.write("2");
        }
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("echo 3 >named/file");
        eventuallySame(stage.source, stage.target, dromedary);
    }

    private Dromedary mirroring(Path source) {
        Dromedary dromedary = stage.configured("mirror.t.source = " + source, "mirror.t.max-delay = 1s").start().awaitReady();
        eventuallySame(source, stage.target, dromedary);
        return dromedary;
    }
}
