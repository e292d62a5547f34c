package dev.dromedary.status;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import dev.dromedary.config.Settings;
import org.apache.camel.util.json.JsonObject;

/** How the lag and the throughput of each target were over the last hour, in memory, a slot for each half minute. */
public final class History {

    /** How long a slot is, as {@code routes/status.camel.yaml} has it. */
    static final int SLOT_SECONDS = 30;

    private static final int SLOTS = 120;
    private static final double MILLIS = 1000.0;

    private record Slot(long lagMillis, long bytes, long files) {
    }

    private static final class Gathered {
        private final Deque<Slot> slots = new ArrayDeque<>(SLOTS);
        private long slowestMillis;
        private long bytes;
        private long files;
    }

    private final Status status;
    private final Supplier<Settings> settings;
    private final Map<String, Gathered> targets = new HashMap<>();
    private Instant last = Instant.now();

    /** @param settings what is mirrored now */
    History(Supplier<Settings> settings, Status status) {
        this.settings = settings;
        this.status = status;
    }

    /** Forgets all but these targets, mirror/target. */
    synchronized void keep(Set<String> ids) {
        targets.keySet().retainAll(ids);
    }

    private Gathered of(String target) {
        return targets.computeIfAbsent(target, key -> new Gathered());
    }

    /** Counts what a run has brought, and how old the oldest change in it had become. */
    synchronized void ended(String target, Ledger.End end) {
        Gathered gathered = of(target);
        gathered.bytes += end.run().figures().figures().bytes();
        gathered.files += end.run().figures().figures().files();
        if (end.arrived()) {
            gathered.slowestMillis = Math.max(gathered.slowestMillis, end.age().toMillis());
        }
    }

    /** Closes a slot; to be called each half minute. */
    public void close() {
        Snapshot now = status.now();
        synchronized (this) {
            last = now.at();
            for (Snapshot.OfMirror mirror : now.mirrors()) {
                for (Snapshot.OfTarget target : mirror.targets()) {
                    Gathered gathered = of(target.id());
                    if (gathered.slots.size() == SLOTS) {
                        gathered.slots.removeFirst();
                    }
                    gathered.slots.addLast(new Slot(Math.max(gathered.slowestMillis, target.lag(now.at()).toMillis()),
                            gathered.bytes, gathered.files));
                    gathered.slowestMillis = 0;
                    gathered.bytes = 0;
                    gathered.files = 0;
                }
            }
        }
    }

    /** {@code /api/history}. */
    public synchronized String json() {
        JsonObject json = new JsonObject();
        json.put("version", StatusJson.VERSION);
        json.put("at", StatusJson.text(last));
        json.put("slotSeconds", SLOT_SECONDS);
        json.put("targets", StatusJson.array(settings.get().mirrors().stream().flatMap(mirror -> mirror.targets().stream()).toList(),
                target -> {
                    List<Slot> slots = List.copyOf(of(target.id()).slots);
                    Map<String, Object> one = new LinkedHashMap<>();
                    one.put("mirror", target.mirror());
                    one.put("target", target.name());
                    one.put("lagSeconds", StatusJson.array(slots, slot -> slot.lagMillis / MILLIS));
                    one.put("bytes", StatusJson.array(slots, Slot::bytes));
                    one.put("files", StatusJson.array(slots, Slot::files));
                    return new JsonObject(one);
                }));
        return json.toJson();
    }
}
