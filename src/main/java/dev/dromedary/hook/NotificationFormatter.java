package dev.dromedary.hook;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

import dev.dromedary.backlog.BacklogEndpoint;
import org.apache.camel.Body;
import org.apache.camel.Header;
import org.apache.camel.util.json.JsonObject;

/** Formats the notification of a failure for an address that is no Camel endpoint. Used by {@code routes/hook.camel.yaml}. */
public final class NotificationFormatter {

    /** The prefix of a mail address. */
    public static final String MAIL = "mailto:";

    /** {@return whether it is an address of {@code notify} and not a Camel endpoint} */
    public static boolean isAddress(String who) {
        return who.startsWith(MAIL) || who.startsWith("http://") || who.startsWith("https://");
    }

    /** {@return JSON: text, which chat services show, target, state and at} */
    public String json(@Body String text, @Header(BacklogEndpoint.TARGET) String target, @Header(BacklogEndpoint.STATE) String state) {
        JsonObject json = new JsonObject();
        json.put("text", text);
        json.put("target", target);
        json.put("state", state);
        json.put("at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        return json.toJson();
    }

    /** {@return a mail (RFC 5322) with its headers} */
    public String mail(@Body String text, @Header(BacklogEndpoint.TARGET) String target, @Header(BacklogEndpoint.STATE) String state,
            @Header("To") String address) {
        return "To: " + address + "\nSubject: Dromedary: " + target + ": " + state + "\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n"
                + text + "\n";
    }
}
