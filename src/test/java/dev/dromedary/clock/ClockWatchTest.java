package dev.dromedary.clock;

import java.time.Duration;
import java.util.Date;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.quartz.CronScheduleBuilder;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobExecutionContext;
import org.quartz.ScheduleBuilder;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.Trigger.TriggerState;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;
import org.quartz.impl.StdSchedulerFactory;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

/** A real Quartz, whose triggers stand as they do after the clock was set. */
class ClockWatchTest {

    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final TriggerKey KEY = TriggerKey.triggerKey("one");

    private static final AtomicInteger RUNS = new AtomicInteger();

    /** Counts. */
    public static final class Counting implements Job {
        @Override
        public void execute(JobExecutionContext context) {
            RUNS.incrementAndGet();
        }
    }

    private final AtomicLong ahead = new AtomicLong();
    private Scheduler quartz;
    private ClockWatch watch;

    @BeforeEach
    void start() throws SchedulerException {
        Properties properties = new Properties();
        properties.setProperty("org.quartz.scheduler.instanceName", "ClockWatchTest");
        properties.setProperty("org.quartz.threadPool.threadCount", "1");
        properties.setProperty("org.quartz.threadPool.class", "org.quartz.simpl.SimpleThreadPool");
        properties.setProperty("org.quartz.jobStore.class", "org.quartz.simpl.RAMJobStore");
        quartz = new StdSchedulerFactory(properties).getScheduler();
        watch = new ClockWatch(ahead::get, () -> Optional.of(quartz));
        RUNS.set(0);
    }

    @AfterEach
    void end() throws SchedulerException {
        quartz.shutdown();
    }

    @Test
    void an_interval_goes_on_when_the_clock_was_set_back() throws SchedulerException {
        // the thread of Quartz waits for a moment that lies an hour ahead now
        trigger(SimpleScheduleBuilder.simpleSchedule().withIntervalInMilliseconds(100).repeatForever(), HOUR + 100);
        quartz.start();

        stepped(-HOUR);

        await().atMost(20, SECONDS).pollInterval(20, MILLISECONDS).until(() -> RUNS.get() > 2);
    }

    @Test
    void a_cron_expression_goes_by_the_new_time() throws SchedulerException {
        trigger(CronScheduleBuilder.cronSchedule("* * * * * ?"), HOUR);
        quartz.start();

        stepped(-HOUR);

        await().atMost(20, SECONDS).pollInterval(20, MILLISECONDS).until(() -> RUNS.get() > 1);
    }

    @Test
    void nothing_is_made_up_for_when_the_clock_was_set_forward() throws SchedulerException {
        trigger(SimpleScheduleBuilder.simpleSchedule().withIntervalInMilliseconds(500).repeatForever(), 400 - HOUR);

        stepped(HOUR);

        assertThat(next()).isCloseTo(System.currentTimeMillis() + 400, within(2000L));
    }

    @Test
    void what_quartz_has_set_anew_by_itself_does_not_wait_for_the_step_once_more() throws SchedulerException {
        trigger(SimpleScheduleBuilder.simpleSchedule().withIntervalInMilliseconds(500).repeatForever(), 400);

        stepped(HOUR);

        assertThat(next()).isLessThan(System.currentTimeMillis() + 2000);
    }

    @Test
    void what_the_calendar_asked_for_meanwhile_is_due_once() throws SchedulerException {
        trigger(CronScheduleBuilder.cronSchedule("0 30 2 * * ?").withMisfireHandlingInstructionFireAndProceed(), -2 * 24 * HOUR);
        long before = next();
        assertThat(before).isLessThan(System.currentTimeMillis());

        stepped(2 * 24 * HOUR);
        assertThat(next()).isEqualTo(before);
        quartz.start();

        await().atMost(20, SECONDS).pollInterval(20, MILLISECONDS).until(() -> RUNS.get() == 1 && next() > System.currentTimeMillis());
    }

    @Test
    void what_is_paused_stays_so() throws SchedulerException {
        trigger(SimpleScheduleBuilder.simpleSchedule().withIntervalInMilliseconds(100).repeatForever(), HOUR);
        quartz.pauseTrigger(KEY);

        stepped(-HOUR);

        assertThat(quartz.getTriggerState(KEY)).isEqualTo(TriggerState.PAUSED);
        assertThat(next()).isLessThan(System.currentTimeMillis() + HOUR / 2);
    }

    @Test
    void a_clock_that_is_adjusted_by_little_changes_nothing_until_that_adds_up() throws SchedulerException {
        trigger(SimpleScheduleBuilder.simpleSchedule().withIntervalInMilliseconds(2 * HOUR).repeatForever(), HOUR);
        long before = next();

        stepped(-3000);
        assertThat(next()).isEqualTo(before);
        stepped(-3000);
        assertThat(next()).isEqualTo(before - 6000);
        stepped(0);
        assertThat(next()).isEqualTo(before - 6000);
    }

    @Test
    void without_quartz_it_is_said_all_the_same() {
        AtomicLong other = new AtomicLong();
        ClockWatch alone = new ClockWatch(other::get, Optional::empty);
        other.set(HOUR);

        assertThatCode(alone::look).doesNotThrowAnyException();
    }

    private void stepped(long by) {
        ahead.addAndGet(by);
        watch.look();
    }

    private void trigger(ScheduleBuilder<?> schedule, long in) throws SchedulerException {
        quartz.scheduleJob(JobBuilder.newJob(Counting.class).withIdentity("job").build(), TriggerBuilder.newTrigger().withIdentity(KEY)
                .startAt(new Date(System.currentTimeMillis() + in)).withSchedule(schedule).build());
    }

    private long next() throws SchedulerException {
        Trigger trigger = quartz.getTrigger(KEY);
        return trigger.getNextFireTime().getTime();
    }
}
