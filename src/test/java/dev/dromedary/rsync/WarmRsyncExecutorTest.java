package dev.dromedary.rsync;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.dromedary.config.Target;
import dev.dromedary.source.SourceGoneException;
import org.apache.camel.LoggingLevel;
import org.apache.camel.component.exec.ExecCommand;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** With a shell script in the place of rsync: it notes when it was started, and what list it got. */
class WarmRsyncExecutorTest {

    private static final String SCRIPT = """
            echo $$ >>"$0/started"
            if [ "$1" = one-at-a-time ]; then
                exec 9>"$0/lock"
                flock -n 9 || { echo "@ERROR: max connections (1) reached -- try again later" >&2; exit 5; }
                echo $$ >"$0/held"
            fi
            list=$(cat 9>&-)
            # one that is ended gets no list, and does nothing (rsync 3.5.0 as well)
            [ -n "$list" ] || exit 0
            ! grep -qx $$ "$0/doomed" 2>/dev/null || exit $(cat "$0/exit")
            echo "$$ $list $(pwd -P) $(cat "$0/rules")" >>"$0/carried"
            """;

    @TempDir
    private Path dir;
    private Path source;
    private Path rules;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final WarmRsyncCoordinator all = new WarmRsyncCoordinator(clock);
    private final AtomicBoolean resting = new AtomicBoolean();
    private final List<WarmRsyncExecutor> executors = new ArrayList<>();
    private RsyncExecutor rsync;
    private StartGuard refused = (process, command) -> {
    };

    @BeforeEach
    void make() throws IOException {
        dir = dir.toRealPath();
        source = Files.createDirectory(dir.resolve("source"));
        rules = Files.writeString(dir.resolve("rules"), "one");
        rsync = new RsyncExecutor(threads, dir, 8, List.of());
    }

    @AfterEach
    void end() throws InterruptedException {
        executors.forEach(WarmRsyncExecutor::stop);
        clock.shutdownNow();
        threads.shutdownNow();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        await().until(() -> waiting() == 0);
    }

    @Test
    void the_next_live_run_is_one_that_was_ready() throws IOException {
        WarmRsyncExecutor executor = keeping(Target.ALWAYS);
        assertThat(carry(executor, "a")).isZero();
        await().until(() -> started().size() == 2);

        assertThat(carry(executor, "b")).isZero();

        assertThat(carried().get(0)).startsWith(started().get(0) + " a ");
        assertThat(carried().get(1)).startsWith(started().get(1) + " b ");
        await().until(() -> started().size() == 3);
    }

    /** What was right before the run may have changed while it waited for its turn. */
    @ParameterizedTest
    @ValueSource(strings = {"live", "bulk"})
    void one_that_was_started_in_the_wrong_place_is_ended_and_gets_no_list(String lane) {
        refused = (process, command) -> {
            throw new SourceGoneException("another disk");
        };
        WarmRsyncExecutor executor = keeping(Target.ALWAYS);

        assertThatThrownBy(() -> executor.execute(command(lane, "a", ""))).isInstanceOf(SourceGoneException.class);

        assertThat(dir.resolve("carried")).doesNotExist();
        await().until(() -> waiting() == 0);
    }

    @Test
    void of_other_runs_none_is_kept_ready() throws IOException {
        WarmRsyncExecutor executor = keeping(Target.ALWAYS);
        assertThat(executor.execute(command("bulk", "a", "")).getExitValue()).isZero();
        assertThat(executor.execute(plain("b", "")).getExitValue()).isZero();

        assertThat(waiting()).isZero();
        assertThat(carried()).hasSize(2);
    }

    @Test
    void none_is_kept_where_that_is_not_wanted() throws IOException {
        assertThat(carry(keeping(Duration.ZERO), "a")).isZero();

        assertThat(waiting()).isZero();
    }

    @Test
    void it_ends_some_time_after_the_last_change() throws IOException {
        assertThat(carry(keeping(Duration.ofMillis(1)), "a")).isZero();

        await().until(() -> started().size() == 2 && waiting() == 0);
        assertThat(carried()).hasSize(1);
    }

    @Test
    void it_ends_when_nothing_is_to_be_carried() throws IOException {
        WarmRsyncExecutor executor = keeping(Target.ALWAYS);
        carry(executor, "a");
        resting.set(true);

        await().until(() -> waiting() == 0);
        carry(executor, "b");
        assertThat(waiting()).isZero();
    }

    @Test
    void it_ends_when_another_process_leads() throws IOException {
        carry(keeping(Target.ALWAYS), "a");
        rsync.allow(false);

        await().until(() -> waiting() == 0);
    }

    @Test
    void it_ends_with_the_program() throws IOException {
        WarmRsyncExecutor executor = keeping(Target.ALWAYS);
        carry(executor, "a");
        executor.stop();

        await().until(() -> waiting() == 0);
    }

    @Test
    void other_rules_want_another() throws IOException {
        WarmRsyncExecutor executor = keeping(Target.ALWAYS);
        carry(executor, "a");
        await().until(() -> started().size() == 2);
        Path other = Files.writeString(dir.resolve("other"), "two");
        Files.move(other, rules, StandardCopyOption.ATOMIC_MOVE);

        assertThat(carry(executor, "b")).isZero();

        assertThat(carried().get(1)).endsWith(" two");
        assertThat(carried().get(1)).doesNotStartWith(started().get(1) + " ");
    }

    @Test
    void another_source_wants_another() throws IOException {
        WarmRsyncExecutor executor = keeping(Target.ALWAYS);
        carry(executor, "a");
        await().until(() -> started().size() == 2);
        Files.move(source, dir.resolve("elsewhere"));
        Files.createDirectory(source);

        assertThat(carry(executor, "b")).isZero();

        assertThat(carried().get(1)).contains(" " + source + " ");
        assertThat(carried().get(1)).doesNotStartWith(started().get(1) + " ");
    }

    @Test
    void other_arguments_want_another() throws IOException {
        WarmRsyncExecutor executor = keeping(Target.ALWAYS);
        carry(executor, "a");
        await().until(() -> started().size() == 2);

        assertThat(executor.execute(command("live", "b", "other")).getExitValue()).isZero();

        assertThat(carried().get(1)).doesNotStartWith(started().get(1) + " ");
    }

    @Test
    void one_that_has_died_is_no_failure() throws IOException {
        WarmRsyncExecutor executor = keeping(Target.ALWAYS);
        carry(executor, "a");
        await().until(() -> started().size() == 2);
        ProcessHandle ready = ProcessHandle.of(Long.parseLong(started().get(1))).orElseThrow();
        ready.destroyForcibly();
        await().until(() -> !ready.isAlive());

        assertThat(carry(executor, "b")).isZero();
        assertThat(carried().get(1)).contains(" b ");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10_000})
    void one_whose_connection_was_lost_is_made_again_with_the_whole_list(int length) throws IOException {
        String list = "b".repeat(length);
        WarmRsyncExecutor executor = keeping(Target.ALWAYS);
        doomed(executor, 12);
        RunOutputParser figures = new RunOutputParser();

        assertThat(executor.execute(command(plain(list, ""), "live", figures)).getExitValue()).isZero();

        assertThat(carried()).hasSize(2);
        assertThat(carried().get(1)).startsWith(started().get(2) + " " + list + " ");
        assertThat(figures.wasCutOff()).as("it may have left something there").isTrue();
    }

    /** It would delete as many once more, or send all of it again. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 11, 23, 24, 25})
    void one_that_has_done_what_it_could_is_not_made_again(int exit) throws IOException {
        WarmRsyncExecutor executor = keeping(Target.ALWAYS);
        doomed(executor, exit);

        assertThat(carry(executor, "b")).isEqualTo(exit);

        assertThat(carried()).hasSize(1);
        assertThat(started()).hasSize(2);
    }

    private void doomed(WarmRsyncExecutor executor, int exit) throws IOException {
        carry(executor, "a");
        await().until(() -> started().size() == 2);
        Files.writeString(dir.resolve("exit"), Integer.toString(exit));
        Files.writeString(dir.resolve("doomed"), started().get(1) + "\n");
    }

    @Test
    void a_run_that_is_not_allowed_leaves_none_behind() throws IOException {
        WarmRsyncExecutor executor = keeping(Target.ALWAYS);
        carry(executor, "a");
        await().until(() -> started().size() == 2);
        rsync.allow(false);

        assertThatThrownBy(() -> carry(executor, "b")).isInstanceOf(InterruptedIOException.class);

        await().until(() -> waiting() == 0);
        assertThat(carried()).hasSize(1);
    }

    @Test
    void another_target_at_the_same_place_has_it_make_way() throws IOException {
        WarmRsyncExecutor waits = keeping(Target.ALWAYS);
        WarmRsyncExecutor other = keeping(Target.ALWAYS);
        assertThat(waits.execute(command("live", "a", "one-at-a-time")).getExitValue()).isZero();
        await().until(() -> started().size() == 2 && lines("held").equals(started().subList(1, 2)));

        assertThat(other.execute(command("live", "b", "one-at-a-time")).getExitValue()).isZero();

        assertThat(carried()).hasSize(2);
    }

    @Test
    void where_one_at_a_time_is_let_in_it_makes_way() throws IOException {
        WarmRsyncExecutor executor = keeping(Target.ALWAYS);
        assertThat(executor.execute(command("live", "a", "one-at-a-time")).getExitValue()).isZero();
        await().until(() -> started().size() == 2 && lines("held").equals(started().subList(1, 2)));

        assertThat(executor.execute(plain("b", "one-at-a-time")).getExitValue()).isZero();

        assertThat(executor.execute(command("live", "c", "one-at-a-time")).getExitValue()).isZero();
        assertThat(carried()).hasSize(3);
        assertThat(waiting()).isZero();
    }

    private WarmRsyncExecutor keeping(Duration keep) {
        WarmRsyncExecutor executor = new WarmRsyncExecutor("t/a", "here", rsync, keep, false, resting::get, all, (process, command) -> refused.check(process, command));
        executor.start();
        executors.add(executor);
        return executor;
    }

    private int carry(WarmRsyncExecutor executor, String list) throws IOException {
        return executor.execute(command("live", list, "")).getExitValue();
    }

    private ExecCommand command(String lane, String list, String mode) {
        return command(plain(list, mode), lane, new RunOutputParser());
    }

    private static ExecCommand command(ExecCommand plain, String lane, RunOutputParser figures) {
        return new MonitoredRsyncBinding.Command(plain, figures, lane);
    }

    private ExecCommand plain(String list, String mode) {
        return new ExecCommand("sh", List.of("-c", SCRIPT, dir.toString(), mode, "--filter=merge " + rules), source.toString(), 60_000L,
                Set.of(), new ByteArrayInputStream(list.getBytes(StandardCharsets.UTF_8)), null, false, LoggingLevel.OFF);
    }

    private List<String> started() throws IOException {
        return lines("started");
    }

    private List<String> carried() throws IOException {
        return lines("carried");
    }

    private List<String> lines(String name) throws IOException {
        Path file = dir.resolve(name);
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    private static long waiting() {
        return ProcessHandle.current().children().filter(ProcessHandle::isAlive).count();
    }
}
