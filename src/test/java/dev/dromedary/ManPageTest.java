package dev.dromedary;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.dromedary.config.KeyTables;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

/** dromedary(1) has each command, option and key that there is, and no other. */
class ManPageTest {

    private static final Path PAGE = Path.of("src/deb/dromedary.1");

    private final CommandLine program = new CommandLine(new Dromedary());
    private final String page = read().replace("\\-", "-");

    private static String read() {
        try {
            return Files.readString(PAGE);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> all(String pattern, String text) {
        return Pattern.compile(pattern, Pattern.MULTILINE).matcher(text).results()
                .map((MatchResult found) -> found.group(1)).toList();
    }

    private String section(String name) {
        return page.replaceFirst("(?s).*\n\\.SH " + name + "\n", "").replaceFirst("(?s)\n\\.SH .*", "");
    }

    @Test
    void it_has_each_command() {
        assertThat(all("^\\.TP\n\\.BI?R? ([a-z-]+)", section("COMMANDS")))
                .containsExactlyInAnyOrderElementsOf(program.getSubcommands().keySet());
    }

    @Test
    void it_has_each_option_of_each_command() {
        TreeSet<String> options = Stream.concat(Stream.of(program), program.getSubcommands().values().stream())
                .flatMap(command -> command.getCommandSpec().options().stream()).flatMap(option -> Stream.of(option.names()))
                .collect(Collectors.toCollection(TreeSet::new));

        String heads = all("^\\.TP\n\\.BI?R? (.*)", section("OPTIONS")).stream().collect(Collectors.joining("\n"));
        assertThat(new TreeSet<>(all("(?<![\\w-])(--?[a-zA-Z0-9][a-z0-9-]*)", heads))).isEqualTo(options);
    }

    @Test
    void it_has_each_key_with_its_meaning_and_default() throws IOException {
        KeyTables.check(PAGE, KeyTables.manual());
    }
}
