package dev.dromedary.http;

import java.time.Duration;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerImpl;
import io.vertx.core.impl.VertxInternal;
import io.vertx.ext.web.Router;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;

/**
 * An HTTP server that is guarded from its first request on, whatever is added to its routers later. Camel passes its routers just before
 * the server listens, and at that time they contain only the handlers that ask for credentials. Servers that are not Camel's own stay as
 * they are.
 */
final class GuardedServer extends HttpServerImpl {

    private static final int MOST_CONNECTIONS = 256;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final CamelContext context;
    private final RequestGuard guard = new RequestGuard();
    private final ConnectionLimits connections;

    GuardedServer(CamelContext context, VertxInternal vertx, HttpServerOptions options) {
        // HTTP/2 without TLS: nobody needs it, and it would not be counted before its first bytes
        super(vertx, new HttpServerOptions(options).setHttp2ClearTextEnabled(false));
        this.context = context;
        connections = new ConnectionLimits(vertx, MOST_CONNECTIONS, PATIENCE);
    }

    @Override
    public synchronized HttpServer requestHandler(Handler<HttpServerRequest> handler) {
        if (!(handler instanceof Router router)) {
            return super.requestHandler(handler);
        }
        // the routers below camel.server.path, behind the handlers that ask for credentials; and the outer router
        context.getRegistry().findByType(VertxPlatformHttpRouter.class).stream()
                .filter(inner -> inner.getServer().getServer() == this).forEach(inner -> {
                    guard(inner);
                    new HeldRequests(context).in(inner);
                });
        guard(router);
        connectionHandler(connections::opened);
        invalidRequestHandler(request -> {
            AnswerHeaders.putOn(request.response());
            HttpServerRequest.DEFAULT_INVALID_REQUEST_HANDLER.handle(request);
        });
        return super.requestHandler(request -> {
            connections.asked(request.connection());
            AnswerHeaders.putOn(request.response());
            router.handle(request);
        });
    }

    private void guard(Router router) {
        router.route().handler(guard);
        // a request that a router can't read reaches no handler, and each would log a stack trace
        router.errorHandler(HttpResponseStatus.BAD_REQUEST.code(), guard::unreadable);
    }
}
