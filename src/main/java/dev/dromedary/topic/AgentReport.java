package dev.dromedary.topic;

import java.time.DateTimeException;
import java.time.Instant;

import org.apache.camel.util.json.DeserializationException;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;

/**
 * How an agent stands, as it tells those that it pulls from: it goes with what the agent tells the broker of how far it has read, as the
 * text that Kafka keeps beside an offset. So no topic and no right is needed for it.
 *
 * @param mirror     the mirror's name
 * @param host       the agent's machine
 * @param state      as its own status says it
 * @param reason     why it is not live, in plain words; null if there is nothing to say
 * @param lagSeconds the age of the oldest change that it lacks
 * @param pending    how many entries it lacks, of those that it knows of
 * @param at         when it said so, by its own clock
 */
public record AgentReport(String mirror, String host, String state, String reason, double lagSeconds, long pending, Instant at) {

    // of a broker's offset.metadata.max.bytes, by default 4096
    private static final int MOST_OF_A_REASON = 400;

    /** {@return it as the text that goes with an offset} */
    String text() {
        JsonObject json = new JsonObject();
        json.put("mirror", mirror);
        json.put("host", host);
        json.put("state", state);
        json.put("reason", reason == null || reason.length() <= MOST_OF_A_REASON ? reason : reason.substring(0, MOST_OF_A_REASON) + "...");
        json.put("lag", lagSeconds);
        json.put("pending", pending);
        json.put("at", at.toString());
        return json.toJson();
    }

    /** {@return what a text says; null if it is none of these} */
    static AgentReport read(String text) {
        try {
            JsonObject json = (JsonObject) Jsoner.deserialize(text);
            return json.getString("mirror") == null || json.getString("state") == null ? null
                    : new AgentReport(json.getString("mirror"), json.getString("host"), json.getString("state"), json.getString("reason"),
                            Math.max(0, json.getDoubleOrDefault("lag", 0)), Math.max(0, json.getLongOrDefault("pending", 0)),
                            Instant.parse(json.getString("at")));
        } catch (DeserializationException | ClassCastException | NullPointerException | DateTimeException e) {
            return null;
        }
    }
}
