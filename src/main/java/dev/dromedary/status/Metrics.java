package dev.dromedary.status;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.dromedary.clock.SteadyClock;
import dev.dromedary.config.Mirror;
import dev.dromedary.config.Settings;
import dev.dromedary.config.Target;
import dev.dromedary.pair.PairRole;
import dev.dromedary.rsync.OverlongPaths;
import dev.dromedary.topic.Agents;
import dev.dromedary.topic.SubscriptionHealth;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

/** Publishes the metrics for Prometheus; a path is never a label. */
final class Metrics {

    // each gauge is read separately: those of one scrape share a snapshot
    private static final long FRESH_NANOS = Duration.ofMillis(500).toNanos();

    // from the duration of a run over a local network to that of a large tree
    private static final Duration[] BUCKETS = Stream.of(10, 25, 50, 100, 250, 500, 1_000, 2_500, 10_000, 60_000, 600_000)
            .map(Duration::ofMillis).toArray(Duration[]::new);

    private final Supplier<Settings> settings;
    private final StatusCollector status;
    private final Map<String, OverlongPaths> tooLong;
    private final Map<String, Timer> runs = new ConcurrentHashMap<>();
    private final Map<String, Timer> arrivals = new ConcurrentHashMap<>();
    private volatile MeterRegistry meters;
    private StatusSnapshot snapshot;
    private long takenNanos;

    /**
     * @param settings the current settings
     * @param tooLong  by mirror/target
     */
    Metrics(Supplier<Settings> settings, StatusCollector status, Map<String, OverlongPaths> tooLong) {
        this.settings = settings;
        this.status = status;
        this.tooLong = tooLong;
    }

    void bindTo(MeterRegistry registry) {
        boolean pair = status.role().isPresent();
        if (pair) {
            Gauge.builder("dromedary.leader", () -> status.role().filter(PairRole::leads).isPresent() ? 1 : 0)
                    .description("1 if this process leads its pair, 0 if it stands by").register(registry);
        }
        settings.get().mirrors().forEach(mirror -> {
            mirror(registry, mirror);
            mirror.targets().forEach(target -> target(registry, target, pair || mirror.isPulled()));
        });
        meters = registry;
    }

    /** Adds the metrics of new targets and removes those of targets that are gone, after a change of the settings. */
    void follow(Settings before) {
        MeterRegistry registry = meters;
        synchronized (this) {
            snapshot = null;
        }
        if (registry == null) {
            return;
        }
        Settings now = settings.get();
        boolean pair = status.role().isPresent();
        before.mirrors().forEach(mirror -> {
            if (!names(now).contains(mirror.name())) {
                remove(registry, Tags.of("mirror", mirror.name()));
            }
            mirror.targets().stream().filter(target -> !isIn(now, target)).forEach(target -> {
                remove(registry, tags(target));
                runs.keySet().removeIf(key -> key.startsWith(target.id() + ' '));
                arrivals.remove(target.id());
            });
        });
        now.mirrors().forEach(mirror -> {
            if (!names(before).contains(mirror.name())) {
                mirror(registry, mirror);
            }
            mirror.targets().stream().filter(target -> !isIn(before, target))
                    .forEach(target -> target(registry, target, pair || mirror.isPulled()));
        });
    }

    // returns whether the target has the same metrics in these settings
    private static boolean isIn(Settings settings, Target like) {
        return settings.mirrors().stream().flatMap(mirror -> mirror.targets().stream())
                .anyMatch(target -> target.id().equals(like.id()) && target.releases() == null == (like.releases() == null) && target.heals() == like.heals());
    }

    private static Set<String> names(Settings of) {
        return of.mirrors().stream().map(Mirror::name).collect(Collectors.toSet());
    }

    private static Tags tags(Target target) {
        return Tags.of("mirror", target.mirror(), "target", target.name());
    }

    private static void remove(MeterRegistry registry, Tags tags) {
        registry.getMeters().stream().map(Meter::getId)
                .filter(id -> id.getName().startsWith("dromedary.") && id.getTags().containsAll(tags.stream().toList()))
                .toList().forEach(registry::remove);
    }

    private void mirror(MeterRegistry registry, Mirror mirror) {
        Tags tags = Tags.of("mirror", mirror.name());
        watch(registry, tags, mirror, "dromedary.events", "File events that the kernel has told of", StatusSnapshot.Watch::events);
        watch(registry, tags, mirror, "dromedary.overflows", "How often the kernel's queue of file events ran over",
                StatusSnapshot.Watch::overflows);
        Gauge.builder("dromedary.folders.watched", () -> watch(mirror, watch -> watch.watched() == null ? Double.NaN : watch.watched()))
                .tags(tags).description("Folders of the source that are watched").register(registry);
        Gauge.builder("dromedary.folders.unwatched", () -> watch(mirror, StatusSnapshot.Watch::unwatched)).tags(tags)
                .description("Folders of the source that should be watched and are not").register(registry);
        if (mirror.isPulled()) {
            topic(registry, tags, () -> status.following(mirror));
        }
        if (mirror.hosts() != null) {
            Gauge.builder("dromedary.hosts", () -> status.hosts(mirror.name()).map(hosts -> (double) hosts.named()).orElse(Double.NaN)).tags(tags)
                    .description("Hosts that targets-from names").register(registry);
            Gauge.builder("dromedary.hosts.up", () -> status.hosts(mirror.name()).filter(hosts -> hosts.fault() == null).isPresent() ? 1 : 0)
                    .tags(tags).description("1 if targets-from says which hosts there are, 0 if it gives no answer").register(registry);
        }
        status.agents(mirror).ifPresent(agents -> agents(registry, tags, agents));
    }

    private static void agents(MeterRegistry registry, Tags tags, Agents agents) {
        MultiGauge lag = MultiGauge.builder("dromedary.agent.lag").tags(tags).baseUnit("seconds")
                .description("Age of the oldest change that an agent lacks").register(registry);
        MultiGauge seen = MultiGauge.builder("dromedary.agent.last.seen").tags(tags).baseUnit("seconds")
                .description("When an agent last said how it stands, in seconds since 1970").register(registry);
        agents.onLook(() -> {
            lag.register(rows(agents, Agents.Agent::lagSeconds), true);
            seen.register(rows(agents, agent -> SteadyClock.shown(agent.lastSeen()).toEpochMilli() / 1000.0), true);
        });
    }

    private static List<MultiGauge.Row<?>> rows(Agents agents, ToDoubleFunction<Agents.Agent> figure) {
        return agents.all().stream().<MultiGauge.Row<?>>map(agent -> MultiGauge.Row.of(Tags.of("agent", agent.group()), agent, figure)).toList();
    }

    private static void topic(MeterRegistry registry, Tags tags, Supplier<SubscriptionHealth> following) {
        Gauge.builder("dromedary.topic.up", () -> following.get().up() ? 1 : 0).tags(tags)
                .description("1 if the topic is followed and its source heard of, 0 if not").register(registry);
        Gauge.builder("dromedary.topic.assigned", () -> following.get().assigned() ? 1 : 0).tags(tags)
                .description("1 if this process is the one of its group that reads the topic, 0 if not").register(registry);
        Gauge.builder("dromedary.topic.last.record", () -> following.get().lastRecord() == 0 ? 0
                : SteadyClock.shown(following.get().lastRecord()).toEpochMilli() / 1000.0).tags(tags).baseUnit("seconds")
                .description("When the last record of the mirror was read, in seconds since 1970").register(registry);
    }

    private void target(MeterRegistry registry, Target target, boolean standsBy) {
        Tags tags = tags(target);
        gauge(registry, tags, target, "dromedary.lag", "seconds", "Age of the oldest change that has not arrived",
                now -> now.lag(snapshot().at()).toMillis() / 1000.0);
        gauge(registry, tags, target, "dromedary.pending", null, "Entries that the target has not received", StatusSnapshot.OfTarget::pending);
        gauge(registry, tags, target, "dromedary.owed", null, "The same as dromedary.pending, by its old name",
                StatusSnapshot.OfTarget::pending);
        gauge(registry, tags, target, "dromedary.failed", null, "Those of them that could not be transferred, for a reason of their own",
                now -> now.failed() == null ? 0 : now.failed().paths());
        gauge(registry, tags, target, "dromedary.dead.letters", null, "Records of what could not be transferred",
                StatusSnapshot.OfTarget::deadLetters);
        gauge(registry, tags, target, "dromedary.last.arrival", "seconds", "When something last arrived, in seconds since 1970",
                now -> now.past().lastArrival() == null ? 0 : now.past().lastArrival().toEpochMilli() / 1000.0);
        for (TargetStateLabel state : standsBy ? EnumSet.allOf(TargetStateLabel.class) : EnumSet.complementOf(EnumSet.of(TargetStateLabel.STANDBY))) {
            gauge(registry, tags.and("state", state.text()), target, "dromedary.state", null,
                    "1 for the state that the target is in, 0 for all others", now -> now.state() == state ? 1 : 0);
        }
        counter(registry, tags, target, "dromedary.files", null, "Files whose content was sent", StatusSnapshot.Totals::files);
        counter(registry, tags, target, "dromedary.file", "bytes", "Size of these files", StatusSnapshot.Totals::bytes);
        counter(registry, tags, target, "dromedary.sent", "bytes", "What went over the wire to the other side", StatusSnapshot.Totals::sent);
        counter(registry, tags, target, "dromedary.received", "bytes", "What came over the wire from there", StatusSnapshot.Totals::received);
        counter(registry, tags, target, "dromedary.deletes", null, "Entries deleted at the target", StatusSnapshot.Totals::deletes);
        FunctionCounter.builder("dromedary.refused", tooLong.get(target.id()), OverlongPaths::count).tags(tags)
                .description("Paths that are too long for rsync, and so not mirrored").register(registry);
        if (target.releases() != null) {
            gauge(registry, tags, target, "dromedary.release", null, "The number of the current release, 0 for none",
                    now -> now.releases() == null || now.releases().current() == null ? 0 : now.releases().current());
        }
        if (target.heals()) {
            FunctionCounter.builder("dromedary.healed", this, metrics -> target(target).healed() == null ? 0 : target(target).healed().paths())
                    .tags(tags).description("Paths that others have changed at the target, and that were brought back").register(registry);
        }
        // registered from the start, so that its rate is right
        arrivals(registry, target);
    }

    // the registry would look it up at each run, by all its labels
    private Timer runs(MeterRegistry registry, Target target, String way) {
        return runs.computeIfAbsent(target.id() + ' ' + way, key -> Timer.builder("dromedary.run").description("How long runs of rsync took").tags("mirror", target.mirror(),
                "target", target.name(), "way", way).serviceLevelObjectives(BUCKETS).register(registry));
    }

    private Timer arrivals(MeterRegistry registry, Target target) {
        return arrivals.computeIfAbsent(target.id(), key -> Timer.builder("dromedary.arrival").description("How long the oldest change of a run took to arrive")
                .tags("mirror", target.mirror(), "target", target.name()).serviceLevelObjectives(BUCKETS).register(registry));
    }

    /** Counts a run that has ended. */
    void ended(Target target, RunLedger.End end) {
        MeterRegistry registry = meters;
        if (registry == null) {
            return;
        }
        runs(registry, target, end.run().way()).record(end.took());
        if (!end.arrived()) {
            Counter.builder("dromedary.failures").description("Runs that did not bring everything, by cause").tags("mirror",
                    target.mirror(), "target", target.name(), "cause", end.cause()).register(registry).increment();
        } else if (!end.run().trees()) {
            arrivals(registry, target).record(end.age());
        }
    }

    private void gauge(MeterRegistry registry, Tags tags, Target target, String name, String unit, String description,
            ToDoubleFunction<StatusSnapshot.OfTarget> of) {
        Gauge.builder(name, () -> of.applyAsDouble(target(target))).tags(tags).baseUnit(unit).description(description)
                .register(registry);
    }

    private void counter(MeterRegistry registry, Tags tags, Target target, String name, String unit, String description,
            ToDoubleFunction<StatusSnapshot.Totals> of) {
        FunctionCounter.builder(name, this, metrics -> of.applyAsDouble(target(target).past().totals())).tags(tags).baseUnit(unit)
                .description(description).register(registry);
    }

    private void watch(MeterRegistry registry, Tags tags, Mirror mirror, String name, String description,
            ToDoubleFunction<StatusSnapshot.Watch> of) {
        FunctionCounter.builder(name, this, metrics -> watch(mirror, of)).tags(tags).description(description).register(registry);
    }

    private double watch(Mirror mirror, ToDoubleFunction<StatusSnapshot.Watch> of) {
        return status.watch(mirror.name()).map(of::applyAsDouble).orElse(0.0);
    }

    private StatusSnapshot.OfTarget target(Target target) {
        return snapshot().mirrors().stream().flatMap(mirror -> mirror.targets().stream())
                .filter(one -> one.id().equals(target.id())).findFirst().orElseThrow();
    }

    private synchronized StatusSnapshot snapshot() {
        long now = System.nanoTime();
        if (snapshot == null || now - takenNanos > FRESH_NANOS) {
            snapshot = status.now();
            takenNanos = now;
        }
        return snapshot;
    }
}
