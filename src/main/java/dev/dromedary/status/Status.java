package dev.dromedary.status;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

import dev.dromedary.change.Backlog;
import dev.dromedary.change.Outcome;
import dev.dromedary.change.Pause;
import dev.dromedary.config.Mirror;
import dev.dromedary.config.Settings;
import dev.dromedary.config.Target;
import dev.dromedary.deadletter.DeadLetters;
import dev.dromedary.deadletter.Waiting;
import dev.dromedary.rsync.FileList;
import dev.dromedary.watch.InotifyConsumer;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;

/** What is watched and what is owed, for people and for programs. */
public final class Status {

    private static final int VERSION = 1;

    private final CamelContext context;
    private final Settings settings;
    private final Map<String, Backlog> backlogs;
    private final Map<String, FileList> fileLists;
    private final DeadLetters deadLetters;

    /**
     * @param backlogs  by mirror/target
     * @param fileLists by mirror/target
     */
    public Status(CamelContext context, Settings settings, Map<String, Backlog> backlogs,
            Map<String, FileList> fileLists, DeadLetters deadLetters) {
        this.context = context;
        this.settings = settings;
        this.backlogs = backlogs;
        this.fileLists = fileLists;
        this.deadLetters = deadLetters;
    }

    /** Puts the same figures where Prometheus finds them; a path is never a label. */
    public void bindTo(MeterRegistry meters) {
        for (Mirror mirror : settings.mirrors()) {
            Tags tags = Tags.of("mirror", mirror.name());
            FunctionCounter.builder("dromedary.overflows", this, status -> figure(mirror, InotifyConsumer::overflows))
                    .tags(tags).description("How often the kernel's queue of file events ran over").register(meters);
            Gauge.builder("dromedary.folders.watched", this, status -> figure(mirror, InotifyConsumer::watched))
                    .tags(tags).description("Folders of the source that are watched").register(meters);
            Gauge.builder("dromedary.folders.unwatched", this, status -> figure(mirror, InotifyConsumer::unwatched))
                    .tags(tags).description("Folders of the source that should be watched and are not")
                    .register(meters);
            for (Target target : mirror.targets()) {
                Tags both = tags.and("target", target.name());
                Gauge.builder("dromedary.owed", this, status -> status.owed(target)).tags(both)
                        .description("Entries that the target has not received").register(meters);
                Gauge.builder("dromedary.dead.letters", deadLetters, letters -> letters.count(target.id())).tags(both)
                        .description("Records of what could not be carried").register(meters);
                FunctionCounter.builder("dromedary.refused", fileLists.get(target.id()), FileList::refused).tags(both)
                        .description("Paths that are too long for rsync, and so not mirrored").register(meters);
            }
        }
    }

    private double figure(Mirror mirror, ToLongFunction<InotifyConsumer> of) {
        InotifyConsumer watch = watch(mirror);
        return watch == null ? 0 : of.applyAsLong(watch);
    }

    /** {@code /api/status}. */
    public String json() {
        JsonArray mirrors = new JsonArray();
        settings.mirrors().forEach(mirror -> mirrors.add(mirror(mirror)));
        JsonObject root = new JsonObject();
        root.put("version", VERSION);
        root.put("mirrors", mirrors);
        return root.toJson();
    }

    private JsonObject mirror(Mirror mirror) {
        JsonObject json = new JsonObject();
        json.put("name", mirror.name());
        json.put("source", mirror.source().toString());
        InotifyConsumer watch = watch(mirror);
        if (watch != null) {
            json.put("whollyWatched", watch.whole());
            json.put("foldersWatched", watch.watched());
            json.put("foldersNotWatched", watch.unwatched());
            json.put("overflows", watch.overflows());
        }
        JsonArray targets = new JsonArray();
        mirror.targets().forEach(target -> targets.add(target(target)));
        json.put("targets", targets);
        return json;
    }

    private InotifyConsumer watch(Mirror mirror) {
        Route route = context.getRoute("watch-" + mirror.name());
        return route != null && route.getConsumer() instanceof InotifyConsumer watch ? watch : null;
    }

    private JsonObject target(Target target) {
        Backlog backlog = backlogs.get(target.id());
        List<Waiting> waiting = deadLetters.waiting(target.id());
        Pause pause = backlog.paused();
        long since = waiting.stream().mapToLong(letter -> letter.first().toEpochMilli()).reduce(backlog.since(), Math::min);
        JsonObject json = new JsonObject();
        json.put("name", target.name());
        json.put("url", target.url().text());
        json.put("state", state(target));
        json.put("reason", backlog.halted() != null ? backlog.halted() : pause != null ? pause.reason()
                : waiting.isEmpty() ? null : waiting.get(0).reason());
        json.put("attempts", pause != null ? pause.attempts() : null);
        json.put("nextAttempt", pause != null ? Instant.ofEpochMilli(pause.next()).toString()
                : waiting.stream().map(Waiting::next).min(Comparator.naturalOrder()).map(Instant::toString).orElse(null));
        json.put("owed", owed(target));
        json.put("owedSince", since == Long.MAX_VALUE ? null : Instant.ofEpochMilli(since).toString());
        json.put("deadLetters", deadLetters.count(target.id()));
        return json;
    }

    private int owed(Target target) {
        return backlogs.get(target.id()).size() + deadLetters.waiting(target.id()).stream().mapToInt(Waiting::paths).sum();
    }

    private String state(Target target) {
        Backlog backlog = backlogs.get(target.id());
        Pause pause = backlog.paused();
        if (backlog.halted() != null || pause != null && pause.kind() == Outcome.HALTED) {
            return "halted";
        }
        if (pause != null) {
            return pause.kind() == Outcome.FULL ? "full" : "away";
        }
        return backlog.size() > 0 || deadLetters.count(target.id()) > 0 ? "catching up" : "live";
    }

    /** The page; it asks for itself again every two seconds. */
    public String page() {
        StringBuilder rows = new StringBuilder();
        for (Mirror mirror : settings.mirrors()) {
            for (Target target : mirror.targets()) {
                rows.append("<tr>");
                for (Object cell : new Object[] {mirror.name(), mirror.source(), target.name(), target.url().text(),
                        state(target), owed(target), deadLetters.count(target.id())}) {
                    rows.append("<td>").append(html(cell.toString())).append("</td>");
                }
                rows.append("</tr>\n");
            }
        }
        return """
                <!doctype html>
                <html lang="en"><head><meta charset="utf-8"><title>Dromedary</title>
                <meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="2">
                <style>
                :root{color-scheme:light dark}
                body{font:16px/1.5 system-ui,sans-serif;margin:2rem}
                div{overflow-x:auto}
                td,th{text-align:left;padding:.3rem 1.5rem .3rem 0;border-bottom:1px solid #8884}
                </style></head><body><h1>Dromedary</h1><div><table>
                <tr><th>Mirror</th><th>Source</th><th>Target</th><th>Where</th><th>State</th><th>Owed</th>
                <th>Dead letters</th></tr>
                """ + rows + """
                </table></div>
                <p>The same as <a href="/api/status">JSON</a>, <a href="/observe/health">health</a>,
                <a href="/observe/metrics">metrics</a>.</p></body></html>
                """;
    }

    private static String html(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
