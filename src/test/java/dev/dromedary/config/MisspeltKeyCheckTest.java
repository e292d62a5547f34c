package dev.dromedary.config;

import java.util.Properties;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MisspeltKeyCheckTest {

    @Test
    void a_key_of_ours_with_another_first_word_is_told() {
        assertThat(MisspeltKeyCheck.faults(properties("mirro.www.source", "mirors.www.target.a.max-delete", "dromedry.max-runs"))).extracting(ConfigFault::remedy)
                .containsExactlyInAnyOrder("did you mean mirror.www.source?", "did you mean mirror.www.target.a.max-delete?",
                        "did you mean dromedary.max-runs?");
    }

    /** A configuration may have values of its own, for placeholders. */
    @Test
    void what_may_be_somebody_elses_is_left_alone() {
        assertThat(MisspeltKeyCheck.faults(properties("mirror.www.source", "mirrors.host", "mine", "mirro.www.own-key", "quartz.www.source", "camel.server.port")))
                .isEmpty();
    }

    private static Properties properties(String... keys) {
        Properties properties = new Properties();
        for (String key : keys) {
            properties.setProperty(key, "x");
        }
        return properties;
    }
}
