package dev.dromedary.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/** With a real server, and clients that want to hold it up. */
@Timeout(60)
class ConnectionLimitsTest {

    private static final Duration SOON = Duration.ofMillis(300);
    private static final Duration NEVER = Duration.ofDays(1);

    private final Vertx vertx = Vertx.vertx();
    private final List<Socket> sockets = new ArrayList<>();
    private int port;

    @AfterEach
    void close() throws Exception {
        for (Socket socket : sockets) {
            socket.close();
        }
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void one_that_says_nothing_is_ended() throws Exception {
        serve(10, SOON);

        assertThat(connect().getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void one_that_never_comes_to_the_end_of_its_request_is_ended() throws Exception {
        serve(10, SOON);
        Socket slow = connect();
        send(slow, "GET / HTTP/1.1\r\nHost: here\r\n");

        boolean ended = false;
        while (!ended) {
            try {
                send(slow, "X-More: 1\r\n");
                ended = slow.getInputStream().available() == 0 && isEnded(slow);
            } catch (IOException e) {
                ended = true;
            }
        }
        assertThat(ended).isTrue();
    }

    @Test
    void one_is_ended_only_when_it_asks_no_more() throws Exception {
        serve(10, SOON);
        Socket asking = connect();

        assertThat(ask(asking)).isTrue();
        assertThat(ask(asking)).isTrue();
        assertThat(asking.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void of_too_many_the_one_goes_that_has_asked_for_nothing_for_the_longest_time() throws Exception {
        serve(3, NEVER);
        Socket first = connected();
        Socket second = connected();
        Socket third = connected();
        assertThat(ask(first)).isTrue();

        Socket fourth = connected();

        assertThat(second.getInputStream().read()).isEqualTo(-1);
        for (Socket left : List.of(first, third, fourth)) {
            assertThat(ask(left)).isTrue();
        }
    }

    private void serve(int most, Duration patience) throws Exception {
        ConnectionLimits connections = new ConnectionLimits(vertx, most, patience);
        HttpServer server = vertx.createHttpServer(new HttpServerOptions().setHttp2ClearTextEnabled(false))
                .connectionHandler(connections::opened)
                .requestHandler(request -> {
                    connections.asked(request.connection());
                    request.response().end("!");
                });
        port = server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS).actualPort();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        sockets.add(socket);
        return socket;
    }

    // one of which the server knows
    private Socket connected() throws IOException {
        Socket socket = connect();
        assertThat(ask(socket)).isTrue();
        return socket;
    }

    private static boolean isEnded(Socket socket) throws IOException {
        socket.setSoTimeout(10);
        try {
            return socket.getInputStream().read() == -1;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    // whether an answer came; it ends with its body, a mark
    private static boolean ask(Socket socket) throws IOException {
        send(socket, "GET / HTTP/1.1\r\nHost: here\r\n\r\n");
        for (int next = socket.getInputStream().read(); next != -1; next = socket.getInputStream().read()) {
            if (next == '!') {
                return true;
            }
        }
        return false;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
