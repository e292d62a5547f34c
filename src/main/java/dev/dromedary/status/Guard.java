package dev.dromedary.status;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

import io.vertx.core.net.SocketAddress;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConstants;

/**
 * Lets in who is on this machine or has shown credentials, and keeps out the pages of others that happen to be open in the
 * same browser: by their name (a name of theirs may lead to this machine, "DNS rebinding"), and by their origin.
 */
public final class Guard {

    /** Header of a request for an action; a page of another origin can't set it without being asked first (CORS). */
    public static final String ACTION = "X-Dromedary-Action";

    // what a form may send to anywhere without being asked (Fetch standard, CORS-safelisted request-header); a browser that
    // says neither Origin nor Sec-Fetch-Site is an old one
    private static final Pattern OF_A_FORM = Pattern.compile("(application/x-www-form-urlencoded|multipart/form-data|text/plain)\\b.*",
            Pattern.CASE_INSENSITIVE);

    // what a name can't be; the port was cut off
    private static final Pattern LOCAL_OR_NUMBER = Pattern.compile("localhost|\\[[0-9a-f:.]+]|\\d{1,3}(\\.\\d{1,3}){3}",
            Pattern.CASE_INSENSITIVE);
    private static final Set<String> OUR_OWN = Set.of("same-origin", "none");

    /** Lets a request to look go on; else ends the route with 403. */
    public void look(Exchange exchange) {
        String fault = fault(exchange.getMessage());
        if (fault != null) {
            Answer.refuse(exchange, 403, fault);
        }
    }

    /** Lets a request to do something go on; else ends the route with 403. */
    public void act(Exchange exchange) {
        Message message = exchange.getMessage();
        String fault = fault(message);
        String origin = message.getHeader("Origin", String.class);
        String site = message.getHeader("Sec-Fetch-Site", String.class);
        String type = message.getHeader(Exchange.CONTENT_TYPE, "", String.class);
        if (fault == null && message.getHeader(ACTION) == null && OF_A_FORM.matcher(type).matches()) {
            fault = "what looks like a form wants the header " + ACTION + "; or send nothing: curl -X POST ...";
        } else if (fault == null && (site != null && !OUR_OWN.contains(site)
                || origin != null && !authority(origin).equals(asked(message)))) {
            fault = "an action can't be asked for by the page of somebody else";
        }
        if (fault != null) {
            Answer.refuse(exchange, 403, fault);
        }
    }

    private static String fault(Message message) {
        if (message.getHeader(VertxPlatformHttpConstants.AUTHENTICATED_USER) != null) {
            return null;
        }
        if (!isLoopback(message.getHeader(VertxPlatformHttpConstants.REMOTE_ADDRESS, SocketAddress.class))) {
            return "only this machine is let in, as no credentials are asked for; see docs/http.md";
        }
        return LOCAL_OR_NUMBER.matcher(asked(message).replaceFirst(":\\d+$", "")).matches() ? null
                : "by that name nobody is let in; ask for localhost or for an address in numbers";
    }

    private static boolean isLoopback(SocketAddress remote) {
        // in numbers: no name is looked up
        return remote != null && remote.hostAddress() != null
                && new InetSocketAddress(remote.hostAddress(), 0).getAddress().isLoopbackAddress();
    }

    // by which name and port this server was asked, in HTTP/1 and in HTTP/2, which has no header Host
    private static String asked(Message message) {
        return authority(message.getHeader(Exchange.HTTP_URL, String.class));
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
