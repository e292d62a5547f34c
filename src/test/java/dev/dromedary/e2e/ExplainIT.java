package dev.dromedary.e2e;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

import dev.dromedary.testing.Dromedary;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

class ExplainIT {

    @AutoClose
    private final Stage stage = new Stage();

    @Test
    void what_has_arrived_is_in_line_and_what_is_left_out_names_its_rule() throws Exception {
        Path rules = Files.write(stage.scratch.root().resolve("rules"), List.of("# ours", "- /build/"));
        stage.inSource("mkdir build sub; echo 1 >file; echo 1 >a.swp; echo 1 >build/x; ln -s sub link; echo 1 >sub/y");
        Dromedary running = stage.configured("mirror.t.exclude = *.tmp, *.swp", "mirror.t.filter-from = " + rules).start().awaitReady();
        eventually("the others are there", running, () -> Files.exists(stage.target.resolve("sub/y")));
        eventually("it is at rest", running, () -> running.target().getInteger("pending") == 0);

        assertSays(0, running, "t/a  in line since ", "file");
        assertSays(0, running, ": it was sent there", "file");
        assertSays(0, running, "left out: the rule \"- *.swp\" of mirror.t.exclude", "a.swp");
        assertSays(0, running, "left out: the rule \"- /build/\" in line 2 of " + rules + " leaves out build", "build/x");
        assertSays(0, running, "it is neither here nor at the target", "never");
        assertSays(1, running, "not mirrored: link is a link", "link/y");
        Dromedary several = ask(running, stage.source.resolve("file").toString(), "/etc", stage.source.resolve("a.swp").toString());
        assertThat(several.awaitExit()).isEqualTo(1);
        assertThat(several.output()).contains("/file: a file of 2 B", "/etc lies in no source", "/a.swp: a file of 2 B");
        assertSays(1, running, "lies in no source; the sources are " + stage.source + " (t)", "../elsewhere");
    }

    @Test
    void what_waits_says_for_what_and_until_when() throws Exception {
        stage.inSource("mkdir sub; echo 1 >sub/file; echo 1 >other");
        Dromedary running = stage.configured("mirror.t.replay = 30s").start().awaitReady();
        eventuallySame(stage.source, stage.target, running);
        stage.daemon.stop();
        stage.inSource("echo 2 >sub/file");
        eventually("it is away", running, () -> running.target().getString("state").equals("away"));

        assertSays(1, running, "pending since ", "sub/file");
        assertSays(1, running, "the target is away: nobody listens there", "sub");
        JsonObject target = target(running, "sub/file");
        assertThat(target.getString("state")).isEqualTo("pending");
        assertThat(target.getString("nextAttempt")).isNotNull();
        assertThat(target.getString("targetState")).isEqualTo("away");
        assertSays(1, running, "not known since ", "other");
        assertSays(1, running, "the target is away: nobody listens there", "other");
        assertSays(1, running, "; it was sent there at ", "other");
        // what did not change is not held up
        running.post("/api/mirrors/t/targets/a/pause");
        assertSays(1, running, "the target is paused: ", "sub/file");
    }

    @Test
    void a_file_that_a_program_has_open_for_writing_is_not_in_line() throws Exception {
        stage.inSource("echo 1 >log; echo 1 >other");
        Dromedary running = stage.configured("mirror.t.max-delay = 1h").start().awaitReady();
        eventuallySame(stage.source, stage.target, running);
        eventually("it is live", running, () -> running.target().getString("state").equals("live"));
        try (OutputStream log = Files.newOutputStream(stage.source.resolve("log"), StandardOpenOption.APPEND)) {
            log.write("2".getBytes());
            eventually("it is known", running, () -> running.get("/api/explain?path=" + stage.source.resolve("log")).body().contains("pending\","));
            assertSays(1, running, "pending: a program has it open for writing; it is sent when that closes it, or else every 3600 s", "log");
            assertSays(0, running, "in line", "other");
        }
        eventuallySame(stage.source, stage.target, running);
        eventually("it is in line", running, () -> running.get("/api/explain?path=" + stage.source.resolve("log")).body().contains("in line"));
    }

    /** It is at the target still, so it is not in line for being nowhere. */
    @Test
    void what_is_gone_with_its_source_is_not_in_line() throws Exception {
        stage.inSource("echo 1 >file");
        Dromedary running = stage.configured().start().awaitReady();
        eventuallySame(stage.source, stage.target, running);
        Files.move(stage.source, stage.source.resolveSibling("elsewhere"));
        eventually("it is halted", running, () -> running.target().getString("state").equals("halted"));

        assertSays(1, running, "not known", "file");
        assertThat(stage.target.resolve("file")).exists();
    }

    @Test
    void a_name_of_any_bytes_may_be_asked_for() throws Exception {
        stage.inSource("printf x >\"$(printf 'a b\\\\c%%d')\"");
        Dromedary running = stage.configured().start().awaitReady();
        eventuallySame(stage.source, stage.target, running);

        assertSays(0, running, "in line", "a b\\c%d");
        assertThat(running.get("/api/explain?path=relative").statusCode()).isEqualTo(400);
        assertThat(running.get("/api/explain").statusCode()).isEqualTo(400);
        assertThat(running.get("/api/explain?path=%5Cx").statusCode()).isEqualTo(400);
        assertThat(running.get("/api/explain?path=/nowhere").statusCode()).isEqualTo(404);
    }

    private JsonObject target(Dromedary running, String path) throws Exception {
        Dromedary explain = ask(running, stage.source.resolve(path).toString(), "--json");
        assertThat(explain.awaitExit()).as(explain.output()).isEqualTo(1);
        String text = explain.output();
        JsonObject json = (JsonObject) Jsoner.deserialize(text.substring(text.indexOf('{')));
        JsonObject mirror = (JsonObject) json.<List<?>>getCollection("mirrors").get(0);
        return (JsonObject) mirror.<List<?>>getCollection("targets").get(0);
    }

    private void assertSays(int exit, Dromedary running, String text, String path) {
        Dromedary explain = ask(running, stage.source.resolve(path).toString());
        assertThat(explain.awaitExit()).as(explain.output()).isEqualTo(exit);
        assertThat(explain.output()).contains(text);
    }

    private Dromedary ask(Dromedary running, String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "explain";
        all[1] = "--url";
        all[2] = "http://127.0.0.1:" + running.port();
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return stage.dromedary().start(all);
    }
}
