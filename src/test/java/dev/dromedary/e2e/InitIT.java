package dev.dromedary.e2e;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.dromedary.testing.Dromedary;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class InitIT {

    @AutoClose
    private final Stage stage = new Stage();

    @Test
    void a_configuration_is_written_that_works() throws Exception {
        Path config = stage.scratch.root().resolve("made/application.properties");

        Dromedary init = stage.dromedary().start("init", "--yes", "--config", config.toString(), stage.source.toString(), stage.daemon.url("m"));

        assertThat(init.awaitExit()).as(init.output()).isZero();
        assertThat(init.output()).contains("[m]").contains("read only      = no").contains("answers and lets us in");
        assertThat(Files.readString(config)).contains("mirror.www.source = " + stage.source)
                .contains("mirror.www.target.127.url = " + stage.daemon.url("m"));
        Dromedary check = stage.dromedary().start("check", "--config", config.toString());
        assertThat(check.awaitExit()).as(check.output()).isZero();

        Dromedary again = stage.dromedary().start("init", "--yes", "--config", config.toString(), "/", "/tmp/x");
        assertThat(again.awaitExit()).isEqualTo(2);
        assertThat(again.output()).contains("is there already, and stays as it is");
    }

    @Test
    void what_does_not_work_yet_is_said() {
        stage.daemon.stop();
        Path config = stage.scratch.root().resolve("application.properties");

        Dromedary init = stage.dromedary().start("init", "--yes", "--config", config.toString(), stage.source.toString(), stage.daemon.url("m"));

        assertThat(init.awaitExit()).as(init.output()).isEqualTo(1);
        assertThat(init.output()).contains("nobody listens there").contains("Mend what is wrong, then: dromedary check --config " + config);
        assertThat(config).exists();
    }

    @Test
    void a_person_is_asked_until_the_answers_can_be_used() throws Exception {
        Path config = stage.scratch.root().resolve("asked.properties");
        byte[] answers = ("/nowhere\n" + stage.source + "\nweb\nftp://x\n"
                + stage.daemon.url("m") + "\n\n").getBytes(StandardCharsets.UTF_8);

        Dromedary init = stage.dromedary().input(answers).start("init", "--config", config.toString());

        assertThat(init.awaitExit()).as(init.output()).isZero();
        assertThat(init.output()).contains("/nowhere is no folder").contains("a target cannot be reached by ftp://");
        assertThat(Files.readString(config)).contains("mirror.web.source = " + stage.source);
    }

    @Test
    void answers_that_end_too_soon_write_nothing() {
        Path config = stage.scratch.root().resolve("none.properties");

        Dromedary init = stage.dromedary().start("init", "--config", config.toString());

        assertThat(init.awaitExit()).isEqualTo(2);
        assertThat(init.output()).contains("no answer to: Which folder is to be mirrored");
        assertThat(config).doesNotExist();
    }
}
