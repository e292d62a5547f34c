package dev.dromedary.release;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.dromedary.backlog.Backlog;
import dev.dromedary.backlog.BacklogEndpoint;
import dev.dromedary.backlog.ReleaseTrigger;
import dev.dromedary.backlog.RunOutcome;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.clock.SteadyClock;
import dev.dromedary.config.Target;
import dev.dromedary.log.LogContext;
import dev.dromedary.rsync.ExitCodeTable;
import dev.dromedary.rsync.ExitDiagnosis;
import dev.dromedary.rsync.ReleasePlaceholders;
import dev.dromedary.rsync.RsyncException;
import dev.dromedary.rsync.RunOutcomeClassifier;
import dev.dromedary.source.SourceGuard;
import dev.dromedary.state.StateFolder;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.apache.camel.component.exec.ExecBinding;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Manages the releases of one target for {@code routes/release.camel.yaml}: the next number, whether anything differs at all, whether the
 * source was stable during a pass, and what is deleted. One run at a time makes a release; a person may go back to another one meanwhile.
 */
public final class Releases {

    /** Property: {@code same}, {@code waits} or {@code due} after a comparison, then {@code whole} and {@code current}. */
    static final String STAGE = "DromedaryRelease";

    /** Property: how many passes a run has made. */
    private static final String PASSES = "DromedaryReleasePasses";

    /** Property: the {@link ReleaseInventory} of the target, as it was last listed. */
    private static final String LISTED = "DromedaryReleasesThere";

    /** Property: the number that the link has to be set to. */
    private static final String AIM = "DromedaryReleaseAim";

    private static final int MOST_PASSES = 5;
    // nothing of this name is mirrored
    private static final String TRIAL = Target.HOLDING;
    private static final int NOT_WHOLE = 23;

    // rsync(1), --itemize-changes; a folder with only another time is no reason for a release
    private static final Pattern DIFFERS = Pattern.compile("^(?:\\*deleting|(?!\\.d\\.\\.t\\.+ *$)[<>ch.][fdLDS][^ ]{9,}) *$", Pattern.MULTILINE);
    private static final Pattern NOT_THERE = Pattern.compile("^rsync: (?:\\[\\w+] )?(?:change_dir|link_stat) .* failed: (?:No such file or"
            + " directory \\(2\\)|Not a directory \\(20\\))", Pattern.MULTILINE);
    // an altered link has no valid destination, or is not followed: ENOENT or ELOOP
    private static final Pattern NOT_ENTERED = Pattern.compile("^rsync: (?:\\[\\w+] )?(?:change_dir|link_stat) .* failed: ", Pattern.MULTILINE);
    private static final Pattern WRITE_ONLY = Pattern.compile("write[- ]only");

    private static final Logger LOG = LoggerFactory.getLogger(Releases.class);

    private final Target target;
    private final Backlog backlog;
    private final ReleaseTrigger gathering;
    private final SourceGuard source;
    private final Path file;
    private final Path folder;
    private ReleaseMemory memory;
    private Integer underWay;
    private int highest;
    private int pass;
    private boolean comparing;
    private boolean wentBack;
    private boolean linking;

    /**
     * @param backlog   the target's backlog
     * @param gathering decides when the gathered changes are handed out
     * @param stateDir  the state folder
     * @throws IOException if a folder in it can't be made
     */
    public Releases(Target target, Backlog backlog, ReleaseTrigger gathering, SourceGuard source, Path stateDir) throws IOException {
        this.target = target;
        this.backlog = backlog;
        this.gathering = gathering;
        this.source = source;
        this.file = ReleaseMemory.file(stateDir, target.mirror(), target.name());
        this.folder = StateFolder.make(file.resolveSibling(target.mirror() + '-' + target.name()));
        StateFolder.make(there().resolve(Target.RELEASES));
        link(there().resolve(TRIAL), ".");
        StateFolder.make(kept().resolve(Target.RELEASES));
        StateFolder.make(link());
        StateFolder.make(back());
        this.memory = read();
        if (memory.wanted() != null) {
            want(memory.wanted());
        }
    }

    private ReleaseMemory read() {
        try {
            return ReleaseMemory.read(file).orElse(ReleaseMemory.NOTHING);
        } catch (IOException e) {
            LOG.warn("{}: what is remembered of its releases in {} can't be used ({}): the target is asked", target.id(), file, e.getMessage());
            return ReleaseMemory.NOTHING;
        }
    }

    /** A folder with what has to be at the target first: the folder of all releases, and a link that tests how the target treats links. */
    public Path there() {
        return folder.resolve("there");
    }

    /** A folder with what stays at the target whatever is deleted. */
    public Path kept() {
        return folder.resolve("kept");
    }

    /** A folder with the link to the release that has to become current. */
    public Path link() {
        return folder.resolve("link");
    }

    /** A folder with the link to the release that a person goes back to. */
    public Path back() {
        return folder.resolve("back");
    }

    /** The rules for the deletion of releases. */
    public Path rules() {
        return folder.resolve("going.rules");
    }

    private static void link(Path link, String to) throws IOException {
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, Path.of(to));
    }

    /** Requests a release of everything that is pending now or in the next moments. */
    public void want() {
        Instant now = Instant.now();
        synchronized (this) {
            remember(memory.want(memory.wanted() == null ? now : memory.wanted()));
        }
        want(now);
        LOG.info("{}: a release is asked for", target.id());
    }

    private void want(Instant when) {
        gathering.want(SteadyClock.past(when));
        // even if no change has been seen
        backlog.add(ChangeSet.ofWholeTree());
    }

    /** Adds the changes that have arrived by now to the run. To be called before the source is read. */
    public synchronized void begin() throws IOException {
        source.check();
        source.remember();
        backlog.absorb();
        wentBack = false;
        comparing = true;
        pass = 0;
    }

    /**
     * Evaluates a list of the target, which need not exist yet. Ends the run by an {@link BacklogEndpoint#OUTCOME} if it could not be
     * listed.
     *
     * @throws RsyncException if the target is unreachable, possibly only for a moment
     */
    public void seen(Exchange exchange, @Body String listed) throws RsyncException, IOException {
        boolean isThere = exit(exchange) != NOT_WHOLE || !NOT_THERE.matcher(said(exchange)).find();
        if (!isThere || canBeListed(exchange)) {
            learn(exchange, ReleaseInventory.of(isThere && listed != null ? listed : ""));
        }
    }

    /**
     * Evaluates the run that has sent what a release requires at the target.
     *
     * @throws RsyncException as {@link #seen}
     */
    public void prepared(Exchange exchange) throws RsyncException, IOException {
        if (exit(exchange) == NOT_WHOLE) {
            end(exchange, RunOutcome.REFUSED, "no release can be made at the target", "the folder " + Target.RELEASES + ", or a link, can't be made at "
                    + target.url().text() + ": " + ExitCodeTable.verdict(NOT_WHOLE, said(exchange)).reason(NOT_WHOLE, said(exchange)));
        } else {
            fails(exchange, "the folder of all releases could not be made");
        }
    }

    /**
     * Evaluates a list that was read through the test link, which shows how the target treats links. Otherwise it does the same as
     * {@link #seen}.
     *
     * @throws RsyncException as {@link #seen}
     */
    public void seenByLink(Exchange exchange, @Body String listed) throws RsyncException, IOException {
        if (exit(exchange) == NOT_WHOLE && NOT_ENTERED.matcher(said(exchange)).find()) {
            end(exchange, RunOutcome.REFUSED, "the target alters links", "the target alters links, so that " + Target.CURRENT + " would lead"
                    + " nowhere; set use chroot = yes or munge symlinks = no for its module in rsyncd.conf");
        } else {
            seen(exchange, listed);
        }
    }

    private boolean canBeListed(Exchange exchange) throws RsyncException, IOException {
        if (WRITE_ONLY.matcher(said(exchange)).find()) {
            end(exchange, RunOutcome.REFUSED, "what is at the target can't be listed", "releases need to be listed, and the target lets nobody"
                    + " read; set write only = no there, or take -wo away from rrsync");
            return false;
        }
        return !fails(exchange, "the releases there could not be listed");
    }

    private synchronized void learn(Exchange exchange, ReleaseInventory inventory) {
        exchange.setProperty(LISTED, inventory);
        if (inventory.blocked()) {
            end(exchange, RunOutcome.REFUSED, Target.CURRENT + " at the target is no link", target.url().text() + ": " + Target.CURRENT
                    + " there is no link, and nothing else can be replaced by one at once; move it away, or name another folder");
            return;
        }
        highest = Math.max(highest, memory.highest());
        ReleaseMemory seen = memory.seen(inventory, Instant.now());
        // its folder may appear only now
        remember(underWay == null ? seen : seen.begin(underWay));
    }

    /** Sets the release to compare with. If there is none, the whole source is new. */
    public synchronized void look(Exchange exchange) {
        // a person who went back to another release wants to stay there until something changes
        int with = gathering.isWanted() ? memory.current() : memory.newest();
        if (with == 0) {
            differs(exchange);
            return;
        }
        exchange.setProperty(ReleasePlaceholders.PROPERTY, new ReleasePlaceholders(with, List.of()));
    }

    /**
     * Evaluates a comparison, which is a dry run.
     *
     * @throws RsyncException as {@link #seen}
     */
    public void compared(Exchange exchange, @Body String itemized, @ExchangeProperty(ReleasePlaceholders.PROPERTY) ReleasePlaceholders with)
            throws RsyncException, IOException {
        if (fails(exchange, "the source could not be compared with release " + with.number())) {
            return;
        }
        if (itemized != null && DIFFERS.matcher(itemized).find()) {
            differs(exchange);
            return;
        }
        if (gathering.isWanted()) {
            LOG.info("{}: there is nothing to release: release {} has all of it", target.id(), with.number());
        }
        done(exchange, "same");
    }

    private void differs(Exchange exchange) {
        if (gathering.isRelease()) {
            exchange.setProperty(STAGE, "due");
        } else {
            again(exchange);
            exchange.setProperty(STAGE, "waits");
        }
    }

    // it stays pending, as a change that is seen only now
    private void again(Exchange exchange) {
        ChangeSet changes = exchange.getProperty(BacklogEndpoint.PENDING, ChangeSet.class);
        ChangeSet again = new ChangeSet();
        again.add("", Extent.LEVEL, changes.since());
        exchange.setProperty(BacklogEndpoint.AGAIN, again.byContent(changes.isByContent()));
        arrived(exchange);
        rest();
    }

    private synchronized void done(Exchange exchange, String stage) {
        exchange.setProperty(STAGE, stage);
        arrived(exchange);
        if (gathering.done() && memory.wanted() != null) {
            remember(memory.want(null));
        }
        rest();
    }

    private synchronized void rest() {
        comparing = false;
        underWay = null;
    }

    private static void arrived(Exchange exchange) {
        exchange.setProperty(BacklogEndpoint.OUTCOME, RunOutcome.ARRIVED.name().toLowerCase(Locale.ROOT));
    }

    /** Chooses the number of the next pass, and the releases that it shares files with. */
    public synchronized void plan(Exchange exchange, @ExchangeProperty(LISTED) ReleaseInventory inventory) {
        ReleasePlaceholders numbers = memory.next(inventory, highest);
        exchange.setProperty(ReleasePlaceholders.PROPERTY, numbers);
        remember(memory.begin(numbers.number()));
        underWay = numbers.number();
        comparing = false;
        pass++;
        LOG.info("{}: release {} is made{}", target.id(), numbers.number(), pass > 1 ? ", pass " + pass + ", as the source has changed meanwhile"
                : numbers.bases().isEmpty() ? "" : ", what has not changed is shared with " + numbers.bases().stream().map(String::valueOf)
                        .collect(Collectors.joining(", ")));
    }

    /**
     * Evaluates a pass.
     *
     * @throws RsyncException as {@link #seen}
     */
    public void passed(Exchange exchange, @ExchangeProperty(ReleasePlaceholders.PROPERTY) ReleasePlaceholders numbers) throws RsyncException, IOException {
        if (!fails(exchange, "release " + numbers.number() + " is not whole, and not shown")) {
            exchange.setProperty(PASSES, exchange.getProperty(PASSES, 0, Integer.class) + 1);
        }
    }

    /**
     * Checks after a successful pass whether the source was stable. If so, the release is complete. If not, another pass follows, or a
     * pause.
     */
    public void held(Exchange exchange, @ExchangeProperty(ReleasePlaceholders.PROPERTY) ReleasePlaceholders numbers,
            @ExchangeProperty(PASSES) int passes) {
        if (!backlog.absorb()) {
            exchange.setProperty(STAGE, "whole");
        } else if (passes >= MOST_PASSES) {
            LOG.warn("{}: the source has changed in each of {} passes: release {} is not shown. It is tried again when the source holds still",
                    target.id(), passes, numbers.number());
            gathering.restless();
            again(exchange);
            exchange.setProperty(STAGE, "restless");
        }
    }

    /**
     * Makes the link to a complete release, unless a person went back to another one while it was made. Waits while another link is being
     * set.
     */
    public synchronized void aim(Exchange exchange, @ExchangeProperty(ReleasePlaceholders.PROPERTY) ReleasePlaceholders numbers)
            throws IOException, InterruptedException {
        while (linking) {
            wait();
        }
        if (wentBack) {
            remember(memory.end(numbers.number()));
            LOG.warn("{}: release {} is whole and not shown, as somebody went back to release {} while it was made. To show it: dromedary"
                    + " rollback {} {}", target.id(), numbers.number(), memory.current(), target.id(), numbers.number());
            done(exchange, "aside");
            return;
        }
        linking = true;
        aim(exchange, link(), numbers.number());
    }

    private static void aim(Exchange exchange, Path folder, int number) throws IOException {
        exchange.setProperty(AIM, number);
        link(folder.resolve(Target.CURRENT), Target.RELEASES + '/' + number);
    }

    /**
     * Evaluates the run that has set the link.
     *
     * @throws RsyncException as {@link #seen}
     */
    public void shown(Exchange exchange, @ExchangeProperty(AIM) int aim) throws RsyncException, IOException {
        if (fails(exchange, "release " + aim + " is whole, but could not be shown")) {
            return;
        }
        synchronized (this) {
            remember(memory.end(aim).show(aim, Instant.now()));
        }
        done(exchange, "current");
        LOG.info("{}: release {} is current", target.id(), aim);
    }

    /** Lets others set a link. To be called after {@link #aim} or {@link #goBack}, whatever their result. */
    public synchronized void free(Exchange exchange) {
        if (exchange.removeProperty(AIM) != null) {
            linking = false;
            notifyAll();
        }
    }

    /** Chooses the releases of the target to delete, and writes the rules for it. The test link is deleted, too. */
    public synchronized void doom(@ExchangeProperty(LISTED) ReleaseInventory inventory) throws IOException {
        SortedSet<Integer> doomed = memory.doomed(inventory, target.releases());
        StringBuilder text = new StringBuilder("R /" + TRIAL + '\n');
        // each with all its content, and nothing else
        doomed.forEach(number -> text.append("R /" + Target.RELEASES + '/').append(number).append("/***\n"));
        StateFolder.write(rules(), text.append("P *\n").toString());
        if (!doomed.isEmpty()) {
            LOG.info("{}: deleted there, as {} releases are kept: {}", target.id(), target.releases(), doomed.stream().map(String::valueOf)
                    .collect(Collectors.joining(", ")));
            remember(memory.go(doomed));
        }
    }

    /** Notes that they are deleted; if the deletion failed, they are deleted with the next ones. */
    public synchronized void pruned(Exchange exchange) throws IOException {
        int exit = exit(exchange);
        if (exit == 0) {
            remember(memory.gone());
        } else {
            LOG.warn("{}: what is no more kept could not be deleted, and is with the next release: {}", target.id(),
                    ExitCodeTable.verdict(exit, said(exchange)).reason(exit, said(exchange)));
        }
    }

    /**
     * Makes the link to an earlier release, or to any other complete one. If that is impossible, it sets {@link BacklogEndpoint#OUTCOME}
     * and {@link BacklogEndpoint#REASON}.
     *
     * @param to its number; null for the one before the current one
     */
    public synchronized void goBack(Exchange exchange, @Header("to") String to) throws IOException {
        Optional<Integer> number = to == null ? memory.whole().headSet(memory.current()).stream().reduce((first, second) -> second)
                : Optional.of(to).filter(text -> text.matches("[1-9]\\d{0,8}")).map(Integer::valueOf);
        String fault = linking ? "another release is being shown just now; ask again in a moment"
                : memory.current() == 0 && to == null ? "there is no release at " + target.url().text() + " yet"
                : number.isEmpty() ? to == null ? "there is no release before " + memory.current() + ", which is current" : "there is no such number"
                : !memory.whole().contains(number.get()) ? "release " + number.get() + " is not at the target, or not known to be whole; there are "
                        + memory.whole().stream().map(String::valueOf).collect(Collectors.joining(", "))
                : null;
        if (fault != null) {
            end(exchange, RunOutcome.REFUSED, "there is no such release", fault);
            return;
        }
        linking = true;
        aim(exchange, back(), number.get());
    }

    /** Evaluates the run that has set that link. */
    public void wentBack(Exchange exchange, @ExchangeProperty(AIM) int aim) throws IOException {
        int exit = exit(exchange);
        ExitDiagnosis verdict = ExitCodeTable.verdict(exit, said(exchange));
        if (verdict.outcome() != RunOutcome.ARRIVED) {
            end(exchange, verdict.outcome(), verdict.cause(), "release " + aim + " could not be shown: " + verdict.reason(exit, said(exchange)));
            return;
        }
        LogContext.target(target.id());
        synchronized (this) {
            LOG.warn("{}: release {} is current again, by hand, in place of {}", target.id(), aim, memory.current());
            wentBack = true;
            remember(memory.show(aim, Instant.now()));
        }
        LogContext.clear();
        arrived(exchange);
    }

    /** Returns the status of the releases. */
    public synchronized ReleaseStatus standing() {
        boolean pending = backlog.size() > 0;
        String reason = !pending ? null
                : underWay != null ? "release " + underWay + " is made" + (pass > 1 ? ", pass " + pass : "")
                : comparing ? "the source is compared with release " + memory.newest()
                : gathering.waitsFor(target.id());
        return new ReleaseStatus(memory.current() == 0 ? null : memory.current(), memory.since(), List.copyOf(memory.whole()), underWay, reason);
    }

    private void remember(ReleaseMemory next) {
        if (next.equals(memory)) {
            return;
        }
        memory = next;
        try {
            next.write(file);
        } catch (IOException e) {
            LOG.warn("{}: its releases could not be remembered ({}): the target is asked after the next start", target.id(), e.toString());
        }
    }

    private boolean fails(Exchange exchange, String what) throws RsyncException, IOException {
        int exit = exit(exchange);
        String said = said(exchange);
        ExitDiagnosis verdict = ExitCodeTable.verdict(exit, said);
        if (verdict.outcome() == RunOutcome.ARRIVED) {
            return false;
        }
        String reason = what + ": " + verdict.reason(exit, said);
        end(exchange, verdict.outcome(), verdict.cause(), reason);
        ChangeSet changes = exchange.getProperty(BacklogEndpoint.PENDING, ChangeSet.class);
        if (verdict.outcome() == RunOutcome.PARTLY) {
            exchange.setProperty(BacklogEndpoint.PARKED, changes);
        }
        if (verdict.outcome() == RunOutcome.AWAY && changes != null) {
            throw new RsyncException(reason);
        }
        return true;
    }

    private synchronized void end(Exchange exchange, RunOutcome outcome, String cause, String reason) {
        exchange.setProperty(BacklogEndpoint.OUTCOME, outcome.name().toLowerCase(Locale.ROOT));
        exchange.setProperty(BacklogEndpoint.REASON, reason);
        exchange.setProperty(RunOutcomeClassifier.CAUSE, cause);
        if (exchange.getProperty(BacklogEndpoint.PENDING) != null) {
            rest();
        }
    }

    private static int exit(Exchange exchange) {
        return exchange.getIn().getHeader(ExecBinding.EXEC_EXIT_VALUE, Integer.class);
    }

    private static String said(Exchange exchange) throws IOException {
        InputStream stderr = exchange.getIn().getHeader(ExecBinding.EXEC_STDERR, InputStream.class);
        if (stderr == null) {
            return "";
        }
        stderr.reset();
        return new String(stderr.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
}
