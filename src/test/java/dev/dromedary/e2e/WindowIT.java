package dev.dromedary.e2e;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import dev.dromedary.testing.Dromedary;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.testing.Mirrors.eventuallySame;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

class WindowIT {

    @AutoClose
    private final Stage stage = new Stage();

    @Test
    void a_file_that_is_written_to_without_a_pause_arrives_within_the_longest_delay() throws Exception {
        Dromedary dromedary = stage.configured("mirror.t.window = 500ms", "mirror.t.max-delay = 1s").start().awaitReady();
        Path there = stage.target.resolve("log");
        AtomicBoolean enough = new AtomicBoolean();

        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> appendUntil(enough, stage.source.resolve("log")));
        try {
            // One second, and what a busy machine needs.
            Awaitility.await().atMost(ofSeconds(10)).pollInterval(ofMillis(20))
                    .until(() -> Files.exists(there) && Files.size(there) > 0);
            long first = Files.size(there);
            Awaitility.await().atMost(ofSeconds(10)).pollInterval(ofMillis(20)).until(() -> Files.size(there) > first);
            assertThat(writer).as("still being written").isNotDone();
        } finally {
            enough.set(true);
        }
        writer.get(10, TimeUnit.SECONDS);
        eventuallySame(stage.source, stage.target, dromedary);
    }

    private static void appendUntil(AtomicBoolean enough, Path file) {
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int line = 0; !enough.get(); line++) {
                out.write(("line " + line + "\n").getBytes(StandardCharsets.UTF_8));
                LockSupport.parkNanos(ofMillis(10).toNanos());
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_burst_goes_in_few_runs() throws IOException {
        Dromedary dromedary = stage.configured("mirror.t.window = 500ms").start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        long before = stage.daemon.connections();

        for (int i = 0; i < 200; i++) {
            Files.writeString(stage.source.resolve("file-" + i), Integer.toString(i));
        }
        eventuallySame(stage.source, stage.target, dromedary);

        assertThat(stage.daemon.connections() - before).isLessThan(20);
    }
}
