package dev.dromedary.http;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpHeaderFilterStrategy;

/**
 * Lets out only headers that a route has set. Camel answers with the message that the request came in, whose headers are
 * those of the request and the parameters of its query: what is still in there, under the same name, is not ours to say.
 * One that a route sets leaves, even if somebody has sent the same words: it is another object.
 */
public final class AnswerHeaderFilter extends HttpHeaderFilterStrategy {

    private static final String CAME = "DromedaryHeadersThatCame";

    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
        boolean dropped = super.applyFilterToExternalHeaders(name, value, exchange);
        if (!dropped) {
            came(exchange).computeIfAbsent(name, n -> Collections.newSetFromMap(new IdentityHashMap<>())).add(value);
        }
        return dropped;
    }

    @Override
    public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
        boolean itsOwn = came(exchange).getOrDefault(name, Set.of()).contains(value);
        if (itsOwn && name.equalsIgnoreCase(Exchange.CONTENT_TYPE)) {
            // Camel puts this one upon the answer whatever is said here, unless the message has none
            exchange.getMessage().setHeader(name, null);
        }
        return itsOwn || super.applyFilterToCamelHeaders(name, value, exchange);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Set<Object>> came(Exchange exchange) {
        Map<String, Set<Object>> came = exchange.getProperty(CAME, Map.class);
        if (came == null) {
            came = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            exchange.setProperty(CAME, came);
        }
        return came;
    }
}
