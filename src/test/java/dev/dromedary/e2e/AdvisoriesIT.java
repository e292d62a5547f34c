package dev.dromedary.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import dev.dromedary.testing.Dromedary;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

/** What is known of the parts of Camel in the jar can't be reached here (docs/security.md). */
class AdvisoriesIT {

    private static final List<String> PATHS = List.of("/", "/api/status", "/api/history", "/api/dead-letters", "/observe/health",
            "/observe/health/live", "/observe/metrics", "/nowhere");

    @AutoClose
    private final Stage stage = new Stage();

    /** CVE-2026-66908; Camel takes a key in any of these spellings. */
    @ParameterizedTest
    @ValueSource(strings = {"camel.server.jwtKeystorePath", "camel.server.jwt-keystore-path", "camel.server.JWTKEYSTOREPATH",
        "camel.server.jwtKeystoreType", "camel.management.jwtKeystorePath", "camel.management.jwt-keystore-type"})
    void tokens_whose_issuer_and_audience_nobody_checks_are_refused(String key) {
        Dromedary dromedary = stage.configured("camel.server.authenticationEnabled = true", key + " = keys.jks").start();

        assertRefused(dromedary, key);
        Dromedary check = stage.dromedary().start("check");
        assertRefused(check, key);
    }

    @Test
    void they_are_refused_from_the_command_line_and_the_environment_too() {
        stage.configured();
        assertRefused(stage.dromedary().property("camel.server.jwtKeystorePath", "keys.jks").start(), "camel.server.jwtKeystorePath");
        assertRefused(stage.dromedary().environment("CAMEL_SERVER_JWT_KEYSTORE_PATH", "keys.jks").start(),
                "camel.server.jwt.keystore.path");
        assertRefused(stage.dromedary().environment("CAMEL_SERVER_JWTKEYSTOREPATH", "keys.jks").start(),
                "camel.server.jwtkeystorepath");
    }

    private void assertRefused(Dromedary dromedary, String key) {
        assertThat(dromedary.awaitExit()).as(dromedary.output()).isEqualTo(2);
        assertThat(dromedary.output()).contains(key + ": tokens (JWT) are not accepted")
                .contains("camel.server.basicPropertiesFile = FILE").doesNotContain("keys.jks");
        assertThat(stage.state).doesNotExist();
    }

    @Test
    void with_no_server_there_is_nothing_that_could_take_a_token() {
        stage.inSource("echo 1 >file");
        Dromedary once = stage.configured("camel.server.jwtKeystorePath = keys.jks").dromedary().start("once");

        assertThat(once.awaitExit()).as(once.output()).isZero();
        eventuallySame(stage.source, stage.target, once);
    }

    /** CVE-2026-84176. */
    @Test
    void no_origin_but_ours_is_told_that_it_may_read() throws IOException {
        Dromedary dromedary = stage.configured().start().awaitReady();

        for (String path : PATHS) {
            for (String method : List.of("GET", "OPTIONS")) {
                for (String origin : List.of("http://evil.example", "null", "http://127.0.0.1:" + dromedary.port())) {
                    assertThat(answer(dromedary, method + ' ' + path + " HTTP/1.1\r\nOrigin: " + origin
                            + "\r\nAccess-Control-Request-Method: GET\r\n")).as("%s %s", method, path)
                            .startsWith("HTTP/1.1 ").doesNotContainIgnoringCase("Access-Control-Allow");
                }
            }
        }
    }

    /** CVE-2026-85316: a request for something else is no request to carry it there. */
    @Test
    void it_is_nobodys_proxy() throws IOException {
        Dromedary dromedary = stage.configured().start().awaitReady();

        for (String path : List.of("/proxy", "/proxyStats", "/api/proxy")) {
            assertThat(answer(dromedary, "GET " + path + " HTTP/1.1\r\n")).as(path).startsWith("HTTP/1.1 404");
        }
        for (String request : List.of("GET http://127.0.0.1:9/other", "CONNECT 127.0.0.1:9")) {
            assertThat(answer(dromedary, request + " HTTP/1.1\r\n")).as(request).startsWith("HTTP/1.1 4");
        }
    }

    /** CVE-2026-85312, and all headers by which Camel's components are steered, in whatever case. */
    @Test
    void no_header_and_no_parameter_of_a_request_steers_a_component() throws IOException {
        Path outside = stage.scratch.folder("outside");
        Dromedary dromedary = stage.configured("mirror.t.reconcile-on-start = false", "mirror.t.first-run = delete").start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        List<String> names = List.of("CamelExecCommandExecutable=touch", "CAMELEXECCommandArgs=" + outside + "/touched",
                "camelexeccommandworkingdir=/", "CamelBeanMethodName=pause", "CAMELBeanMethodName=pause",
                "CamelFileName=" + outside + "/written", "Long-Running-Action=mine", "kafka.OVERRIDE_TOPIC=other");
        StringBuilder headers = new StringBuilder();
        names.forEach(each -> headers.append(each.replaceFirst("=", ": ")).append("\r\n"));
        String query = "?" + String.join("&", names);
        stage.inTarget("echo 2 >stale");

        assertThat(answer(dromedary, "GET /api/status" + query + " HTTP/1.1\r\n" + headers)).startsWith("HTTP/1.1 200")
                .contains("{\"version\":1");
        assertThat(answer(dromedary, "POST /api/mirrors/t/targets/a/reconcile" + query
                + " HTTP/1.1\r\nX-Dromedary-Action: yes\r\nContent-Length: 0\r\n" + headers)).startsWith("HTTP/1.1 200");
        eventuallySame(stage.source, stage.target, dromedary);
        eventually("it is not paused", dromedary, () -> "live".equals(dromedary.target().getString("state")));
        assertThat(outside).isEmptyDirectory();
        assertThat(dromedary.output()).doesNotContain("Exception");
    }

    private static String answer(Dromedary dromedary, String head) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), dromedary.port())) {
            socket.setSoTimeout(10_000);
            String host = "Host: 127.0.0.1:" + dromedary.port() + "\r\n";
            socket.getOutputStream().write((head + host + "Connection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
