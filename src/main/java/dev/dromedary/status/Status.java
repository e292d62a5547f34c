package dev.dromedary.status;

import java.time.Instant;
import java.util.List;

import dev.dromedary.change.Backlog;
import dev.dromedary.deadletter.DeadLetters;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;

import dev.dromedary.watch.InotifyConsumer;

/** What is watched and what is owed, for people and for programs. */
public final class Status {

    private final CamelContext context;
    private final List<Backlog> backlogs;
    private final DeadLetters deadLetters;

    public Status(CamelContext context, List<Backlog> backlogs, DeadLetters deadLetters) {
        this.context = context;
        this.backlogs = backlogs;
        this.deadLetters = deadLetters;
    }

    /** {@code /api/status}. */
    public String json() {
        JsonObject root = new JsonObject();
        JsonArray sources = new JsonArray();
        for (Route route : context.getRoutes()) {
            if (route.getConsumer() instanceof InotifyConsumer watch) {
                JsonObject source = new JsonObject();
                source.put("route", route.getRouteId());
                source.put("foldersWatched", watch.watched());
                source.put("foldersUnwatched", watch.unwatched());
                source.put("whole", watch.whole());
                sources.add(source);
            }
        }
        root.put("sources", sources);
        JsonArray targets = new JsonArray();
        for (Backlog backlog : backlogs) {
            JsonObject target = new JsonObject();
            target.put("target", backlog.id());
            target.put("halted", backlog.halted());
            target.put("owed", backlog.size());
            long since = backlog.since();
            target.put("owedSince", since == Long.MAX_VALUE ? null : Instant.ofEpochMilli(since).toString());
            target.put("deadLetters", deadLetters.count(backlog.id()));
            targets.add(target);
        }
        root.put("targets", targets);
        return root.toJson();
    }

    /** The page. */
    public String page() {
        StringBuilder rows = new StringBuilder();
        for (Backlog backlog : backlogs) {
            int letters = deadLetters.count(backlog.id());
            String state = backlog.halted() != null ? "halted" : letters > 0 ? "failing, kept for replay" : backlog.size() > 0 ? "catching up" : "live";
            rows.append("<tr><td>").append(backlog.id()).append("</td><td>").append(state).append("</td><td>")
                    .append(backlog.size()).append("</td><td>").append(letters).append("</td></tr>");
        }
        return """
                <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Dromedary</title>
                <meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="2">
                <style>body{font:16px system-ui,sans-serif;margin:2rem;color-scheme:light dark}
                td,th{text-align:left;padding:.3rem 1.5rem .3rem 0}</style></head><body><h1>Dromedary</h1>
                <table><tr><th>Target</th><th>State</th><th>Owed</th><th>Dead letters</th></tr>
                """ + rows + "</table></body></html>\n";
    }
}
