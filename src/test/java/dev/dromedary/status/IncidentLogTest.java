package dev.dromedary.status;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class IncidentLogTest {

    private static final Instant START = Instant.parse("2026-11-24T03:00:00Z");

    private IncidentLog episodes = new IncidentLog();

    @Test
    void a_target_that_was_away_is_told_with_its_times_and_its_reason() {
        at(0, TargetStateLabel.LIVE);
        at(720, TargetStateLabel.AWAY);
        at(800, TargetStateLabel.AWAY);
        assertThat(told()).containsExactly("www/dr away 720-");
        assertThat(episodes.present("www/dr")).isEqualTo(new IncidentLog.Present(TargetStateLabel.AWAY, START.plusSeconds(720), null));
        at(2400, TargetStateLabel.LIVE);

        assertThat(told()).containsExactly("www/dr away 720-2400");
        assertThat(episodes.newest(1).get(0).reason()).isEqualTo("because it is away");
    }

    @Test
    void one_trouble_that_becomes_another_ends_with_it() {
        at(0, TargetStateLabel.AWAY);
        at(10, TargetStateLabel.FULL);
        at(20, TargetStateLabel.HALTED);

        assertThat(told()).containsExactly("www/dr away 0-10", "www/dr full 10-20", "www/dr halted 20-");
    }

    @Test
    void to_catch_up_for_a_moment_is_nothing_and_does_not_end_that_it_is_live() {
        at(0, TargetStateLabel.LIVE);
        for (int second = 5; second < 600; second += 50) {
            at(second, TargetStateLabel.CATCHING_UP);
            at(second + 5, TargetStateLabel.LIVE);
        }

        assertThat(told()).isEmpty();
        assertThat(episodes.present("www/dr").since()).isEqualTo(START);
    }

    @Test
    void to_catch_up_for_long_is_told() {
        at(0, TargetStateLabel.LIVE);
        at(10, TargetStateLabel.CATCHING_UP);
        at(69, TargetStateLabel.CATCHING_UP);
        assertThat(told()).isEmpty();
        at(71, TargetStateLabel.CATCHING_UP);
        assertThat(told()).containsExactly("www/dr catching up 10-");
        at(200, TargetStateLabel.LIVE);
        assertThat(told()).containsExactly("www/dr catching up 10-200");
    }

    @Test
    void what_went_on_over_a_restart_is_one() {
        at(0, TargetStateLabel.AWAY);
        restarted(60, 90);
        at(95, TargetStateLabel.STARTING);
        at(100, TargetStateLabel.AWAY);
        at(200, TargetStateLabel.LIVE);

        assertThat(told()).containsExactly("www/dr away 0-200", "null/null stopped 60-90");
    }

    @Test
    void what_was_over_after_a_restart_ended_when_it_was_last_seen() {
        at(0, TargetStateLabel.AWAY);
        restarted(60, 90);
        at(95, TargetStateLabel.STARTING);
        at(100, TargetStateLabel.LIVE);

        assertThat(told()).containsExactly("www/dr away 0-60", "null/null stopped 60-90");
    }

    @Test
    void a_target_that_is_configured_no_more_has_no_end_left_open() {
        at(0, TargetStateLabel.AWAY);
        restarted(60, 90);
        episodes.look(new StatusSnapshot(START.plusSeconds(100), null, null, List.of()));

        assertThat(told()).containsExactly("www/dr away 0-60", "null/null stopped 60-90");
        at(110, TargetStateLabel.AWAY);
        episodes.look(new StatusSnapshot(START.plusSeconds(120), null, null, List.of()));
        assertThat(told()).endsWith("www/dr away 110-120");
    }

    @Test
    void it_is_bounded_and_what_goes_on_is_kept_for_longest() {
        at("first", 0, TargetStateLabel.AWAY);
        for (int i = 1; i < 2 * IncidentLog.MOST; i++) {
            at(i, i % 2 == 0 ? TargetStateLabel.LIVE : TargetStateLabel.PARTIAL);
            at(i, TargetStateLabel.FULL);
        }

        assertThat(episodes.newest(Integer.MAX_VALUE)).hasSize(IncidentLog.MOST);
        assertThat(told().get(0)).isEqualTo("www/first away 0-");
    }

    @Test
    void that_it_has_changed_is_said_once() {
        at(0, TargetStateLabel.AWAY);
        assertThat(episodes.haveChanged()).isTrue();
        at(5, TargetStateLabel.AWAY);
        assertThat(episodes.haveChanged()).isFalse();
    }

    @Test
    void a_very_long_reason_is_cut() {
        assertThat(new Incident("www", "dr", "away", START, null, "x".repeat(100_000)).reason()).hasSizeLessThan(500);
    }

    // as the next process reads it
    private void restarted(int stopped, int started) {
        List<Incident> kept = new ArrayList<>();
        episodes.newest(IncidentLog.MOST).forEach(each -> {
            try {
                kept.add(Incident.of((JsonObject) Jsoner.deserialize(each.json().toJson())));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        episodes = new IncidentLog();
        episodes.takeOver(kept, START.plusSeconds(stopped), START.plusSeconds(started));
    }

    private List<String> told() {
        return episodes.newest(IncidentLog.MOST).stream().map(each -> each.mirror() + '/' + each.target() + ' ' + each.state() + ' '
                + since(each.from()) + '-' + (each.until() == null ? "" : since(each.until()))).toList();
    }

    private static long since(Instant moment) {
        return moment.getEpochSecond() - START.getEpochSecond();
    }

    private void at(int second, TargetStateLabel state) {
        at("dr", second, state);
    }

    private void at(String name, int second, TargetStateLabel state) {
        List<StatusSnapshot.OfTarget> targets = new ArrayList<>();
        if (!name.equals("dr") || episodes.present("www/first") != null) {
            targets.add(target("first", TargetStateLabel.AWAY));
        }
        if (name.equals("dr")) {
            targets.add(target("dr", state));
        }
        episodes.look(new StatusSnapshot(START.plusSeconds(second), null, null, List.of(new StatusSnapshot.OfMirror("www", "/data/www", null, null, null, null, targets))));
    }

    private static StatusSnapshot.OfTarget target(String name, TargetStateLabel state) {
        return new StatusSnapshot.OfTarget("www", name, "dr.example.com::www", state, "because it is " + state.text(), null, null, null, null, null, 0,
                null, 0, null, new StatusSnapshot.Past(List.of(), null, null, new StatusSnapshot.Totals(0, 0, 0, 0, 0, 0, Map.of())), null, null, null);
    }
}
