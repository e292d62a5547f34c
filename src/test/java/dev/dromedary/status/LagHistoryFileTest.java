package dev.dromedary.status;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.apache.camel.util.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class LagHistoryFileTest {

    @TempDir
    private Path state;

    @Test
    void where_there_is_none_nothing_is_read() {
        assertThat(new LagHistoryFile(state).read(json -> json.getString("said"))).isEmpty();
        assertThat(state).isEmptyDirectory();
    }

    @Test
    void it_is_read_as_it_was_written() {
        new LagHistoryFile(state).write(said("this"));

        assertThat(new LagHistoryFile(state).read(json -> json.getString("said"))).contains("this");
    }

    @Test
    void one_that_is_damaged_is_set_aside_and_the_next_one_is_written() throws IOException {
        for (String damaged : new String[] {"", "{", "[]", "no JSON", "{\"version\":99,\"said\":\"that\"}", "{\"version\":1,\"said\":{}}"}) {
            Files.writeString(state.resolve("history.json"), damaged);
            LagHistoryFile file = new LagHistoryFile(state);

            assertThat(file.read(json -> ((String) json.get("said")).strip())).as(damaged).isEmpty();
            assertThat(state.resolve("history.json.damaged")).hasContent(damaged);
            assertThat(state.resolve("history.json")).doesNotExist();
            file.write(said("this"));
            assertThat(file.read(json -> json.getString("said"))).contains("this");
        }
    }

    @Test
    void where_nothing_can_be_written_nothing_fails() throws IOException {
        Path noFolder = Files.writeString(state.resolve("file"), "");
        LagHistoryFile file = new LagHistoryFile(noFolder);

        file.write(said("this"));
        assertThat(file.read(json -> json.getString("said"))).isEmpty();
    }

    private static JsonObject said(String text) {
        JsonObject json = new JsonObject();
        json.put("said", text);
        return json;
    }
}
