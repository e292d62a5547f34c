package dev.dromedary.status;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.dromedary.backlog.Backlog;
import dev.dromedary.clock.SteadyClock;
import dev.dromedary.config.Settings;
import dev.dromedary.config.Target;
import dev.dromedary.deadletter.DeadLetterHeader;
import dev.dromedary.deadletter.DeadLetters;
import dev.dromedary.deadletter.PendingPath;
import dev.dromedary.log.Redaction;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;

/**
 * Lists, replays and quarantines dead letters on request. The id in a request is {@code mirror.target.time-n}. It is looked up among the
 * known letters, and is never used as a path.
 */
public final class DeadLetterActions {

    private static final String ENDING = ".jsonl";
    private static final String ARRIVED = "it has just arrived";
    private static final int MOST = 1000;

    private record Letter(Target target, DeadLetterHeader head) {

        String id() {
            return target.mirror() + '.' + target.name() + '.' + head.id().substring(0, head.id().length() - ENDING.length());
        }
    }

    private final Supplier<Settings> settings;
    private final Map<String, Backlog> backlogs;
    private final DeadLetters deadLetters;

    /**
     * @param settings the current settings
     * @param backlogs by mirror/target
     */
    DeadLetterActions(Supplier<Settings> settings, Map<String, Backlog> backlogs, DeadLetters deadLetters) {
        this.settings = settings;
        this.backlogs = backlogs;
        this.deadLetters = deadLetters;
    }

    /**
     * Answers {@code /api/dead-letters}.
     *
     * @param mirror the mirror; null: all mirrors
     * @param target one of its targets; null: all targets
     * @param offset how many letters to skip; null: none
     * @param limit  maximum number of letters; null: a hundred
     */
    public String json(@Header("mirror") String mirror, @Header("target") String target, @Header("offset") String offset,
            @Header("limit") String limit, Exchange exchange) {
        Optional<PageRange> section = PageRange.of(offset, limit, MOST, exchange);
        if (section.isEmpty()) {
            return exchange.getMessage().getBody(String.class);
        }
        List<Letter> all = all().filter(letter -> mirror == null || letter.target.mirror().equals(mirror))
                .filter(letter -> target == null || letter.target.name().equals(target)).toList();
        JsonObject json = new JsonObject();
        json.put("version", StatusJson.VERSION);
        json.put("total", all.size());
        json.put("offset", section.get().offset());
        json.put("deadLetters", StatusJson.array(section.get().of(all), this::json));
        return json.toJson();
    }

    /**
     * Answers {@code /api/dead-letters/ID}: one letter, and the paths in it. Ends the route with 404 if there is none.
     *
     * @param offset how many paths to skip; null: none
     * @param limit  maximum number of paths; null: a hundred
     */
    public String one(@Header("id") String id, @Header("offset") String offset, @Header("limit") String limit,
            Exchange exchange) throws IOException {
        Optional<Letter> found = find(id, exchange);
        Optional<PageRange> section = found.isEmpty() ? Optional.empty() : PageRange.of(offset, limit, MOST, exchange);
        if (section.isPresent()) {
            try {
                List<PendingPath> paths = deadLetters.paths(found.get().target.id(), found.get().head.id());
                JsonObject json = json(found.get());
                json.put("version", StatusJson.VERSION);
                json.put("offset", section.get().offset());
                JsonArray pending = StatusJson.array(section.get().of(paths), path -> new JsonObject(
                        Map.of("path", path.path(), "extent", path.extent().name().toLowerCase(Locale.ROOT))));
                json.put("pending", pending);
                // the name before the first release
                json.put("owed", pending);
                return json.toJson();
            } catch (NoSuchFileException e) {
                RefusalResponses.refuse(exchange, 404, ARRIVED);
            } catch (IllegalArgumentException e) {
                RefusalResponses.refuse(exchange, 409, "it can't be trusted: " + e.getMessage());
            }
        }
        return exchange.getMessage().getBody(String.class);
    }

    private JsonObject json(Letter letter) {
        DeadLetterHeader head = letter.head;
        JsonObject json = new JsonObject();
        json.put("id", letter.id());
        json.put("mirror", letter.target.mirror());
        json.put("target", letter.target.name());
        json.put("paths", head.paths());
        json.put("failed", head.failed());
        json.put("reason", Redaction.of(head.reason()));
        json.put("attempts", head.attempts());
        json.put("since", StatusJson.text(SteadyClock.shown(head.since())));
        json.put("firstAttempt", head.attempts() == 0 ? null : StatusJson.text(head.first()));
        json.put("nextAttempt", StatusJson.text(SteadyClock.shown(head.next())));
        json.put("onItsWay", deadLetters.isOnLoan(letter.target.id(), head.id()));
        return json;
    }

    private Stream<Letter> all() {
        return settings.get().mirrors().stream().flatMap(mirror -> mirror.targets().stream())
                .flatMap(target -> deadLetters.all(target.id()).stream().map(head -> new Letter(target, head)));
    }

    /** Finds the letter that a request names and makes it due, for the next steps; ends the route with 404 if there is none. */
    public void hurry(@Header("id") String id, Exchange exchange) {
        find(id, exchange).ifPresent(letter -> deadLetters.hurry(letter.target.id(), List.of(letter.head.id())));
    }

    /** Moves a letter to the quarantine; ends the route with 404 if there is none, with 409 if it is in flight. */
    public void discard(@Header("id") String id, Exchange exchange) throws IOException {
        Optional<Letter> found = find(id, exchange);
        try {
            if (found.isPresent() && !deadLetters.discard(backlogs.get(found.get().target.id()), found.get().head.id())) {
                RefusalResponses.refuse(exchange, 409, "it is being sent, or was changed a moment ago; if it is still there in some"
                        + " seconds, discard it then");
            }
        } catch (NoSuchFileException e) {
            RefusalResponses.refuse(exchange, 404, ARRIVED);
        }
    }

    private Optional<Letter> find(String id, Exchange exchange) {
        Optional<Letter> found = all().filter(letter -> letter.id().equals(id)).findFirst();
        if (found.isEmpty()) {
            RefusalResponses.refuse(exchange, 404, "there is no dead letter " + RefusalResponses.shown(id));
        } else {
            exchange.setProperty(TargetControl.TARGET, found.get().target.id());
            exchange.setProperty(TargetControl.NAME, found.get().target.mirror() + '-' + found.get().target.name());
        }
        return found;
    }
}
