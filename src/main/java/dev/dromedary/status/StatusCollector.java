package dev.dromedary.status;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import dev.dromedary.backlog.Backlog;
import dev.dromedary.backlog.BacklogEndpoint;
import dev.dromedary.backlog.HaltReason;
import dev.dromedary.backlog.RunOutcome;
import dev.dromedary.backlog.TargetOutage;
import dev.dromedary.change.RawPath;
import dev.dromedary.cli.TerminalProgressBar;
import dev.dromedary.clock.SteadyClock;
import dev.dromedary.config.Mirror;
import dev.dromedary.config.Settings;
import dev.dromedary.config.Target;
import dev.dromedary.config.TargetUrl;
import dev.dromedary.deadletter.DeadLetterHeader;
import dev.dromedary.deadletter.DeadLetters;
import dev.dromedary.hosts.HostLists;
import dev.dromedary.log.LogContext;
import dev.dromedary.pair.PairRole;
import dev.dromedary.release.ReleaseStatus;
import dev.dromedary.release.Releases;
import dev.dromedary.rsync.TamperHealing;
import dev.dromedary.text.HumanReadable;
import dev.dromedary.topic.Agents;
import dev.dromedary.topic.RemoteSourceGuard;
import dev.dromedary.topic.SubscriptionHealth;
import dev.dromedary.watch.InotifyConsumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Collects the current state of watches, backlogs and runs. All views get it from here. */
public final class StatusCollector {

    private static final Logger LOG = LoggerFactory.getLogger(StatusCollector.class);
    private static final Duration WORTH_A_LINE = Duration.ofMinutes(1);
    // a change that has been pending for less is on its way, as expected
    private static final long MOMENT_MILLIS = 1000;
    private static final int NAMED = 10;

    private final CamelContext context;
    private final Supplier<Settings> settings;
    private final Map<String, Backlog> backlogs;
    private final Map<String, RunLedger> ledgers;
    private final DeadLetters deadLetters;
    private final ChecksumVerification verification;
    private final HostLists hosts;
    private final Supplier<Optional<PairRole>> role;
    private final ProgramInfo program;

    /**
     * The maps are keyed by mirror/target; a target may come and go while the program runs.
     *
     * @param settings the current settings
     * @param hosts the current hosts, for targets that come and go with them
     * @param role the role of this process in its pair; empty if it is alone
     */
    StatusCollector(CamelContext context, Supplier<Settings> settings, Map<String, Backlog> backlogs, Map<String, RunLedger> ledgers,
            DeadLetters deadLetters, ChecksumVerification verification, HostLists hosts, Supplier<Optional<PairRole>> role) {
        this.context = context;
        this.settings = settings;
        this.backlogs = backlogs;
        this.ledgers = ledgers;
        this.deadLetters = deadLetters;
        this.verification = verification;
        this.hosts = hosts;
        this.role = role;
        program = ProgramInfo.of(context);
    }

    /** Answers {@code /api/status}. */
    public String json() {
        return StatusJson.of(now()).toJson();
    }

    /** Logs the progress of runs that take longer than a minute; call it each minute. */
    public void sayProgress() {
        StatusSnapshot now = now();
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

    /** Returns the progress of the runs, in one line for a terminal. */
    public String bars() {
        return now().mirrors().stream().flatMap(mirror -> mirror.targets().stream())
                .flatMap(target -> target.past().present().stream().map(run -> target.id() + " " + TerminalProgressBar.bar(StatusJson.run(run))))
                .collect(Collectors.joining("  "));
    }

    /** Returns what each target got since the start, a line each. */
    public List<String> results() {
        return now().mirrors().stream().flatMap(mirror -> mirror.targets().stream()).map(target -> {
            StatusSnapshot.Totals totals = target.past().totals();
            return target.id() + ": " + HumanReadable.plural(totals.files(), "file") + ", " + HumanReadable.size(totals.bytes()) + " (" + HumanReadable.size(totals.sent())
                    + " sent), " + totals.deletes() + " deleted; it took " + HumanReadable.span(ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0);
        }).toList();
    }

    /** Returns the current state of everything. */
    StatusSnapshot now() {
        Instant at = Instant.now();
        return new StatusSnapshot(at, program, role().orElse(null), settings.get().mirrors().stream().sorted(Comparator.comparing(Mirror::name))
                .map(mirror -> mirror(mirror, at)).toList());
    }

    /** Returns the description of this program. */
    ProgramInfo program() {
        return program;
    }

    /** Returns the role of this process in its pair; empty if it is alone. */
    Optional<PairRole> role() {
        return role.get();
    }

    private StatusSnapshot.OfMirror mirror(Mirror mirror, Instant at) {
        return new StatusSnapshot.OfMirror(mirror.name(), mirror.from(), watch(mirror.name()).orElse(null), topic(mirror), followers(mirror),
                hosts.standing(mirror.name()).orElse(null),
                mirror.targets().stream().sorted(Comparator.comparing(Target::name)).flatMap(target -> find(mirror, target, at).stream()).toList());
    }

    /** Returns how well the source of a mirror is watched; empty before the watch has started, and if the watch is not ours. */
    Optional<StatusSnapshot.Watch> watch(String mirror) {
        Route route = context.getRoute("watch-" + mirror);
        return route != null && route.getConsumer() instanceof InotifyConsumer watch && watch.isStarted()
                ? Optional.of(new StatusSnapshot.Watch(watch.by(), watch.whole(), watch.folders(), watch.unwatched(), watch.notWatched(), watch.events(),
                        watch.overflows(), watch.lastCookie(), watch.fault()))
                : Optional.empty();
    }

    /** Returns the first of the files of a source that are open and were written since they were last sent. */
    Set<String> beingWritten(String mirror) {
        Route route = context.getRoute("watch-" + mirror);
        return route != null && route.getConsumer() instanceof InotifyConsumer watch && watch.isStarted() ? watch.beingWritten() : Set.of();
    }

    private StatusSnapshot.Topic topic(Mirror mirror) {
        if (!mirror.isPulled()) {
            return null;
        }
        SubscriptionHealth following = following(mirror);
        return new StatusSnapshot.Topic(mirror.topic(), following.fault(), following.up(), following.assigned(),
                following.lastRecord() == 0 ? null : SteadyClock.shown(following.lastRecord()));
    }

    private StatusSnapshot.Followers followers(Mirror mirror) {
        return agents(mirror).map(agents -> new StatusSnapshot.Followers(agents.fault(), agents.all())).orElse(null);
    }

    /** Returns the agents that follow what is published; empty if nothing is published. */
    Optional<Agents> agents(Mirror mirror) {
        return mirror.targets().stream().filter(target -> target.url().kind() == TargetUrl.Kind.TOPIC).findFirst()
                .map(target -> context.getRegistry().lookupByNameAndType("agents-" + target.mirror() + '-' + target.name(), Agents.class));
    }

    /** Returns how an agent follows its topic. */
    SubscriptionHealth following(Mirror mirror) {
        return context.getRegistry().lookupByNameAndType("following-" + mirror.name(), SubscriptionHealth.class);
    }

    /** Returns the state of one target. */
    StatusSnapshot.OfTarget target(Target target, Instant at) {
        return find(target, at).orElseThrow();
    }

    /** Does the same; empty if the target was removed from the configuration just now. */
    Optional<StatusSnapshot.OfTarget> find(Target target, Instant at) {
        return settings.get().mirrors().stream().filter(mirror -> mirror.name().equals(target.mirror())).findFirst()
                .flatMap(mirror -> find(mirror, target, at));
    }

    private Optional<StatusSnapshot.OfTarget> find(Mirror mirror, Target target, Instant at) {
        Backlog backlog = backlogs.get(target.id());
        RunLedger ledger = ledgers.get(target.id());
        return backlog == null || ledger == null ? Optional.empty() : Optional.of(target(mirror, target, backlog, ledger, at));
    }

    private StatusSnapshot.OfTarget target(Mirror mirror, Target target, Backlog backlog, RunLedger ledger, Instant at) {
        List<DeadLetterHeader> waiting = deadLetters.waiting(target.id());
        PairRole present = role().orElse(null);
        boolean standsBy = present != null && !present.leads();
        // what a standby knows of the target is from a time when it led
        TargetOutage pause = standsBy ? null : backlog.paused();
        Map<String, HaltReason> halts = backlog.halts();
        int letters = deadLetters.count(target.id());
        StatusSnapshot.Past past = ledger.past();
        StatusSnapshot.Failed failed = failed(deadLetters.all(target.id()));
        SubscriptionHealth following = mirror.isPulled() ? following(mirror) : null;
        long since = waiting.stream().mapToLong(DeadLetterHeader::since).reduce(backlog.since(), Math::min);
        if (following != null) {
            since = Math.min(since, following.pendingSince());
        }
        int pending = backlog.size() + waiting.stream().mapToInt(DeadLetterHeader::paths).sum();
        ReleaseStatus releases = releases(target);
        boolean late = letters > 0 || releases != null && releases.isPending() || since < SteadyClock.millis() - MOMENT_MILLIS
                // a comparison has several runs, and there is none between two of them
                || backlog.isComparing() || past.present().stream().anyMatch(StatusSnapshot.Present::trees);
        String letterReason = waiting.stream().filter(letter -> letter.attempts() > 0).findFirst()
                .or(() -> waiting.stream().findFirst()).map(DeadLetterHeader::reason).orElse(null);
        Optional<StatusSnapshot.Watch> watch = watch(target.mirror());
        String blind = watch.map(StatusCollector::blind).or(() -> missingAtSource(target)).orElse(null);
        boolean known = backlog.isInLine() && watch.map(StatusSnapshot.Watch::whole).orElse(true);
        TargetStateLabel state = state(halts, pause, standsBy, failed != null || blind != null, late, known);
        String deaf = following == null ? null : deaf(following);
        String unheard = following == null ? null : following.unheard();
        String owner = unheard != null || following == null || following.pendingSince() == Long.MAX_VALUE ? unheard
                : "the source has changes that are not published yet";
        state = heard(state, following, deaf != null, unheard != null);
        String behind = standsBy || since == Long.MAX_VALUE ? null
                : LagAlarm.behind(target, Duration.ofMillis(Math.max(0, SteadyClock.millis() - since)));
        return new StatusSnapshot.OfTarget(target.mirror(), target.name(), mirror.to(target), state,
                joined(switch (state) {
                    case HALTED, PAUSED -> halts.isEmpty() ? pause.reason()
                            : halts.values().stream().map(HaltReason::reason).collect(Collectors.joining("; "));
                    case STANDBY -> following != null ? following.standsBy()
                            : present.fault() != null ? "it stands by and can't take over: " + present.fault()
                            : present.whoLeads() + " leads and mirrors";
                    case PARTIAL -> failed != null ? waits(backlog, failed.reason()) : blind;
                    case AWAY -> pause != null ? pause.reason() : deaf;
                    default -> pause != null ? pause.reason() : releases != null && releases.isPending() ? releases.reason()
                            : waits(backlog, letterReason) != null ? waits(backlog, letterReason) : owner;
                }, joined(behind, left(target).orElse(null))),
                switch (state) {
                    case HALTED, PAUSED -> SteadyClock.shown(halts.values().stream().mapToLong(HaltReason::since).min()
                            .orElseGet(() -> pause.since()));
                    case AWAY, FULL -> pause == null ? null : SteadyClock.shown(pause.since());
                    case PARTIAL -> failed == null ? null : failed.since();
                    default -> null;
                },
                state == TargetStateLabel.PARTIAL && failed == null ? null : ends(state, halts, target.id()), failed, pause == null ? null : pause.attempts(),
                standsBy || !halts.isEmpty() ? null : next(pause, waiting),
                pending, standsBy || since == Long.MAX_VALUE ? null : SteadyClock.shown(since), letters, letterReason, past,
                verification.result(target.id()), releases, healing(target).map(TamperHealing::healed).orElse(null));
    }

    /** Returns whether a target was in line with its source at some time since the start. */
    boolean wasInLine(String target) {
        Backlog backlog = backlogs.get(target);
        return backlog != null && backlog.isInLine();
    }

    /** Returns the state of a mirror's hosts; empty if its targets don't come and go. */
    Optional<HostLists.Standing> hosts(String mirror) {
        return hosts.standing(mirror);
    }

    /** Returns whether the host of a target is no longer named, so that the target is going to be dropped. */
    boolean isLeft(Target target) {
        return hosts.left(target.mirror(), target.name()).isPresent();
    }

    /** {@return since when the host of a target is no longer named, and when the target is dropped, in plain words; empty if it is named} */
    Optional<String> left(Target target) {
        return hosts.left(target.mirror(), target.name()).map(left -> "its host is no longer named by "
                + hosts.standing(target.mirror()).map(HostLists.Standing::source).orElse("targets-from") + " since "
                + left.since().truncatedTo(ChronoUnit.SECONDS) + "; it is dropped at " + left.until().truncatedTo(ChronoUnit.SECONDS));
    }

    /** Returns the watch for changes that others make at a target; empty if there is none. */
    Optional<TamperHealing> healing(Target target) {
        return Optional.ofNullable(context.getRegistry().lookupByNameAndType("healing-" + target.mirror() + '-' + target.name(), TamperHealing.class));
    }

    private ReleaseStatus releases(Target target) {
        Releases releases = context.getRegistry().lookupByNameAndType("releases-" + target.mirror() + '-' + target.name(), Releases.class);
        return releases == null ? null : releases.standing();
    }

    private static String joined(String one, String other) {
        return one == null || other == null ? (one == null ? other : one) : one + "; " + other;
    }

    // an agent without heartbeats does not know what it lacks, even if all that it knows of has arrived
    private static TargetStateLabel heard(TargetStateLabel state, SubscriptionHealth following, boolean deaf, boolean unheard) {
        boolean quiet = EnumSet.of(TargetStateLabel.LIVE, TargetStateLabel.STARTING, TargetStateLabel.CATCHING_UP, TargetStateLabel.PARTIAL).contains(state);
        return following == null || !quiet ? state : following.standsBy() != null ? TargetStateLabel.STANDBY : deaf ? TargetStateLabel.AWAY
                : unheard && state == TargetStateLabel.LIVE ? TargetStateLabel.CATCHING_UP : state;
    }

    private static String deaf(SubscriptionHealth following) {
        return following.fault() != null ? following.fault() : following.halted() == null ? null
                : "the source is halted by its owner: " + following.halted();
    }

    private static String waits(Backlog backlog, String reason) {
        return backlog.waits().keySet().stream().map(what -> waitsFor(backlog, what)).flatMap(Optional::stream)
                .reduce(reason, StatusCollector::joined);
    }

    /** {@return which paths of a target wait for others, and for how many, in plain words; empty if they wait for none} */
    static Optional<String> waitsFor(Backlog backlog, String what) {
        Integer paths = backlog.waits().get(what);
        return paths == null ? Optional.empty() : Optional.of(what + " waits until what was pending before it has arrived: " + paths
                + (paths == 1 ? " path" : " paths"));
    }

    // an agent has the files of a disk that its source lacks, but nobody knows whether they are still right
    private Optional<String> missingAtSource(Target target) {
        RemoteSourceGuard remote = context.getRegistry().lookupByNameAndType("remote-" + target.mirror() + '-' + target.name(), RemoteSourceGuard.class);
        return remote == null ? Optional.empty() : remote.submounts().missing().stream().min(Comparator.naturalOrder())
                .map(disk -> RawPath.shown(disk) + ": its file system is not mounted at the source; nothing of it is fetched or deleted until it is back");
    }

    // what can't be watched can't be sent either; during the first walk through a source this is no fault
    private static String blind(StatusSnapshot.Watch watch) {
        return watch.whole() || watch.fault() == null && watch.unwatched() == 0 ? null : watch.fault() != null ? watch.fault()
                : watch.notWatched().entrySet().stream().min(Map.Entry.comparingByKey()).map(one -> (one.getKey().isEmpty() ? "the source"
                        : RawPath.shown(one.getKey())) + " is not watched: " + one.getValue()).orElse("")
                        + (watch.unwatched() > 1 ? "; " + (watch.unwatched() - 1) + " more are not watched" : "");
    }

    private static StatusSnapshot.Failed failed(List<DeadLetterHeader> letters) {
        List<DeadLetterHeader> failed = letters.stream().filter(DeadLetterHeader::failed).toList();
        return failed.isEmpty() ? null : new StatusSnapshot.Failed(failed.stream().mapToInt(DeadLetterHeader::paths).sum(),
                failed.stream().map(DeadLetterHeader::first).min(Comparator.naturalOrder()).orElseThrow(),
                failed.stream().flatMap(letter -> letter.some().stream()).distinct().limit(NAMED).toList(), failed.get(0).reason(),
                SteadyClock.shown(failed.stream().mapToLong(DeadLetterHeader::next).min().orElseThrow()));
    }

    // during a probe there is no next attempt; a target that is full is sent what fits, and waits for its dead letters
    private static Instant next(TargetOutage pause, List<DeadLetterHeader> waiting) {
        return pause != null && pause.next() >= SteadyClock.millis() - MOMENT_MILLIS ? SteadyClock.shown(pause.next())
                : pause != null && pause.kind() != RunOutcome.FULL ? null
                : waiting.stream().map(DeadLetterHeader::next).min(Comparator.naturalOrder()).map(SteadyClock::shown).orElse(null);
    }

    private static String ends(TargetStateLabel state, Map<String, HaltReason> halts, String target) {
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
            case PAUSED -> "until a person resumes it: dromedary resume " + target;
            case PARTIAL -> "they are tried again by themselves, and now by: dromedary replay " + target + "; which they are:"
                    + " dromedary dead-letters " + target;
            default -> null;
        };
    }

    private static TargetStateLabel state(Map<String, HaltReason> halts, TargetOutage pause, boolean standsBy, boolean failed, boolean late,
            boolean known) {
        boolean byHand = halts.containsKey(TargetControl.BY_HAND);
        if (halts.size() > (byHand ? 1 : 0) || pause != null && pause.kind() == RunOutcome.HALTED) {
            return TargetStateLabel.HALTED;
        }
        if (byHand) {
            return TargetStateLabel.PAUSED;
        }
        if (standsBy) {
            return TargetStateLabel.STANDBY;
        }
        if (pause != null) {
            return pause.kind() == RunOutcome.FULL ? TargetStateLabel.FULL : pause.kind() == RunOutcome.BUSY ? TargetStateLabel.CATCHING_UP : TargetStateLabel.AWAY;
        }
        return failed ? TargetStateLabel.PARTIAL : late ? TargetStateLabel.CATCHING_UP : known ? TargetStateLabel.LIVE : TargetStateLabel.STARTING;
    }
}
