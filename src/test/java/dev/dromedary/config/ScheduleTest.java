package dev.dromedary.config;

import java.time.Duration;

import org.apache.camel.component.quartz.QuartzEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ScheduleTest {

    @ParameterizedTest
    @ValueSource(strings = {"0 0 3 * * ?", "0 0/5 8-18,20 ? * MON-FRI", "0 15 10 ? * 6#3", "0 0 0 LW * ? 2000-2099"})
    void a_cron_expression_reaches_quartz_unharmed(String cron) throws Exception {
        String query = new Schedule(null, cron).quartzQuery();
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            QuartzEndpoint endpoint = camel.getEndpoint("quartz:replay?stateful=true&" + query, QuartzEndpoint.class);

            assertThat(endpoint.getCron()).isEqualTo(cron);
        }
    }

    @Test
    void a_duration_repeats_for_ever() {
        assertThat(new Schedule(Duration.ofSeconds(30), null).quartzQuery())
                .isEqualTo("trigger.repeatInterval=30000&trigger.repeatCount=-1");
    }

    @Test
    void a_cron_expression_is_encoded() {
        assertThat(new Schedule(null, "0 0 3 * * ?").quartzQuery()).isEqualTo("cron=0+0+3+*+*+%3F");
    }

    @Test
    void a_schedule_is_either_one_or_the_other() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Schedule(null, null));
        assertThatIllegalArgumentException().isThrownBy(() -> new Schedule(Duration.ofSeconds(1), "0 0 3 * * ?"));
    }
}
