package dev.dromedary.jvm;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class OwnCommandLineTest {

    @Test
    void a_jar_with_options_and_arguments() {
        OwnCommandLine command = of("java", "-Da=b c", "-jar", "target/dromedary.jar", "--config", "a file", "").orElseThrow();

        assertThat(command.java()).isEqualTo("java");
        assertThat(command.options()).containsExactly("-Da=b c");
        assertThat(command.main()).containsExactly("-jar", "target/dromedary.jar");
        assertThat(command.arguments()).containsExactly("--config", "a file", "");
        assertThat(command.with(List.of("-Xone", "-Xtwo")).words())
                .containsExactly("java", "-Xone", "-Xtwo", "-Da=b c", "-jar", "target/dromedary.jar", "--config", "a file", "");
    }

    @Test
    void a_jar_is_known_by_where_it_is() {
        OwnCommandLine command = of("java", "-jar", "target/dromedary.jar", "a", "b", "c").orElseThrow();

        assertThat(command.absolute().main()).containsExactly("-jar", Path.of("").toAbsolutePath() + "/target/dromedary.jar");
        assertThat(command.absolute().absolute()).isEqualTo(command.absolute());
    }

    @Test
    void a_class_with_a_class_path() {
        OwnCommandLine command = of("/usr/bin/java", "-cp", "a.jar:b.jar", Main.class.getName(), "a", "b", "c").orElseThrow();

        assertThat(command.main()).startsWith("-cp").endsWith(Main.class.getName());
        assertThat(command.arguments()).containsExactly("a", "b", "c");
        assertThat(command.options()).containsExactly("-cp", "a.jar:b.jar");
        assertThat(command.isTuned()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Xmx1g", "-XX:+UseZGC", "@options", "-javaagent:a.jar", "-agentlib:jdwp", "-Dcom.sun.management.jmxremote.port=0"})
    void whoever_tunes_java_is_left_alone(String option) {
        assertThat(of("java", option, "-jar", "dromedary.jar", "a", "b", "c").orElseThrow().isTuned()).isTrue();
    }

    @Test
    void another_program_s_command_is_not_taken_for_ours() {
        assertThat(of("java", "-cp", "a.jar", "org.example.Main", "a", "b", "c")).isEmpty();
        assertThat(of("java", "c")).isEmpty();
        assertThat(of("")).isEmpty();
    }

    private static Optional<OwnCommandLine> of(String... words) {
        return OwnCommandLine.of(String.join("\0", words) + '\0', 3);
    }
}
