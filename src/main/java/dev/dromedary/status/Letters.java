package dev.dromedary.status;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.dromedary.config.Settings;
import dev.dromedary.config.Target;
import dev.dromedary.deadletter.DeadLetters;
import dev.dromedary.deadletter.Waiting;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.util.json.JsonObject;

/**
 * The dead letters, for people and for programs. From outside one has the id {@code mirror.target.time-n}; it is looked up
 * among those that are known, and is never a path.
 */
public final class Letters {

    private static final String ENDING = ".jsonl";
    private static final int USUAL = 100;
    private static final int MOST = 1000;

    private record Letter(Target target, Waiting head) {

        String id() {
            return target.mirror() + '.' + target.name() + '.' + head.id().substring(0, head.id().length() - ENDING.length());
        }
    }

    private final Settings settings;
    private final DeadLetters deadLetters;

    Letters(Settings settings, DeadLetters deadLetters) {
        this.settings = settings;
        this.deadLetters = deadLetters;
    }

    /**
     * {@code /api/dead-letters}.
     *
     * @param mirror of which mirror; null: of all
     * @param target of which of its targets; null: of all
     * @param offset how many to leave out; null: none
     * @param limit  how many at most; null: a hundred
     */
    public String json(@Header("mirror") String mirror, @Header("target") String target, @Header("offset") String offset,
            @Header("limit") String limit, Exchange exchange) {
        int from;
        int most;
        try {
            from = offset == null ? 0 : Integer.parseUnsignedInt(offset);
            most = limit == null ? USUAL : Math.min(MOST, Integer.parseUnsignedInt(limit));
        } catch (NumberFormatException e) {
            Answer.refuse(exchange, 400, "offset and limit are whole numbers");
            return exchange.getMessage().getBody(String.class);
        }
        List<Letter> all = all().filter(letter -> mirror == null || letter.target.mirror().equals(mirror))
                .filter(letter -> target == null || letter.target.name().equals(target)).toList();
        JsonObject json = new JsonObject();
        json.put("version", StatusJson.VERSION);
        json.put("total", all.size());
        json.put("offset", from);
        json.put("deadLetters", StatusJson.array(all.stream().skip(from).limit(most).toList(), this::json));
        return json.toJson();
    }

    private JsonObject json(Letter letter) {
        Waiting head = letter.head;
        JsonObject json = new JsonObject();
        json.put("id", letter.id());
        json.put("mirror", letter.target.mirror());
        json.put("target", letter.target.name());
        json.put("paths", head.paths());
        json.put("reason", head.reason());
        json.put("attempts", head.attempts());
        json.put("since", StatusJson.text(head.since()));
        json.put("firstAttempt", head.attempts() == 0 ? null : StatusJson.text(head.first()));
        json.put("nextAttempt", StatusJson.text(head.next()));
        json.put("onItsWay", deadLetters.isOnLoan(letter.target.id(), head.id()));
        return json;
    }

    private Stream<Letter> all() {
        return settings.mirrors().stream().flatMap(mirror -> mirror.targets().stream())
                .flatMap(target -> deadLetters.all(target.id()).stream().map(head -> new Letter(target, head)));
    }

    /** Finds the letter that a request names and makes it due, for the steps after; ends the route with 404 if there is none. */
    public void hurry(@Header("id") String id, Exchange exchange) {
        find(id, exchange).ifPresent(letter -> deadLetters.hurry(letter.target.id(), List.of(letter.head.id())));
    }

    /** Moves a letter to the quarantine; ends the route with 404 if there is none, with 409 if it is on its way. */
    public void discard(@Header("id") String id, Exchange exchange) throws IOException {
        Optional<Letter> found = find(id, exchange);
        try {
            if (found.isPresent() && !deadLetters.discard(found.get().target.id(), found.get().head.id())) {
                Answer.refuse(exchange, 409, "it is on its way; what is being carried can't be discarded");
            }
        } catch (NoSuchFileException e) {
            Answer.refuse(exchange, 404, "it has just arrived");
        }
    }

    private Optional<Letter> find(String id, Exchange exchange) {
        Optional<Letter> found = all().filter(letter -> letter.id().equals(id)).findFirst();
        if (found.isEmpty()) {
            Answer.refuse(exchange, 404, "there is no dead letter " + Answer.shown(id));
        } else {
            exchange.setProperty(Steering.TARGET, found.get().target.id());
            exchange.setProperty(Steering.NAME, found.get().target.mirror() + '-' + found.get().target.name());
        }
        return found;
    }
}
