package dev.dromedary.topic;

import org.apache.camel.util.json.JsonObject;

/**
 * Where a record is among those of one process that publishes, so that one that is missed is noticed.
 *
 * @param run    names the process
 * @param number counts what it tells of, from 1 on; 0 for a record that tells of nothing
 * @param after  the highest number that the broker had taken when this record was written: it comes before this one in the topic
 */
record RecordSequenceNumber(String run, long number, long after) {

    void put(JsonObject head) {
        head.put("run", run);
        head.put("number", number);
        head.put("after", after);
    }

    /** What a head says; null if it was written by a version before there was an order. */
    static RecordSequenceNumber of(JsonObject head) {
        return head.getString("run") == null ? null : new RecordSequenceNumber(head.getString("run"), head.getLongOrDefault("number", 0),
                head.getLongOrDefault("after", 0));
    }
}
