package dev.dromedary.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import com.sun.net.httpserver.HttpServer;
import dev.dromedary.testing.Dromedary;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.testing.Mirrors.eventually;
import static org.assertj.core.api.Assertions.assertThat;

class NotifyIT {

    @AutoClose
    private final Stage stage = new Stage();

    @Test
    void a_chat_service_gets_json() throws IOException {
        Queue<String> got = new ConcurrentLinkedQueue<>();
        HttpServer chat = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        chat.createContext("/hooks", exchange -> {
            got.add(exchange.getRequestMethod() + ' ' + exchange.getRequestURI() + ' ' + exchange.getRequestHeaders().getFirst("Content-Type") + ' '
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        chat.start();
        try {
            Dromedary dromedary = stage.configured("mirror.t.notify = http://127.0.0.1:" + chat.getAddress().getPort() + "/hooks/a?key=b").start().awaitReady();
            stage.daemon.stop();
            stage.inSource("echo 1 >file");

            eventually("it is told", dromedary, () -> !got.isEmpty());
            assertThat(got.peek()).startsWith("POST /hooks/a?key=b application/json {").contains("\"text\":\"t\\/a: nobody listens there")
                    .contains("\"state\":\"away\"").contains("\"target\":\"t\\/a\"");
        } finally {
            chat.stop(0);
        }
    }

    @Test
    void a_mail_is_sent_by_sendmail() throws IOException {
        Path sent = stage.scratch.root().resolve("sent");
        Path programs = stage.scratch.folder("programs");
        Files.write(programs.resolve("sendmail"), List.of("#!/bin/sh", "echo \"$@\" >" + sent + ".new", "cat >>" + sent + ".new", "mv " + sent + ".new " + sent));
        Files.setPosixFilePermissions(programs.resolve("sendmail"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Dromedary dromedary = stage.configured("mirror.t.notify = mailto:ops@example.com").dromedary()
                .environment("PATH", programs + ":" + System.getenv("PATH")).start().awaitReady();
        stage.daemon.stop();
        stage.inSource("echo 1 >file");

        eventually("it is sent", dromedary, () -> Files.exists(sent));
        assertThat(Files.readAllLines(sent)).startsWith("-t -i", "To: ops@example.com", "Subject: Dromedary: t/a: away")
                .anyMatch(line -> line.startsWith("t/a: nobody listens there"));
    }

    @Test
    void one_that_can_not_be_told_is_a_line_in_the_log() {
        Dromedary dromedary = stage.configured("mirror.t.notify = http://127.0.0.1:1/").start().awaitReady();
        stage.daemon.stop();
        stage.inSource("echo 1 >file");

        eventually("it is said", dromedary, () -> dromedary.output().contains("t/a: on-failure could not be told"));
        assertThat(dromedary.output()).doesNotContain("\tat ");
    }

    @Test
    void what_is_no_address_is_refused() {
        Dromedary dromedary = stage.configured("mirror.t.notify = ops", "mirror.t.on-failure = log:x").start();

        assertThat(dromedary.awaitExit()).isEqualTo(2);
        assertThat(dromedary.output()).contains("mirror.t.notify = ops: this is neither a mail address nor a URL")
                .contains("mirror.t.notify = ops: on-failure is set for the same target");
    }
}
