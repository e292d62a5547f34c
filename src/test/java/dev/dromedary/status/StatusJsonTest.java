package dev.dromedary.status;

import java.time.Instant;
import java.util.List;

import dev.dromedary.pair.Role;
import org.apache.camel.util.json.JsonObject;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StatusJsonTest {

    private static final Instant AT = Instant.parse("2026-11-24T11:37:16Z");

    @Test
    void one_that_is_alone_has_no_role() {
        assertThat(of(null)).containsOnlyKeys("version", "at", "mirrors");
    }

    @Test
    void one_of_a_pair_says_what_it_is_since_when_and_who_leads_if_that_is_known() {
        assertThat(of(new Role(true, AT, null))).containsEntry("role", "leader").containsEntry("leader", null);
        assertThat(of(new Role(false, AT, "node-2"))).containsEntry("role", "standby").containsEntry("leader", "node-2")
                .containsEntry("roleSince", "2026-11-24T11:37:16Z");
    }

    @Test
    void who_leads_is_said_in_words() {
        assertThat(new Role(true, AT, null).whoLeads()).isEqualTo("this process");
        assertThat(new Role(false, AT, "node-2").whoLeads()).isEqualTo("node-2");
        assertThat(new Role(false, AT, null).whoLeads()).isEqualTo("the other process of the pair");
    }

    private static JsonObject of(Role role) {
        return StatusJson.of(new Snapshot(AT, role, List.of()));
    }
}
