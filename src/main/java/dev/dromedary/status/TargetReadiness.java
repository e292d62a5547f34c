package dev.dromedary.status;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

import dev.dromedary.config.DurationParser;
import dev.dromedary.config.Settings;
import dev.dromedary.config.Target;
import org.apache.camel.Exchange;
import org.apache.camel.Header;

/** Tells a load balancer whether a target is in line with its source, as the answer to {@code GET /ready/MIRROR/TARGET}. */
public final class TargetReadiness {

    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int UNAVAILABLE = 503;

    private final Supplier<Settings> settings;
    private final StatusCollector status;

    /** @param settings the current settings */
    TargetReadiness(Supplier<Settings> settings, StatusCollector status) {
        this.settings = settings;
        this.status = status;
    }

    /**
     * {@return the state of the target in one line} The code is 200 only while it is in line, 503 otherwise, and 404 if there is no such
     * target.
     *
     * @param lag the allowed age of the oldest change that has not arrived, such as 30s; null for no more than a moment
     */
    public String answer(@Header("mirror") String mirror, @Header("target") String target, @Header("lag") String lag, Exchange exchange) {
        Optional<Duration> most = lag == null ? Optional.of(Duration.ZERO) : DurationParser.of(lag);
        if (most.isEmpty()) {
            return code(exchange, BAD_REQUEST, "lag=" + RefusalResponses.shown(lag) + " is not a duration; " + DurationParser.REMEDY);
        }
        Instant at = Instant.now();
        Optional<Target> found = settings.get().mirrors().stream().flatMap(one -> one.targets().stream())
                .filter(one -> one.id().equals(mirror + '/' + target)).findFirst();
        return found.flatMap(one -> status.find(one, at)).map(now -> {
            boolean ready = now.state() == TargetStateLabel.LIVE || now.state() == TargetStateLabel.CATCHING_UP && status.wasInLine(now.id())
                    && now.lag(at).compareTo(most.get()) <= 0;
            return code(exchange, ready ? 0 : UNAVAILABLE, now.state().text() + (now.reason() == null ? "" : ": " + now.reason()));
        }).orElseGet(() -> code(exchange, NOT_FOUND, "there is no target " + RefusalResponses.shown(mirror + '/' + target)));
    }

    private static String code(Exchange exchange, int code, String text) {
        if (code != 0) {
            exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, code);
        }
        return text + '\n';
    }
}
