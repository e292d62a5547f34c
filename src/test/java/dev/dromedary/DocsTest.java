package dev.dromedary;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.dromedary.config.KeyDescription;
import dev.dromedary.config.MirrorKey;
import dev.dromedary.config.TargetKey;
import dev.dromedary.status.TargetStateLabel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What the documents say is what there is. */
class DocsTest {

    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Map<String, String> DEFAULTS = Stream.concat(Stream.of(MirrorKey.values()).map(MirrorKey::text),
            Stream.of(TargetKey.values()).map(TargetKey::text)).collect(Collectors.toMap(KeyDescription::key,
                    key -> Objects.requireNonNullElse(key.defaultText(), "")));
    private static final List<String> STATES = Stream.of(TargetStateLabel.values()).map(TargetStateLabel::text).toList();
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    @ParameterizedTest
    @MethodSource("documents")
    void each_link_leads_somewhere(Path document) throws IOException {
        List<String> broken = new ArrayList<>();
        for (String link : all(LINK, Files.readString(document))) {
            if (link.matches("https?:.*")) {
                continue;
            }
            String[] parts = link.split("#", 2);
            Path to = parts[0].isEmpty() ? document : document.resolveSibling(parts[0]).normalize();
            if (!Files.exists(to) || parts.length > 1 && !anchors(to).contains(parts[1])) {
                broken.add(link);
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void the_readme_has_the_defaults_of_the_keys_that_matter() throws IOException {
        List<String[]> rows = new ArrayList<>(rows(Path.of("README.md"), "| key | default |"));
        rows.addAll(rows(Path.of("docs/zh/README.md"), "| 选项 | 默认值 |"));
        for (String[] cells : rows) {
            List<String> defaults = all(CODE, cells[1]);
            assertThat(DEFAULTS).containsEntry(all(CODE, cells[0]).get(0), defaults.isEmpty() ? "" : defaults.get(0));
        }
    }

    @Test
    void each_state_and_each_alert_is_explained() throws IOException {
        Path operating = Path.of("docs/operating.md");

        assertThat(rows(operating, "| state |")).map(cells -> all(CODE, cells[0]).get(0)).containsExactlyInAnyOrderElementsOf(
                STATES);
        assertThat(rows(Path.of("docs/zh/quick-start.md"), "| 状态 |")).map(cells -> all(CODE, cells[0]).get(0))
                .containsExactlyInAnyOrderElementsOf(STATES);
        assertThat(rows(operating, "| alert |")).map(cells -> all(CODE, cells[0]).get(0)).containsExactlyInAnyOrderElementsOf(
                all(Pattern.compile("- alert: (\\w+)"), Files.readString(Path.of("docs/prometheus-rules.yaml"))));
    }

    static Stream<Path> documents() throws IOException {
        try (Stream<Path> docs = Files.walk(Path.of("docs"))) {
            return Stream.concat(docs.filter(path -> path.toString().endsWith(".md")).toList().stream(),
                    Stream.of(Path.of("README.md"), Path.of("CONTRIBUTING.md"), Path.of("CHANGELOG.md")));
        }
    }

    // as they are made of headings by those who show Markdown
    private static List<String> anchors(Path document) throws IOException {
        return Files.readAllLines(document).stream().filter(line -> line.startsWith("#")).map(line -> line.replaceAll("^#+ ", "")
                .toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-')).toList();
    }

    private static List<String[]> rows(Path document, String head) throws IOException {
        List<String[]> rows = Files.readAllLines(document).stream().dropWhile(line -> !line.startsWith(head)).skip(2)
                .takeWhile(line -> line.startsWith("|")).map(line -> line.substring(1).split("(?<!\\\\)\\|")).toList();
        assertThat(rows).isNotEmpty();
        return rows;
    }

    private static List<String> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().map((MatchResult result) -> result.group(1)).toList();
    }
}
