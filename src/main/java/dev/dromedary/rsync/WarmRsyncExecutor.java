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
 * Runs rsync for one target, and keeps the run of its next live change ready ({@link WarmRsync}): to start, to connect and to log in
 * takes longer than to carry a small change. What it says of a run is what a run that was started for it would have said: one
 * whose connection was lost while it waited is made again by another. Safe for use by several threads.
 */
public final class WarmRsyncExecutor extends ServiceSupport implements ExecCommandExecutor {

    private static final Logger LOG = LoggerFactory.getLogger(WarmRsyncExecutor.class);

    /** A connection that is idle for longer is forgotten by firewalls, and a password may be another by then. */
    private static final long OLDEST_NANOS = TimeUnit.MINUTES.toNanos(1);
    /** After it was seen that the target takes one connection at a time. */
    private static final long COLD_NANOS = TimeUnit.MINUTES.toNanos(10);

    // rsync's own codes (rsync(1), EXIT VALUES) for what happens to a connection; by them nothing is told of the paths
    private static final Set<Integer> DISCONNECTED = Set.of(5, 10, 12, 14, 20, 30, 35, 255);
    private static final int FIRST_SIGNAL = 128;
    /** A firewall may have forgotten the connection, or a host have changed: another gets through, or hangs for as long as it may. */
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
     * @param place        where runs that wait are in the way of others, such as a host and a port
     * @param keep         for how long after the last live change one waits; nothing for never
     * @param endsByItself whether an empty list ends it ({@link WarmRsync})
     * @param rests        whether nothing is to be carried to this target for now
     * @param all          those of all targets
     */
    public WarmRsyncExecutor(String target, String place, RsyncExecutor rsync, Duration keep, boolean endsByItself, BooleanSupplier rests,
            WarmRsyncCoordinator all) {
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
        ExecResult result = command instanceof MonitoredRsyncBinding.Command told && told.isLive() ? live(told) : rsync.execute(command);
        return isOneAtATime(result) && all.makeWay(place) ? again(command, result) : result;
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
        // when it is its turn: until then rules and source may become others
        ExecResult result = rsync.execute(command, () -> {
            warm[0] = take(command);
            return warm[0] != null ? new RsyncExecutor.Started(warm[0].process(), Math.min(command.getTimeout(), FORGOTTEN_AFTER_MILLIS))
                    : new RsyncExecutor.Started(rsync.start(command), command.getTimeout());
        });
        if (warm[0] != null && isDisconnected(result.getExitValue()) && rewind(command)) {
            LOG.debug("{}: the run that was kept ready ended with {}, another is started", target, result.getExitValue());
            command.figures().cutOff();
            result = rsync.execute(command);
        }
        return result;
    }

    private static boolean isDisconnected(int exit) {
        return DISCONNECTED.contains(exit) || exit > FIRST_SIGNAL;
    }

    // the other side sees a little later that one has ended
    private ExecResult again(ExecCommand command, ExecResult refused) throws IOException {
        ExecResult result = refused;
        try {
            for (int i = 0; i < MOST_TRIES && isOneAtATime(result) && rewind(command); i++) {
                TimeUnit.MILLISECONDS.sleep(TRY_EVERY_MILLIS);
                result = rsync.execute(command);
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

    // the list is read once more, from its beginning
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

    // asks no file system: one that hangs would keep all others waiting
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

    /** Ends the one that waits, and has none wait for a while; gives whether there is one, or was just now. */
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

    // one that has ended by itself was ended from the other side
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
