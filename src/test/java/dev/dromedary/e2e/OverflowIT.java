package dev.dromedary.e2e;

import java.nio.file.Files;
import java.nio.file.Path;

import dev.dromedary.testing.Dromedary;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

/** More events than the kernel keeps while the program is stopped. */
class OverflowIT {

    @AutoClose
    private final Stage stage = new Stage();

    @Test
    void what_the_kernel_dropped_arrives_and_new_folders_are_watched() throws Exception {
        // not readString, which reads the first byte by itself and then finds no more in a file of this kind
        int queue = Integer.parseInt(Files.readAllLines(Path.of("/proc/sys/fs/inotify/max_queued_events")).get(0));
        stage.inSource("mkdir -p old/er; echo 1 >old/er/file; mkdir move");
        Dromedary dromedary = stage.configured().start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);

        dromedary.suspend();
        Path many = Files.createDirectory(stage.source.resolve("many"));
        Path busy = Files.createFile(stage.source.resolve("old/busy"));
        for (int i = 0; i < queue; i++) {
            Files.createFile(stage.source.resolve("move/" + i));
        }
        Files.createDirectories(many.resolve("new/er"));
        Files.writeString(busy, "written while nobody looked");
        stage.inSource("mv old/er many/er; rm -r move; mkdir move; echo 2 >many/new/er/file");
        dromedary.resume();

        eventually("the overflow is counted", dromedary, () -> dromedary.get("/observe/metrics").body()
                .contains("dromedary_overflows_total{mirror=\"t\"} 1.0"));
        eventuallySame(stage.source, stage.target, dromedary);
        assertThat(dromedary.output()).containsOnlyOnce("fs.inotify.max_queued_events");

        stage.inSource("echo 3 >many/new/er/late; echo 3 >many/er/file; echo 3 >move/late");
        eventuallySame(stage.source, stage.target, dromedary);
        assertThat(dromedary.isReady()).isTrue();
    }
}
