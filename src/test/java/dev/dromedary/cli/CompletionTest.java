package dev.dromedary.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.dromedary.testing.Sh;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

/** The script in a real bash; it is made before there is anything to complete. */
class CompletionTest {

    @TempDir
    private Path dir;

    @BeforeEach
    void make() throws IOException {
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(dir.resolve("script")))) {
            assertThat(new CommandLine(new Program()).setOut(out).execute("generate-completion")).isZero();
        }
        Files.createDirectory(dir.resolve("config"));
        Files.writeString(dir.resolve("config/application.properties"), """
                mirror.www.source = /data
                mirror.www.target.backup.url=/b
                mirror.www.target.dr.url : /c
                mirror.away.source = /d
                # mirror.no.target.no.url = /e
                dromedary.state-dir = my state
                """);
        Files.writeString(dir.resolve("other"), "mirror.img.target.disk.url = /b\n");
        for (String letter : new String[] {"my state/dead-letter/www/backup/www.backup.1-1.jsonl", "my state/dead-letter/www/dr/www.dr.2-1.jsonl",
            "my state/dead-letter/www/dr/www.dr.2-1.tmp", "state/dead-letter/img/disk/img.disk.3-1.jsonl"}) {
            Files.createDirectories(dir.resolve(letter).getParent());
            Files.createFile(dir.resolve(letter));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "nothing", value = {
        "dromedary pause w                   | www www/backup www/dr",
        "dromedary wait ''                   | away www www/backup www/dr",
        "dromedary approve www/b             | www/backup",
        "dromedary rollback www/d            | www/dr",
        "dromedary discard ''                | www.backup.1-1 www.dr.2-1",
        "dromedary discard www.d             | www.dr.2-1",
        "dromedary dead-letters www          | www www.backup.1-1 www.dr.2-1 www/backup www/dr",
        "dromedary status --config other ''  | img img/disk",
        "dromedary --config other discard '' | img.disk.3-1",
        "dromedary --config none status ''   | nothing"})
    void targets_and_letters_are_those_that_there_are(String line, String offered) {
        String complete = ". ./script; compopt() { :; }; COMP_WORDS=(" + line + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMP_LINE=\"${COMP_WORDS[*]} \";"
                + " _complete_dromedary; printf '%s\\n' \"${COMPREPLY[@]}\" | sort | tr '\\n' ' '";
        assertThat(Sh.run(dir, "bash -c '" + complete.replace("'", "'\\''") + "'").strip()).isEqualTo(offered == null ? "" : offered);
    }

    /** All that the script is made of. */
    @CommandLine.Command(name = "dromedary", subcommands = {StatusCommand.class, ControlCommands.Pause.class, WaitCommand.class, ApproveCommand.class,
        ReleaseCommands.Rollback.class, DiscardCommand.class, LettersCommand.class, CompletionCommand.class})
    static final class Program implements GlobalOptions {

        @CommandLine.Option(names = "--config", scope = CommandLine.ScopeType.INHERIT)
        private Path config;

        @Override
        public Path config() {
            return config;
        }

        @Override
        public java.net.URI url() {
            return null;
        }
    }
}
