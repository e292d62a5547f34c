package dev.dromedary.http;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpHeaderFilterStrategy;

/**
 * Sends only those response headers that a route has set. Camel answers with the message that the request came in, which still holds the
 * headers of the request and its query parameters; these must not be sent back. A header that a route sets is sent even if the request had
 * one with the same text, because it is another object.
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
            // Camel always copies this header to the answer, unless the message has none
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
