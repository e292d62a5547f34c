package dev.dromedary.jvm;

import java.util.List;

import dev.dromedary.Dromedary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

class JvmRelaunchTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "source target", "--yes source target", "--config agent.properties", "--config=status", "agent",
        "agent --config f", "--config status agent"})
    void what_runs_until_it_is_stopped_begins_anew(String line) {
        assertThat(JvmRelaunch.lasts(words(line))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "agent --help", "--version", "status --watch", "--config f check", "once source target", "verify",
        "generate-completion"})
    void what_ends_soon_does_not(String line) {
        assertThat(JvmRelaunch.lasts(words(line))).isFalse();
    }

    @Test
    void each_command_is_known() {
        assertThat(new CommandLine(new Dromedary()).getSubcommands().keySet()).contains("agent")
                .allSatisfy(name -> assertThat(JvmRelaunch.lasts(List.of(name))).as(name).isEqualTo(name.equals("agent")));
    }

    private static List<String> words(String line) {
        return line.isEmpty() ? List.of() : List.of(line.split(" "));
    }
}
