package dev.dromedary.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.FreePort;
import dev.dromedary.testing.HttpAnswer;
import dev.dromedary.testing.RsyncDaemon;
import dev.dromedary.testing.Sh;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static dev.dromedary.testing.Mirrors.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Where others than this machine can reach the port. */
class RemoteAccessIT {

    private static final List<String> PATHS = List.of("/", "/api/status", "/api/history", "/api/dead-letters", "/observe/health",
            "/observe/health/ready", "/observe/metrics", "/nowhere", "/api", "/m", "/m/", "/m/api/status", "/m/observe/health", "//api/status",
            "/m//api/status", "/m/../api/status", "/%6d/api/status", "/M/api/status");
    private static final List<String> OURS = List.of("/", "/api/status", "/observe/health/ready", "/observe/metrics");
    private static final String RIGHT = "Authorization: Basic " + Base64.getEncoder().encodeToString("ops:secret".getBytes(StandardCharsets.UTF_8)) + "\r\n";
    private static final String WRONG = "Authorization: Basic " + Base64.getEncoder().encodeToString("ops:wrong".getBytes(StandardCharsets.UTF_8)) + "\r\n";

    @AutoClose
    private final Stage stage = new Stage();

    @ParameterizedTest
    @CsvSource({"/,''", "/m,''", "/m/,''", "/m,authentication-path"})
    void without_the_right_credentials_there_is_nothing_but_401(String prefix, String key) throws IOException {
        Dromedary dromedary = stage.configured(withUsers("camel.server.path = " + prefix,
                key.isEmpty() ? "" : "camel.server." + key + " = /*")).start();
        String here = prefix.replaceAll("/$", "");
        eventually("its routes", dromedary, () -> FreePort.accepts(dromedary.port()) && isServed(dromedary, here + "/api/status"));

        // outside of the prefix there is nothing, which who is on this machine may know
        assertRefused(dromedary, InetAddress.getLoopbackAddress(), OURS.stream().map(path -> here + path).toList());
        assertRefused(dromedary, another(), PATHS);
        for (InetAddress address : List.of(InetAddress.getLoopbackAddress(), another())) {
            for (String path : OURS) {
                assertThat(ask(address, dromedary, here + path, RIGHT).code()).as(path).isEqualTo(200);
            }
        }
    }

    @Test
    void what_can_not_be_read_gets_no_more_and_fills_no_log() throws IOException {
        Dromedary dromedary = stage.configured(withUsers("camel.server.path = /m")).start();
        eventually("its routes", dromedary, () -> FreePort.accepts(dromedary.port()) && isServed(dromedary, "/m/api/status"));

        for (String path : List.of("/%zz", "/m/%zz", "/m/api/%", "/m/api/status?a=%zz")) {
            assertThat(ask(another(), dromedary, path, "").code()).as(path).isEqualTo(401);
            assertThat(ask(InetAddress.getLoopbackAddress(), dromedary, path, "Sec-Fetch-Site: cross-site\r\n").code()).as(path).isIn(401, 403);
        }
        assertThat(ask(another(), dromedary, "/m/api/status", "Authorization: Basic %%%\r\n").code()).isEqualTo(401);
        assertThat(dromedary.output()).doesNotContain("Exception").doesNotContain("\tat ");
    }

    private static void assertRefused(Dromedary dromedary, InetAddress address, List<String> paths) {
        for (String path : paths) {
            for (String credentials : List.of("", WRONG, "Host: evil.example\r\n")) {
                HttpAnswer answer = ask(address, dromedary, path, credentials);
                assertThat(answer.code()).as("%s at %s with %s: %s", path, address, credentials, answer).isEqualTo(401);
                assertThat(answer.headers()).containsEntry("X-Content-Type-Options", "nosniff").containsEntry("Cache-Control", "no-store");
            }
        }
    }

    private static boolean isServed(Dromedary dromedary, String path) {
        try {
            return ask(InetAddress.getLoopbackAddress(), dromedary, path, RIGHT).code() == 200;
        } catch (UncheckedIOException | ArrayIndexOutOfBoundsException e) {
            // the port was only tried so far
            return false;
        }
    }

    @Test
    void what_stays_open_to_this_machine_is_said() {
        Dromedary dromedary = stage.configured(withUsers("camel.server.host = 127.0.0.1", "camel.server.authenticationPath = /api/*")).start().awaitReady();

        assertThat(dromedary.output()).contains("camel.server.authenticationPath = /api/*: all else, the page, /observe/, stays open");
        assertThat(dromedary.get("/observe/health/ready").statusCode()).isEqualTo(200);
        assertThat(dromedary.get("/api/status").statusCode()).isEqualTo(401);
    }

    @Test
    void a_path_that_leaves_something_open_to_others_is_refused() {
        Dromedary dromedary = stage.configured(withUsers("camel.server.authentication-path = /api/*")).start();

        assertThat(dromedary.awaitExit()).isEqualTo(2);
        assertThat(dromedary.output()).contains("camel.server.authenticationPath = /api/*: others than this machine");
        assertThat(stage.state).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"start", "check"})
    void passwords_that_others_can_read_are_refused(String command) {
        stage.configured(withUsers());
        Sh.run(stage.home, "chmod 644 users");

        Dromedary dromedary = command.equals("start") ? stage.start() : stage.dromedary().start(command);

        assertThat(dromedary.awaitExit()).isEqualTo(2);
        assertThat(dromedary.output()).contains("camel.server.basicPropertiesFile = ").contains("is open to other users; chmod 600 ");
    }

    @Test
    void who_holds_connections_keeps_out_nobody() throws IOException {
        Dromedary dromedary = stage.configured().start().awaitReady();
        List<Socket> held = new ArrayList<>();
        try {
            for (int i = 0; i < 600; i++) {
                held.add(new Socket(InetAddress.getLoopbackAddress(), dromedary.port()));
            }
            assertThat(HttpAnswer.to(dromedary.port(), "GET /api/status HTTP/1.1\r\nHost: 127.0.0.1\r\n").code()).isEqualTo(200);
            held.get(0).setSoTimeout(20_000);
            assertThat(held.get(0).getInputStream().read()).isEqualTo(-1);
            eventually("no more than so many", dromedary, () -> connectionsOf(dromedary) <= 256);
        } finally {
            for (Socket socket : held) {
                socket.close();
            }
        }
    }

    // that are established at its end
    private static long connectionsOf(Dromedary dromedary) {
        return Sh.run(Path.of("/"), "cat /proc/net/tcp /proc/net/tcp6").lines()
                .map(line -> line.strip().split("\\s+")).filter(columns -> columns[1].endsWith(":%04X".formatted(dromedary.port())))
                .filter(columns -> columns[3].equals("01")).count();
    }

    private String[] withUsers(String... more) {
        List<String> lines = new ArrayList<>(List.of("camel.server.host = 0.0.0.0", "camel.server.authenticationEnabled = true",
                "camel.server.basicPropertiesFile = " + RsyncDaemon.secret(stage.home.resolve("users"), "user.ops = secret,admin")));
        lines.addAll(List.of(more));
        return lines.toArray(String[]::new);
    }

    private static HttpAnswer ask(InetAddress to, Dromedary dromedary, String path, String headers) {
        String host = headers.startsWith("Host:") ? "" : "Host: " + to.getHostAddress() + ':' + dromedary.port() + "\r\n";
        return HttpAnswer.to(to, dromedary.port(), "GET " + path + " HTTP/1.1\r\n" + host + headers, "");
    }

    // an address of this machine from which it is another one's to who asks for loopback
    private static InetAddress another() throws IOException {
        Optional<InetAddress> found = NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress()).findFirst();
        Assumptions.assumeTrue(found.isPresent(), "this machine has no address but loopback");
        return found.get();
    }
}
