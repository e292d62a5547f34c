package dev.dromedary.topic;

import java.time.DateTimeException;
import java.time.Instant;

import org.apache.camel.util.json.DeserializationException;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;

/**
 * The status of an agent for those that it pulls from. The agent sends it with its committed offsets, as the metadata that Kafka stores
 * beside an offset. So it needs no additional topic or permission.
 *
 * @param mirror     the mirror's name
 * @param host       the agent's machine
 * @param state      the state as in its own status
 * @param reason     why it is not live, in plain words; null if there is nothing to report
 * @param lagSeconds the age of its oldest pending change
 * @param pending    the number of its pending entries, as far as it knows them
 * @param at         when it was sent, by the agent's clock
 */
public record AgentReport(String mirror, String host, String state, String reason, double lagSeconds, long pending, Instant at) {

    // part of a broker's offset.metadata.max.bytes, by default 4096
    private static final int MOST_OF_A_REASON = 400;

    /** {@return the report as the metadata of an offset} */
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

    /** {@return the report that a text contains; null if it is another text} */
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
