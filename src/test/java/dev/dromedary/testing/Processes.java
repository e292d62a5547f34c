package dev.dromedary.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

/** What the wrappers of processes share. */
public final class Processes {

    private Processes() {
    }

    /** Sends a signal to a process and to all that it has started, itself first. */
    static void signal(Process process, String name) {
        if (!process.isAlive()) {
            return;
        }
        Sh.run(Path.of("/"), "kill -" + name + " " + process.pid());
        String children = String.join(" ", process.descendants().map(each -> Long.toString(each.pid())).toList());
        if (!children.isEmpty()) {
            // One of them may just have ended by itself.
            Sh.run(Path.of("/"), "kill -" + name + " " + children + " 2>/dev/null || :");
        }
    }

    /** Ends a process and all that it has started, at once. */
    public static void end(Process process) {
        if (process.isAlive()) {
            // Stopped, it starts no more of them meanwhile.
            Sh.run(Path.of("/"), "kill -STOP " + process.pid() + " 2>/dev/null || :");
        }
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
        awaitEnd(process, 20);
    }

    /** Waits until something listens at the port, or fails with what the process has said. */
    static void awaitPort(Process process, String address, int port, Supplier<String> said) {
        try {
            Awaitility.await().atMost(ofSeconds(60)).pollDelay(ofMillis(0)).pollInterval(ofMillis(10))
                    .until(() -> FreePort.accepts(address, port) || !process.isAlive());
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("nothing listens at " + port + ": " + said.get(), e);
        }
        if (!process.isAlive()) {
            throw new AssertionError("ended with " + process.exitValue() + ": " + said.get());
        }
    }

    public static int awaitEnd(Process process, int seconds) {
        try {
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                throw new AssertionError("still running after " + seconds + " s: " + process.info().command().orElse("?"));
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first of several programs that is there, for those that are not always in PATH. */
    static String program(String... paths) {
        return Stream.of(paths)
                .filter(path -> Files.isExecutable(Path.of(path)))
                .findFirst()
                .orElseGet(() -> Path.of(paths[0]).getFileName().toString());
    }
}
