package dev.dromedary.rsync;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.dromedary.source.SourceGoneException;
import org.apache.camel.component.exec.ExecCommand;
import org.apache.camel.component.exec.ExecCommandExecutor;
import org.apache.camel.component.exec.ExecResult;

/**
 * Runs a command for camel-exec. Unlike Camel's own executor it lets a run continue while the program stops. It ends a run only if its
 * thread is interrupted, or if the run makes no progress for the endpoint's {@code timeout}. It keeps only the beginning of the error
 * output and of the standard output. If a {@link RunOutputParser} wants the figures in the standard output, only those are kept.
 */
public final class RsyncExecutor implements ExecCommandExecutor {

    private static final byte[] NOTHING = {};
    private static final int MOST_KEPT = 1 << 20;
    // the minimum capacity of a pipe if many are open (pipe(7), "Pipe capacity": a page)
    private static final int PIPE = 4096;
    // rsync's own code for a timeout (rsync(1), EXIT VALUES)
    private static final int TIMED_OUT = 30;
    private static final long LOOK_EVERY_MILLIS = 1000;
    private static final long END_WITHIN_SECONDS = 3;

    // the code of a shell
    private static final int CAN_NOT_BE_STARTED = 127;

    private final ExecutorService readers;
    private final Path stateDir;
    private final Semaphore turns;
    private final Semaphore longTurns;
    private final List<String> launcher;
    private final Set<Thread> busy = new HashSet<>();
    private boolean allowed = true;

    /**
     * @param readers  provides a thread for the duration of each run
     * @param stateDir identifies our processes for {@link OrphanedProcesses}
     * @param most     how many may run at once; at most half of them may be runs that may take long. The others wait for their turn, first
     *                 come, first served
     * @param launcher the command that starts each of them; empty for none
     */
    public RsyncExecutor(ExecutorService readers, Path stateDir, int most, List<String> launcher) {
        this.readers = readers;
        this.stateDir = stateDir;
        this.turns = new Semaphore(most, true);
        this.longTurns = new Semaphore(Math.max(1, most / 2), true);
        this.launcher = List.copyOf(launcher);
    }

    /**
     * Sets whether commands may run. If they may not any more, all running commands are ended at once as by a stop, and this waits for that
     * for three seconds at most.
     */
    public void allow(boolean may) {
        synchronized (busy) {
            allowed = may;
            if (may) {
                return;
            }
            busy.forEach(Thread::interrupt);
            try {
                long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(END_WITHIN_SECONDS);
                for (long left; !busy.isEmpty() && (left = end - System.nanoTime()) > 0;) {
                    TimeUnit.NANOSECONDS.timedWait(busy, left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Returns whether commands may run ({@link #allow}). */
    boolean isAllowed() {
        synchronized (busy) {
            return allowed;
        }
    }

    /** Runs a short task on a thread of its own. */
    void beside(Runnable what) {
        readers.execute(what);
    }

    /** The process of a run, and how many milliseconds it may make no progress. */
    record Started(Process process, long limit) {
    }

    /** Provides the process of a run: a new one, or one that waits for its list. */
    @FunctionalInterface
    interface Starting {
        Started start() throws IOException;
    }

    @Override
    public ExecResult execute(ExecCommand command) throws IOException {
        return execute(command, () -> new Started(start(command), command.getTimeout()));
    }

    /** Executes a command in a process that {@link #start} has started. */
    ExecResult execute(ExecCommand command, Starting starting) throws IOException {
        boolean mayTakeLong = command instanceof MonitoredRsyncBinding.Command told && told.mayTakeLong();
        begin();
        try {
            return mayTakeLong ? inTurn(longTurns, () -> inTurn(turns, () -> run(command, starting)))
                    : inTurn(turns, () -> run(command, starting));
        } finally {
            end();
        }
    }

    private void begin() throws InterruptedIOException {
        synchronized (busy) {
            if (!allowed) {
                throw new InterruptedIOException("another process leads the pair, so no rsync is run by this one");
            }
            busy.add(Thread.currentThread());
        }
    }

    private void end() {
        synchronized (busy) {
            busy.remove(Thread.currentThread());
            busy.notifyAll();
        }
    }

    @FunctionalInterface
    private interface Running {
        ExecResult run() throws IOException;
    }

    private static ExecResult inTurn(Semaphore turns, Running what) throws IOException {
        try {
            turns.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("a stop came before rsync was started").initCause(e);
        }
        try {
            return what.run();
        } finally {
            turns.release();
        }
    }

    /** Starts the process of a command without giving it any input yet. */
    Process start(ExecCommand command) throws IOException {
        List<String> line = new ArrayList<>(launcher);
        line.add(command.getExecutable());
        line.addAll(command.getArgs());
        ProcessBuilder builder = new ProcessBuilder(line);
        if (command.getWorkingDir() != null) {
            builder.directory(new File(command.getWorkingDir()));
        }
        // so that its messages, and the escapes in them, are the same everywhere
        builder.environment().put("LC_ALL", "C");
        builder.environment().put(OrphanedProcesses.MARK, stateDir.toString());
        return builder.start();
    }

    private ExecResult run(ExecCommand command, Starting starting) throws IOException {
        RunOutputParser figures = command instanceof MonitoredRsyncBinding.Command told ? told.figures() : null;
        Started started;
        try {
            started = starting.start();
        } catch (SourceGoneException e) {
            throw e;
        } catch (IOException e) {
            return ended(command, CAN_NOT_BE_STARTED, command.getExecutable() + " can't be started: " + e.getMessage());
        }
        Process process = started.process;
        try {
            Future<byte[]> stderr = readers.submit(() -> first(process.getErrorStream()));
            Future<byte[]> stdout = readers.submit(() -> figures == null ? first(process.getInputStream())
                    : follow(process, figures));
            Future<?> stdin = feedBeside(process, command.getInput());
            if (!ends(process, started.limit)) {
                return ended(command, TIMED_OUT, "it got no further for " + started.limit + " ms and was ended");
            }
            if (stdin != null) {
                stdin.get();
            }
            byte[] shown = stdout.get();
            byte[] said = stderr.get();
            int exit = process.exitValue();
            return new ExecResult(command, new ByteArrayInputStream(shown), said.length == 0 ? null : new ByteArrayInputStream(said), exit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("rsync was ended by a stop").initCause(e);
        } catch (ExecutionException e) {
            throw new IOException("rsync's messages could not be read", e.getCause());
        } finally {
            end(process);
        }
    }

    private static ExecResult ended(ExecCommand command, int exit, String said) {
        return new ExecResult(command, null, new ByteArrayInputStream(said.getBytes(StandardCharsets.UTF_8)), exit);
    }

    // false if it makes no progress
    private static boolean ends(Process process, long limit) throws InterruptedException {
        StallDetector progress = new StallDetector(process.pid(), limit);
        while (!process.waitFor(Math.min(limit, LOOK_EVERY_MILLIS), TimeUnit.MILLISECONDS)) {
            if (progress.hasStalled()) {
                return false;
            }
        }
        return true;
    }

    // input that fits into a pipe needs no thread that waits for free space
    private Future<?> feedBeside(Process process, InputStream input) throws IOException {
        if (input == null || input instanceof ByteArrayInputStream && input.available() <= PIPE) {
            feed(process, input);
            return null;
        }
        return readers.submit(() -> feed(process, input));
    }

    private static void feed(Process process, InputStream input) {
        try (OutputStream stdin = process.getOutputStream()) {
            if (input != null) {
                input.transferTo(stdin);
            }
        } catch (IOException e) {
            // it ended before it had read everything: its exit code and its messages say why
            return;
        }
    }

    private static byte[] follow(Process process, RunOutputParser figures) {
        try {
            figures.read(process.getInputStream());
        } catch (IOException e) {
            // it was ended, so it has no figures
            return NOTHING;
        }
        return NOTHING;
    }

    private static byte[] first(InputStream stream) throws IOException {
        ByteArrayOutputStream first = new ByteArrayOutputStream();
        boolean all = true;
        byte[] buffer = new byte[8192];
        for (int length; (length = stream.read(buffer)) >= 0;) {
            int room = MOST_KEPT - first.size();
            first.write(buffer, 0, Math.min(length, room));
            all &= length <= room;
        }
        if (!all) {
            // a line that names no path: the output after it is not known
            first.writeBytes("\nrsync: more was said than is kept\n".getBytes(StandardCharsets.US_ASCII));
        }
        return first.toByteArray();
    }

    // including all its children, such as ssh; the processes of a local copy end each other
    static void end(Process process) {
        if (!process.isAlive()) {
            return;
        }
        boolean interrupted = Thread.interrupted();
        try {
            ProcessTerminator.end(Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
