package dev.dromedary.status;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import dev.dromedary.backlog.Backlog;
import dev.dromedary.backlog.TransferClass;
import dev.dromedary.change.RawPath;
import dev.dromedary.config.Settings;
import dev.dromedary.config.Target;
import dev.dromedary.deadletter.DeadLetterHeader;
import dev.dromedary.deadletter.DeadLetters;
import dev.dromedary.deadletter.PendingPath;
import dev.dromedary.rsync.MaxChangeGuard;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.apache.camel.util.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lists the pending paths of one target: those that are held until a person approves them, or those that are in flight, waiting or failed. */
public final class PendingPaths {

    private static final Logger LOG = LoggerFactory.getLogger(PendingPaths.class);

    private static final int MOST = 100_000;

    private final Supplier<Settings> settings;
    private final StatusCollector status;
    private final Map<String, Backlog> backlogs;
    private final DeadLetters deadLetters;

    /**
     * @param settings the current settings
     * @param backlogs by mirror/target
     */
    PendingPaths(Supplier<Settings> settings, StatusCollector status, Map<String, Backlog> backlogs, DeadLetters deadLetters) {
        this.settings = settings;
        this.status = status;
        this.backlogs = backlogs;
        this.deadLetters = deadLetters;
    }

    /**
     * Answers {@code /api/mirrors/MIRROR/targets/TARGET/pending}, for the target that {@link TargetControl#find} has found.
     *
     * @param offset how many paths to skip; null: none
     * @param limit  maximum number of paths, up to 100,000; null: a hundred
     */
    public String json(@ExchangeProperty(TargetControl.TARGET) String id, @ExchangeProperty(TargetControl.NAME) String name,
            @Header("offset") String offset, @Header("limit") String limit, Exchange exchange) {
        Optional<PageRange> section = PageRange.of(offset, limit, MOST, exchange);
        if (section.isEmpty()) {
            return exchange.getMessage().getBody(String.class);
        }
        Target target = settings.get().mirrors().stream().flatMap(mirror -> mirror.targets().stream())
                .filter(each -> each.id().equals(id)).findFirst().orElseThrow();
        StatusSnapshot.OfTarget now = status.target(target, Instant.now());
        JsonObject json = new JsonObject();
        json.put("version", StatusJson.VERSION);
        json.put("mirror", now.mirror());
        json.put("target", now.name());
        json.put("state", now.state().text());
        json.put("reason", now.reason());
        json.put("offset", section.get().offset());
        MaxChangeGuard fuse = exchange.getContext().getRegistry().lookupByNameAndType("changeFuse-" + name, MaxChangeGuard.class);
        Optional<MaxChangeGuard.Held> held = fuse == null ? Optional.empty() : fuse.held();
        json.put("held", held.isPresent());
        if (held.isPresent()) {
            json.put("total", held.get().changes());
            json.put("deleted", held.get().deleted());
            json.put("paths", StatusJson.array(section.get().of(held.get().some()), change -> path(change.path(), "change", change.what())));
        } else {
            List<PendingPath> pending = pending(id);
            json.put("total", pending.size());
            json.put("paths", StatusJson.array(section.get().of(pending),
                    path -> path(path.path(), "extent", path.extent().name().toLowerCase(Locale.ROOT))));
        }
        return json.toJson();
    }

    private static JsonObject path(String path, String key, String value) {
        JsonObject json = new JsonObject();
        json.put("path", path);
        json.put(key, value);
        return json;
    }

    private List<PendingPath> pending(String target) {
        List<PendingPath> all = new ArrayList<>();
        backlogs.get(target).all(EnumSet.allOf(TransferClass.class)).forEach((path, extent) -> all.add(new PendingPath(RawPath.escape(path), extent)));
        for (DeadLetterHeader letter : deadLetters.waiting(target)) {
            try {
                all.addAll(deadLetters.paths(target, letter.id()));
            } catch (IOException | IllegalArgumentException e) {
                // it has just arrived, or is not trusted, and its target is compared as a whole
                LOG.debug("{}: {} can't be shown: {}", target, letter.id(), e.toString());
            }
        }
        return all.stream().distinct().toList();
    }
}
