package dev.dromedary.sersync;

import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.TimeZone;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quartz.CronExpression;

import static org.assertj.core.api.Assertions.assertThat;

class ScheduleConversionTest {

    @ParameterizedTest
    @CsvSource({"1,0 0/1 * * * ?,true", "30,0 0/30 * * * ?,true", "60,0 0 * * * ?,true", "90,0 0 * * * ?,false",
        "480,0 0 0/8 * * ?,true", "600,0 0 0/10 * * ?,false", "1440,0 0 3 * * ?,true", "10080,0 0 3 1/7 * ?,false",
        "99999999,0 0 3 1 * ?,false"})
    void minutes_become_a_cron_expression(int minutes, String cron, boolean exact) {
        assertThat(ScheduleConversion.cron(minutes)).isEqualTo(cron);
        assertThat(ScheduleConversion.isExact(minutes)).isEqualTo(exact);
    }

    @Test
    void no_gap_is_longer_than_what_was_asked_for() throws Exception {
        for (int minutes = 1; minutes <= 3 * 1440; minutes += minutes < 200 ? 1 : 61) {
            CronExpression cron = new CronExpression(ScheduleConversion.cron(minutes));
            cron.setTimeZone(TimeZone.getTimeZone("UTC"));
            Date last = Date.from(Instant.parse("2024-02-27T12:34:56Z"));
            last = cron.getNextValidTimeAfter(last);
            for (int i = 0; i < 50; i++) {
                Date next = cron.getNextValidTimeAfter(last);
                Duration gap = Duration.between(last.toInstant(), next.toInstant());
                assertThat(gap).as("%d minutes: %s", minutes, cron).isLessThanOrEqualTo(Duration.ofMinutes(minutes));
                if (ScheduleConversion.isExact(minutes)) {
                    assertThat(gap).isEqualTo(Duration.ofMinutes(minutes));
                }
                last = next;
            }
        }
    }
}
