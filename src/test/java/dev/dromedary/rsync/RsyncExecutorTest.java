package dev.dromedary.rsync;

import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.apache.camel.LoggingLevel;
import org.apache.camel.component.exec.ExecCommand;
import org.apache.camel.component.exec.ExecResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class RsyncExecutorTest {

    private static final long FOREVER_MILLIS = TimeUnit.MINUTES.toMillis(5);

    @TempDir
    private Path state;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void end() throws InterruptedException {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void what_runs_is_ended_when_nothing_may_run_any_more() throws Exception {
        RsyncExecutor executor = executor(List.of());
        List<Future<ExecResult>> runs = Stream.of("301", "302", "303")
                .map(seconds -> threads.submit((Callable<ExecResult>) () -> executor.execute(command("sleep", seconds)))).toList();
        await().until(() -> children("sleep 30").count() == 3);

        executor.allow(false);

        assertThat(children("sleep 30")).isEmpty();
        for (Future<ExecResult> run : runs) {
            assertThatThrownBy(() -> run.get(10, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(InterruptedIOException.class);
        }
    }

    @Test
    void nothing_is_run_until_it_may_again() throws Exception {
        RsyncExecutor executor = executor(List.of());
        executor.allow(false);
        assertThatThrownBy(() -> executor.execute(command("true"))).isInstanceOf(InterruptedIOException.class)
                .hasMessageContaining("another process leads");

        executor.allow(true);
        assertThat(executor.execute(command("true")).getExitValue()).isZero();
    }

    @Test
    void what_is_tethered_is_ended_with_the_thread_that_started_it() throws Exception {
        Process[] started = new Process[1];
        List<String> line = Stream.concat(ParentDeathSignal.command().stream(), Stream.of("sleep", "304")).toList();
        Thread thread = new Thread(() -> {
            try {
                started[0] = new ProcessBuilder(line).start();
                await().until(() -> children("sleep 304").count() == 1);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        thread.start();
        thread.join();

        assertThat(started[0].waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(started[0].exitValue()).isEqualTo(128 + 9);
    }

    @Test
    void a_command_is_the_same_by_its_tether() throws Exception {
        assertThat(executor(ParentDeathSignal.command()).execute(command("sh", "-c", "exit 23")).getExitValue()).isEqualTo(23);
    }

    private RsyncExecutor executor(List<String> launcher) {
        return new RsyncExecutor(threads, state, 8, launcher);
    }

    private static ExecCommand command(String executable, String... args) {
        return new ExecCommand(executable, List.of(args), null, FOREVER_MILLIS, Set.of(), null, null, false, LoggingLevel.OFF);
    }

    private static Stream<ProcessHandle> children(String line) {
        return ProcessHandle.current().children()
                .filter(child -> child.info().commandLine().filter(text -> text.contains(line)).isPresent());
    }
}
