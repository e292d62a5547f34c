package dev.dromedary.status;

import dev.dromedary.change.RawPath;
import org.apache.camel.Exchange;
import org.apache.camel.util.json.JsonObject;

/** Answers requests that are refused. */
final class RefusalResponses {

    private RefusalResponses() {
    }

    /** Ends the route with a code and {@code {"error": "..."}}. */
    static void refuse(Exchange exchange, int code, String why) {
        JsonObject json = new JsonObject();
        json.put("error", why);
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, code);
        exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/json");
        exchange.getMessage().setBody(json.toJson() + '\n');
        exchange.setRouteStop(true);
    }

    /** Makes text from a request safe to show. */
    static String shown(String text) {
        return RawPath.shown(text);
    }
}
