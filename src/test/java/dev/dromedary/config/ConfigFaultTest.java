package dev.dromedary.config;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ConfigFaultTest {

    @Test
    void a_fault_is_one_line() {
        assertThat(new ConfigFault("mirror.www.window", "fast", "this is not a duration", "write 50ms"))
                .hasToString("mirror.www.window = fast: this is not a duration; write 50ms");
        assertThat(new ConfigFault("mirror.www.source", null, "it is missing", "name it"))
                .hasToString("mirror.www.source: it is missing; name it");
    }

    @Test
    void control_characters_are_escaped() {
        assertThat(new ConfigFault("k\u001b[2J", "a\nb\r\t\u202e\u2028", "p", "r"))
                .hasToString("k\\u001b[2J = a\\nb\\r\\t\\u202e\\u2028: p; r");
    }

    @Test
    void the_message_holds_every_fault_on_a_line_of_its_own() {
        ConfigFault one = new ConfigFault("a", "1", "p", "r");
        ConfigFault two = new ConfigFault("b", null, "q", "s");
        ConfigurationException e = new ConfigurationException(List.of(one, two));

        assertThat(e).hasMessage("a = 1: p; r\nb: q; s");
        assertThat(e.faults()).containsExactly(one, two);
    }
}
