package dev.dromedary.status;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import dev.dromedary.change.Backlog;
import dev.dromedary.change.BacklogEndpoint;
import dev.dromedary.change.Halt;
import dev.dromedary.change.Outcome;
import dev.dromedary.change.Pause;
import dev.dromedary.cli.Terminal;
import dev.dromedary.cli.Words;
import dev.dromedary.clock.SteadyClock;
import dev.dromedary.config.Mirror;
import dev.dromedary.config.Settings;
import dev.dromedary.config.Target;
import dev.dromedary.deadletter.DeadLetters;
import dev.dromedary.deadletter.Waiting;
import dev.dromedary.log.LogContext;
import dev.dromedary.pair.Role;
import dev.dromedary.release.Releases;
import dev.dromedary.release.Standing;
import dev.dromedary.topic.Following;
import dev.dromedary.watch.InotifyConsumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is watched, owed and carried at this moment; the one place that all views ask. */
public final class Status {

    private static final Logger LOG = LoggerFactory.getLogger(Status.class);
    private static final Duration WORTH_A_LINE = Duration.ofMinutes(1);
    // what has been owed for less is on its way, as it should be
    private static final long MOMENT_MILLIS = 1000;
    private static final int NAMED = 10;

    private final CamelContext context;
    private final Supplier<Settings> settings;
    private final Map<String, Backlog> backlogs;
    private final Map<String, Ledger> ledgers;
    private final DeadLetters deadLetters;
    private final Verification verification;
    private final Supplier<Optional<Role>> role;
    private final Program program;

    /**
     * The maps are by mirror/target; a target may come and go while it runs.
     *
     * @param settings what is mirrored now
     * @param role what this process is in its pair; nothing if it is alone
     */
    Status(CamelContext context, Supplier<Settings> settings, Map<String, Backlog> backlogs, Map<String, Ledger> ledgers,
            DeadLetters deadLetters, Verification verification, Supplier<Optional<Role>> role) {
        this.context = context;
        this.settings = settings;
        this.backlogs = backlogs;
        this.ledgers = ledgers;
        this.deadLetters = deadLetters;
        this.verification = verification;
        this.role = role;
        program = Program.of(context);
    }

    /** {@code /api/status}. */
    public String json() {
        return StatusJson.of(now()).toJson();
    }

    /** Logs how far the runs are that take longer than a minute; to be called each minute. */
    public void sayProgress() {
        Snapshot now = now();
        now.mirrors().stream().flatMap(mirror -> mirror.targets().stream()).forEach(target -> {
            LogContext.target(target.id());
            target.past().present().stream()
                    .filter(run -> Duration.between(run.started(), now.at()).compareTo(WORTH_A_LINE) >= 0)
                    .forEach(run -> LOG.info("{}: {} % of {}: {} files, {} MiB, {} KiB/s{}", target.id(), run.advance().percent(),
                            run.trees() ? "the whole tree" : run.paths() + " paths", run.advance().files(),
                            run.advance().bytes() >> 20, run.advance().bytesPerSecond() >> 10,
                            run.advance().secondsLeft() < 0 ? "" : ", " + run.advance().secondsLeft() + " s left"));
        });
        LogContext.clear();
    }

    /** How far the runs are, in one line for a terminal. */
    public String bars() {
        return now().mirrors().stream().flatMap(mirror -> mirror.targets().stream())
                .flatMap(target -> target.past().present().stream().map(run -> target.id() + " " + Terminal.bar(StatusJson.run(run))))
                .collect(Collectors.joining("  "));
    }

    /** What each target got since the start, a line each. */
    public List<String> results() {
        return now().mirrors().stream().flatMap(mirror -> mirror.targets().stream()).map(target -> {
            Snapshot.Totals totals = target.past().totals();
            return target.id() + ": " + Words.plural(totals.files(), "file") + ", " + Words.size(totals.bytes()) + " (" + Words.size(totals.sent())
                    + " sent), " + totals.deletes() + " deleted; it took " + Words.span(ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0);
        }).toList();
    }

    /** How all stands now. */
    Snapshot now() {
        Instant at = Instant.now();
        return new Snapshot(at, program, role().orElse(null), settings.get().mirrors().stream().sorted(Comparator.comparing(Mirror::name))
                .map(mirror -> mirror(mirror, at)).toList());
    }

    /** Which program this is. */
    Program program() {
        return program;
    }

    /** What this process is in its pair; nothing if it is alone. */
    Optional<Role> role() {
        return role.get();
    }

    private Snapshot.OfMirror mirror(Mirror mirror, Instant at) {
        return new Snapshot.OfMirror(mirror.name(), mirror.from(), watch(mirror.name()).orElse(null), topic(mirror),
                mirror.targets().stream().sorted(Comparator.comparing(Target::name)).flatMap(target -> find(mirror, target, at).stream()).toList());
    }

    /** How well the source of a mirror is watched; nothing before the watch was begun, and where it is not ours. */
    Optional<Snapshot.Watch> watch(String mirror) {
        Route route = context.getRoute("watch-" + mirror);
        return route != null && route.getConsumer() instanceof InotifyConsumer watch && watch.isStarted()
                ? Optional.of(new Snapshot.Watch(watch.by(), watch.whole(), watch.folders(), watch.unwatched(), watch.events(),
                        watch.overflows(), watch.lastCookie(), watch.fault()))
                : Optional.empty();
    }

    private Snapshot.Topic topic(Mirror mirror) {
        if (!mirror.isPulled()) {
            return null;
        }
        Following following = following(mirror);
        return new Snapshot.Topic(mirror.topic(), following.fault(), following.up(), following.assigned(),
                following.lastRecord() == 0 ? null : SteadyClock.shown(following.lastRecord()));
    }

    /** How an agent follows its topic. */
    Following following(Mirror mirror) {
        return context.getRegistry().lookupByNameAndType("following-" + mirror.name(), Following.class);
    }

    /** How one target stands. */
    Snapshot.OfTarget target(Target target, Instant at) {
        return find(target, at).orElseThrow();
    }

    /** The same; nothing if it was taken out of the configuration just now. */
    Optional<Snapshot.OfTarget> find(Target target, Instant at) {
        return settings.get().mirrors().stream().filter(mirror -> mirror.name().equals(target.mirror())).findFirst()
                .flatMap(mirror -> find(mirror, target, at));
    }

    private Optional<Snapshot.OfTarget> find(Mirror mirror, Target target, Instant at) {
        Backlog backlog = backlogs.get(target.id());
        Ledger ledger = ledgers.get(target.id());
        return backlog == null || ledger == null ? Optional.empty() : Optional.of(target(mirror, target, backlog, ledger, at));
    }

    private Snapshot.OfTarget target(Mirror mirror, Target target, Backlog backlog, Ledger ledger, Instant at) {
        List<Waiting> waiting = deadLetters.waiting(target.id());
        Role present = role().orElse(null);
        boolean standsBy = present != null && !present.leads();
        // what it knows of the target is from a time when it led
        Pause pause = standsBy ? null : backlog.paused();
        Map<String, Halt> halts = backlog.halts();
        int letters = deadLetters.count(target.id());
        Snapshot.Past past = ledger.past();
        Snapshot.Failed failed = failed(deadLetters.all(target.id()));
        Following following = mirror.isPulled() ? following(mirror) : null;
        long since = waiting.stream().mapToLong(Waiting::since).reduce(backlog.since(), Math::min);
        if (following != null) {
            since = Math.min(since, following.pendingSince());
        }
        int owed = backlog.size() + waiting.stream().mapToInt(Waiting::paths).sum();
        Standing releases = releases(target);
        boolean late = letters > 0 || releases != null && releases.isPending() || since < SteadyClock.millis() - MOMENT_MILLIS
                || past.present().stream().anyMatch(Snapshot.Present::trees);
        String letterReason = waiting.stream().filter(letter -> letter.attempts() > 0).findFirst()
                .or(() -> waiting.stream().findFirst()).map(Waiting::reason).orElse(null);
        Optional<Snapshot.Watch> watch = watch(target.mirror());
        String blind = watch.map(Status::blind).orElse(null);
        boolean known = backlog.isInLine() && watch.map(Snapshot.Watch::whole).orElse(true);
        State state = state(halts, pause, standsBy, failed != null || blind != null, late, known);
        String deaf = following == null ? null : deaf(following);
        String unheard = following == null ? null : following.unheard();
        String owner = unheard != null || following == null || following.pendingSince() == Long.MAX_VALUE ? unheard
                : "the source has changes that are not published yet";
        state = heard(state, following, deaf != null, unheard != null);
        String behind = standsBy || since == Long.MAX_VALUE ? null
                : LagAlarms.behind(target, Duration.ofMillis(Math.max(0, SteadyClock.millis() - since)));
        return new Snapshot.OfTarget(target.mirror(), target.name(), mirror.to(target), state,
                joined(switch (state) {
                    case HALTED, PAUSED -> halts.isEmpty() ? pause.reason()
                            : halts.values().stream().map(Halt::reason).collect(Collectors.joining("; "));
                    case STANDBY -> following != null ? following.standsBy()
                            : present.fault() != null ? "it stands by and can't take over: " + present.fault()
                            : present.whoLeads() + " leads and mirrors";
                    case PARTIAL -> failed != null ? waits(backlog, failed.reason()) : blind;
                    case AWAY -> pause != null ? pause.reason() : deaf;
                    default -> pause != null ? pause.reason() : releases != null && releases.isPending() ? releases.reason()
                            : waits(backlog, letterReason) != null ? waits(backlog, letterReason) : owner;
                }, behind),
                switch (state) {
                    case HALTED, PAUSED -> SteadyClock.shown(halts.values().stream().mapToLong(Halt::since).min()
                            .orElseGet(() -> pause.since()));
                    case AWAY, FULL -> pause == null ? null : SteadyClock.shown(pause.since());
                    case PARTIAL -> failed == null ? null : failed.since();
                    default -> null;
                },
                state == State.PARTIAL && failed == null ? null : ends(state, halts, target.id()), failed, pause == null ? null : pause.attempts(),
                pause != null ? SteadyClock.shown(pause.next())
                        : waiting.stream().map(Waiting::next).min(Comparator.naturalOrder()).map(SteadyClock::shown).orElse(null),
                owed, standsBy || since == Long.MAX_VALUE ? null : SteadyClock.shown(since), letters, letterReason, past,
                verification.result(target.id()), releases);
    }

    private Standing releases(Target target) {
        Releases releases = context.getRegistry().lookupByNameAndType("releases-" + target.mirror() + '-' + target.name(), Releases.class);
        return releases == null ? null : releases.standing();
    }

    private static String joined(String one, String other) {
        return one == null || other == null ? (one == null ? other : one) : one + "; " + other;
    }

    // an agent that hears nothing does not know what it lacks, however well all is that it knows of
    private static State heard(State state, Following following, boolean deaf, boolean unheard) {
        boolean quiet = EnumSet.of(State.LIVE, State.STARTING, State.CATCHING_UP, State.PARTIAL).contains(state);
        return following == null || !quiet ? state : following.standsBy() != null ? State.STANDBY : deaf ? State.AWAY
                : unheard && state == State.LIVE ? State.CATCHING_UP : state;
    }

    private static String deaf(Following following) {
        return following.fault() != null ? following.fault() : following.halted() == null ? null
                : "the source is halted by its owner: " + following.halted();
    }

    private static String waits(Backlog backlog, String reason) {
        return backlog.waits().keySet().stream().map(what -> waitsFor(backlog, what)).flatMap(Optional::stream)
                .reduce(reason, Status::joined);
    }

    /** {@return what of a target waits for others, and for how many paths, in plain words; nothing if it waits for none} */
    static Optional<String> waitsFor(Backlog backlog, String what) {
        Integer paths = backlog.waits().get(what);
        return paths == null ? Optional.empty() : Optional.of(what + " waits until what was pending before it has arrived: " + paths
                + (paths == 1 ? " path" : " paths"));
    }

    // what can't be seen can't be carried either; while a source is looked through for the first time, that is no fault
    private static String blind(Snapshot.Watch watch) {
        return watch.whole() || watch.fault() == null && watch.unwatched() == 0 ? null : watch.fault() != null ? watch.fault()
                : watch.unwatched() + " folders are not watched, but compared now and then; see dromedary check";
    }

    private static Snapshot.Failed failed(List<Waiting> letters) {
        List<Waiting> failed = letters.stream().filter(Waiting::failed).toList();
        return failed.isEmpty() ? null : new Snapshot.Failed(failed.stream().mapToInt(Waiting::paths).sum(),
                failed.stream().map(Waiting::first).min(Comparator.naturalOrder()).orElseThrow(),
                failed.stream().flatMap(letter -> letter.some().stream()).distinct().limit(NAMED).toList(), failed.get(0).reason(),
                SteadyClock.shown(failed.stream().mapToLong(Waiting::next).min().orElseThrow()));
    }

    private static String ends(State state, Map<String, Halt> halts, String target) {
        return switch (state) {
            case HALTED -> halts.containsKey(BacklogEndpoint.BY_SOURCE) ? "it goes on by itself when the source is back; if what is there"
                    + " now is the right one: dromedary resume --new-source " + target
                    : halts.containsKey(BacklogEndpoint.BY_TARGET) ? "when a person has looked; if it is the right target: dromedary resume"
                            + " --new-target " + target
                    : halts.containsKey(BacklogEndpoint.BY_CHANGE) ? "when a person has looked: dromedary approve " + target + " sends these;"
                            + " if they are not meant, bring the files back, and dromedary resume " + target + " counts anew"
                    : halts.containsKey(BacklogEndpoint.BY_RUN) ? "when a person has looked: dromedary resume " + target
                            : "it goes on by itself when the cause is gone; to have it looked at now: dromedary replay " + target;
            case STARTING -> "in a moment, when the first comparison begins; if it stays so: dromedary reconcile " + target;
            case PAUSED -> "dromedary resume " + target;
            case PARTIAL -> "they are tried again by themselves, and now by: dromedary replay " + target + "; which they are:"
                    + " dromedary dead-letters " + target;
            default -> null;
        };
    }

    private static State state(Map<String, Halt> halts, Pause pause, boolean standsBy, boolean failed, boolean late,
            boolean known) {
        boolean byHand = halts.containsKey(Steering.BY_HAND);
        if (halts.size() > (byHand ? 1 : 0) || pause != null && pause.kind() == Outcome.HALTED) {
            return State.HALTED;
        }
        if (byHand) {
            return State.PAUSED;
        }
        if (standsBy) {
            return State.STANDBY;
        }
        if (pause != null) {
            return pause.kind() == Outcome.FULL ? State.FULL : pause.kind() == Outcome.BUSY ? State.CATCHING_UP : State.AWAY;
        }
        return failed ? State.PARTIAL : late ? State.CATCHING_UP : known ? State.LIVE : State.STARTING;
    }
}
