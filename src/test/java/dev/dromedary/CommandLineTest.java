package dev.dromedary;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

class CommandLineTest {

    private static final String KEY = "dromedary.test.key";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @AfterEach
    void forget() {
        System.clearProperty(KEY);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "statsu | there is no command statsu; did you mean status?",
        "staus --watch | there is no command staus; did you mean status?",
        "--config f staus | there is no command staus; did you mean status?",
        "helo pause | there is no command helo; did you mean help?",
        "chek www | there is no command chek; did you mean check?",
        "frobnicate | there is no command frobnicate",
        "www/local pause | www/local stands in front of the command pause; write: dromedary pause www/local",
        "/data/www once | /data/www stands in front of the command once; write: dromedary once /data/www",
        "/nowhere/at/all | there is no folder /nowhere/at/all",
        "/ | / is a source without a target; write: dromedary / TARGET...",
        "help statsu | there is no command statsu; did you mean status?",
        "--url http://127.0.0.1:1 | --url is for the commands that ask the running program, such as status",
        "--wach status | there is no option --wach"})
    void a_word_that_is_no_command_is_told_in_two_lines(String line, String said) {
        assertThat(run(line.split(" "))).isEqualTo(CommandLine.ExitCode.USAGE);

        assertThat(err.toString().lines()).containsExactly("dromedary: " + said, "Try: dromedary help");
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "status --wach | there is no option --wach; did you mean --watch? | status",
        "pause | pause what? Name MIRROR or MIRROR/TARGET, or give --all for all targets of all mirrors | pause",
        "resume --new-source | resume what? Name MIRROR or MIRROR/TARGET, or give --all for all targets of all mirrors | resume",
        "replay --all www | --all and www: give one or the other | replay",
        "reconcile | reconcile what? Name MIRROR or MIRROR/TARGET, or give --all for all targets of all mirrors | reconcile",
        "check --url http://127.0.0.1:1 | --url is for the commands that ask the running program; check does not | check",
        "once --itemize | --itemize goes with --dry-run | once",
        "init --yes --config /nowhere/at/all | --yes asks nothing, so name a SOURCE and a TARGET | init",
        "check www | there is a word too many: www | check",
        "help status pause | there is a word too many: pause | help"})
    void what_is_wrong_with_a_command_is_told_in_two_lines(String line, String said, String command) {
        assertThat(run(line.split(" "))).isEqualTo(CommandLine.ExitCode.USAGE);

        assertThat(err.toString().lines()).containsExactly("dromedary: " + said, "Try: dromedary help " + command);
    }

    @Test
    void each_command_has_help() {
        for (String command : Dromedary.commandLine().getSubcommands().keySet()) {
            out.getBuffer().setLength(0);
            assertThat(run("help", command)).as(command).isZero();
            assertThat(out.toString()).startsWith("Usage: dromedary " + command);
        }
    }

    @Test
    void help_alone_is_about_the_program() {
        assertThat(run("help")).isZero();
        assertThat(out.toString()).contains("Usage: dromedary").contains("explain").contains("status");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-D" + KEY + "=a=b help", "help -D" + KEY + "=a=b"})
    void a_value_may_stand_before_and_behind_the_command(String line) {
        assertThat(run(line.split(" "))).as(err.toString()).isZero();
        assertThat(System.getProperty(KEY)).isEqualTo("a=b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--config @ status", "status --config @", "--config=@ status"})
    void the_configuration_may_stand_before_and_behind_the_command(String line, @TempDir Path folder) throws Exception {
        Path config = Files.writeString(folder.resolve("c"), "camel.server.port = 1\n");

        assertThat(run(line.replace("@", config.toString()).split(" "))).isEqualTo(CommandLine.ExitCode.SOFTWARE);

        assertThat(err.toString()).contains("nobody answers at http://127.0.0.1:1");
    }

    @Test
    void the_address_may_stand_before_the_command() {
        assertThat(run("--url", "http://127.0.0.1:1", "status")).isEqualTo(CommandLine.ExitCode.SOFTWARE);

        assertThat(err.toString()).contains("nobody answers at http://127.0.0.1:1");
    }

    private int run(String... line) {
        return Dromedary.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)).execute(line);
    }
}
