package dev.dromedary.http;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.impl.VertxWrapper;
import org.apache.camel.CamelContext;
import org.apache.camel.support.CamelContextHelper;

/** The Vert.x instance with which Camel makes its HTTP servers, including the one for management; Camel finds it in its registry. */
public final class GuardedVertx extends VertxWrapper {

    private final CamelContext context;

    private GuardedVertx(CamelContext context, VertxInternal delegate) {
        super(delegate);
        this.context = context;
    }

    /** {@return an instance with the options in the registry; the caller has to close it} */
    public static GuardedVertx of(CamelContext context) {
        VertxOptions options = CamelContextHelper.findSingleByType(context, VertxOptions.class);
        return new GuardedVertx(context, (VertxInternal) Vertx.vertx(options == null ? new VertxOptions() : options));
    }

    @Override
    public HttpServer createHttpServer(HttpServerOptions options) {
        return new GuardedServer(context, delegate, options);
    }

    @Override
    public HttpServer createHttpServer() {
        return createHttpServer(new HttpServerOptions());
    }
}
