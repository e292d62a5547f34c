package dev.dromedary.e2e;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;

/** What a server of many targets would answer to the page, as docs/http.md has it: for what no test can bring about in a moment. */
final class PageData {

    private static final int SLOTS = 120;

    private final Instant at = Instant.now();
    private final Map<String, JsonObject> targets = new TreeMap<>();
    private final List<JsonObject> events = new ArrayList<>();
    private final List<JsonObject> agents = new ArrayList<>();
    private boolean lately;

    /** Live targets, with names that sort by number. */
    static PageData live(int count) {
        PageData data = new PageData();
        IntStream.rangeClosed(1, count).forEach(i -> data.targets.put("web" + i, data.target("web" + i, i)));
        return data;
    }

    PageData named(String name, String url) {
        targets.put(name, target(name, name.length()));
        targets.get(name).put("url", url);
        return this;
    }

    /** Puts a target into a state since some minutes. */
    PageData with(String name, String state, int minutes, String reason, String ends) {
        JsonObject target = targets.get(name);
        target.put("state", state);
        target.put("reason", reason);
        target.put("ends", ends);
        target.put("stateSince", ago(minutes));
        JsonObject event = new JsonObject(Map.of("mirror", "www", "target", name, "state", state, "from", ago(minutes)));
        event.put("until", null);
        event.put("reason", reason);
        events.add(event);
        return this;
    }

    PageData happened(String name, String state, int from, int until, String reason) {
        events.add(0, new JsonObject(Map.of("mirror", "www", "target", name, "state", state, "from", ago(from), "until", ago(until), "reason", reason)));
        return this;
    }

    /** Sets a key of a target, as it is in the JSON. */
    PageData set(String name, String key, Object value) {
        targets.get(name).put(key, value);
        return this;
    }

    PageData pending(String name, int paths, int minutes) {
        return set(name, "pending", paths).set(name, "pendingSince", ago(minutes)).set(name, "attempts", 9)
                .set(name, "nextAttempt", at.plusSeconds(17).toString());
    }

    /** Has somebody follow what is published. */
    PageData agent(String group, String state, double lag, String reason) {
        JsonObject agent = new JsonObject(Map.of("group", group, "host", group + ".example.com", "state", state, "lagSeconds", lag, "pending", 0,
                "recordsBehind", 0, "lastSeen", ago(1)));
        agent.put("reason", reason);
        agents.add(agent);
        return this;
    }

    /** With what dromedary log would say. */
    PageData lately() {
        lately = true;
        return this;
    }

    String ago(int minutes) {
        return at.minus(Duration.ofMinutes(minutes)).minusMillis(123).toString();
    }

    /** Has the page ask this in place of its server. */
    void answers(Page page) {
        page.route("**/api/status", route -> answer(route, status()));
        page.route("**/api/history*", route -> answer(route, history(route.request().url().contains("span=day"))));
        page.route("**/api/events*", route -> answer(route, events()));
        page.route("**/api/log*", route -> {
            if (lately) {
                answer(route, log());
            } else {
                route.fulfill(new Route.FulfillOptions().setStatus(404).setBody(""));
            }
        });
    }

    private static void answer(Route route, JsonObject json) {
        route.fulfill(new Route.FulfillOptions().setContentType("application/json").setBody(json.toJson()));
    }

    private JsonObject status() {
        JsonObject mirror = new JsonObject();
        mirror.putAll(Map.of("name", "www", "source", "/data/www", "watchedBy", "inotify", "whollyWatched", true, "foldersWatched", 1204,
                "foldersNotWatched", 0, "events", 88_123, "overflows", 0));
        mirror.put("targets", new JsonArray(List.copyOf(targets.values())));
        if (!agents.isEmpty()) {
            mirror.put("agents", new JsonArray(List.copyOf(agents)));
            mirror.put("agentsFault", null);
        }
        JsonObject json = new JsonObject();
        json.putAll(Map.of("version", 1, "at", Instant.now().toString(), "host", "origin.example.com", "programVersion", "0.1.0",
                "startedAt", ago(5000), "configuration", "/etc/dromedary.properties", "mirrors", new JsonArray(List.of(mirror))));
        return json;
    }

    private JsonObject target(String name, int i) {
        return read("""
                {"name":"%s", "url":"rsync://%s.example.com/www/", "state":"live", "reason":null, "stateSince":null, "ends":null, "failed":null,
                "attempts":null, "nextAttempt":null, "pending":0, "pendingSince":null, "lagSeconds":0, "lastArrival":"%s",
                "lastReconcile":{"ended":"%s","seconds":3.1,"byContent":false,"outcome":"arrived","reason":null,"files":4,"bytes":9120,"deletes":0},
                "deadLetters":0, "deadLetterReason":null, "totals":{"runs":311,"files":1893,"bytes":73120400,"bytesSent":99120,"deletes":12,"failures":{}},
                "runs":[], "verification":null}""".formatted(name, name, at.minusSeconds(7L * i), ago(4000)));
    }

    private JsonObject history(boolean day) {
        JsonObject json = new JsonObject(Map.of("version", 1, "at", Instant.now().toString(), "slotSeconds", day ? 300 : 30));
        json.put("targets", new JsonArray(targets.values().stream().map(target -> {
            boolean away = "away".equals(target.get("state"));
            String lags = IntStream.range(0, SLOTS).mapToObj(i -> away && i > SLOTS - 57 ? String.valueOf((i - SLOTS + 57) * 30)
                    : i == 20 ? "null" : i > 40 && i < 60 ? i - 40 + ".5" : "0.0" + (i * 7 + target.getString("name").hashCode() & 7)).collect(Collectors.joining(","));
            String bytes = IntStream.range(0, SLOTS).mapToObj(i -> i == 20 || away && i > SLOTS - 57 ? "0" : String.valueOf(i * 7919 % 1000 * 1000)).collect(Collectors.joining(","));
            return read("{\"mirror\":\"www\",\"target\":\"%s\",\"lagSeconds\":[%s],\"bytes\":[%s],\"files\":[%s]}"
                    .formatted(target.getString("name"), lags, bytes, IntStream.range(0, SLOTS).mapToObj(i -> "2").collect(Collectors.joining(","))));
        }).toList()));
        return json;
    }

    private JsonObject events() {
        JsonObject json = new JsonObject(Map.of("version", 1, "at", Instant.now().toString(), "events", new JsonArray(events)));
        json.put("present", new JsonArray(targets.values().stream().map(target -> new JsonObject(Map.of("mirror", "www", "target",
                target.getString("name"), "state", target.getString("state"), "since", ago(5000)))).toList()));
        return json;
    }

    private JsonObject log() {
        List<JsonObject> entries = IntStream.range(0, 25).mapToObj(i -> read(("{\"at\":\"%s\",\"mirror\":\"www\",\"target\":\"web1\",\"action\":\"%s\","
                + "\"path\":\"img/photo-%d.jpg\",\"size\":%d,\"lagSeconds\":0.0%d}").formatted(at.minusSeconds(100 - i), i % 6 == 0 ? "deleted" : "sent", i,
                        i * 81_237, i % 9 + 1))).toList();
        return new JsonObject(Map.of("version", 1, "entries", new JsonArray(entries)));
    }

    static JsonObject read(String json) {
        try {
            return (JsonObject) Jsoner.deserialize(json);
        } catch (Exception e) {
            throw new IllegalArgumentException(json, e);
        }
    }
}
