package dev.dromedary.rsync;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

import dev.dromedary.backlog.BacklogEndpoint;
import dev.dromedary.backlog.RunOutcome;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.RawPath;
import dev.dromedary.config.Deletion;
import dev.dromedary.config.Mirror;
import dev.dromedary.config.Target;
import dev.dromedary.config.TargetUrl.Kind;
import dev.dromedary.mount.FileSystemId;
import dev.dromedary.mount.FolderNesting;
import dev.dromedary.mount.Mount;
import dev.dromedary.mount.MountTable;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.apache.camel.component.exec.ExecBinding;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks before anything is written that a target is the intended one: its disk is mounted; it neither is the source nor contains it nor
 * lies in it; a required marker exists; and a first run does not delete more than it sends. If a check fails, the run is ended by
 * {@link BacklogEndpoint#OUTCOME} and {@link BacklogEndpoint#REASON}. Safe for use by several threads.
 */
public final class TargetGuard {

    /** Property: the {@link TargetFingerprint} of the target before the run. */
    static final String SEEN = "DromedaryTargetSeen";

    /** Property: whether another file system is at the target than before, so that it has to be compared as a whole. */
    static final String OTHER = "DromedaryTargetOther";

    /** Property: whether a dry run of the whole tree is needed before anything is written. */
    static final String FIRST = "DromedaryFirstRun";

    private static final Logger LOG = LoggerFactory.getLogger(TargetGuard.class);

    private final Mirror mirror;
    private final Target target;
    private final Path file;
    private final Path controls;
    private TargetFingerprint memory;
    // null if it is not known yet
    private String lastFileSystem;
    // held while the target is asked for its names, which may take seconds
    private final ReentrantLock asking = new ReentrantLock();
    private volatile boolean asked;
    private boolean deletionAllowed;
    private boolean looked;
    private boolean damaged;

    /**
     * @param file     the file that keeps the fingerprint between starts
     * @param controls a folder for the sockets of ssh's shared connections
     * @param deletionAllowed whether a first run may delete any number of entries
     */
    public TargetGuard(Mirror mirror, Target target, Path file, Path controls, boolean deletionAllowed) {
        this.mirror = mirror;
        this.target = target;
        this.file = file;
        this.controls = controls;
        this.deletionAllowed = deletionAllowed;
        this.memory = read();
        this.lastFileSystem = memory == null ? null : memory.fileSystem();
    }

    private TargetFingerprint read() {
        try {
            return TargetFingerprint.read(file).orElse(null);
        } catch (IOException e) {
            LOG.warn("{}: what is remembered of it in {} can't be used ({}): its next whole run counts as its first", target.id(), file,
                    e.getMessage());
            damaged = true;
            return null;
        }
    }

    /**
     * {@return the file that keeps the fingerprint of a target}
     *
     * @param folder the state folder, or that of a pair
     */
    public static Path file(Path folder, Target target) {
        return folder.resolve("target").resolve(target.mirror() + '-' + target.name() + ".json");
    }

    /** {@return why nothing would be written to a target, for a check before the start; null if it would be} */
    public static String fault(Mirror mirror, Target target, Path stateDir) throws IOException, InterruptedException {
        Path controls = Files.createTempDirectory("dromedary-");
        try {
            TargetGuard root = new TargetGuard(mirror, target, file(stateDir, target), controls, false);
            return mirror.isPulled() ? null : target.url().kind() != Kind.LOCAL ? root.ask(true)
                    : root.away(Path.of(target.url().path())).orElseGet(root::nesting);
        } finally {
            Files.deleteIfExists(controls);
        }
    }

    /**
     * Ends the run here if the target is unreachable, or must not be written to. Sets {@link #FIRST} if the deletions of a whole run have
     * to be known before anything is written. That is so if the target was never checked like this, and a whole run is about to begin, or
     * will follow.
     */
    public void look(@Body ChangeSet changes, @ExchangeProperty(BacklogEndpoint.TREES) boolean trees, Exchange exchange)
            throws IOException, InterruptedException {
        TargetFingerprint seen = present();
        exchange.setProperty(SEEN, seen);
        exchange.setProperty(FIRST, isFirst(changes, trees, seen));
        if (mirror.isPulled()) {
            return;
        }
        if (target.url().kind() == Kind.LOCAL) {
            Optional<String> away = away(Path.of(target.url().path()));
            if (away.isPresent()) {
                end(exchange, RunOutcome.AWAY, away.get());
                return;
            }
            exchange.setProperty(OTHER, isOther(seen.fileSystem()));
        }
        String fault = target.url().kind() == Kind.LOCAL ? nesting() : ask(false);
        if (fault != null) {
            halt(exchange, fault + "; nothing is written there. Name another folder");
        }
    }

    private synchronized boolean isOther(String fileSystem) {
        boolean other = fileSystem != null && lastFileSystem != null && !fileSystem.equals(lastFileSystem);
        if (other) {
            LOG.warn("{}: another file system is mounted there than before: the whole tree is compared", target.id());
        }
        lastFileSystem = fileSystem == null ? lastFileSystem : fileSystem;
        return other;
    }

    /**
     * Evaluates a run that has arrived. If the file system of a local target was unmounted since {@link #look}, or another one was mounted, the
     * run may have written elsewhere, so it counts as not arrived.
     */
    public void confirm(Exchange exchange, @ExchangeProperty(SEEN) TargetFingerprint seen) {
        if (seen != null && target.url().kind() == Kind.LOCAL && !mirror.isPulled() && !seen.equals(present())) {
            end(exchange, RunOutcome.AWAY, target.url().path() + ": while rsync ran, its disk was unmounted or another one was mounted, so the changes may"
                    + " have gone elsewhere. They are sent again");
            exchange.removeProperty(BacklogEndpoint.PARKED);
            exchange.removeProperty(BacklogEndpoint.AGAIN);
        }
    }

    private synchronized Optional<String> away(Path folder) throws IOException {
        // triggers an automount
        Files.exists(folder.resolve("."));
        if (memory != null && memory.isOf(present()) && memory.mountPoint() != null && !MountTable.read().isPoint(memory.mountPoint())) {
            return Optional.of(folder + ": its disk is not mounted, nothing is at " + RawPath.shown(memory.mountPoint()) + " where it was."
                    + " Mount it, or if the folder is to be on another disk: dromedary resume --new-target " + target.id());
        }
        if (target.targetMarker() != null && !Files.exists(folder.resolve(target.targetMarker()), LinkOption.NOFOLLOW_LINKS)) {
            return Optional.of(noMarker());
        }
        return Optional.empty();
    }

    private String noMarker() {
        return "target-marker = " + target.targetMarker() + ": there is no such file at " + target.url().text() + ". Is its disk mounted?"
                + " If it is the right place, make that file there";
    }

    private String nesting() {
        Path folder = Path.of(target.url().path());
        FolderNesting now = FolderNesting.now();
        return now.holds(folder, mirror.source())
                ? now.holds(mirror.source(), folder) ? folder + " is the source " + mirror.source() + " itself, by another path"
                        : "the source " + mirror.source() + " lies inside " + folder + ", and would be deleted"
                : now.holds(mirror.source(), folder) ? folder + " lies inside its own source " + mirror.source() : null;
    }

    // for a target on this machine that is reached by a daemon or ssh
    private String ask(boolean alone) throws IOException, InterruptedException {
        if (asked) {
            return null;
        }
        asking.lockInterruptibly();
        try {
            SelfMirrorCheck source = new SelfMirrorCheck(mirror.source(), target, controls, alone);
            SelfMirrorCheck.Answer answer = asked || !source.mayBe() ? new SelfMirrorCheck.Answer(true, null) : source.ask();
            asked = answer.answered() && answer.fault() == null;
            return answer.fault();
        } finally {
            asking.unlock();
        }
    }

    /** Returns whether rsync has to look for a marker. */
    public boolean isMarked() {
        return target.targetMarker() != null && target.url().kind() != Kind.LOCAL;
    }

    /** Evaluates a dry run that reports the marker if it exists at the target. */
    public void marker(Exchange exchange, @Body String itemized, @Header(ExecBinding.EXEC_EXIT_VALUE) int exit,
            @Header(ExecBinding.EXEC_STDERR) InputStream stderr) throws IOException {
        ExitDiagnosis verdict = ExitCodeTable.verdict(exit, said(stderr));
        if (verdict.outcome() != RunOutcome.ARRIVED) {
            end(exchange, verdict.outcome(), verdict.reason(exit, said(stderr)));
        } else if (itemized.lines().noneMatch(line -> line.length() > 1 && line.charAt(1) == 'f')) {
            end(exchange, RunOutcome.AWAY, noMarker());
        }
    }

    // what live runs send before the first whole run would be counted as the target's own content
    private synchronized boolean isFirst(ChangeSet changes, boolean trees, TargetFingerprint seen) {
        // of the existing files, releases delete only their own
        return target.releases() == null && !changes.isEmpty() && (trees || target.reconcileOnStart() && !looked) && deletes() && !target.firstRunDeletes() && !deletionAllowed
                && !isKnown(seen);
    }

    private boolean deletes() {
        return target.delete() == Deletion.TRUE || target.delete() == Deletion.RECONCILE;
    }

    private boolean isKnown(TargetFingerprint now) {
        // the other process of a pair may have brought it in line meanwhile
        memory = memory == null && !damaged ? read() : memory;
        return memory != null && memory.isOf(now) && (memory.fileSystem() == null || now.fileSystem() == null
                || memory.fileSystem().equals(now.fileSystem()));
    }

    // for a target that does not exist yet, the folder that will contain it
    private TargetFingerprint present() {
        String point = null;
        String fileSystem = null;
        if (target.url().kind() == Kind.LOCAL && !mirror.isPulled()) {
            Path there = FolderNesting.real(Path.of(target.url().path()));
            try {
                point = MountTable.read().of(RawPath.of(there)).map(Mount::point).orElse(null);
            } catch (IOException e) {
                LOG.debug("{}: where it is mounted is not known: {}", target.id(), e.toString());
            }
            while (!Files.exists(there) && there.getParent() != null) {
                there = there.getParent();
            }
            fileSystem = FileSystemId.of(there);
        }
        return new TargetFingerprint(mirror.source().toString(), target.url().place(), point, fileSystem);
    }

    /** Evaluates a first dry run. If the target is plausible, it is known from then on, however often the run that follows is cut off. */
    public synchronized void first(Exchange exchange, @Header(ExecBinding.EXEC_EXIT_VALUE) int exit,
            @Header(ExecBinding.EXEC_STDERR) InputStream stderr, @ExchangeProperty(SEEN) TargetFingerprint seen) throws IOException {
        if (isKnown(seen)) {
            // another run has checked it meanwhile, and has begun to write
            return;
        }
        String said = said(stderr);
        ExitDiagnosis verdict = mirror.isPulled() ? ExitCodeTable.ofPull(exit, said) : ExitCodeTable.verdict(exit, said);
        FirstRunPreview first = FirstRunPreview.of(Objects.requireNonNull(exchange.getProperty(DryRunDeletionCounter.PROPERTY, DryRunDeletionCounter.class),
                "the dry run needs binding: \"#countedRsyncBinding\""));
        if (verdict.outcome() != RunOutcome.ARRIVED && verdict.outcome() != RunOutcome.PARTLY) {
            end(exchange, verdict.outcome(), verdict.reason(exit, said));
        } else if (first.isDoubtful()) {
            halt(exchange, mirror.to(target) + ": " + first + "; nothing is deleted until you say so. If this is the right place, and the"
                    + " source is whole: dromedary resume --new-target " + target.id() + "; or start with --yes, or set first-run = delete");
        } else {
            if (first.deleted() < 0) {
                LOG.warn("{}: this is the first run there, and how much it deletes can't be known beforehand, because one of the two rsyncs is"
                        + " older than 3.1", target.id());
            }
            Optional<String> away = target.url().kind() == Kind.LOCAL && !mirror.isPulled() ? away(Path.of(target.url().path()))
                    : Optional.empty();
            if (away.isPresent()) {
                end(exchange, RunOutcome.AWAY, away.get());
                return;
            }
            looked = true;
            if (verdict.outcome() == RunOutcome.ARRIVED) {
                // unreadable paths keep rsync from deleting, and so from counting
                remember(seen);
            }
        }
    }

    private static String said(InputStream stderr) throws IOException {
        if (stderr == null) {
            return "";
        }
        stderr.reset();
        return new String(stderr.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private static void end(Exchange exchange, RunOutcome outcome, String reason) {
        exchange.setProperty(BacklogEndpoint.OUTCOME, outcome.name().toLowerCase(Locale.ROOT));
        exchange.setProperty(BacklogEndpoint.REASON, reason);
        exchange.setProperty(RunOutcomeClassifier.CAUSE, outcome == RunOutcome.HALTED ? "the target may not be the right one" : outcome == RunOutcome.AWAY
                ? "the target is not there" : "the target could not be examined");
    }

    private static void halt(Exchange exchange, String reason) {
        end(exchange, RunOutcome.HALTED, reason);
        exchange.setProperty(BacklogEndpoint.HALT, reason);
        exchange.setProperty(BacklogEndpoint.HALTED_BY, BacklogEndpoint.BY_TARGET);
    }

    /** Remembers a target that has been brought in line. */
    public synchronized void arrived(@Body ChangeSet changes, @ExchangeProperty(SEEN) TargetFingerprint seen) {
        if (!changes.isWholeTree() || seen == null || isKnown(seen)) {
            return;
        }
        remember(seen);
    }

    // not its current state: it may have been unmounted as soon as everything was there
    private void remember(TargetFingerprint seen) {
        memory = seen;
        try {
            // the folder of a pair is never created: where its storage is not mounted it would be another one
            if (!Files.isDirectory(file.getParent().getParent())) {
                throw new NoSuchFileException(file.getParent().getParent().toString());
            }
            memory.write(file);
        } catch (IOException e) {
            LOG.warn("{}: it could not be remembered ({}): the first whole run after the next start counts as its first", target.id(),
                    e.toString());
        }
    }

    /** Accepts the target in its current state, on a person's request. */
    public synchronized void accept() {
        memory = null;
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("{}: what is remembered of it in {} could not be removed: {}", target.id(), file, e.toString());
            damaged = true;
        }
        deletionAllowed = true;
        asked = false;
        LOG.warn("{}: accepted as it is now, by hand: what only the target has is deleted", target.id());
    }
}
