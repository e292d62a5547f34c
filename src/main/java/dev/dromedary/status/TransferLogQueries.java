package dev.dromedary.status;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.dromedary.rsync.ItemizedChange.Action;
import dev.dromedary.transferlog.LogPosition;
import dev.dromedary.transferlog.LogReader;
import dev.dromedary.transferlog.TransferEntry;
import dev.dromedary.transferlog.TransferLog;
import dev.dromedary.transferlog.TransferQuery;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;

/** Answers queries about the transfer log. */
public final class TransferLogQueries {

    private static final int USUAL = 100;
    private static final int MOST = 1000;

    private static final class Refused extends Exception {

        private static final long serialVersionUID = 1L;

        Refused(String why) {
            super(why);
        }
    }

    private final TransferLog log;

    TransferLogQueries(TransferLog log) {
        this.log = log;
    }

    /**
     * Answers {@code /api/log}: the newest entries, the newest last; or those after a position.
     *
     * @param limit  maximum number of entries; null: a hundred
     * @param mirror the mirror; null: all mirrors
     * @param target one of its targets; null: all targets
     * @param only   MIRROR or MIRROR/TARGET, several with commas in between; null: all
     * @param action sent, deleted, attributes or moved; null: all
     * @param since  the earliest time (ISO 8601); null: no limit
     * @param path   a path and all below it, or a pattern; null: all
     * @param after  the {@code next} of an earlier answer; null: the newest entries
     */
    public String json(@Header("limit") String limit, @Header("mirror") String mirror, @Header("target") String target,
            @Header("only") String only, @Header("action") String action, @Header("since") String since, @Header("path") String path,
            @Header("after") String after, Exchange exchange) throws IOException {
        JsonObject json = new JsonObject();
        json.put("version", StatusJson.VERSION);
        json.put("off", !log.isOn());
        json.put("entries", new JsonArray());
        if (!log.isOn()) {
            return json.toJson();
        }
        try {
            TransferQuery query = new TransferQuery(names(mirror, target, only), mirror == null ? target : null, action(action), since(since), path);
            int most = limit(limit);
            Optional<LogPosition> from = position(after);
            LogReader.Page page = from.isPresent() ? log.reader().after(from.get(), most, query, TransferLog.MOST_SEARCHED)
                    : log.reader().newest(most, query, TransferLog.MOST_SEARCHED);
            json.put("entries", StatusJson.array(page.entries(), TransferEntry::json));
            json.put("next", page.next().toString());
            json.put("complete", page.complete());
            return json.toJson();
        } catch (Refused e) {
            RefusalResponses.refuse(exchange, 400, e.getMessage());
            return exchange.getMessage().getBody(String.class);
        }
    }

    private static List<String> names(String mirror, String target, String only) {
        return only != null ? List.of(only.split(",")) : mirror == null ? List.of() : List.of(target == null ? mirror : mirror + '/' + target);
    }

    private static int limit(String text) throws Refused {
        if (text == null) {
            return USUAL;
        }
        if (!text.matches("\\d{1,9}") || Integer.parseInt(text) > MOST) {
            throw new Refused("limit = " + RefusalResponses.shown(text) + ": this is a whole number from 0 to " + MOST);
        }
        return Integer.parseInt(text);
    }

    private static Action action(String text) throws Refused {
        if (text == null) {
            return null;
        }
        return TransferEntry.action(text).orElseThrow(() -> new Refused("action = " + RefusalResponses.shown(text) + ": this is one of "
                + Stream.of(Action.values()).map(Action::text).collect(Collectors.joining(", "))));
    }

    private static Instant since(String text) throws Refused {
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            throw new Refused("since = " + RefusalResponses.shown(text) + ": this is a moment such as 2026-11-28T13:00:00Z");
        }
    }

    private static Optional<LogPosition> position(String text) throws Refused {
        if (text == null) {
            return Optional.empty();
        }
        return Optional.of(LogPosition.parse(text).orElseThrow(() -> new Refused("after = " + RefusalResponses.shown(text)
                + ": this is what an answer before has as next")));
    }
}
