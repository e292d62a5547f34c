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
 * How it was: the lag and the throughput of each target, the last hour by half minutes and the last day by five minutes, and what
 * happened. It is bounded, and kept in the state folder from one start to the next: written now and then and at the stop, and read when it is
 * first wanted, so that no start takes longer. Safe for use by several threads.
 */
public final class LagHistory {

    /** How long a slot of the last hour is, as {@code routes/status.camel.yaml} has it. */
    static final int SLOT_SECONDS = 30;
    /** How long a slot of the last day is. */
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

    /** Counts what a run has brought, and how old the oldest change in it had become. */
    void ended(String target, RunLedger.End end) {
        of(target).traffic.ended(end);
    }

    /** Forgets all but these targets, mirror/target. */
    synchronized void keep(Set<String> ids) {
        // or else what was kept would be read later
        load();
        targets.keySet().retainAll(ids);
    }

    /** Takes a look at how each target stands; to be called each few seconds. */
    public void look() {
        StatusSnapshot now = status.now();
        synchronized (this) {
            load();
            episodes.look(now);
        }
    }

    /** Closes a slot; to be called each half minute. */
    public void close() {
        StatusSnapshot now = status.now();
        synchronized (this) {
            load();
            fill(now.at());
            for (StatusSnapshot.OfMirror mirror : now.mirrors()) {
                for (StatusSnapshot.OfTarget target : mirror.targets()) {
                    RunLedger ledger = ledgers.get(target.id());
                    // nothing if it was taken out of the configuration just now
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

    /** Writes what is known, if anybody has looked, when nothing is carried any more. */
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
     * {@code /api/history}.
     *
     * @param mirror of which mirror; null: of all
     * @param target of which of its targets; null: of all
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
     * {@code /api/events}: what happened, the newest last, and since when each target is in its state.
     *
     * @param limit how many at most; null: a hundred
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

    // negative if it is none that may be
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

    // this machine may have slept, and its clock may have been set
    private void fill(Instant now) {
        long missed = Math.round(Duration.between(last, now).toSeconds() / (double) SLOT_SECONDS) - 1;
        targets.values().forEach(past -> past.hour.addGaps(missed));
    }

    private void fold() {
        if (lastOfDay.isAfter(last)) {
            lastOfDay = last;
        }
        long due = Duration.between(lastOfDay, last).toSeconds() / LONG_SLOT_SECONDS;
        // what is older than a day is not shown
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
            // one that is no longer configured is forgotten
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

    /** What was read from the disk, and is all there. */
    private record Kept(Instant at, Instant dayAt, Map<String, JsonObject> targets, List<Incident> events) {

        static Kept of(JsonObject json) {
            Map<String, JsonObject> targets = new LinkedHashMap<>();
            json.<JsonObject>getMap("targets").forEach((id, past) -> {
                // what is none ends here, and not half-way
                new LagTimeSeries(HOUR).read(((JsonObject) past).getMap("hour"));
                new LagTimeSeries(DAY).read(((JsonObject) past).getMap("day"));
                targets.put(id, (JsonObject) past);
            });
            return new Kept(Instant.parse(json.getString("at")), Instant.parse(json.getString("dayAt")), targets,
                    ((JsonArray) json.get("events")).stream().map(each -> Incident.of((JsonObject) each)).toList());
        }
    }
}
