package dev.dromedary.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import com.sun.jna.Platform;
import dev.dromedary.change.RawPath;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class InotifyTest {

    private static final Path QUEUE = Path.of("/proc/sys/fs/inotify/max_queued_events");
    private static final int MOST_EVENTS = 100_000;

    @TempDir
    private Path source;

    @BeforeAll
    static void onlyOnLinux() {
        assumeTrue(Platform.isLinux() && Platform.is64Bit(), "inotify is Linux's");
    }

    /** 20,000 new files on two processors: their events came faster than what they mean could be said, and the whole was compared. */
    @Test
    void more_events_than_the_kernel_holds_are_read_if_there_was_a_look_in_between() throws IOException {
        // not readString, which reads the first byte by itself and then finds no more in a file of this kind
        int queue = Integer.parseInt(Files.readAllLines(QUEUE).get(0));
        assumeTrue(queue < MOST_EVENTS, "the queue is long here");
        List<Inotify.Event> read = new ArrayList<>();
        try (Inotify inotify = Inotify.open()) {
            int watch = inotify.add(LibC.cString(RawPath.of(source.toRealPath())));
            assertThat(watch).isNotNegative();
            for (int i = 0; i < 3; i++) {
                folders(i, queue * 2 / 3);
                inotify.read(read::add);
            }
            while (inotify.read(read::add)) {
                // until there is no more
            }
        }

        assertThat(read).noneMatch(event -> event.is(LibC.IN_Q_OVERFLOW));
        assertThat(read.stream().filter(event -> event.is(LibC.IN_CREATE))).hasSize(3 * (queue * 2 / 3));
        assertThat(read.get(0).name()).isEqualTo("0-0");
        assertThat(read.get(read.size() - 1).name()).isEqualTo("2-" + (queue * 2 / 3 - 1));
    }

    private void folders(int round, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            Files.createDirectory(source.resolve(round + "-" + i));
        }
    }
}
