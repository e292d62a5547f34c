package dev.dromedary.topic;

import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class AgentReportTest {

    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void what_is_said_comes_back() {
        AgentReport report = new AgentReport("www", "web7", "away", "nobody \"listens\" there\n", 12.5, 7, AT);

        assertThat(AgentReport.read(report.text())).isEqualTo(report);
    }

    /** Kafka keeps 4096 bytes beside an offset, and refuses more. */
    @Test
    void a_long_reason_is_cut() {
        String text = new AgentReport("www", "web7", "away", "x".repeat(10_000), 0, 0, AT).text();

        assertThat(text).hasSizeLessThan(1000);
        assertThat(AgentReport.read(text).reason()).startsWith("xxx").endsWith("...");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "[]", "{}", "{\"mirror\":\"www\"}", "{\"mirror\":\"www\",\"state\":\"live\"}",
        "{\"mirror\":\"www\",\"state\":\"live\",\"at\":\"yesterday\"}", "{\"mirror\":7,\"state\":\"live\"}"})
    void what_is_of_somebody_else_is_no_report(String text) {
        assertThat(AgentReport.read(text)).isNull();
    }
}
