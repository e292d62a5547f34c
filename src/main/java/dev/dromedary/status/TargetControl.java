package dev.dromedary.status;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import dev.dromedary.backlog.Backlog;
import dev.dromedary.backlog.BacklogEndpoint;
import dev.dromedary.backlog.HaltReason;
import dev.dromedary.backlog.RunOutcome;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.config.Mirror;
import dev.dromedary.config.Settings;
import dev.dromedary.config.Target;
import dev.dromedary.deadletter.DeadLetters;
import dev.dromedary.log.LogContext;
import dev.dromedary.release.Releases;
import dev.dromedary.rsync.MaxChangeGuard;
import dev.dromedary.rsync.MaxDeleteGuard;
import dev.dromedary.rsync.TargetGuard;
import dev.dromedary.source.SourceGuard;
import dev.dromedary.state.PauseFlag;
import dev.dromedary.topic.RemoteSourceGuard;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.apache.camel.util.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Executes the actions on a target; {@code routes/status.camel.yaml} assigns the actions to the methods. */
public final class TargetControl {

    /** The cause, for {@link Backlog#halt}, of a pause by hand. */
    static final String BY_HAND = "by hand";

    /** Property that {@link #find} sets: mirror/target. */
    static final String TARGET = "DromedarySteered";
    /** Property that {@link #find} sets: mirror-target, as in the route ids of a target. */
    static final String NAME = "DromedarySteeredName";

    // halts that need a more specific action
    private static final Set<String> NOT_ENDED = Set.of(BacklogEndpoint.BY_SOURCE, BacklogEndpoint.BY_TARGET);

    private static final Logger LOG = LoggerFactory.getLogger(TargetControl.class);

    private final Supplier<Settings> settings;
    private final Map<String, Backlog> backlogs;
    private final DeadLetters deadLetters;
    private final ChecksumVerification verification;
    private final StatusCollector status;
    private final Path stateDir;

    /** @param settings the current settings */
    TargetControl(Supplier<Settings> settings, Map<String, Backlog> backlogs, DeadLetters deadLetters, ChecksumVerification verification,
            StatusCollector status, Path stateDir) {
        this.settings = settings;
        this.backlogs = backlogs;
        this.deadLetters = deadLetters;
        this.verification = verification;
        this.status = status;
        this.stateDir = stateDir;
    }

    /** Pauses the targets that were paused when the last process ended, or when they were removed from the configuration. */
    void goOn() {
        backlogs.values().stream().filter(backlog -> !backlog.halts().containsKey(BY_HAND)).forEach(backlog -> new PauseFlag(stateDir, backlog.id()).since()
                .ifPresent(since -> hold(backlog, since)));
    }

    /** Finds the target that a request names, for the next steps; ends the route with 404 if there is none. */
    public void find(@Header("mirror") String mirror, @Header("target") String target, Exchange exchange) {
        Optional<Target> found = target(mirror + '/' + target);
        if (found.isPresent()) {
            exchange.setProperty(TARGET, found.get().id());
            exchange.setProperty(NAME, found.get().mirror() + '-' + found.get().name());
        } else {
            RefusalResponses.refuse(exchange, 404, "there is no target " + RefusalResponses.shown(mirror + '/' + target));
        }
    }

    private Optional<Target> target(String id) {
        return settings.get().mirrors().stream().flatMap(mirror -> mirror.targets().stream())
                .filter(target -> target.id().equals(id)).findFirst();
    }

    /** Ends the route with 409 if another process leads: an action would have no effect here. */
    public void lead(Exchange exchange) {
        status.role().filter(role -> !role.leads()).ifPresent(role -> RefusalResponses.refuse(exchange, 409,
                "this process stands by, " + role.whoLeads() + " leads: ask that one"));
    }

    /** Sends nothing more to the target, even after a restart, until {@link #resume}. */
    public void pause(@ExchangeProperty(TARGET) String target) throws IOException {
        Instant now = Instant.now();
        new PauseFlag(stateDir, target).begin(now);
        hold(backlogs.get(target), now);
    }

    private static void hold(Backlog backlog, Instant since) {
        LogContext.target(backlog.id());
        backlog.halt(BY_HAND, "paused by hand since " + since.truncatedTo(ChronoUnit.SECONDS) + "; changes are kept until it is resumed");
        LOG.info("{}: paused by hand, until it is resumed", backlog.id());
        LogContext.clear();
    }

    /**
     * Resumes a target after a pause, or after a halt that a person has checked. Ends the route with 409 if that is not enough: if the
     * source is gone, or the target may not be the right one, another action is needed.
     */
    public void resume(@ExchangeProperty(TARGET) String target, @ExchangeProperty(NAME) String name, Exchange exchange)
            throws IOException {
        Map<String, HaltReason> halts = backlogs.get(target).halts();
        if (!halts.isEmpty() && NOT_ENDED.containsAll(halts.keySet())) {
            RefusalResponses.refuse(exchange, 409, "this does not end it: " + status.target(target(target).orElseThrow(), Instant.now()).ends()
                    + "; it is halted as " + halts.values().iterator().next().reason());
            return;
        }
        MaxDeleteGuard fuse = exchange.getContext().getRegistry().lookupByNameAndType("fuse-" + name, MaxDeleteGuard.class);
        if (fuse != null) {
            fuse.allow();
        }
        MaxChangeGuard changes = changeFuse(name, exchange);
        if (changes != null) {
            changes.recount();
            backlogs.get(target).resume(BacklogEndpoint.BY_CHANGE);
        }
        hurry(target);
        resume(target);
    }

    /**
     * Sends what max-change or max-delete holds, and nothing else; a pause by hand stays. Ends the route with 409 if nothing is held.
     */
    public void approve(@ExchangeProperty(TARGET) String target, @ExchangeProperty(NAME) String name, Exchange exchange)
            throws IOException {
        MaxDeleteGuard deletions = exchange.getContext().getRegistry().lookupByNameAndType("fuse-" + name, MaxDeleteGuard.class);
        MaxChangeGuard changes = changeFuse(name, exchange);
        boolean some = changes != null && changes.approve();
        some |= deletions != null && deletions.allow();
        if (!some) {
            RefusalResponses.refuse(exchange, 409, "nothing of " + target + " is held for approval");
            return;
        }
        Backlog backlog = backlogs.get(target);
        backlog.resume(BacklogEndpoint.BY_CHANGE);
        backlog.resume(BacklogEndpoint.BY_RUN);
        hurry(target);
        LogContext.target(target);
        LOG.info("{}: what was held is sent, approved by hand", target);
        LogContext.clear();
    }

    private static MaxChangeGuard changeFuse(String name, Exchange exchange) {
        return exchange.getContext().getRegistry().lookupByNameAndType("changeFuse-" + name, MaxChangeGuard.class);
    }

    private void resume(String target) throws IOException {
        new PauseFlag(stateDir, target).end();
        Backlog backlog = backlogs.get(target);
        backlog.resume(BY_HAND);
        backlog.resume(BacklogEndpoint.BY_RUN);
        backlog.hurry();
        LogContext.target(target);
        LOG.info("{}: resumed by hand", target);
        LogContext.clear();
    }

    /** Accepts the current source, with what is mounted below it, as the right one, and resumes. */
    public void newSource(@ExchangeProperty(TARGET) String target, @ExchangeProperty(NAME) String name, Exchange exchange)
            throws IOException {
        SourceGuard source = exchange.getContext().getRegistry().lookupByNameAndType("source-" + target(target).orElseThrow().mirror(),
                SourceGuard.class);
        source.accept();
        RemoteSourceGuard remote = exchange.getContext().getRegistry().lookupByNameAndType("remote-" + name, RemoteSourceGuard.class);
        if (remote != null) {
            remote.accept();
            hurry(target);
        }
        resume(target);
    }

    /** Accepts the current target as the right one, so that what exists only there is deleted, and resumes. */
    public void newTarget(@ExchangeProperty(TARGET) String target, @ExchangeProperty(NAME) String name, Exchange exchange)
            throws IOException {
        TargetGuard root = exchange.getContext().getRegistry().lookupByNameAndType("target-" + name, TargetGuard.class);
        if (root == null) {
            RefusalResponses.refuse(exchange, 409, target + " is a topic, which is never replaced by another");
            return;
        }
        root.accept();
        // what the previous target had is not known of this one
        backlogs.get(target).add(ChangeSet.ofWholeTree());
        backlogs.get(target).resume(BacklogEndpoint.BY_TARGET);
        hurry(target);
        resume(target);
    }

    /** Retries at once what waits for its next attempt, and probes the target at once. */
    public void hurry(@ExchangeProperty(TARGET) String target) {
        deadLetters.hurry(target);
        backlogs.get(target).hurry();
    }

    /** Starts to compare the target by content; the status shows what differs, and nothing is changed. */
    public void verify(@ExchangeProperty(TARGET) String target, Exchange exchange) {
        Target found = target(target).orElseThrow();
        Mirror mirror = settings.get().mirrorOf(found);
        if (!mirror.compared().contains(found)) {
            RefusalResponses.refuse(exchange, 409, target + " is a topic: what is published is compared where it is pulled");
        } else if (!verification.begin(mirror, found)) {
            RefusalResponses.refuse(exchange, 409, "a comparison of " + target + " is under way");
        }
    }

    /** Ends the route with 409 if the target gets no releases. */
    public void releases(@ExchangeProperty(TARGET) String target, Exchange exchange) {
        if (target(target).orElseThrow().releases() == null) {
            RefusalResponses.refuse(exchange, 409, target + " gets no releases: what changes is sent at once. mirror." + target.replace("/", ".target.")
                    + ".releases = 5 makes it one that does");
        }
    }

    /** Makes a release of the current content as soon as possible. */
    public void release(@ExchangeProperty(TARGET) String target, @ExchangeProperty(NAME) String name, Exchange exchange) {
        LogContext.target(target);
        exchange.getContext().getRegistry().lookupByNameAndType("releases-" + name, Releases.class).want();
        LogContext.clear();
        hurry(target);
    }

    /** Ends the route with 409 and the reason if the requested release is not shown now. */
    public void rolledBack(@ExchangeProperty(BacklogEndpoint.OUTCOME) String outcome, @ExchangeProperty(BacklogEndpoint.REASON) String reason,
            Exchange exchange) {
        if (!RunOutcome.ARRIVED.name().equalsIgnoreCase(outcome)) {
            RefusalResponses.refuse(exchange, 409, reason);
        }
    }

    /** Ends the route with 404. */
    public void unknown(@Header("action") String action, Exchange exchange) {
        RefusalResponses.refuse(exchange, 404, "there is no action " + RefusalResponses.shown(action));
    }

    /** Returns the current state of the target, for the answer. */
    public String answer(@ExchangeProperty(TARGET) String target) {
        StatusSnapshot.OfTarget now = status.target(target(target).orElseThrow(), Instant.now());
        JsonObject json = new JsonObject();
        json.put("version", StatusJson.VERSION);
        json.put("mirror", now.mirror());
        json.put("target", StatusJson.target(now, Instant.now()));
        return json.toJson();
    }
}
