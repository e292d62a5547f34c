package dev.dromedary.status;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;

/** The newest slots of one target, each with its lag and what was transferred. Not safe for use by several threads. */
final class LagTimeSeries {

    /**
     * The figures of one slot.
     *
     * @param lagMillis the longest lag; negative if nothing was measured
     * @param bytes     of content
     */
    record Slot(long lagMillis, long bytes, long files) {

        /** A slot in which the program did not run. */
        static final Slot GAP = new Slot(-1, 0, 0);

        private static final double MILLIS = 1000.0;

        boolean isGap() {
            return lagMillis < 0;
        }

        /** Merges two slots into one. */
        Slot with(Slot other) {
            return new Slot(Math.max(lagMillis, other.lagMillis), bytes + other.bytes, files + other.files);
        }

        Double lagSeconds() {
            return isGap() ? null : (Double) (lagMillis / MILLIS);
        }
    }

    private final int most;
    private final Deque<Slot> slots = new ArrayDeque<>();

    /** @param most how many slots are kept */
    LagTimeSeries(int most) {
        this.most = most;
    }

    void add(Slot slot) {
        if (slots.size() == most) {
            slots.removeFirst();
        }
        slots.addLast(slot);
    }

    /** Adds slots in which nothing was measured, as many as still count. */
    void addGaps(long missed) {
        for (long i = Math.min(missed, most); i > 0 && !slots.isEmpty(); i--) {
            add(Slot.GAP);
        }
    }

    /**
     * {@return the sum of some consecutive slots; a gap if there are none}
     *
     * @param newest how many newer slots there are
     * @param count  number of slots to add up
     */
    Slot sum(long newest, int count) {
        long first = slots.size() - newest - count;
        return slots.stream().skip(Math.max(0, first)).limit(Math.max(0, count + Math.min(0, first))).reduce(Slot.GAP, Slot::with);
    }

    /** Returns the slots, the oldest first. */
    List<Slot> slots() {
        return List.copyOf(slots);
    }

    /** Returns the JSON for the disk. */
    JsonObject json() {
        JsonObject json = new JsonObject();
        json.put("lagMillis", StatusJson.array(slots(), Slot::lagMillis));
        json.put("bytes", StatusJson.array(slots(), Slot::bytes));
        json.put("files", StatusJson.array(slots(), Slot::files));
        return json;
    }

    /**
     * Reads what {@link #json} has written.
     *
     * @throws RuntimeException if it is something else
     */
    void read(JsonObject json) {
        JsonArray lags = (JsonArray) json.get("lagMillis");
        JsonArray bytes = (JsonArray) json.get("bytes");
        JsonArray files = (JsonArray) json.get("files");
        for (int i = 0; i < lags.size(); i++) {
            add(new Slot(number(lags, i), number(bytes, i), number(files, i)));
        }
    }

    private static long number(JsonArray array, int i) {
        return ((Number) array.get(i)).longValue();
    }
}
