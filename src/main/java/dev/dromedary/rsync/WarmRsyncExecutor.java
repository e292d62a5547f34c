package dev.dromedary.rsync;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

import org.apache.camel.component.exec.ExecCommand;
import org.apache.camel.component.exec.ExecCommandExecutor;
import org.apache.camel.component.exec.ExecResult;
import org.apache.camel.support.service.ServiceSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs rsync for one target, and keeps a process ready for its next live change ({@link WarmRsync}), as starting, connecting and logging in
 * takes longer than sending a small change. The result is the same as that of a newly started run: if the connection was lost while a
 * process waited, the run is repeated by another process. Safe for use by several threads.
 */
public final class WarmRsyncExecutor extends ServiceSupport implements ExecCommandExecutor {

    private static final Logger LOG = LoggerFactory.getLogger(WarmRsyncExecutor.class);

    /** Firewalls forget a connection that is idle for longer, and the password may have changed by then. */
    private static final long OLDEST_NANOS = TimeUnit.MINUTES.toNanos(1);
    /** The pause after the target has turned out to take one connection at a time. */
    private static final long COLD_NANOS = TimeUnit.MINUTES.toNanos(10);

    // rsync's own codes (rsync(1), EXIT VALUES) for connection failures; they tell nothing about the paths
    private static final Set<Integer> DISCONNECTED = Set.of(5, 10, 12, 14, 20, 30, 35, 255);
    private static final int FIRST_SIGNAL = 128;
    /**
     * A firewall may have forgotten the connection, or a host may have changed: a new connection gets through, or may hang until its own
     * timeout.
     */
    private static final long FORGOTTEN_AFTER_MILLIS = 5000;

    private static final int MOST_TRIES = 10;
    private static final long TRY_EVERY_MILLIS = 50;
    private static final long ENDS_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final String target;
    private final String place;
    private final RsyncExecutor rsync;
    private final Duration keep;
    private final boolean endsByItself;
    private final BooleanSupplier rests;
    private final WarmRsyncCoordinator all;
    private final StartGuard guard;
    private final Runnable start = this::startBeside;
    private final AtomicReference<WarmRsync> ready = new AtomicReference<>();
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile ExecCommand last;
    private volatile long lastNanos;
    private volatile boolean cold;
    private volatile long coldNanos;
    private volatile long endedNanos = System.nanoTime() - ENDS_WITHIN_NANOS;

    /**
     * @param target       mirror/target
     * @param place        where waiting runs block others, such as a host and a port
     * @param keep         how long after the last live change one waits; zero for never
     * @param endsByItself whether an empty list ends it ({@link WarmRsync})
     * @param rests        whether nothing has to be sent to this target for now
     * @param all          the coordinator of all targets
     * @param guard        checks each process that was started for a run
     */
    public WarmRsyncExecutor(String target, String place, RsyncExecutor rsync, Duration keep, boolean endsByItself, BooleanSupplier rests,
            WarmRsyncCoordinator all, StartGuard guard) {
        this.guard = guard;
        this.target = target;
        this.place = place;
        this.rsync = rsync;
        this.keep = keep;
        this.endsByItself = endsByItself;
        this.rests = rests;
        this.all = all;
        all.add(place, this);
    }

    @Override
    public ExecResult execute(ExecCommand command) throws IOException {
        ExecResult result = command instanceof MonitoredRsyncBinding.Command told && told.isLive() ? live(told) : cold(command);
        return isOneAtATime(result) && all.makeWay(place) ? again(command, result) : result;
    }

    private ExecResult cold(ExecCommand command) throws IOException {
        return rsync.execute(command, () -> new RsyncExecutor.Started(started(command), command.getTimeout()));
    }

    private Process started(ExecCommand command) throws IOException {
        Process process = rsync.start(command);
        try {
            guard.check(process, command);
            return process;
        } catch (IOException | RuntimeException e) {
            RsyncExecutor.end(process);
            throw e;
        }
    }

    private ExecResult live(MonitoredRsyncBinding.Command command) throws IOException {
        ExecResult result;
        all.begun();
        try {
            result = carry(command);
        } finally {
            all.ended();
        }
        if (result.getExitValue() == 0 && !keep.isZero()) {
            last = new ExecCommand(command.getExecutable(), command.getArgs(), command.getWorkingDir(), command.getTimeout(),
                    command.getExitValues(), null, null, false, command.getCommandLogLevel());
            lastNanos = System.nanoTime();
            all.startSoon(start);
        }
        return result;
    }

    private ExecResult carry(MonitoredRsyncBinding.Command command) throws IOException {
        WarmRsync[] warm = new WarmRsync[1];
        // only when it is its turn, as rules and source may change until then
        ExecResult result = rsync.execute(command, () -> {
            warm[0] = take(command);
            return warm[0] != null ? new RsyncExecutor.Started(warm[0].process(), Math.min(command.getTimeout(), FORGOTTEN_AFTER_MILLIS))
                    : new RsyncExecutor.Started(started(command), command.getTimeout());
        });
        if (warm[0] != null && isDisconnected(result.getExitValue()) && rewind(command)) {
            LOG.debug("{}: the run that was kept ready ended with {}, another is started", target, result.getExitValue());
            command.figures().cutOff();
            result = cold(command);
        }
        return result;
    }

    private static boolean isDisconnected(int exit) {
        return DISCONNECTED.contains(exit) || exit > FIRST_SIGNAL;
    }

    // the other side notices the end of a connection with a short delay
    private ExecResult again(ExecCommand command, ExecResult refused) throws IOException {
        ExecResult result = refused;
        try {
            for (int i = 0; i < MOST_TRIES && isOneAtATime(result) && rewind(command); i++) {
                TimeUnit.MILLISECONDS.sleep(TRY_EVERY_MILLIS);
                result = cold(command);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return result;
    }

    private static boolean isOneAtATime(ExecResult result) throws IOException {
        InputStream said = result.getExitValue() == 0 ? null : result.getStderr();
        if (said == null) {
            return false;
        }
        String words = new String(said.readAllBytes(), StandardCharsets.ISO_8859_1);
        said.reset();
        return ExitCodeTable.isOneAtATime(result.getExitValue(), words);
    }

    // the list is read again from its beginning
    private static boolean rewind(ExecCommand command) throws IOException {
        InputStream list = command.getInput();
        if (list != null && !list.markSupported()) {
            return false;
        }
        if (list != null) {
            list.reset();
        }
        return true;
    }

    private WarmRsync take(ExecCommand command) {
        WarmRsync waiting = ready.getAndSet(null);
        if (waiting != null && !waiting.fits(command)) {
            end(waiting);
            return null;
        }
        return waiting;
    }

    private void startBeside() {
        try {
            rsync.beside(this::startOne);
        } catch (RejectedExecutionException e) {
            LOG.debug("{}: no run is kept ready, as the program stops", target);
        }
    }

    private void startOne() {
        if (ready.get() != null || !mayWait() || cold && System.nanoTime() - coldNanos < COLD_NANOS) {
            return;
        }
        cold = false;
        try {
            WarmRsync next = WarmRsync.start(rsync, last, endsByItself);
            if (!ready.compareAndSet(null, next)) {
                end(next);
            }
            lookLater();
        } catch (IOException | RuntimeException e) {
            LOG.debug("{}: no run is kept ready", target, e);
        }
        if (!isRunAllowed()) {
            endReady();
        }
    }

    private boolean mayWait() {
        return isRunAllowed() && rsync.isAllowed() && !rests.getAsBoolean();
    }

    private void lookLater() {
        if (ready.get() != null && looking.compareAndSet(false, true)) {
            try {
                all.lookLater(this::look);
            } catch (RejectedExecutionException e) {
                // the program stops
                endReady();
            }
        }
    }

    // accesses no file system: one that hangs would block all others
    private void look() {
        looking.set(false);
        WarmRsync waiting = ready.get();
        if (waiting == null) {
            return;
        }
        boolean over = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastNanos) >= keep.toMillis() || !mayWait();
        boolean old = waiting.waitedNanos() >= OLDEST_NANOS;
        if (over || old || !waiting.isAlive()) {
            if (ready.compareAndSet(waiting, null)) {
                end(waiting);
            }
            if (old && !over) {
                all.startSoon(start);
            }
        }
        lookLater();
    }

    /** Ends the waiting run, and keeps none waiting for a while. Returns whether there is one, or was just now. */
    boolean makesWay() {
        boolean was = endReady() || System.nanoTime() - endedNanos < ENDS_WITHIN_NANOS;
        if (was) {
            letCool();
        }
        return was;
    }

    private boolean endReady() {
        WarmRsync waiting = ready.getAndSet(null);
        if (waiting != null) {
            end(waiting);
        }
        return waiting != null;
    }

    // a process that has ended by itself was ended by the other side
    private void end(WarmRsync waiting) {
        endedNanos = System.nanoTime();
        if (waiting.isAlive()) {
            waiting.end();
            return;
        }
        try {
            if (ExitCodeTable.isOneAtATime(waiting.exit(), waiting.said())) {
                letCool();
            }
        } catch (IOException e) {
            LOG.debug("{}: what a run that was kept ready said can't be read", target, e);
        }
    }

    private void letCool() {
        LOG.debug("{}: so many are let in at a time that no run is kept ready for a while", target);
        coldNanos = System.nanoTime();
        cold = true;
    }

    @Override
    protected void doStop() {
        all.remove(place, this);
        endReady();
    }
}
