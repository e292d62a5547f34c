package dev.dromedary;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

import static org.assertj.core.api.Assertions.assertThat;

/** How our route files are written: in the form that Camel keeps, and without what would open holes that are known of it (docs/security.md). */
class RouteFilesTest {

    private static final Set<String> STEPS_OF_A_TEXT = Set.of("to", "toD", "wireTap", "log");
    private static final Set<String> LANGUAGES = Set.of("simple", "constant", "header", "exchangeProperty", "tokenize", "jq", "jsonpath");
    private static final Set<String> WITH_AN_EXPRESSION = Set.of("filter", "setBody", "setProperty", "setHeader", "setVariable", "validate", "split",
            "loop", "recipientList", "transform", "script", "delay", "throttle");

    static Stream<Path> files() throws IOException {
        return Stream.of("routes", "docs/recipes", "src/main/resources/kamelets").map(Path::of).flatMap(RouteFilesTest::yaml);
    }

    private static Stream<Path> yaml(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".yaml")).toList().stream();
        } catch (IOException e) {
            throw new IllegalStateException(folder.toString(), e);
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void what_is_run_of_rsync_is_not_a_matter_of_headers(Path file) throws IOException {
        assertThat(endpoints(file)).filteredOn(each -> each.get("uri").equals("exec:rsync") || each.get("uri").equals("exec:env"))
                .allSatisfy(each -> assertThat(((Map<?, ?>) each.get("parameters")).get("binding"))
                        .isIn("#rsyncBinding", "#followedRsyncBinding", "#countedRsyncBinding", "#{{binding}}"));
    }

    /** Of -h, which a user may add, and this one the last counts, and what --stats prints is read. */
    @ParameterizedTest
    @MethodSource("files")
    void figures_are_those_for_a_program_whatever_the_user_adds(Path file) throws IOException {
        assertThat(endpoints(file)).extracting(each -> String.valueOf(each.get("parameters"))).filteredOn(parameters -> parameters.contains("--stats "))
                .allMatch(parameters -> parameters.matches("(?s).*\\{\\{(options|filtered)}} --no-human-readable .*"));
    }

    /** Later versions of Camel ignore them, unless they are told otherwise. */
    @ParameterizedTest
    @MethodSource("files")
    void no_command_is_set_by_a_header(Path file) throws IOException {
        assertThat(Files.readString(file)).doesNotContain("CamelExecCommand");
    }

    /** CVE-2026-85316 and CVE-2026-85312. */
    @ParameterizedTest
    @MethodSource("files")
    void none_is_a_proxy_or_takes_part_in_a_saga(Path file) throws IOException {
        assertThat(endpoints(file)).extracting(each -> each.get("uri").toString())
                .allMatch(uri -> !uri.startsWith("platform-http:") || uri.startsWith("platform-http:/"));
        assertThat(maps(read(file))).noneMatch(each -> each.containsKey("saga"));
    }

    /** CVE-2026-49098. */
    @ParameterizedTest
    @MethodSource("files")
    void what_is_published_goes_where_the_configuration_says(Path file) throws IOException {
        String text = Files.readString(file);
        assertThat(text.contains("kafka.KEY")).isEqualTo(text.contains("pattern: kafka.*"));
    }

    /** Camel deprecates the compact form from 4.23 on (CAMEL-24723). */
    @ParameterizedTest
    @MethodSource("files")
    void each_step_is_in_the_canonical_form(Path file) throws IOException {
        assertThat(maps(read(file))).allSatisfy(each -> each.forEach((key, value) -> {
            if (STEPS_OF_A_TEXT.contains(key) || LANGUAGES.contains(key)) {
                assertThat(value).as("%s: %s", key, value).isInstanceOf(Map.class);
            }
            if (WITH_AN_EXPRESSION.contains(key) && value instanceof Map<?, ?> step) {
                assertThat(step.get("expression")).as("%s: %s", key, value).isNotNull();
            }
            if (key.equals("when") && value instanceof List<?> cases) {
                assertThat(cases).as("when: %s", value).allSatisfy(one -> assertThat(((Map<?, ?>) one).get("expression")).isNotNull());
            }
        }));
    }

    private static List<Map<?, ?>> endpoints(Path file) throws IOException {
        return maps(read(file)).filter(each -> each.get("uri") instanceof String).toList();
    }

    private static Object read(Path file) throws IOException {
        return new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
    }

    private static Stream<Map<?, ?>> maps(Object node) {
        if (node instanceof Map<?, ?> map) {
            return Stream.concat(Stream.of(map), map.values().stream().flatMap(RouteFilesTest::maps));
        }
        return node instanceof List<?> list ? list.stream().flatMap(RouteFilesTest::maps) : Stream.empty();
    }
}
