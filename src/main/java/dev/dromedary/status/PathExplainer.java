package dev.dromedary.status;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import dev.dromedary.backlog.Backlog;
import dev.dromedary.backlog.BacklogEndpoint;
import dev.dromedary.backlog.TransferClass;
import dev.dromedary.change.Extent;
import dev.dromedary.change.RawPath;
import dev.dromedary.clock.SteadyClock;
import dev.dromedary.config.Mirror;
import dev.dromedary.config.Settings;
import dev.dromedary.config.Target;
import dev.dromedary.deadletter.DeadLetterHeader;
import dev.dromedary.deadletter.DeadLetters;
import dev.dromedary.deadletter.PendingPath;
import dev.dromedary.filter.FilterRules;
import dev.dromedary.log.Redaction;
import dev.dromedary.order.LastLaneGate;
import dev.dromedary.source.SourceGuard;
import dev.dromedary.topic.RemoteSourceGuard;
import dev.dromedary.transferlog.TransferEntry;
import dev.dromedary.transferlog.TransferLog;
import dev.dromedary.watch.InotifyConsumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Explains, for one path and each target, whether the path is there, and if not, why and what happens next. */
public final class PathExplainer {

    /** The state of a path at a target, in the words of {@code /api/explain}; if several apply, the last one counts. */
    private enum Standing {
        IN_LINE("in line"), LEFT_OUT("left out"), NOT_MIRRORED("not mirrored"), UNKNOWN("not known"), IN_FLIGHT("in flight"), PENDING("pending"),
        FAILED("failed");

        private final String text;

        Standing(String text) {
            this.text = text;
        }
    }

    /**
     * A path as it is at the source now.
     *
     * @param raw      relative to the source, as in {@link RawPath}
     * @param kind     the type of the entry
     * @param size     of a file; otherwise -1
     * @param folder   whether it is a folder
     * @param obstacle why nothing of that path is mirrored, regardless of the rules; null if it is mirrored
     */
    private record Present(String raw, String kind, long size, boolean folder, String obstacle) {
    }

    private static final Logger LOG = LoggerFactory.getLogger(PathExplainer.class);

    private final CamelContext context;
    private final Supplier<Settings> settings;
    private final Map<String, Backlog> backlogs;
    private final DeadLetters deadLetters;
    private final StatusCollector status;
    private final TransferLog log;
    private final FilterRuleOrigin origins;

    /**
     * @param settings the current settings
     * @param backlogs by mirror/target
     */
    PathExplainer(CamelContext context, Supplier<Settings> settings, Map<String, Backlog> backlogs, DeadLetters deadLetters, StatusCollector status, TransferLog log) {
        this.context = context;
        this.settings = settings;
        this.backlogs = backlogs;
        this.deadLetters = deadLetters;
        this.status = status;
        this.log = log;
        this.origins = new FilterRuleOrigin(key -> context.resolvePropertyPlaceholders("{{" + key + ":}}"));
    }

    /**
     * Answers {@code /api/explain}. Ends the route with 400 if there is no readable path, with 404 if it lies in no source.
     *
     * @param path absolute, escaped as {@link RawPath#escape} does
     */
    public String json(@Header("path") String path, Exchange exchange) {
        String raw;
        Path asked;
        try {
            raw = path == null ? "" : RawPath.unescape(path);
            asked = RawPath.toPath(Path.of("/"), raw.replaceFirst("^/+", "")).normalize();
        } catch (IllegalArgumentException e) {
            RefusalResponses.refuse(exchange, 400, "path = " + RefusalResponses.shown(path) + ": write a backslash as \\#134");
            return exchange.getMessage().getBody(String.class);
        }
        if (!raw.startsWith("/") || raw.indexOf('\0') >= 0) {
            RefusalResponses.refuse(exchange, 400, "path = " + RefusalResponses.shown(raw) + ": this is an absolute path");
            return exchange.getMessage().getBody(String.class);
        }
        JsonArray mirrors = new JsonArray();
        List<Mirror> all = settings.get().mirrors();
        for (Mirror mirror : all) {
            below(asked, mirror).ifPresent(relative -> mirrors.add(mirror(mirror, relative)));
        }
        if (mirrors.isEmpty()) {
            RefusalResponses.refuse(exchange, 404, RefusalResponses.shown(raw) + " lies in no source; the sources are " + all.stream()
                    .map(mirror -> mirror.source() + " (" + mirror.name() + ")").collect(Collectors.joining(", ")));
            return exchange.getMessage().getBody(String.class);
        }
        JsonObject json = new JsonObject();
        json.put("version", StatusJson.VERSION);
        json.put("path", RawPath.escape(RawPath.of(asked)));
        json.put("mirrors", mirrors);
        return json.toJson();
    }

    // below the source as it is configured, or below the folder that this leads to
    private static Optional<String> below(Path asked, Mirror mirror) {
        if (asked.startsWith(mirror.source())) {
            return Optional.of(relative(mirror.source(), asked));
        }
        try {
            Path real = mirror.source().toRealPath();
            Path parent = asked.getParent() == null ? asked : realParent(asked.getParent());
            Path there = asked.getFileName() == null ? parent : parent.resolve(asked.getFileName());
            return there.startsWith(real) ? Optional.of(relative(real, there)) : Optional.empty();
        } catch (IOException | InvalidPathException e) {
            LOG.debug("{} can't be looked at: {}", asked, e.toString());
            return Optional.empty();
        }
    }

    private static Path realParent(Path folder) throws IOException {
        try {
            return folder.toRealPath();
        } catch (NoSuchFileException e) {
            return folder.getParent() == null ? folder : realParent(folder.getParent()).resolve(folder.getFileName());
        }
    }

    private static String relative(Path top, Path path) {
        String raw = RawPath.of(path);
        int length = RawPath.of(top).length();
        return raw.length() <= length ? "" : raw.substring(length).replaceFirst("^/", "");
    }

    private JsonObject mirror(Mirror mirror, String relative) {
        Present present = present(mirror, relative);
        JsonObject json = new JsonObject();
        json.put("mirror", mirror.name());
        json.put("source", mirror.source().toString());
        json.put("path", RawPath.escape(relative));
        json.put("kind", present.kind);
        json.put("size", present.size < 0 ? null : present.size);
        json.put("targets", new JsonArray(mirror.targets().stream().sorted(Comparator.comparing(Target::name))
                .flatMap(target -> target(target, present).stream()).toList()));
        return json;
    }

    private Present present(Mirror mirror, String relative) {
        String obstacle = ('/' + relative + '/').contains('/' + Target.HOLDING + '/')
                ? "nothing of the name " + Target.HOLDING + " is mirrored: it is the name of a folder of Dromedary's own" : null;
        for (int slash = relative.indexOf('/'); slash >= 0 && obstacle == null; slash = relative.indexOf('/', slash + 1)) {
            String above = relative.substring(0, slash);
            if (Files.isSymbolicLink(RawPath.toPath(mirror.source(), above)) && !mirror.copiesBehindLinks()) {
                obstacle = RawPath.shown(above) + " is a link: the link is mirrored, and not what lies behind it";
            }
        }
        if (obstacle == null) {
            obstacle = missing(mirror, relative);
        }
        try {
            BasicFileAttributes is = Files.readAttributes(RawPath.toPath(mirror.source(), relative), BasicFileAttributes.class,
                    LinkOption.NOFOLLOW_LINKS);
            String kind = is.isDirectory() ? "folder" : is.isSymbolicLink() ? "link" : is.isRegularFile() ? "file" : "special file";
            return new Present(relative, kind, is.isRegularFile() ? is.size() : -1, is.isDirectory(), obstacle);
        } catch (NoSuchFileException e) {
            return new Present(relative, "gone", -1, false, obstacle);
        } catch (AccessDeniedException e) {
            return new Present(relative, "unreadable", -1, false, obstacle);
        } catch (IOException e) {
            return new Present(relative, "gone", -1, false, obstacle);
        }
    }

    // the path is on a file system that was mounted below the source and is not mounted now
    private String missing(Mirror mirror, String relative) {
        if (mirror.isPulled()) {
            RemoteSourceGuard remote = context.getRegistry().lookupByNameAndType("remote-" + mirror.targets().get(0).id().replace('/', '-'), RemoteSourceGuard.class);
            return remote == null ? null : remote.submounts().missing().stream().filter(disk -> RawPath.isAt(relative, disk)).findFirst()
                    .map(disk -> "the file system of " + RawPath.shown(disk) + " is not mounted at the source; nothing of it is fetched or deleted").orElse(null);
        }
        SourceGuard source = context.getRegistry().lookupByNameAndType("source-" + mirror.name(), SourceGuard.class);
        return source == null ? null : source.submounts().missing().entrySet().stream()
                .filter(disk -> RawPath.isAt(relative, disk.getKey())).findFirst()
                .map(disk -> "the file system of " + RawPath.shown(disk.getKey()) + " is not mounted; nothing of it is sent or deleted").orElse(null);
    }

    // empty if it was removed from the configuration just now
    private Optional<JsonObject> target(Target target, Present path) {
        Instant at = Instant.now();
        Backlog backlog = backlogs.get(target.id());
        return backlog == null ? Optional.empty() : status.find(target, at).map(now -> target(target, backlog, path, now, at));
    }

    private JsonObject target(Target target, Backlog backlog, Present path, StatusSnapshot.OfTarget now, Instant at) {
        JsonObject json = new JsonObject();
        json.put("target", target.id());
        json.put("targetState", now.state().text());
        status.left(target).ifPresent(left -> json.put("targetLeaves", left));
        Optional<FilterRules.Exclusion> exclusion = FilterRules.of(target.filter()).exclusion(path.raw, path.folder);
        if (path.obstacle != null) {
            return standing(json, Standing.NOT_MIRRORED, path.obstacle, null, null);
        }
        if (exclusion.isPresent()) {
            return standing(json, Standing.LEFT_OUT, origins.of(target, target.filter().get(exclusion.get().rule()))
                    + (exclusion.get().path().equals(path.raw) ? "" : " leaves out " + RawPath.shown(exclusion.get().path())), null, null);
        }
        List<Backlog.Pending> pending = backlog.pending(path.raw);
        Optional<DeadLetterHeader> letter = letter(target, path.raw);
        json.put("pending", pending.stream().mapToInt(Backlog.Pending::entries).sum());
        // a letter is not replayed while its target takes nothing, whatever time it has for that
        Optional<String> closed = closed(now);
        Instant replay = closed.isPresent() ? now.nextAttempt() : letter.map(DeadLetterHeader::next).map(SteadyClock::shown).orElse(null);
        if (letter.isPresent() && letter.get().failed()) {
            return standing(json, Standing.FAILED, Redaction.of(letter.get().reason()), letter.get().first(), replay);
        }
        if (!pending.isEmpty()) {
            Backlog.Pending first = pending.get(0);
            Optional<String> waits = first.lane() == TransferClass.LAST ? StatusCollector.waitsFor(backlogs.get(target.id()), LastLaneGate.LAST)
                    : first.lane() == TransferClass.GONE ? StatusCollector.waitsFor(backlogs.get(target.id()), LastLaneGate.GONE) : Optional.empty();
            // it is handed over before its run starts, as when a target that is away is probed
            boolean sent = first.inFlight() && waits.isEmpty() && !now.past().present().isEmpty();
            long since = pending.stream().mapToLong(Backlog.Pending::since).min().orElseThrow();
            return standing(json, sent ? Standing.IN_FLIGHT : Standing.PENDING, sent ? underWay(now)
                    : waits.orElseGet(() -> behind(now)), since == Long.MAX_VALUE ? null : SteadyClock.shown(since), now.nextAttempt());
        }
        if (letter.isPresent()) {
            return standing(json, Standing.PENDING, closed.orElseGet(() -> Redaction.of(letter.get().reason())),
                    SteadyClock.shown(letter.get().since()), replay);
        }
        Set<String> open = status.beingWritten(target.mirror());
        if (now.state() == TargetStateLabel.LIVE && open.contains(path.raw)) {
            return standing(json, Standing.PENDING, "a program has it open for writing; it is sent when that closes it, or else every "
                    + target.maxDelay().toSeconds() + " s", null, null);
        }
        return settled(json, target, path, now, at);
    }

    private JsonObject settled(JsonObject json, Target target, Present path, StatusSnapshot.OfTarget now, Instant at) {
        if (now.state() == TargetStateLabel.STARTING || now.state() == TargetStateLabel.STANDBY) {
            return standing(json, Standing.UNKNOWN, now.state() == TargetStateLabel.STANDBY ? now.reason()
                    : "nothing has been compared since the start", null, null);
        }
        Optional<TransferEntry> last = last(target, path.raw);
        // not known: what is gone with its source is still there, an unmounted file system can't be seen, and an agent without heartbeats can't know
        if (now.state() == TargetStateLabel.AWAY || !Collections.disjoint(backlogs.get(target.id()).halts().keySet(),
                Set.of(BacklogEndpoint.BY_SOURCE, BacklogEndpoint.BY_TARGET))) {
            return standing(json, Standing.UNKNOWN, "the target is " + now.state().text() + ": " + now.reason()
                    + last.map(entry -> "; it was " + entry.action().text() + " there at " + entry.at().truncatedTo(ChronoUnit.SECONDS)).orElse(""),
                    now.stateSince(), now.nextAttempt());
        }
        Optional<String> unseen = status.watch(target.mirror()).filter(watch -> !watch.whole()).flatMap(watch -> unseen(watch, path.raw));
        if (unseen.isPresent()) {
            return standing(json, Standing.UNKNOWN, unseen.get(), null, null);
        }
        StatusSnapshot.Reconcile compared = now.past().lastReconcile();
        Optional<Instant> healed = status.healing(target).flatMap(healing -> healing.found(path.raw));
        if (healed.isPresent()) {
            return standing(json, Standing.IN_LINE, "somebody else had changed it there, and it was brought back", healed.get(), null);
        }
        return standing(json, Standing.IN_LINE, last.isPresent() ? "it was " + last.get().action().text() + " there"
                : path.kind.equals("gone") ? "it is neither here nor at the target"
                : compared != null ? "nothing about it has changed since it was last compared" : null, last.map(TransferEntry::at).orElse(null), null);
    }

    // returns why a change of the path, or below it, may have been missed
    private static Optional<String> unseen(StatusSnapshot.Watch watch, String path) {
        if (watch.fault() != null) {
            return Optional.of("not all of the source is watched: " + watch.fault());
        }
        if (watch.unwatched() == 0) {
            return Optional.of("the source is being looked through");
        }
        Optional<String> found = watch.notWatched().entrySet().stream().filter(folder -> RawPath.isAt(path, folder.getKey()) || RawPath.isAt(folder.getKey(), path))
                .min(Map.Entry.comparingByKey()).map(folder -> (folder.getKey().isEmpty() ? "the source" : RawPath.shown(folder.getKey()))
                        + " is not watched: " + folder.getValue());
        // only the first of very many are named
        return found.isPresent() || watch.notWatched().size() < InotifyConsumer.MOST_NAMED ? found
                : Optional.of(watch.unwatched() + " folders are not watched, and this one may be in one of them; see dromedary check");
    }

    // entries older than the log are not found
    private Optional<TransferEntry> last(Target target, String path) {
        try {
            return log.lastOf(target.id(), path).filter(entry -> entry.outcome() == TransferEntry.Outcome.ARRIVED);
        } catch (IOException e) {
            LOG.debug("The transfer log can't be read: {}", e.toString());
            return Optional.empty();
        }
    }

    private static JsonObject standing(JsonObject json, Standing standing, String reason, Instant since, Instant next) {
        json.put("state", standing.text);
        json.put("reason", reason);
        json.put("since", StatusJson.text(since));
        json.put("nextAttempt", StatusJson.text(next));
        return json;
    }

    private static String underWay(StatusSnapshot.OfTarget now) {
        return now.past().present().stream().map(run -> "a run (" + run.way() + ") with " + (run.trees() ? "whole folders" : run.paths()
                + (run.paths() == 1 ? " path" : " paths")) + " is under way, at " + run.advance().percent() + " %").collect(Collectors.joining("; "));
    }

    private static String behind(StatusSnapshot.OfTarget now) {
        return closed(now).orElseGet(() -> now.releases() != null && now.releases().isPending()
                ? "it goes with the next release: " + now.releases().reason()
                : now.past().present().isEmpty() ? "it goes with the next run" : "it goes with the next run; now " + underWay(now));
    }

    // returns why nothing at all is sent to the target
    private static Optional<String> closed(StatusSnapshot.OfTarget now) {
        return switch (now.state()) {
            case HALTED, PAUSED, AWAY, FULL, STANDBY -> Optional.of("the target is " + now.state().text() + ": " + now.reason()
                    + (now.ends() == null ? "" : "; " + now.ends()));
            default -> Optional.empty();
        };
    }

    // of the letters that contain the path, or something below it, prefers one whose paths failed themselves
    private Optional<DeadLetterHeader> letter(Target target, String raw) {
        String path = RawPath.escape(raw);
        return deadLetters.all(target.id()).stream().filter(letter -> holds(target, letter, path))
                .max((a, b) -> Boolean.compare(a.failed(), b.failed()));
    }

    private boolean holds(Target target, DeadLetterHeader letter, String path) {
        try {
            return deadLetters.paths(target.id(), letter.id()).stream().anyMatch(entry -> concerns(entry, path));
        } catch (IOException | IllegalArgumentException e) {
            // it has arrived meanwhile, or is not trusted, which the status reports
            return false;
        }
    }

    private static boolean concerns(PendingPath entry, String path) {
        return RawPath.isAt(entry.path(), path) || entry.extent() == Extent.TREE && RawPath.isAt(path, entry.path())
                || entry.extent() == Extent.LEVEL && RawPath.parent(path).equals(entry.path());
    }
}
