package dev.dromedary.e2e;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.HttpAnswer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

import static org.assertj.core.api.Assertions.assertThat;

/** What comes back, and what does not, from every route of ours, from one that a user adds, and from what has no route. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnswersIT {

    // a path, and a list of them, that are not given here
    private static final Set<String> WITHOUT_WHAT_IT_NEEDS = Set.of("/api/explain", "/api/mirrors/t/changed");
    // what somebody would like to see come back
    private static final Map<String, String> WANTED = Map.of("Access-Control-Allow-Origin", "*", "Content-Type", "text/html",
            "Set-Cookie", "a=b", "Location", "http://evil.example/", "Refresh", "0", "X-Anything", "1",
            "Content-Security-Policy", "img-src http:", "X-Content-Type-Options", "none", "Cache-Control", "public");
    private static final Set<String> OURS = Set.of("content-type", "x-content-type-options", "content-security-policy",
            "referrer-policy", "cache-control");
    private static final Set<String> OF_THE_PROTOCOL = Set.of("content-length", "transfer-encoding", "connection", "allow");

    @AutoClose
    private final Stage stage = new Stage();
    private Dromedary dromedary;

    record Asked(String method, String path) {

        @Override
        public String toString() {
            return method + ' ' + path;
        }
    }

    @BeforeAll
    void start() throws IOException {
        Files.writeString(stage.routes().resolve("own.camel.yaml"), """
                - route:
                    from:
                      uri: platform-http:/own/{word}
                      steps:
                        - setHeader: {name: X-Own, constant: mine}
                        - setBody: {simple: "${header.word} ${header.question} ${header.Content-Type}"}
                - route:
                    from:
                      uri: platform-http:/broken
                      steps:
                        - throwException: {exceptionType: java.lang.IllegalStateException, message: broken}
                """);
        dromedary = stage.configured().start().awaitReady();
    }

    /** Each of the file's, whatever is put into it one day. */
    static Stream<Asked> routes() throws IOException {
        Iterable<?> routes = (Iterable<?>) new Load(LoadSettings.builder().build()).loadFromString(Files.readString(Path.of("routes/status.camel.yaml")));
        Stream.Builder<Asked> asked = Stream.builder();
        for (Object route : routes) {
            Map<?, ?> from = (Map<?, ?>) ((Map<?, ?>) ((Map<?, ?>) route).get("route")).get("from");
            String uri = (String) from.get("uri");
            if (uri.startsWith("platform-http:")) {
                String path = uri.substring("platform-http:".length()).replace("{mirror}", "t").replace("{target}", "a");
                String method = (String) ((Map<?, ?>) from.get("parameters")).get("httpMethodRestrict");
                (path.contains("{action}") ? Stream.of("replay", "pause", "resume", "reconcile", "verify", "discard", "unknown") : Stream.of(""))
                        .forEach(action -> asked.add(new Asked(method, path.replace("{action}", action).replace("{id}", "t.a.1-1"))));
            }
        }
        return asked.build();
    }

    static Stream<Asked> others() {
        return Stream.of(new Asked("GET", "/own/word"), new Asked("POST", "/own/word"), new Asked("GET", "/broken"),
                new Asked("GET", "/nowhere"), new Asked("GET", "/api/nowhere"), new Asked("GET", "/%00"), new Asked("GET", "//"),
                new Asked("DELETE", "/api/status"), new Asked("HEAD", "/"), new Asked("OPTIONS", "/api/status"), new Asked("TRACE", "/"),
                new Asked("GET", "/observe/health"), new Asked("GET", "/observe/health/ready"), new Asked("GET", "/observe/health/nowhere"),
                new Asked("GET", "/observe/metrics"), new Asked("POST", "/observe/metrics"), new Asked("GET", "/api/dead-letters/x/y/z"));
    }

    @Test
    void each_route_is_known_here() throws IOException {
        assertThat(routes()).hasSizeGreaterThan(15).contains(new Asked("GET", "/"), new Asked("POST", "/api/dead-letters/t.a.1-1/discard"));
    }

    @ParameterizedTest
    @MethodSource({"routes", "others"})
    void nothing_comes_back_of_what_was_sent(Asked asked) {
        String query = String.join("&", WANTED.entrySet().stream().map(each -> each.getKey() + '=' + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8)).toList());
        String headers = String.join("", WANTED.entrySet().stream().map(each -> each.getKey() + ": " + each.getValue() + "\r\n").toList());

        for (HttpAnswer answer : List.of(ask(asked.method, asked.path + '?' + query, headers + "Cookie: c=d\r\n"),
                ask(asked.method, asked.path + '?' + query + '&' + query.toLowerCase(Locale.ROOT), ""))) {
            assertOnlyOurs(answer);
            assertThat(answer.code()).as("it was understood").matches(code -> code != 400 || WITHOUT_WHAT_IT_NEEDS.contains(asked.path));
        }
    }

    /** A message that a request of its own makes, such as of another site. */
    @ParameterizedTest
    @CsvSource({"Sec-Fetch-Site: cross-site", "Origin: http://evil.example", "Origin: null", "Sec-Fetch-Site: same-site"})
    void another_site_gets_only_a_refusal(String header) {
        for (String path : List.of("/", "/api/status", "/api/history", "/api/dead-letters", "/api/nowhere", "/observe/health",
                "/observe/health/ready", "/observe/metrics", "/own/word", "/nowhere")) {
            HttpAnswer answer = ask("GET", path, header + "\r\n");
            assertOnlyOurs(answer);
            assertThat(answer.code()).as(path).isEqualTo(403);
            assertThat(answer.headers()).containsEntry("Content-Type", "application/json");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/api/status", "/api/dead-letters", "/observe/health", "/observe/metrics", "/own/word", "/nowhere"})
    void nothing_is_told_to_who_asks_by_another_name(String path) {
        HttpAnswer answer = HttpAnswer.to(dromedary.port(), "GET " + path + " HTTP/1.1\r\nHost: evil.example\r\n");

        assertOnlyOurs(answer);
        assertThat(answer.code()).isEqualTo(403);
    }

    @Test
    void what_is_no_request_gets_an_answer_of_ours_too() {
        HttpAnswer longHeader = ask("GET", "/", "X-Long: " + "x".repeat(9000) + "\r\n");
        assertOnlyOurs(longHeader);
        assertThat(longHeader.code()).isEqualTo(431);

        HttpAnswer longLine = ask("GET", "/" + "x".repeat(5000), "");
        assertOnlyOurs(longLine);
        assertThat(longLine.code()).isEqualTo(414);

        HttpAnswer broken = ask("GET", "/", "Content-Length: x\r\n");
        assertOnlyOurs(broken);
        assertThat(broken.code()).isEqualTo(400);
    }

    /** A header that is given as a parameter is none. */
    @Test
    void the_guard_is_not_told_by_the_query() {
        assertThat(ask("POST", "/api/mirrors/t/targets/a/resume?X-Dromedary-Action=yes", "Content-Type: text/plain\r\n").code()).isEqualTo(403);
        assertThat(ask("POST", "/api/mirrors/t/targets/a/resume?Sec-Fetch-Site=same-origin", "Sec-Fetch-Site: cross-site\r\n").code()).isEqualTo(403);
        assertThat(ask("POST", "/api/mirrors/t/targets/a/resume?Content-Type=application/json", "Content-Type: text/plain\r\n").code()).isEqualTo(403);
        assertThat(ask("GET", "/own/word", "Sec-Fetch-Site: cross-site\r\n").code()).isEqualTo(403);
    }

    @Test
    void each_kind_of_answer_has_its_type_and_its_policy() {
        assertThat(ask("GET", "/", "").headers()).containsEntry("Content-Type", "text/html;charset=UTF-8")
                .hasEntrySatisfying("Content-Security-Policy", policy -> assertThat(policy).contains("connect-src 'self'"));
        for (String path : List.of("/api/status", "/api/history", "/api/events", "/api/log", "/api/dead-letters", "/api/dead-letters/x")) {
            assertThat(ask("GET", path, "").headers()).as(path).containsEntry("Content-Type", "application/json");
        }
        assertThat(ask("GET", "/observe/health", "").headers()).containsEntry("Content-Type", "application/json");
        assertThat(ask("GET", "/observe/metrics", "").headers().get("Content-Type")).startsWith("text/plain");
    }

    @Test
    void a_route_that_somebody_adds_reads_all_of_the_request_and_sets_what_it_likes() {
        HttpAnswer answer = ask("GET", "/own/word?question=why&X-Own=yours", "Content-Type: application/x-own\r\nX-Own: mine\r\n");

        assertThat(answer.code()).isEqualTo(200);
        assertThat(answer.headers()).containsEntry("X-Own", "mine").containsEntry("Content-Type", "text/plain;charset=UTF-8");
        assertThat(answer.body()).contains("word why application/x-own");
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=-1", "limit=1001", "limit=4294967295", "limit=99999999999999999999", "limit=x", "limit=", "limit=1&limit=2",
            "offset=-1", "offset=4294967295", "offset=2147483648", "offset=1.5", "offset=%00", "limit=1%0d%0aX:1", "limit=+1"})
    void a_section_that_can_not_be_is_refused_in_words(String query) {
        for (String path : List.of("/api/dead-letters", "/api/dead-letters/x")) {
            HttpAnswer answer = ask("GET", path + '?' + query, "");
            assertThat(answer.code()).as(path).isEqualTo(path.endsWith("x") ? 404 : 400);
            assertThat(answer.body()).contains("\"error\"");
        }
        assertThat(ask("GET", "/api/dead-letters?" + query, "").body()).contains("this is a whole number from 0 to ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=1000", "offset=2147483647&limit=1000", "mirror=t&target=a", "mirror=x&mirror=y"})
    void a_section_that_can_be_is_given(String query) {
        assertThat(ask("GET", "/api/dead-letters?" + query, "").code()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=-1", "limit=1001", "limit=4294967295", "limit=x", "limit=", "limit=1&limit=2", "limit=%00", "after=", "after=x",
            "after=1", "after=-1-1", "after=1-1&after=2-2", "after=99999999999-1", "since=x", "since=1h", "action=", "action=SENT", "action=made"})
    void a_part_of_the_transfer_log_that_can_not_be_is_refused_in_words(String query) {
        HttpAnswer answer = ask("GET", "/api/log?" + query, "");
        assertThat(answer.code()).isEqualTo(400);
        assertThat(answer.body()).contains("\"error\"").contains(": this is ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=1000", "mirror=t&target=a", "target=a", "mirror=x&mirror=y", "only=t/a,x", "only=", "path=", "path=[", "path=%00",
            "path=a&path=b", "after=9999999999-999999999999999999", "since=2026-11-28T13:00:00Z", "since=-1000000000-01-01T00:00:00Z", "action=moved"})
    void a_part_of_the_transfer_log_that_can_be_is_given(String query) {
        HttpAnswer answer = ask("GET", "/api/log?" + query, "");
        assertThat(answer.code()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("\"entries\"");
    }

    private HttpAnswer ask(String method, String path, String headers) {
        return HttpAnswer.to(dromedary.port(), method + ' ' + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + dromedary.port() + "\r\n" + headers);
    }

    private static void assertOnlyOurs(HttpAnswer answer) {
        assertThat(answer.headers().keySet().stream().map(String::toLowerCase)).as(answer::toString).containsAll(OURS)
                .allMatch(name -> OURS.contains(name) || OF_THE_PROTOCOL.contains(name) || name.equals("x-own"));
        assertThat(answer.headers()).as(answer::toString).containsEntry("X-Content-Type-Options", "nosniff")
                .containsEntry("Referrer-Policy", "no-referrer").containsEntry("Cache-Control", "no-store")
                .doesNotContainEntry("Content-Type", "text/html")
                .hasEntrySatisfying("Content-Security-Policy", policy -> assertThat(policy).startsWith("default-src 'none'"));
    }
}
