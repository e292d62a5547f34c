package dev.dromedary.http;

import java.time.Duration;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.apache.camel.CamelContext;

/**
 * Holds requests until they can be answered, without occupying a thread; then Camel's route gets them. Camel itself would need one of the
 * server's few threads for each of them.
 */
final class HeldRequests implements Handler<RoutingContext> {

    private static final String PATH = "/api/mirrors/:mirror/wait";
    private static final Duration LEAST = Duration.ofMillis(1);

    private final CamelContext context;

    HeldRequests(CamelContext context) {
        this.context = context;
    }

    /** Adds this handler in front of the routes that a router will get. */
    void in(Router router) {
        router.route(HttpMethod.POST, PATH).handler(this);
    }

    @Override
    public void handle(RoutingContext asked) {
        LongPollDecider held = context.getRegistry().findSingleByType(LongPollDecider.class);
        if (held == null) {
            asked.next();
            return;
        }
        Context thread = asked.vertx().getOrCreateContext();
        String mirror = asked.pathParam("mirror");
        asked.vertx().executeBlocking(() -> held.begin(mirror, asked.request()::getParam), false).onComplete(begun -> {
            if (begun.failed() || begun.result() == null) {
                // the route that answers it gives the reason
                asked.next();
            } else {
                hold(asked, begun.result(), thread);
            }
        });
    }

    private static void hold(RoutingContext asked, LongPollDecider.Hold hold, Context thread) {
        asked.request().headers().set(LongPollDecider.TOKEN, hold.token());
        Duration most = hold.most().compareTo(LEAST) < 0 ? LEAST : hold.most();
        long timer = asked.vertx().setTimer(most.toMillis(), late -> asked.next());
        hold.until().whenComplete((done, failure) -> thread.runOnContext(now -> {
            if (asked.vertx().cancelTimer(timer)) {
                asked.next();
            }
        }));
    }
}
