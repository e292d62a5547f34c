package dev.dromedary.clock;

import java.util.Date;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.apache.camel.CamelContext;
import org.apache.camel.component.quartz.QuartzComponent;
import org.quartz.CronTrigger;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleTrigger;
import org.quartz.Trigger;
import org.quartz.Trigger.TriggerState;
import org.quartz.TriggerKey;
import org.quartz.impl.matchers.GroupMatcher;
import org.quartz.spi.MutableTrigger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the system's clock was set. Quartz waits for a time of that clock, so its triggers are rescheduled then: a trigger with an
 * interval keeps its distance, and one with a cron expression follows the new time.
 */
public final class ClockWatch {

    private static final Logger LOG = LoggerFactory.getLogger(ClockWatch.class);
    // a smaller step is only a late run
    private static final long NOTICED_MILLIS = 5000;

    private final LongSupplier ahead;
    private final Supplier<Optional<Scheduler>> quartz;
    private long known;

    /**
     * @param ahead  how many milliseconds the system's clock is ahead of a steady one
     * @param quartz the scheduler that has the triggers, if there is one
     */
    ClockWatch(LongSupplier ahead, Supplier<Optional<Scheduler>> quartz) {
        this.ahead = ahead;
        this.quartz = quartz;
        this.known = ahead.getAsLong();
    }

    /** {@return a watch that reschedules the triggers of Camel's Quartz} */
    public static ClockWatch of(CamelContext context) {
        return new ClockWatch(SteadyClock::ahead, () -> Optional.ofNullable(context.hasComponent("quartz"))
                .map(component -> ((QuartzComponent) component).getScheduler()));
    }

    /** Checks whether the clock was set since the last check; called about once a second. */
    public synchronized void look() {
        long step = ahead.getAsLong() - known;
        if (Math.abs(step) < NOTICED_MILLIS) {
            return;
        }
        known += step;
        int anew = quartz.get().map(scheduler -> setAnew(scheduler, step)).orElse(0);
        LOG.warn("The system's clock {} by {} s: nothing waits for it, and {} schedules of Quartz are set anew. If nobody meant that, look"
                + " at what sets it (NTP)", step < 0 ? "was set back" : "was set forward, or stood while this machine slept,",
                Math.abs(step) / 1000, anew);
    }

    private static int setAnew(Scheduler scheduler, long step) {
        int anew = 0;
        try {
            for (TriggerKey key : scheduler.getTriggerKeys(GroupMatcher.anyTriggerGroup())) {
                // a copy
                Trigger trigger = scheduler.getTrigger(key);
                if (trigger instanceof MutableTrigger changed && trigger.getNextFireTime() != null && isStale(trigger, step)) {
                    boolean paused = scheduler.getTriggerState(key) == TriggerState.PAUSED;
                    long now = System.currentTimeMillis();
                    changed.setStartTime(new Date(trigger instanceof SimpleTrigger simple
                            ? next(simple.getNextFireTime().getTime(), step, now, simple.getRepeatInterval()) : now));
                    scheduler.rescheduleJob(key, trigger);
                    if (paused) {
                        scheduler.pauseTrigger(key);
                    }
                    anew++;
                }
            }
        } catch (SchedulerException | IllegalArgumentException e) {
            LOG.warn("A schedule of Quartz can't be set anew, and may wait for too long: {}", e.toString());
        }
        return anew;
    }

    /**
     * {@return when a trigger with an interval has to fire, in milliseconds of the system's clock}
     *
     * @param before its time by the previous clock; or, if Quartz has processed it meanwhile, by the current one
     */
    static long next(long before, long step, long now, long interval) {
        return Math.max(now, Math.min(before + step, now + interval));
    }

    // what the calendar asked for while the clock was behind is due, once (the misfire instruction of camel-quartz)
    private static boolean isStale(Trigger trigger, long step) {
        return step < 0 || !(trigger instanceof CronTrigger);
    }
}
