package dev.dromedary.rsync;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import org.apache.camel.component.exec.ExecCommand;
import org.apache.camel.component.exec.ExecCommandExecutor;
import org.apache.camel.component.exec.ExecResult;
import org.apache.camel.support.service.ServiceSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs rsync for one target, and keeps the run of its next live change ready ({@link WarmRun}): to start, to connect and to log in
 * takes longer than to carry a small change. What it says of a run is what a run that was started for it would have said: one
 * that was kept ready and fails is made again by another. Safe for use by several threads.
 */
public final class WarmRsyncExecutor extends ServiceSupport implements ExecCommandExecutor {

    private static final Logger LOG = LoggerFactory.getLogger(WarmRsyncExecutor.class);

    private static final long LOOK_EVERY_MILLIS = 500;
    /** A connection that is idle for longer is forgotten by firewalls, and a password may be another by then. */
    private static final long OLDEST_NANOS = TimeUnit.MINUTES.toNanos(1);
    /** After it was seen that the target takes one connection at a time. */
    private static final long COLD_NANOS = TimeUnit.MINUTES.toNanos(10);
    // rsync's own code for that (rsync(1), EXIT VALUES): one more that hangs as long would be no wiser
    private static final int TIMED_OUT = 30;

    private static final int MOST_TRIES = 10;
    private static final long TRY_EVERY_MILLIS = 50;

    private final String target;
    private final RsyncExecutor rsync;
    private final Duration keep;
    private final boolean endsByItself;
    private final BooleanSupplier rests;
    private final ScheduledExecutorService clock;
    private WarmRun ready;
    private ExecCommand last;
    private long lastNanos;
    private long coldNanos;
    private boolean cold;
    private boolean looking;

    /**
     * @param target       mirror/target
     * @param keep         for how long after the last live change; nothing for never
     * @param endsByItself whether an empty list ends it ({@link WarmRun})
     * @param rests        whether nothing is to be carried to this target for now
     * @param clock        looks after it, a short time now and then
     */
    public WarmRsyncExecutor(String target, RsyncExecutor rsync, Duration keep, boolean endsByItself, BooleanSupplier rests,
            ScheduledExecutorService clock) {
        this.target = target;
        this.rsync = rsync;
        this.keep = keep;
        this.endsByItself = endsByItself;
        this.rests = rests;
        this.clock = clock;
    }

    @Override
    public ExecResult execute(ExecCommand command) throws IOException {
        if (!(command instanceof FollowedRsyncBinding.Command told && told.isLive())) {
            return besideAReadyOne(command);
        }
        WarmRun warm = take(command);
        ExecResult result = warm == null ? rsync.execute(command) : rsync.execute(command, warm::process);
        if (warm != null && result.getExitValue() != 0 && result.getExitValue() != TIMED_OUT && again(command)) {
            LOG.debug("{}: the run that was kept ready ended with {}, another is started", target, result.getExitValue());
            result = rsync.execute(command);
        }
        if (result.getExitValue() == 0) {
            keepReady(command);
        }
        return result;
    }

    // some daemons let in one at a time, and that one may be the one that waits
    private ExecResult besideAReadyOne(ExecCommand command) throws IOException {
        ExecResult result = rsync.execute(command);
        if (!isOneAtATime(result) || !makesWay()) {
            return result;
        }
        try {
            // the other side sees a little later that it has ended
            for (int i = 0; i < MOST_TRIES && isOneAtATime(result) && again(command); i++) {
                TimeUnit.MILLISECONDS.sleep(TRY_EVERY_MILLIS);
                result = rsync.execute(command);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return result;
    }

    private synchronized boolean makesWay() {
        if (ready == null) {
            return false;
        }
        letCool();
        end();
        return true;
    }

    private static boolean isOneAtATime(ExecResult result) throws IOException {
        InputStream said = result.getExitValue() == 0 ? null : result.getStderr();
        if (said == null) {
            return false;
        }
        String words = new String(said.readAllBytes(), StandardCharsets.ISO_8859_1);
        said.reset();
        return ExitTable.isOneAtATime(result.getExitValue(), words);
    }

    // the list is read once more, from its beginning
    private static boolean again(ExecCommand command) throws IOException {
        InputStream list = command.getInput();
        if (list != null && !list.markSupported()) {
            return false;
        }
        if (list != null) {
            list.reset();
        }
        return true;
    }

    private synchronized WarmRun take(ExecCommand command) throws IOException {
        if (ready == null) {
            return null;
        }
        if (ready.fits(command) && rsync.isAllowed()) {
            WarmRun taken = ready;
            ready = null;
            return taken;
        }
        end();
        return null;
    }

    private synchronized void keepReady(ExecCommand command) {
        last = command;
        lastNanos = System.nanoTime();
        startOne();
    }

    private void startOne() {
        if (ready != null || keep.isZero() || !isRunAllowed() || !rsync.isAllowed() || rests.getAsBoolean()
                || cold && System.nanoTime() - coldNanos < COLD_NANOS) {
            return;
        }
        cold = false;
        try {
            ready = WarmRun.start(rsync, last, endsByItself);
        } catch (IOException e) {
            LOG.debug("{}: no run is kept ready", target, e);
            return;
        }
        if (!looking) {
            looking = true;
            lookLater();
        }
    }

    private void lookLater() {
        clock.schedule(this::look, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    private synchronized void look() {
        looking = false;
        if (ready == null) {
            return;
        }
        boolean over = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastNanos) >= keep.toMillis() || rests.getAsBoolean() || !rsync.isAllowed();
        boolean old = ready.ageNanos() >= OLDEST_NANOS;
        if (over || old || !ready.fits(last)) {
            end();
        }
        if (old && !over) {
            startOne();
        }
        if (ready != null && !looking) {
            looking = true;
            lookLater();
        }
    }

    // one that has ended by itself was ended from the other side
    private void end() {
        if (ready.isAlive()) {
            ready.end();
        } else {
            try {
                if (ExitTable.isOneAtATime(ready.exit(), ready.said())) {
                    letCool();
                }
            } catch (IOException e) {
                LOG.debug("{}: what a run that was kept ready said can't be read", target, e);
            }
        }
        ready = null;
    }

    private void letCool() {
        LOG.debug("{}: it lets in one at a time, so that no run is kept ready for a while", target);
        cold = true;
        coldNanos = System.nanoTime();
    }

    @Override
    protected synchronized void doStop() {
        if (ready != null) {
            end();
        }
    }
}
