package dev.dromedary.topic;

import org.apache.camel.util.json.JsonObject;

/**
 * The position of a record among those of one publishing process. It makes missed records detectable.
 *
 * @param run    identifies the process
 * @param number counts the records with changes, from 1 on; 0 for a record without changes
 * @param after  the highest number that the broker had accepted when this record was written; that record precedes this one in the topic
 */
record RecordSequenceNumber(String run, long number, long after) {

    void put(JsonObject head) {
        head.put("run", run);
        head.put("number", number);
        head.put("after", after);
    }

    /** Parses the head of a record. Returns null if a version without sequence numbers wrote it. */
    static RecordSequenceNumber of(JsonObject head) {
        return head.getString("run") == null ? null : new RecordSequenceNumber(head.getString("run"), head.getLongOrDefault("number", 0),
                head.getLongOrDefault("after", 0));
    }
}
