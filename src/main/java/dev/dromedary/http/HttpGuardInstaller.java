package dev.dromedary.http;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import io.vertx.core.Vertx;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.Route;
import org.apache.camel.Service;
import org.apache.camel.component.platform.http.PlatformHttpComponent;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.LifecycleStrategySupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Guards every HTTP server of a context before it listens, and lets its routes send only headers that they set. */
public final class HttpGuardInstaller extends LifecycleStrategySupport {

    private static final Logger LOG = LoggerFactory.getLogger(HttpGuardInstaller.class);
    private static final int CLOSED_WITHIN_SECONDS = 5;

    private final BooleanSupplier ours;
    private GuardedVertx vertx;

    /** @param ours whether the context is for mirrors; other contexts' servers are left alone */
    public HttpGuardInstaller(BooleanSupplier ours) {
        this.ours = ours;
    }

    /** Runs before the server is prepared, which looks up a Vert.x instance then. */
    @Override
    public void onServiceAdd(CamelContext context, Service service, Route route) {
        if (!(service instanceof VertxPlatformHttpServer) || !ours.getAsBoolean()) {
            return;
        }
        if (vertx == null) {
            vertx = GuardedVertx.of(context);
            context.getRegistry().bind("vertx", Vertx.class, vertx);
        }
        if (CamelContextHelper.findSingleByType(context, Vertx.class) != vertx) {
            throw new IllegalStateException("there is a second io.vertx.core.Vertx among the beans, so Camel would make the HTTP"
                    + " server of neither, and would guard it by nothing; take the bean away");
        }
    }

    @Override
    public void onComponentAdd(String name, Component component) {
        if (component instanceof PlatformHttpComponent http && ours.getAsBoolean()) {
            http.setHeaderFilterStrategy(new AnswerHeaderFilter());
        }
    }

    @Override
    public void onContextStopped(CamelContext context) {
        if (vertx != null) {
            try {
                vertx.close().toCompletionStage().toCompletableFuture().get(CLOSED_WITHIN_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                LOG.debug("The HTTP server's threads have not ended", e);
            }
        }
    }
}
