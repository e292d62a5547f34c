package dev.dromedary.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.dromedary.testing.Dromedary;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static org.assertj.core.api.Assertions.assertThat;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpIT {

    @AutoClose
    private final Stage stage = new Stage();

    private Dromedary dromedary;

    @BeforeAll
    void start() {
        dromedary = stage.configured().start().awaitReady();
    }

    @Test
    void health_is_told() {
        for (String kind : new String[] {"ready", "live"}) {
            HttpResponse<String> health = dromedary.get("/observe/health/" + kind);
            assertThat(health.statusCode()).as(health.body()).isEqualTo(200);
        }
    }

    /** As a load balancer asks, or the image's own probe. */
    @Test
    void health_is_told_to_who_sends_no_name() throws IOException {
        assertThat(answer("GET /observe/health/ready HTTP/1.0\r\n")).startsWith("HTTP/1.0 200");
    }

    @Test
    void metrics_are_told() {
        assertThat(dromedary.get("/observe/metrics").statusCode()).isEqualTo(200);
        assertThat(dromedary.get("/observe/metrics").body()).contains("# TYPE");
    }

    @Test
    void the_page_and_its_json_are_there() {
        assertThat(dromedary.get("/").statusCode()).isEqualTo(200);
        assertThat(dromedary.get("/").body()).contains("<html");
        assertThat(dromedary.get("/api/status").statusCode()).isEqualTo(200);
        assertThat(dromedary.get("/api/status").body()).startsWith("{").contains("\"t\"").contains("\"a\"");
    }

    /** As a browser that has the page of somebody else open. */
    @Test
    void the_pages_of_others_are_kept_out() throws IOException {
        String pause = "POST /api/mirrors/t/targets/a/pause HTTP/1.1\r\nContent-Length: 0\r\n";
        String here = "Host: 127.0.0.1:" + dromedary.port() + "\r\n";

        assertThat(answer("GET /api/status HTTP/1.1\r\n" + here)).startsWith("HTTP/1.1 200");
        assertThat(answer("GET /api/status HTTP/1.1\r\nHost: evil.example\r\n")).startsWith("HTTP/1.1 403");
        assertThat(answer("GET /api/dead-letters HTTP/1.1\r\nHost: evil.example\r\n")).startsWith("HTTP/1.1 403");
        assertThat(answer(pause + here + "Content-Type: text/plain\r\n")).startsWith("HTTP/1.1 403").contains("X-Dromedary-Action");
        assertThat(answer(pause + here + "X-Dromedary-Action: yes\r\nOrigin: http://evil.example\r\n")).startsWith("HTTP/1.1 403");
        assertThat(answer(pause + here + "X-Dromedary-Action: yes\r\nSec-Fetch-Site: cross-site\r\n")).startsWith("HTTP/1.1 403");
        assertThat(answer("OPTIONS /api/mirrors/t/targets/a/pause HTTP/1.1\r\n" + here + "Origin: http://evil.example\r\n"
                + "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: x-dromedary-action\r\n"))
                .doesNotContainIgnoringCase("Access-Control-Allow");
        assertThat(dromedary.target().getString("state")).isNotEqualTo("paused");
    }

    @Test
    void what_comes_with_a_request_is_left_alone_and_kept_nowhere() throws IOException {
        String form = "Host: 127.0.0.1:" + dromedary.port() + "\r\nX-Dromedary-Action: yes\r\nTransfer-Encoding: chunked\r\n"
                + "Content-Type: multipart/form-data; boundary=b\r\n";
        String body = "\r\n5\r\n--b\r\n\r\n0";

        assertThat(answer("GET /api/status HTTP/1.1\r\n" + form, body)).startsWith("HTTP/1.1 200");
        assertThat(answer("POST /api/mirrors/t/targets/a/replay HTTP/1.1\r\n" + form, body)).startsWith("HTTP/1.1 200");
        assertThat(stage.home.resolve("file-uploads")).doesNotExist();
        assertThat(dromedary.output()).doesNotContain("Exception");
    }

    private String answer(String head) throws IOException {
        return answer(head, "");
    }

    private String answer(String head, String body) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), dromedary.port())) {
            socket.getOutputStream().write((head + "Connection: close\r\n" + body + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void only_loopback_can_reach_it() throws IOException {
        List<String> listening = new ArrayList<>();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            Assumptions.assumeTrue(Files.exists(Path.of(table)), "no " + table);
            for (String line : Files.readAllLines(Path.of(table))) {
                String[] columns = line.strip().split("\\s+");
                if (columns[1].endsWith(":%04X".formatted(dromedary.port())) && columns[3].equals("0A")) {
                    listening.add(columns[1].substring(0, columns[1].indexOf(':')));
                }
            }
        }
        // 127.0.0.1 as the kernel writes it, by itself or in an address of IPv6.
        assertThat(listening).isNotEmpty().allMatch(address -> address.endsWith("0100007F"));
    }
}
