package dev.dromedary.status;

import java.time.Instant;
import java.util.List;

import dev.dromedary.pair.PairRole;
import dev.dromedary.rsync.TransferProgress;
import org.apache.camel.util.json.JsonObject;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StatusJsonTest {

    private static final Instant AT = Instant.parse("2026-11-24T11:37:16Z");

    @Test
    void one_that_is_alone_has_no_role() {
        assertThat(of(null)).containsOnlyKeys("version", "at", "host", "programVersion", "startedAt", "configuration", "mirrors");
    }

    @Test
    void one_of_a_pair_says_what_it_is_since_when_and_who_leads_if_that_is_known() {
        assertThat(of(new PairRole(true, AT, null))).containsEntry("role", "leader").containsEntry("leader", null);
        assertThat(of(new PairRole(false, AT, "node-2"))).containsEntry("role", "standby").containsEntry("leader", "node-2")
                .containsEntry("roleSince", "2026-11-24T11:37:16Z");
    }

    @Test
    void it_says_which_program_this_is() {
        assertThat(of(null)).containsEntry("host", "web1").containsEntry("programVersion", "0.1.0")
                .containsEntry("configuration", "/etc/dromedary.properties").containsEntry("startedAt", "1970-01-01T00:00:05Z");
    }

    @Test
    void a_run_of_one_path_names_it() {
        TransferProgress advance = new TransferProgress(1, 2, 3, 4, 5, 6, 7);
        assertThat(StatusJson.run(new StatusSnapshot.Present("large", false, 1, "video/film.mkv", AT, advance))).containsEntry("path", "video/film.mkv");
        assertThat(StatusJson.run(new StatusSnapshot.Present("live", false, 2, null, AT, advance))).containsEntry("path", null);
    }

    @Test
    void who_leads_is_said_in_words() {
        assertThat(new PairRole(true, AT, null).whoLeads()).isEqualTo("this process");
        assertThat(new PairRole(false, AT, "node-2").whoLeads()).isEqualTo("node-2");
        assertThat(new PairRole(false, AT, null).whoLeads()).isEqualTo("the other process of the pair");
    }

    private static JsonObject of(PairRole role) {
        return StatusJson.of(new StatusSnapshot(AT, new ProgramInfo("web1", "0.1.0", "/etc/dromedary.properties", 5000), role, List.of()));
    }
}
