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
 * Lets in who is on this machine or has shown credentials, and keeps out the pages of others that happen to be open in the
 * same browser: by their name (a name of theirs may lead to this machine, "DNS rebinding"), and by their origin. It comes
 * behind what asks for credentials and in front of all else, so it holds for every path. It reads the headers of the request
 * itself: those of a message of Camel may have come as parameters of the query.
 */
final class RequestGuard implements Handler<RoutingContext> {

    /** Header of a request for an action; a page of another origin can't set it without being asked first (CORS). */
    static final String ACTION = "X-Dromedary-Action";

    /** Why a request is refused. */
    record Refusal(int code, String why) {
    }

    /**
     * What counts of a request.
     *
     * @param remote  from which address; null if that is not known
     * @param host    by which name and port it asks for this server, in small letters
     * @param known   whether it has shown credentials
     * @param headers its headers by name; null for one that it has not
     */
    record Request(String method, String remote, String host, boolean known, UnaryOperator<String> headers) {

        String header(String name) {
            return headers.apply(name);
        }
    }

    // what a form may send to anywhere without being asked (Fetch standard, CORS-safelisted request-header); a browser that
    // says neither Origin nor Sec-Fetch-Site is an old one
    private static final Pattern OF_A_FORM = Pattern.compile("(application/x-www-form-urlencoded|multipart/form-data|text/plain)\\b.*",
            Pattern.CASE_INSENSITIVE);

    // what a name can't be; the port was cut off
    private static final Pattern LOCAL_OR_NUMBER = Pattern.compile("localhost|\\[[0-9a-f:.]+]|\\d{1,3}(\\.\\d{1,3}){3}",
            Pattern.CASE_INSENSITIVE);
    private static final Set<String> OUR_OWN = Set.of("same-origin", "none");
    private static final Set<String> ONLY_LOOK = Set.of("GET", "HEAD", "OPTIONS");

    /** Lets a request go on; else answers it with 401 or 403 and says why. */
    @Override
    public void handle(RoutingContext context) {
        if (!isRefused(context)) {
            context.next();
        }
    }

    /** Answers a request whose path or headers a router can't read: with the refusal that it would get anyway, else with 400. */
    void unreadable(RoutingContext context) {
        if (!isRefused(context)) {
            context.response().setStatusCode(400).end("Bad Request\n");
        }
    }

    // whether it was answered with a refusal
    private static boolean isRefused(RoutingContext context) {
        HttpServerRequest asked = context.request();
        // HTTP/1.0 needs no Host, as in the checks of a load balancer; every browser sends one
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

    /** {@return why a request is refused; null if it is not} */
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
        // in numbers: no name is looked up
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
