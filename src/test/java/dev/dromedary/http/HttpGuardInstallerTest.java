package dev.dromedary.http;

import java.io.IOException;

import dev.dromedary.testing.FreePort;
import dev.dromedary.testing.HttpAnswer;
import io.vertx.core.Vertx;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Camel's servers, by themselves: the routes that they serve are in the tests of the whole program. */
class HttpGuardInstallerTest {

    private final DefaultCamelContext context = new DefaultCamelContext();

    @AfterEach
    void stop() throws IOException {
        context.close();
    }

    /** As with camel.management.port, or where nothing else listens. */
    @Test
    void every_server_is_guarded_whatever_is_put_into_it() throws Exception {
        context.addLifecycleStrategy(new HttpGuardInstaller(() -> true));
        context.start();

        for (String path : new String[] {"/", "/m"}) {
            int port = serve(path);
            for (String asked : new String[] {"/x", "/m/x", "/nowhere"}) {
                HttpAnswer evil = ask(port, asked, "Host: evil.example\r\n");
                assertThat(evil.code()).isEqualTo(403);
                assertThat(evil.headers()).containsEntry("X-Content-Type-Options", "nosniff");
            }
            HttpAnswer answer = ask(port, path.equals("/") ? "/x" : "/m/x", "Host: localhost\r\n");
            assertThat(answer.code()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("served");
            assertThat(answer.headers()).containsEntry("Cache-Control", "no-store").containsEntry("X-Content-Type-Options", "nosniff");
        }
    }

    @Test
    void the_servers_of_others_are_left_as_they_are() throws Exception {
        context.addLifecycleStrategy(new HttpGuardInstaller(() -> false));
        context.start();

        HttpAnswer answer = ask(serve("/"), "/x", "Host: evil.example\r\n");

        assertThat(answer.code()).isEqualTo(200);
        assertThat(answer.headers()).doesNotContainKey("X-Content-Type-Options");
    }

    @Test
    void none_is_made_past_the_guard() throws Exception {
        context.addLifecycleStrategy(new HttpGuardInstaller(() -> true));
        Vertx another = Vertx.vertx();
        context.getRegistry().bind("another", another);
        context.start();

        assertThatThrownBy(() -> serve("/")).hasStackTraceContaining("a second io.vertx.core.Vertx among the beans");
        another.close();
    }

    private int serve(String path) throws Exception {
        int port = FreePort.next();
        VertxPlatformHttpServerConfiguration configuration = new VertxPlatformHttpServerConfiguration();
        configuration.setBindHost("127.0.0.1");
        configuration.setBindPort(port);
        configuration.setPath(path);
        context.addService(new VertxPlatformHttpServer(configuration));
        VertxPlatformHttpRouter.lookup(context, VertxPlatformHttpRouter.getRouterNameFromPort(port)).route("/x")
                .handler(asked -> asked.response().end("served"));
        return port;
    }

    private static HttpAnswer ask(int port, String path, String headers) {
        return HttpAnswer.to(port, "GET " + path + " HTTP/1.1\r\n" + headers);
    }
}
