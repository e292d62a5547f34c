package dev.dromedary.status;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;

/**
 * Keeps the history of each target: lag and throughput, for the last hour in half minutes and for the last day in five minutes, and the
 * incidents. Its size is bounded. It is kept in the state folder between starts: it is written regularly and at the stop, and read when it
 * is first needed, so that it does not delay the start. Safe for use by several threads.
 */
public final class LagHistory {

    /** Length of a slot of the last hour, as {@code routes/status.camel.yaml} has it. */
    static final int SLOT_SECONDS = 30;
    /** Length of a slot of the last day. */
    static final int LONG_SLOT_SECONDS = 300;

    private static final int SLOTS_IN_ONE = LONG_SLOT_SECONDS / SLOT_SECONDS;
    private static final int HOUR = 120;
    private static final int DAY = 288;
    private static final String OF_A_DAY = "day";
    private static final int USUAL_EVENTS = 100;

    private static final class Past {
        private final ThroughputMeter traffic = new ThroughputMeter();
        private final LagTimeSeries hour = new LagTimeSeries(HOUR);
        private final LagTimeSeries day = new LagTimeSeries(DAY);
    }

    private final StatusCollector status;
    private final Map<String, RunLedger> ledgers;
    private final LagHistoryFile file;
    private final Map<String, Past> targets = new ConcurrentHashMap<>();
    private final IncidentLog episodes = new IncidentLog();
    private boolean loaded;
    private Instant last;
    private Instant lastOfDay;
    private int unwritten;

    /** @param ledgers by mirror/target; they may come and go */
    LagHistory(StatusCollector status, Map<String, RunLedger> ledgers, Path stateDir) {
        this.status = status;
        this.ledgers = ledgers;
        file = new LagHistoryFile(stateDir);
    }

    /** Counts what a run has sent, and the age that the oldest change in it had reached. */
    void ended(String target, RunLedger.End end) {
        of(target).traffic.ended(end);
    }

    /** Drops all but these targets, mirror/target. */
    synchronized void keep(Set<String> ids) {
        // otherwise the stored history would be read later
        load();
        targets.keySet().retainAll(ids);
    }

    /** Looks at the state of each target; call it every few seconds. */
    public void look() {
        StatusSnapshot now = status.now();
        synchronized (this) {
            load();
            episodes.look(now);
        }
    }

    /** Closes a slot; call it every half minute. */
    public void close() {
        StatusSnapshot now = status.now();
        synchronized (this) {
            load();
            fill(now.at());
            for (StatusSnapshot.OfMirror mirror : now.mirrors()) {
                for (StatusSnapshot.OfTarget target : mirror.targets()) {
                    RunLedger ledger = ledgers.get(target.id());
                    // empty if it was removed from the configuration just now
                    if (ledger != null) {
                        Past past = of(target.id());
                        past.traffic.look(ledger);
                        past.hour.add(past.traffic.take(target.lag(now.at()).toMillis()));
                    }
                }
            }
            last = now.at();
            fold();
            if (episodes.haveChanged() || ++unwritten >= SLOTS_IN_ONE) {
                write();
            }
        }
    }

    /** Writes the history, if it was ever used, after the last run. */
    synchronized void putAway() {
        if (!loaded) {
            return;
        }
        Instant now = Instant.now();
        fill(now);
        targets.values().stream().filter(past -> past.traffic.isAny()).forEach(past -> past.hour.add(past.traffic.take(0)));
        last = now;
        write();
    }

    /**
     * Answers {@code /api/history}.
     *
     * @param mirror the mirror; null: all mirrors
     * @param target one of its targets; null: all targets
     * @param span   hour or day; null: hour
     */
    public String json(@Header("mirror") String mirror, @Header("target") String target, @Header("span") String span,
            Exchange exchange) {
        if (span != null && !span.equals(OF_A_DAY) && !span.equals("hour")) {
            RefusalResponses.refuse(exchange, 400, "span = " + RefusalResponses.shown(span) + ": this is hour or day");
            return exchange.getMessage().getBody(String.class);
        }
        List<StatusSnapshot.OfTarget> wanted = status.now().mirrors().stream().filter(each -> mirror == null || mirror.equals(each.name()))
                .flatMap(each -> each.targets().stream()).filter(each -> target == null || target.equals(each.name())).toList();
        return json(wanted, OF_A_DAY.equals(span)).toJson();
    }

    private synchronized JsonObject json(List<StatusSnapshot.OfTarget> wanted, boolean day) {
        load();
        JsonObject json = new JsonObject();
        json.put("version", StatusJson.VERSION);
        json.put("at", StatusJson.text(day ? lastOfDay : last));
        json.put("slotSeconds", day ? LONG_SLOT_SECONDS : SLOT_SECONDS);
        json.put("targets", StatusJson.array(wanted, each -> series(each, day)));
        return json;
    }

    private JsonObject series(StatusSnapshot.OfTarget target, boolean day) {
        List<LagTimeSeries.Slot> slots = (day ? of(target.id()).day : of(target.id()).hour).slots();
        JsonObject json = new JsonObject();
        json.put("mirror", target.mirror());
        json.put("target", target.name());
        json.put("lagSeconds", StatusJson.array(slots, LagTimeSeries.Slot::lagSeconds));
        json.put("bytes", StatusJson.array(slots, LagTimeSeries.Slot::bytes));
        json.put("files", StatusJson.array(slots, LagTimeSeries.Slot::files));
        return json;
    }

    /**
     * Answers {@code /api/events}: the incidents, the newest last, and since when each target is in its state.
     *
     * @param limit maximum number of incidents; null: a hundred
     */
    public String events(@Header("limit") String limit, Exchange exchange) {
        int most = limit == null ? USUAL_EVENTS : number(limit);
        if (most < 0) {
            RefusalResponses.refuse(exchange, 400, "limit = " + RefusalResponses.shown(limit) + ": this is a whole number from 0 to " + IncidentLog.MOST);
            return exchange.getMessage().getBody(String.class);
        }
        return events(status.now(), most).toJson();
    }

    private synchronized JsonObject events(StatusSnapshot now, int most) {
        load();
        episodes.look(now);
        JsonObject json = new JsonObject();
        json.put("version", StatusJson.VERSION);
        json.put("at", StatusJson.text(now.at()));
        json.put("present", StatusJson.array(now.mirrors().stream().flatMap(each -> each.targets().stream()).toList(), this::present));
        json.put("events", StatusJson.array(episodes.newest(most), Incident::json));
        return json;
    }

    // negative if it is not a valid number
    private static int number(String limit) {
        try {
            int number = Integer.parseInt(limit);
            return number > IncidentLog.MOST ? -1 : number;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private JsonObject present(StatusSnapshot.OfTarget target) {
        IncidentLog.Present present = episodes.present(target.id());
        JsonObject json = new JsonObject();
        json.put("mirror", target.mirror());
        json.put("target", target.name());
        json.put("state", present.state().text());
        json.put("since", StatusJson.text(present.since()));
        return json;
    }

    private Past of(String target) {
        return targets.computeIfAbsent(target, id -> new Past());
    }

    // this machine may have slept, or its clock may have been set
    private void fill(Instant now) {
        long missed = Math.round(Duration.between(last, now).toSeconds() / (double) SLOT_SECONDS) - 1;
        targets.values().forEach(past -> past.hour.addGaps(missed));
    }

    private void fold() {
        if (lastOfDay.isAfter(last)) {
            lastOfDay = last;
        }
        long due = Duration.between(lastOfDay, last).toSeconds() / LONG_SLOT_SECONDS;
        // slots older than a day are not shown
        Instant end = lastOfDay.plusSeconds(Math.max(0, due - DAY) * LONG_SLOT_SECONDS);
        for (long i = Math.min(due, DAY); i > 0; i--) {
            end = end.plusSeconds(LONG_SLOT_SECONDS);
            long newer = Duration.between(end, last).toSeconds() / SLOT_SECONDS;
            targets.values().forEach(past -> past.day.add(past.hour.sum(newer, SLOTS_IN_ONE)));
        }
        lastOfDay = end;
    }

    private void load() {
        if (loaded) {
            return;
        }
        loaded = true;
        Instant started = status.program().startedAt();
        last = started;
        lastOfDay = started;
        file.read(Kept::of).ifPresent(kept -> {
            kept.targets.forEach((id, past) -> {
                of(id).hour.read(past.getMap("hour"));
                of(id).day.read(past.getMap("day"));
            });
            last = kept.at.isAfter(started) ? started : kept.at;
            lastOfDay = kept.dayAt.isAfter(last) ? last : kept.dayAt;
            episodes.takeOver(kept.events, last, started);
        });
    }

    private void write() {
        unwritten = 0;
        JsonObject all = new JsonObject();
        targets.forEach((id, past) -> {
            // a target that is no longer configured is dropped
            if (ledgers.containsKey(id)) {
                JsonObject one = new JsonObject();
                one.put("hour", past.hour.json());
                one.put("day", past.day.json());
                all.put(id, one);
            }
        });
        JsonObject json = new JsonObject();
        json.put("at", StatusJson.text(last));
        json.put("dayAt", StatusJson.text(lastOfDay));
        json.put("targets", all);
        json.put("events", StatusJson.array(episodes.newest(IncidentLog.MOST), Incident::json));
        file.write(json);
    }

    /** The content of the file, complete and valid. */
    private record Kept(Instant at, Instant dayAt, Map<String, JsonObject> targets, List<Incident> events) {

        static Kept of(JsonObject json) {
            Map<String, JsonObject> targets = new LinkedHashMap<>();
            json.<JsonObject>getMap("targets").forEach((id, past) -> {
                // invalid content fails here, and not half-way
                new LagTimeSeries(HOUR).read(((JsonObject) past).getMap("hour"));
                new LagTimeSeries(DAY).read(((JsonObject) past).getMap("day"));
                targets.put(id, (JsonObject) past);
            });
            return new Kept(Instant.parse(json.getString("at")), Instant.parse(json.getString("dayAt")), targets,
                    ((JsonArray) json.get("events")).stream().map(each -> Incident.of((JsonObject) each)).toList());
        }
    }
}
