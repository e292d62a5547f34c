package dev.dromedary.status;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The page as a file: what a browser would refuse, or would not find. */
class PageFileTest {

    private static final Pattern SCRIPT = Pattern.compile("<script>(.*?)</script>", Pattern.DOTALL);

    private final String page = read("src/main/resources/dev/dromedary/status/page.html");
    private final String routes = read("routes/status.camel.yaml");

    /** Else a browser runs nothing of it. */
    @Test
    void the_policy_of_the_route_names_the_script_of_the_page() throws NoSuchAlgorithmException {
        List<String> scripts = all(SCRIPT, page);
        assertThat(scripts).hasSize(1);
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(scripts.get(0).getBytes(StandardCharsets.UTF_8));

        assertThat(all(Pattern.compile("script-src ([^;]+);"), routes))
                .as("after a change to the script, put its new hash into routes/status.camel.yaml")
                .containsExactly("'sha256-" + Base64.getEncoder().encodeToString(hash) + "'");
    }

    @Test
    void it_has_nothing_that_the_policy_would_refuse() {
        assertThat(page).doesNotContainPattern("<[a-z][^>]*\\son[a-z]+=").doesNotContain("javascript:").doesNotContain(" style=\"");
        assertThat(all(Pattern.compile("(https?:)//(?!www\\.w3\\.org/2000/svg)"), page)).isEmpty();
    }

    /** A link to a section scrolls to its heading, as text. */
    @Test
    void each_section_that_it_links_to_is_there() {
        List<String> sections = all(Pattern.compile("section = [^;]*?((?:'[^']+'[^;']*)+);"), page).stream()
                .flatMap(found -> all(Pattern.compile("'([A-Z][^']+)'"), found).stream()).distinct().toList();

        assertThat(sections).contains("States", "It is halted", "A disk is not mounted");
        assertThat(List.of(read("docs/operating.md").split("\n"))).containsAll(sections.stream().map(section -> "## " + section).toList());
    }

    private static List<String> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().map((MatchResult result) -> result.group(1)).toList();
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
