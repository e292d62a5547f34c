package dev.dromedary.e2e;

import java.time.Duration;
import java.util.regex.Pattern;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.SettableClock;
import dev.dromedary.testing.StubRsync;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

/** The system's clock is set back by hours, or forward, while all goes on. */
class ClockIT {

    private static final Duration BACK = Duration.ofHours(-3);
    private static final Pattern SET_BACK = Pattern.compile("clock was set back by (\\d+) s");

    @AutoClose
    private final Stage stage = new Stage();
    private final SettableClock clock = SettableClock.in(stage.scratch);
    private final StubRsync stub = StubRsync.in(stage.scratch);

    @Test
    void a_target_that_is_back_gets_what_it_is_owed() {
        Dromedary dromedary = mirroring();
        stage.daemon.stop();
        stage.inSource("echo 2 >file");
        eventually("it is away", dromedary, () -> "away".equals(dromedary.target().getString("state")));
        eventually("a dead letter is kept", dromedary, () -> !stage.deadLetters().isEmpty());

        setBack(dromedary);
        stage.daemon.start();

        eventuallySame(stage.source, stage.target, dromedary);
        eventually("no dead letter is left", dromedary, () -> stage.deadLetters().isEmpty());
        eventually("it is live", dromedary, () -> "live".equals(dromedary.target().getString("state")));
    }

    @Test
    void what_is_moved_while_it_is_set_back_is_moved() {
        stage.inSource("mkdir old; head -c 2000000 /dev/urandom >old/file; echo 1 >old/other");
        // so long the second move waits
        Dromedary dromedary = mirroring("mirror.t.delete = true", "mirror.t.window = 4s");
        stage.inSource("mv old new");
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("mv new newer");
        eventually("it waits", dromedary, () -> dromedary.target().getInteger("pending") > 0);

        setBack(dromedary);

        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void what_a_target_did_not_take_is_tried_again_at_the_same_distance() {
        Dromedary dromedary = mirroring();
        stub.plays("lists bad && { echo 'rsync: [receiver] mkstemp \"/bad\" failed: Permission denied (13)' >&2; exit 23; }");
        stage.inSource("echo 2 >bad");
        eventually("a dead letter is kept", dromedary, () -> !stage.deadLetters().isEmpty());

        setBack(dromedary);
        stub.letsGo();

        eventuallySame(stage.source, stage.target, dromedary);
        clock.set(Duration.ofHours(2));
        eventually("it is noticed", dromedary, () -> dromedary.output().contains("clock was set forward"));
        stub.plays("lists bad && { echo 'rsync: [receiver] mkstemp \"/bad\" failed: Permission denied (13)' >&2; exit 23; }");
        stage.inSource("echo 3 >bad");
        eventually("a dead letter is kept", dromedary, () -> !stage.deadLetters().isEmpty());
        stub.letsGo();
        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void what_waits_is_on_disk_after_a_moment() {
        Dromedary dromedary = mirroring();
        assertThat(dromedary.post("/api/mirrors/t/targets/a/pause").statusCode()).isEqualTo(200);

        setBack(dromedary);
        stage.inSource("echo 2 >file");

        eventually("it is kept", dromedary, () -> !stage.deadLetters().isEmpty());
        assertThat(SET_BACK.matcher(dromedary.output()).results()).as("it is said once").hasSize(1);
    }

    private Dromedary mirroring(String... more) {
        stage.inSource("echo 1 >file");
        Dromedary.Builder builder = stage.configured(more).dromedary().environment("PATH", stub.path());
        clock.environment().forEach(builder::environment);
        Dromedary dromedary = builder.start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        eventually("it is live", dromedary, () -> "live".equals(dromedary.target().getString("state")));
        return dromedary;
    }

    private void setBack(Dromedary dromedary) {
        clock.set(BACK);
        eventually("it is noticed", dromedary, () -> SET_BACK.matcher(dromedary.output()).results()
                .anyMatch(said -> Math.abs(Integer.parseInt(said.group(1)) + BACK.toSeconds()) <= 1));
    }
}
