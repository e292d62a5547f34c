package dev.dromedary.check;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.dromedary.config.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class DaylightSavingCheckTest {

    private static final Instant NOW = Instant.parse("2026-11-28T00:00:00Z");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0 30 2 * * ?         | Europe/Berlin       | 2027-03-28 | 2027-03-27T01:30:00Z | 2027-03-29T00:30:00Z | PT24H
            0 30 2 ? * SAT,SUN   | Europe/Berlin       | 2027-03-28 | 2027-03-27T01:30:00Z | 2027-04-03T00:30:00Z | PT24H
            0 30 2 28 3 ?        | Europe/Berlin       | 2027-03-28 | 2026-03-28T01:30:00Z | 2028-03-28T00:30:00Z | PT8760H
            0 0/5 * * * ?        | Europe/Berlin       | 2027-10-31 | 2027-10-30T23:55:00Z | 2027-10-31T01:00:00Z | PT5M
            0 0 * * * ?          | Europe/Berlin       | 2027-10-31 | 2027-10-30T23:00:00Z | 2027-10-31T01:00:00Z | PT1H
            0 30 2 * * ?         | America/New_York    | 2027-03-14 | 2027-03-13T07:30:00Z | 2027-03-15T06:30:00Z | PT24H
            0 0/5 * * * ?        | America/New_York    | 2027-11-07 | 2027-11-07T04:55:00Z | 2027-11-07T06:00:00Z | PT5M
            0 0/5 * * * ?        | Australia/Lord_Howe | 2027-04-04 | 2027-04-03T14:25:00Z | 2027-04-03T15:00:00Z | PT5M
            """)
    void a_change_of_the_clocks_makes_a_longer_rest(String cron, String zone, String day, String from, String to, String usual) {
        assertThat(DaylightSavingCheck.rests(cron, ZoneId.of(zone), NOW)).singleElement().satisfies(rest -> {
            assertThat(rest.day()).hasToString(day);
            assertThat(rest.from()).hasToString(from);
            assertThat(rest.to()).hasToString(to);
            assertThat(rest.usual()).hasToString(usual);
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0 30 2 * * ?         | UTC
            0 0/5 * * * ?        | UTC
            0 30 2 * * ?         | Asia/Shanghai
            0 0 4 * * ?          | Europe/Berlin
            0 15 1 * * ?         | Europe/Berlin
            0 15 2 ? * MON-FRI   | Europe/Berlin
            0 0 4 ? * SAT,SUN    | Europe/Berlin
            0 0 0/6 * * ?        | Europe/Berlin
            0 30 2 28 3 ?        | America/New_York
            0 0 0 1 1 ? 2027     | Europe/Berlin
            0 0 0 1 1 ? 2027     | America/New_York
            """)
    void what_no_change_makes_longer_is_left_alone(String cron, String zone) {
        assertThat(DaylightSavingCheck.rests(cron, ZoneId.of(zone), NOW)).isEmpty();
    }

    @Test
    void check_says_it_of_each_cron_expression_once_and_how_to_do_without(@TempDir Path folder) throws Exception {
        Files.createDirectory(folder.resolve("source"));
        Map<String, String> lines = new TreeMap<>(Map.of("mirror.www.source", "source", "mirror.www.target.a.url", "a",
                "mirror.www.target.b.url", "b", "mirror.www.reconcile", "0 30 2 * * ?", "mirror.www.replay", "0 0/5 * * * ?",
                "mirror.www.target.b.checksum-reconcile", "0 0 4 ? * SUN"));

        List<CheckFinding> findings = DaylightSavingCheck.look(Settings.read(lines, folder), ZoneId.of("Europe/Berlin"), NOW);

        assertThat(findings).extracting(CheckFinding::level).containsOnly(CheckFinding.Level.ADVICE);
        assertThat(findings).extracting(finding -> finding.what() + ": " + finding.text() + "; " + finding.hint()).containsExactlyInAnyOrder(
                "reconcile = 0 30 2 * * ?: the clocks change on 2027-03-28, and it rests for 1 d 23 h then, from 2027-03-27 02:30 to"
                        + " 2027-03-29 02:30, in place of 1 d; name an hour in which the clocks are not changed",
                "replay = 0 0/5 * * * ?: the clocks change on 2027-10-31, and it rests for 1 h 5 min then, from 2027-10-31 01:55 to"
                        + " 2027-10-31 02:00, in place of 5 min; write a duration, such as replay = 5m, which is not affected");
    }

    @Test
    void a_replay_by_duration_rests_no_longer(@TempDir Path folder) throws Exception {
        Files.createDirectory(folder.resolve("source"));
        Map<String, String> lines = Map.of("mirror.www.source", "source", "mirror.www.target.a.url", "a", "mirror.www.replay", "5m");

        assertThat(DaylightSavingCheck.look(Settings.read(lines, folder), ZoneId.of("Europe/Berlin"), NOW)).isEmpty();
    }
}
