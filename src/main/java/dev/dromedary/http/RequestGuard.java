package dev.dromedary.http;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import org.apache.camel.util.json.JsonObject;

/**
 * Grants access to clients on this machine or with credentials, and refuses requests from other sites' pages that are open in the same
 * browser. It recognises these by the host name (another site's name may resolve to this machine, "DNS rebinding") and by their origin. It
 * runs after the handlers that ask for credentials and before all others, so it applies to every path. It reads the headers of the HTTP
 * request itself, because those of a Camel message may come from query parameters.
 */
final class RequestGuard implements Handler<RoutingContext> {

    /** Header of a request for an action; a page of another origin can't set it without a preflight request (CORS). */
    static final String ACTION = "X-Dromedary-Action";

    /** The reason why a request is refused. */
    record Refusal(int code, String why) {
    }

    /**
     * The relevant parts of a request.
     *
     * @param remote  the client's address; null if that is not known
     * @param host    the requested host name and port, in small letters
     * @param known   whether it has shown credentials
     * @param headers returns its headers by name; null for one that is missing
     */
    record Request(String method, String remote, String host, boolean known, UnaryOperator<String> headers) {

        String header(String name) {
            return headers.apply(name);
        }
    }

    // content types that a form may send anywhere without a preflight (Fetch standard, CORS-safelisted request-header); a browser that sends
    // neither Origin nor Sec-Fetch-Site is an old one
    private static final Pattern OF_A_FORM = Pattern.compile("(application/x-www-form-urlencoded|multipart/form-data|text/plain)\\b.*",
            Pattern.CASE_INSENSITIVE);

    // no DNS name can look like this; the port was cut off
    private static final Pattern LOCAL_OR_NUMBER = Pattern.compile("localhost|\\[[0-9a-f:.]+]|\\d{1,3}(\\.\\d{1,3}){3}",
            Pattern.CASE_INSENSITIVE);
    private static final Set<String> OUR_OWN = Set.of("same-origin", "none");
    private static final Set<String> ONLY_LOOK = Set.of("GET", "HEAD", "OPTIONS");

    /** Lets a request continue, or answers it with 401 or 403 and the reason. */
    @Override
    public void handle(RoutingContext context) {
        if (!isRefused(context)) {
            context.next();
        }
    }

    /** Answers a request whose path or headers a router can't read: with the refusal that it would get anyway, otherwise with 400. */
    void unreadable(RoutingContext context) {
        if (!isRefused(context)) {
            context.response().setStatusCode(400).end("Bad Request\n");
        }
    }

    // returns whether it was answered with a refusal
    private static boolean isRefused(RoutingContext context) {
        HttpServerRequest asked = context.request();
        // HTTP/1.0 needs no Host header, and health checks of load balancers may omit it; every browser sends one
        String host = asked.getHeader(HttpHeaders.HOST) == null && asked.version() == HttpVersion.HTTP_1_0 ? "localhost"
                : authority(asked.absoluteURI());
        Refusal refusal = refusal(new Request(asked.method().name(), asked.remoteAddress().hostAddress(), host,
                context.user() != null, asked::getHeader));
        if (refusal != null) {
            context.response().setStatusCode(refusal.code)
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                    .end(new JsonObject(Map.of("error", refusal.why)).toJson() + '\n');
        }
        return refusal != null;
    }

    /** {@return the reason why a request is refused; null if it is not} */
    static Refusal refusal(Request request) {
        if (!request.known && !isLoopback(request.remote)) {
            return new Refusal(401, "other machines need credentials; see docs/http.md");
        }
        if (!request.known && !LOCAL_OR_NUMBER.matcher(request.host.replaceFirst(":\\d+$", "")).matches()) {
            return new Refusal(403, "this host name is not accepted; use localhost or a numeric address");
        }
        String site = request.header("Sec-Fetch-Site");
        String origin = request.header("Origin");
        if (site != null && !OUR_OWN.contains(site) || origin != null && !authority(origin).equals(request.host)) {
            return new Refusal(403, "a page of another site can neither ask for this nor lead here; type the address into the browser");
        }
        if (!ONLY_LOOK.contains(request.method) && OF_A_FORM.matcher(Objects.requireNonNullElse(request.header("Content-Type"), "")).matches()
                && request.header(ACTION) == null) {
            return new Refusal(403, "a request that a form could send needs the header " + ACTION + "; or send no body: curl -X POST ...");
        }
        return null;
    }

    private static boolean isLoopback(String remote) {
        // a numeric address: no name is looked up
        return remote != null && new InetSocketAddress(remote, 0).getAddress().isLoopbackAddress();
    }

    private static String authority(String url) {
        try {
            String authority = url == null ? null : URI.create(url).getRawAuthority();
            return authority == null ? "" : authority.toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
