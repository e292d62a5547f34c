package dev.dromedary.routes;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.dromedary.backlog.Backlog;
import dev.dromedary.backlog.ReleaseTrigger;
import dev.dromedary.backlog.TransferClass;
import dev.dromedary.config.Deletion;
import dev.dromedary.config.Mirror;
import dev.dromedary.config.Target;
import dev.dromedary.config.TargetUrl.Kind;
import dev.dromedary.deadletter.DeadLetters;
import dev.dromedary.filter.FilterRules;
import dev.dromedary.filter.PathFilter;
import dev.dromedary.order.LastFileSnapshot;
import dev.dromedary.order.LastLaneGate;
import dev.dromedary.order.LastPathMatcher;
import dev.dromedary.release.Releases;
import dev.dromedary.rsync.DeletionFilesFrom;
import dev.dromedary.rsync.ItemizedChange;
import dev.dromedary.rsync.LastPhaseDryRun;
import dev.dromedary.rsync.LocalRename;
import dev.dromedary.rsync.MaxChangeGuard;
import dev.dromedary.rsync.MaxDeleteGuard;
import dev.dromedary.rsync.MoveByLinkDest;
import dev.dromedary.rsync.OverlongPaths;
import dev.dromedary.rsync.PullFilesFrom;
import dev.dromedary.rsync.PushFilesFrom;
import dev.dromedary.rsync.ReceiverState;
import dev.dromedary.rsync.ReleasePlaceholders;
import dev.dromedary.rsync.RsyncArguments;
import dev.dromedary.rsync.RunOutcomeClassifier;
import dev.dromedary.rsync.TamperHealing;
import dev.dromedary.rsync.TargetGuard;
import dev.dromedary.source.SourceGuard;
import dev.dromedary.source.SourceTreeWalk;
import dev.dromedary.source.SubmountGuard;
import dev.dromedary.state.StateFolder;
import dev.dromedary.topic.ChangeRecordWriter;
import dev.dromedary.topic.HeartbeatWriter;
import dev.dromedary.topic.RemoteSubmounts;
import dev.dromedary.topic.UpstreamGate;
import dev.dromedary.watch.InotifyConsumer;
import org.apache.camel.Route;

/** Makes the transport of one target: rsync to it, rsync from the host that it is pulled from, or records of a topic. */
final class TransportFactory {

    private static final Duration SETTLE = Duration.ofMillis(100);
    // the command line waits for ten seconds, for two such runs
    private static final Duration FOR_WHO_WAITS = Duration.ofSeconds(4);
    private static final long FLUSHED_WITHIN_MILLIS = 5000;

    private final TransportEnvironment environment;
    private final RouteTemplateInstances routes;
    private final OverlongPaths overlongPaths;

    /**
     * @param routes        receives what is made for the target
     * @param overlongPaths counts the paths that rsync can't take
     */
    TransportFactory(TransportEnvironment environment, RouteTemplateInstances routes, OverlongPaths overlongPaths) {
        this.environment = environment;
        this.routes = routes;
        this.overlongPaths = overlongPaths;
    }

    void push(Mirror mirror, Target target, FilterRules rules, SourceGuard source, SourceTreeWalk walk) throws IOException {
        String name = RouteTemplateInstances.name(target);
        Path rulesFile = rulesFile(target, rules, source);
        ReceiverState receiver = new ReceiverState(target.id(), environment.rsync());
        PathFilter leftOut = PathFilter.anyOf(source.submounts(), rules);
        routes.bind("fileList-" + name, target.isOrdered() ? new PushFilesFrom(source, leftOut, receiver, overlongPaths,
                trees -> deletes(target, trees)) : new PushFilesFrom(source, leftOut, receiver, overlongPaths));
        // for dry runs, so that no path is counted as too long twice
        routes.bind("plainList-" + name, new PushFilesFrom(source, leftOut, receiver, new OverlongPaths()));
        routes.bind("judge-" + name, new RunOutcomeClassifier(source, RsyncArguments.there(target, ""), receiver, overlongPaths,
                false));
        Path firstRules = target.isOrdered() ? order(mirror, target, source, leftOut, receiver, rulesFile) : rulesFile;
        for (TransferClass lane : EnumSet.complementOf(EnumSet.of(TransferClass.MOVED, TransferClass.LAST, TransferClass.GONE))) {
            run(mirror, target, way(lane), target.timeout(), RsyncArguments.how(lane, target), lane, firstRules);
        }
        run(mirror, target, "whole", target.timeout(), RsyncArguments.how(TransferClass.BULK, target), TransferClass.BULK, firstRules);
        run(mirror, target, "content", RsyncArguments.patience(target), byContent(RsyncArguments.how(TransferClass.BULK, target)), TransferClass.BULK, firstRules);
        Path holding = StateFolder.make(environment.stateDir().resolve("holding").resolve(Target.HOLDING)).getParent();
        move(mirror, target, source, walk, rulesFile, holding, receiver);
        Map<String, Object> apart = tidy(mirror, target, holding);
        apart.putAll(Map.of("options", RsyncArguments.text(RsyncArguments.optionsOfHolding(target, environment.controls())),
                "destination", RsyncArguments.text(List.of(target.url().destination()))));
        routes.add("hold-" + name, "hold", apart);
        ready(mirror, target, rulesFile);
        fuse(target, false);
        if (target.maxChange() != null) {
            routes.bind("changeFuse-" + name, new MaxChangeGuard(target.id(), target.maxChange(), walk, receiver, environment.stateDir()));
            ask(mirror, target, "changeFuse", rulesFile);
            routes.add("fuse-" + name, "fuse", Map.of("name", name));
            routes.add("fuse-arrived-" + name, "fuse-arrived", Map.of("name", name));
        }
    }

    // all other runs delete nothing and leave out the last lane, by rules of their own
    private Path order(Mirror mirror, Target target, SourceGuard source, PathFilter leftOut, ReceiverState receiver, Path rulesFile)
            throws IOException {
        String name = RouteTemplateInstances.name(target);
        LastPathMatcher last = new LastPathMatcher(target.last());
        LastPhaseDryRun later = new LastPhaseDryRun(target.id(), source.path(), last, trees -> deletes(target, trees), receiver);
        routes.bind("later-" + name, later);
        routes.bind("goneList-" + name, new DeletionFilesFrom(source, leftOut, receiver, overlongPaths));
        routes.bind("fence-" + name, new LastLaneGate(target.id(), last,
                routes.bound("deadLetters", DeadLetters.class), () -> flush(mirror, target)));
        Path staging = StateFolder.make(environment.stateDir().resolve("order")).resolve(name);
        routes.bind("staging-" + name, new LastFileSnapshot(source.path(), staging, later::foundGone));
        routes.add("rsync-" + name + "-last", "last", Map.of("name", name, "source", mirror.source().toString(),
                "staging", staging.toString(), "copied", RsyncArguments.text(Stream.concat(Stream.of(staging + "/"),
                        target.optionsOfACopy().stream()).toList()),
                "timeout", target.timeout().toMillis(), "itemized", itemized(),
                "options", RsyncArguments.text(RsyncArguments.options(target, rulesFile, environment.controls())),
                "destination", RsyncArguments.text(List.of(target.url().destination()))));
        routes.add("rsync-" + name + "-gone", "gone", Map.of("name", name));
        Map<String, Object> now = rsync(mirror, target, "gone-now", target.timeout(), RsyncArguments.how(TransferClass.GONE, target), TransferClass.GONE,
                rulesFile);
        now.put("list", "goneList");
        routes.add("rsync-" + name + "-gone-now", "rsync", now);
        ask(mirror, target, "later", rulesFile);
        return rulesFile(target, ".first.rules", FilterRules.of(Stream.concat(target.last().stream(), target.filter().stream()).toList()),
                source).path();
    }

    private static boolean deletes(Target target, boolean trees) {
        return target.delete() == Deletion.TRUE || target.delete() == (trees ? Deletion.RECONCILE : Deletion.LIVE);
    }

    // a marker takes the same way as a change, behind all earlier changes
    private boolean flush(Mirror mirror, Target target) throws InterruptedException {
        Route watch = environment.context().getRoute("watch-" + mirror.name());
        if (watch == null || !(watch.getConsumer() instanceof InotifyConsumer consumer) || !consumer.isStarted()) {
            return false;
        }
        CountDownLatch flushed = new CountDownLatch(1);
        consumer.mark(reached -> {
            if (reached.equals(target.id())) {
                flushed.countDown();
            }
        });
        return flushed.await(FLUSHED_WITHIN_MILLIS + 2 * mirror.window().toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Makes the watch of a target that is a local folder, for changes that others make in it.
     *
     * @param source the folder that the target should match; null if that is on another machine
     */
    void heal(Mirror mirror, Target target, FilterRules rules, SourceGuard source, Backlog backlog) throws IOException {
        String name = RouteTemplateInstances.name(target);
        Path folder = mirror.isPulled() ? mirror.source() : Path.of(target.url().path());
        ReceiverState receiver = new ReceiverState(target.id(), environment.rsync());
        SourceGuard watched = new SourceGuard(folder, null, rules);
        Path rulesFile = environment.stateDir().resolve("filter").resolve(name + ".rules");
        routes.bind("healFilter-" + name, PathFilter.class, rules);
        routes.bind("healRoot-" + name, watched);
        routes.bind("healing-" + name, new TamperHealing(target.id(), folder, mirror.isPulled() ? null : source.path(), backlog, receiver,
                () -> {
                    if (!mirror.isPulled()) {
                        flush(mirror, target);
                    }
                }));
        for (String way : List.of("attributes", "entries", "bulk", "content")) {
            TransferClass lane = way.equals("attributes") || way.equals("entries") ? TransferClass.ATTRIBUTES : TransferClass.BULK;
            boolean content = way.equals("entries") || way.equals("content");
            Duration timeout = content ? RsyncArguments.patience(target) : target.timeout();
            List<String> how = mirror.isPulled() ? RsyncArguments.howToPull(lane) : RsyncArguments.how(lane, target);
            Map<String, Object> parameters = rsync(mirror, target, way, timeout, content ? byContent(how) : how, lane, rulesFile);
            // entries that others added there are deleted as in a live run
            parameters.put("deletion", RsyncArguments.text(RsyncArguments.deletion(target, TransferClass.LIVE, environment.rsync())));
            parameters.putAll(Map.of("who", "healing", "source", mirror.source().toString(),
                    "places", RsyncArguments.text(RsyncArguments.places(mirror, target))));
            routes.add("ask-healing-" + name + '-' + way, "ask", parameters);
        }
        routes.add("heal-" + name, "heal", Map.of("name", name, "target", target.id()));
        routes.add("heal-watch-" + name, "heal-watch", Map.of("name", name,
                "folder", URLEncoder.encode(folder.toString(), StandardCharsets.UTF_8).replace("+", "%20").replace("%2F", "/"),
                "max-delay", target.maxDelay().toMillis(), "poll", target.poll().toMillis(),
                "cookies", environment.stateDir().resolve("cookie-heal").resolve(name).toString()));
    }

    private void ask(Mirror mirror, Target target, String who, Path rulesFile) {
        String name = RouteTemplateInstances.name(target);
        for (String way : List.of("live", "attributes", "bulk", "whole", "content")) {
            // by size and time: the dry run asks what would change, not what is sent only to be certain
            TransferClass lane = way.equals("live") || way.equals("attributes") ? TransferClass.ATTRIBUTES : TransferClass.BULK;
            boolean content = way.equals("content");
            Duration timeout = content ? RsyncArguments.patience(target) : target.timeout();
            List<String> how = content ? byContent(RsyncArguments.how(lane, target)) : RsyncArguments.how(lane, target);
            Map<String, Object> parameters = rsync(mirror, target, way, timeout, how, lane, rulesFile);
            parameters.put("who", who);
            parameters.put("places", RsyncArguments.text(RsyncArguments.places(mirror, target)));
            routes.add("ask-" + who + '-' + name + '-' + way, "ask", parameters);
        }
    }

    /** Makes the routes for releases in place of changes: a run for each step, and one that probes a target that was unreachable. */
    void release(Mirror mirror, Target target, FilterRules rules, SourceGuard source, Backlog backlog, ReleaseTrigger gathering)
            throws IOException {
        String name = RouteTemplateInstances.name(target);
        Path rulesFile = rulesFile(target, rules, source);
        ReceiverState receiver = new ReceiverState(target.id(), environment.rsync());
        Releases releases = new Releases(target, backlog, gathering, source, environment.stateDir());
        routes.bind("releases-" + name, releases);
        routes.bind("fileList-" + name, new PushFilesFrom(source, PathFilter.anyOf(source.submounts(), rules), receiver,
                overlongPaths));
        routes.bind("judge-" + name, new RunOutcomeClassifier(source, RsyncArguments.there(target, ""), receiver, overlongPaths,
                false));
        Map<String, Object> probe = rsync(mirror, target, "live", target.timeout(), RsyncArguments.howToPull(TransferClass.LIVE), TransferClass.LIVE, rulesFile);
        probe.put("deletion", "");
        routes.add("rsync-" + name + "-live", "rsync", probe);
        ready(mirror, target, rulesFile);
        fuse(target, false);
        routes.add("release-" + name, "release", Map.of("target", target.id(), "name", name, "before", target.before() != null,
                "after", target.after() != null, "retries", target.retries(), "retry-delay", target.retryDelay().toMillis()));
        release(mirror, target, "whole", target.timeout(), RsyncArguments.howToPull(TransferClass.BULK), releases, rulesFile);
        release(mirror, target, "content", RsyncArguments.patience(target), byContent(RsyncArguments.howToPull(TransferClass.BULK)), releases, rulesFile);
        steps(target, releases);
    }

    private void release(Mirror mirror, Target target, String way, Duration timeout, List<String> how, Releases releases, Path rulesFile) {
        Map<String, Object> parameters = reach(target, timeout);
        parameters.putAll(Map.of("way", way, "source", mirror.source().toString(), "there", releases.there().toString(),
                // an event goes through the window, and its file may still be written to
                "settle", mirror.window().multipliedBy(2).plus(SETTLE).toMillis(), "how", RsyncArguments.text(how),
                "options", RsyncArguments.text(RsyncArguments.options(target, timeout, rulesFile, environment.controls())),
                "numbered", RsyncArguments.text(List.of(target.url().destination() + Target.RELEASES + '/' + ReleasePlaceholders.NUMBER + '/'))));
        routes.add("release-look-" + RouteTemplateInstances.name(target) + '-' + way, "release-look", parameters);
        routes.add("release-make-" + RouteTemplateInstances.name(target) + '-' + way, "release-make", parameters);
    }

    private void steps(Target target, Releases releases) {
        Map<String, Object> parameters = reach(target, target.timeout());
        parameters.putAll(Map.of("folder", releases.there().toString(), "link", releases.link().toString(), "kept", releases.kept().toString(),
                "rules", RsyncArguments.text(List.of("--filter=merge " + releases.rules()))));
        String name = RouteTemplateInstances.name(target);
        routes.add("release-show-" + name, "release-show", parameters);
        routes.add("release-prune-" + name, "release-prune", parameters);
        parameters.putAll(Map.of("list", "list", "method", "seen"));
        routes.add("release-list-" + name, "release-list", parameters);
        Map<String, Object> soon = reach(target, FOR_WHO_WAITS);
        soon.putAll(Map.of("folder", releases.there().toString(), "back", releases.back().toString(), "list", "list-soon", "method", "seen"));
        routes.add("release-list-soon-" + name, "release-list", soon);
        routes.add("rollback-" + name, "rollback", soon);
        parameters.putAll(Map.of("list", "list-by-link", "method", "seenByLink",
                "destination", RsyncArguments.text(List.of(target.url().destination() + Target.HOLDING + '/'))));
        routes.add("release-list-by-link-" + name, "release-list", parameters);
    }

    private Map<String, Object> reach(Target target, Duration timeout) {
        return new HashMap<>(Map.of("name", RouteTemplateInstances.name(target), "timeout", timeout.toMillis(),
                "reach", RsyncArguments.text(RsyncArguments.reach(target, timeout, environment.controls())),
                "destination", RsyncArguments.text(List.of(target.url().destination()))));
    }

    private void fuse(Target target, boolean pulled) {
        String name = RouteTemplateInstances.name(target);
        routes.bind("fuse-" + name, new MaxDeleteGuard(target.id(), target.maxDelete() == null ? Integer.MAX_VALUE : target.maxDelete(),
                pulled ? environment.stateDir().resolve("filter").resolve(name + ".deletable") : null));
    }

    private void ready(Mirror mirror, Target target, Path rulesFile) throws IOException {
        String name = RouteTemplateInstances.name(target);
        routes.bind("target-" + name, new TargetGuard(mirror, target,
                TargetGuard.file(target.url().kind() == Kind.LOCAL ? environment.stateDir() : environment.shared(), target), environment.controls(),
                environment.firstDeletionsAllowed()));
        String marker = Objects.requireNonNullElse(target.targetMarker(), "");
        Path markers = StateFolder.make(environment.stateDir().resolve("marker").resolve(name));
        if (!marker.isEmpty()) {
            StateFolder.write(markers.resolve(marker), "");
        }
        routes.add("remember-" + name, "remember", Map.of("name", name));
        routes.add("confirm-" + name, "confirm", Map.of("name", name));
        routes.add("ready-" + name, "ready", Map.of("name", name, "source", mirror.source().toString(),
                "marker", marker, "markers", markers.toString(),
                "timeout", target.timeout().toMillis(),
                "options", RsyncArguments.text(RsyncArguments.options(target, null, environment.controls())),
                "filtered", RsyncArguments.text(RsyncArguments.options(target, rulesFile, environment.controls())),
                "places", RsyncArguments.text(RsyncArguments.places(mirror, target)),
                "destination", RsyncArguments.text(List.of(target.url().destination()))));
    }

    private void run(Mirror mirror, Target target, String way, Duration timeout, List<String> how, TransferClass lane, Path rulesFile) {
        Map<String, Object> parameters = rsync(mirror, target, way, timeout, how, lane, rulesFile);
        if (target.isOrdered()) {
            parameters.put("deletion", RsyncArguments.text(RsyncArguments.deletionLater()));
            parameters.put("ordered", true);
            routes.add("later-" + RouteTemplateInstances.name(target) + '-' + way, "later", Map.of("name", RouteTemplateInstances.name(target), "lane", way));
        }
        routes.add("rsync-" + RouteTemplateInstances.name(target) + "-" + way, "rsync", parameters);
    }

    private Map<String, Object> rsync(Mirror mirror, Target target, String way, Duration timeout, List<String> how, TransferClass lane, Path rulesFile) {
        Map<String, Object> parameters = new HashMap<>(Map.of("name", RouteTemplateInstances.name(target), "lane", way,
                "source", mirror.source().toString(),
                "listed", listed(way),
                "how", RsyncArguments.text(how),
                "timeout", timeout.toMillis(),
                "deletion", RsyncArguments.text(RsyncArguments.deletion(target, lane, environment.rsync())),
                "limit", RsyncArguments.text(RsyncArguments.limit(target)),
                "options", RsyncArguments.text(RsyncArguments.options(target, timeout, rulesFile, environment.controls())),
                "destination", RsyncArguments.text(List.of(target.url().destination()))));
        parameters.put("itemized", itemized());
        return parameters;
    }

    private void move(Mirror mirror, Target target, SourceGuard source, SourceTreeWalk walk, Path rulesFile, Path nowhere,
            ReceiverState receiver) {
        List<String> options = new ArrayList<>(RsyncArguments.options(target, null, environment.controls()));
        if (!environment.rsync().escapesArguments()) {
            options.add("--protect-args");
        }
        List<String> deletion = RsyncArguments.deletionOfGone(target, environment.rsync(), RsyncArguments.options(target, rulesFile, environment.controls()));
        routes.bind("moves-" + RouteTemplateInstances.name(target), new MoveByLinkDest(source, walk, target, options, nowhere,
                environment.stateDir().resolve("moves").resolve(RouteTemplateInstances.name(target)), receiver, deletion));
        routes.add("move-" + RouteTemplateInstances.name(target), "move", Map.of("name", RouteTemplateInstances.name(target), "source", mirror.source().toString(),
                "timeout", target.timeout().toMillis()));
    }

    private Map<String, Object> tidy(Mirror mirror, Target target, Path holding) {
        Map<String, Object> parameters = new HashMap<>(Map.of("name", RouteTemplateInstances.name(target), "target", target.id(),
                "mirror", mirror.name(), "holding", Target.HOLDING, "folder", holding.toString(),
                "source", mirror.source().toString(), "timeout", target.timeout().toMillis(),
                "options", RsyncArguments.text(RsyncArguments.options(target, null, environment.controls())),
                "places", RsyncArguments.text(RsyncArguments.places(mirror, target))));
        routes.add("tidy-" + RouteTemplateInstances.name(target), "tidy", Map.copyOf(parameters));
        return parameters;
    }

    void pull(Mirror mirror, Target target, FilterRules rules, SourceGuard folder, RemoteSubmounts remote) throws IOException {
        String name = RouteTemplateInstances.name(target);
        RulesFile rulesOfBoth = rulesFile(target, ".rules", rules, folder);
        remote.onChange(rulesOfBoth.listener());
        Path rulesFile = rulesOfBoth.path();
        ReceiverState receiver = new ReceiverState(target.id(), environment.rsync());
        routes.bind("pullList-" + name, new PullFilesFrom(folder, PathFilter.anyOf(remote, rules), receiver, overlongPaths, !target.warm().isZero()));
        if (target.heals()) {
            // for the dry runs of a comparison that looks for tampering
            routes.bind("plainList-" + name, new PullFilesFrom(folder, PathFilter.anyOf(remote, rules), new ReceiverState(target.id(), environment.rsync()),
                    new OverlongPaths(), false));
        }
        routes.bind("judge-" + name, new RunOutcomeClassifier(folder, RsyncArguments.there(target, ""), receiver, overlongPaths, true));
        Map<String, Object> all = Map.of("name", name, "folder", mirror.source().toString(),
                "timeout", target.timeout().toMillis(),
                "options", RsyncArguments.text(RsyncArguments.options(target, rulesFile, environment.controls())),
                "source", RsyncArguments.text(List.of(target.url().destination())));
        routes.add("look-" + name, "look", all);
        ready(mirror, target, rulesFile);
        fuse(target, true);
        for (TransferClass lane : List.of(TransferClass.LIVE, TransferClass.ATTRIBUTES, TransferClass.BULK, TransferClass.LARGE, TransferClass.LARGE_ATTRIBUTES)) {
            pull(target, way(lane), RsyncArguments.howToPull(lane, target, mirror.source()), lane, all);
        }
        List<String> trees = RsyncArguments.howToPull(TransferClass.BULK, target, mirror.source());
        pull(target, "whole", trees, TransferClass.BULK, all);
        Map<String, Object> patiently = new HashMap<>(all);
        patiently.putAll(Map.of("timeout", RsyncArguments.patience(target).toMillis(), "options", RsyncArguments.text(RsyncArguments.options(target,
                RsyncArguments.patience(target), rulesFile, environment.controls()))));
        pull(target, "content", byContent(trees), TransferClass.BULK, patiently);
        Path holding = StateFolder.make(environment.stateDir().resolve("holding").resolve(Target.HOLDING)).getParent();
        routes.bind("moves-" + name, new LocalRename(folder, PathFilter.anyOf(remote, rules)));
        routes.add("move-" + name, "move-here", Map.of("name", name));
        Map<String, Object> apart = tidy(mirror, target, holding);
        // made locally, without a daemon
        apart.putAll(Map.of("options", "", "destination", RsyncArguments.text(List.of(mirror.source() + "/"))));
        routes.add("hold-" + name, "hold", apart);
    }

    private void pull(Target target, String way, List<String> how, TransferClass lane, Map<String, Object> all) {
        Map<String, Object> parameters = new HashMap<>(all);
        parameters.put("lane", way);
        parameters.put("listed", listed(way));
        parameters.put("how", RsyncArguments.text(how));
        parameters.put("deletion", RsyncArguments.text(RsyncArguments.deletion(target, lane, environment.rsync())));
        // each run gets its own limit
        parameters.put("limit", "--max-delete=" + Integer.MAX_VALUE);
        parameters.put("itemized", itemized());
        routes.add("pull-" + RouteTemplateInstances.name(target) + '-' + way, "pull", parameters);
    }

    // what others pull is one more target: it gets the same changes as the others, and keeps them while the broker is away
    void publish(Mirror mirror, Target target, FilterRules rules, SourceGuard source) {
        String name = RouteTemplateInstances.name(target);
        Supplier<UpstreamGate> upstream = () -> mirror.tier() == null ? null : routes.bound("upstream-" + mirror.tier().pulled(), UpstreamGate.class);
        ChangeRecordWriter records = new ChangeRecordWriter(mirror.publishedAs(), source, PathFilter.anyOf(source.submounts(), rules), upstream);
        routes.bind("records-" + name, records);
        routes.bind("heartbeat-" + name, new HeartbeatWriter(mirror.publishedAs(), source, records,
                () -> routes.bound(target.id(), Backlog.class), upstream));
        routes.add("heartbeat-" + name, "heartbeat", Map.of("name", name));
        routes.bind("agents-" + name, KafkaBeans.agents(environment.context(), mirror, target));
        routes.add("agents-" + name, "agents", Map.of("name", name));
        routes.add("publish-" + name, "publish", Map.of("name", name, "mirror", mirror.publishedAs(), "topic", target.url().path()));
        for (String way : List.of("live", "attributes", "bulk", "whole", "content")) {
            routes.add("publish-" + name + '-' + way, "publish-way", Map.of("name", name, "lane", way));
        }
    }

    private static String way(TransferClass lane) {
        return lane.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static List<String> byContent(List<String> how) {
        return Stream.concat(how.stream(), Stream.of("--checksum")).toList();
    }

    private String itemized() {
        return environment.logged() ? ItemizedChange.ARGUMENT : "";
    }

    private static String listed(String way) {
        return way.equals("whole") ? "" : "--files-from=-";
    }

    private Path rulesFile(Target target, FilterRules rules, SourceGuard source) throws IOException {
        return rulesFile(target, ".rules", rules, source).path();
    }

    private RulesFile rulesFile(Target target, String ending, FilterRules rules, SourceGuard source) throws IOException {
        RulesFile file = new RulesFile(StateFolder.make(environment.stateDir().resolve("filter")).resolve(RouteTemplateInstances.name(target) + ending), rules);
        SubmountGuard.Listener rewriting = file.listener();
        source.submounts().onChange(rewriting);
        routes.atEnd(() -> source.submounts().forget(rewriting));
        return file;
    }
}
