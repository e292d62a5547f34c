package dev.dromedary.deadletter;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import dev.dromedary.backlog.Backlog;
import dev.dromedary.backlog.ExponentialBackoff;
import dev.dromedary.backlog.RunOutcome;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.RawPath;
import dev.dromedary.clock.SteadyClock;
import dev.dromedary.state.StateFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the dead letters of one target, one file each. A letter that was given to the backlog is on loan until all of its parts have
 * arrived or were kept again. Safe for use by several threads.
 */
final class TargetDeadLetters {

    private static final Logger LOG = LoggerFactory.getLogger(TargetDeadLetters.class);
    private static final String ENDING = ".jsonl";
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'")
            .withZone(ZoneOffset.UTC);
    // one failing run must not hold back too many other paths; a letter that fails again is sent in ever smaller parts
    private static final int LARGEST_PART = 2000;
    private static final int MOST_HALVINGS = 11;
    private static final int MOST_LETTERS = 12;
    private static final int MOST_PATHS = 100_000;
    private static final int SHOWN = 10;

    private final String target;
    private final Path folder;
    private final Path quarantine;
    private ExponentialBackoff pace;
    private final AtomicLong count = new AtomicLong();
    private final Map<String, Set<String>> onLoan = new HashMap<>();
    private final Map<String, DeadLetterHeader> heads = new TreeMap<>();
    private final Set<String> hurried = new HashSet<>();
    // letters that can neither be trusted nor moved away; the whole tree is pending in their place already
    private final Set<String> unusable = new HashSet<>();

    /**
     * @param target     mirror/target
     * @param folder     the folder of the letters
     * @param quarantine the folder for letters that can't be trusted
     * @param pace       how soon a path is retried that failed for a reason of its own
     */
    TargetDeadLetters(String target, Path folder, Path quarantine, ExponentialBackoff pace) {
        this.target = target;
        this.folder = folder;
        this.quarantine = quarantine;
        this.pace = pace;
    }

    synchronized void pace(ExponentialBackoff another) {
        pace = another;
    }

    /** Removes files that a crash has left half written. */
    synchronized void tidy() throws IOException {
        for (Path file : files(".tmp")) {
            if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                Files.deleteIfExists(file);
            }
        }
    }

    /**
     * Keeps what a run did not transfer, and removes the letters that it came from.
     *
     * @param parked the part that failed for a reason of its own, and waits longer; null if none
     * @param replay whether it has failed before
     * @return the file that holds it now
     */
    synchronized Path keep(ChangeSet changes, ChangeSet parked, RunOutcome outcome, String reason, boolean replay)
            throws IOException {
        Instant now = Instant.now();
        int attempts = 1;
        Instant first = now;
        for (String letter : changes.letters()) {
            DeadLetterHeader head = heads.get(file(letter));
            if (head != null && head.attempts() > 0) {
                attempts = Math.max(attempts, head.attempts() + 1);
                first = first.isBefore(head.first()) ? first : head.first();
            }
        }
        Instant later = later(attempts, first, now);
        boolean someParked = parked != null && !parked.isEmpty();
        ChangeSet rest = !someParked ? changes : outcome == RunOutcome.PARTLY ? new ChangeSet() : changes.without(parked);
        Path file = folder;
        if (someParked) {
            file = park(reason, first, now, attempts, parked);
        }
        if (!rest.isEmpty()) {
            file = write(new DeadLetter(target, reason, first, now, attempts, replay ? later : now, false, rest));
        }
        forget(changes.letters());
        mergeIfMany(true);
        mergeIfMany(false);
        return file;
    }

    // many attempts within a moment, by a path that changes all the time, are no reason to wait for long
    private Instant later(int attempts, Instant first, Instant now) {
        long failing = Math.max(0, Duration.between(first, now).toMillis());
        return now.plusMillis(Math.min(pace.delay(attempts), pace.longest(1) + 2 * failing));
    }

    // a path that fails again and again, as it changes, has one letter
    private Path park(String reason, Instant first, Instant now, int attempts, ChangeSet parked) throws IOException {
        int most = attempts;
        Instant earliest = first;
        long since = Long.MAX_VALUE;
        List<Path> replaced = new ArrayList<>();
        ChangeSet rest = parked;
        Path other = folder;
        for (DeadLetterHeader head : List.copyOf(heads.values())) {
            Path file = folder.resolve(head.id());
            DeadLetter letter = head.failed() && !onLoan.containsKey(head.id()) && head.paths() <= LARGEST_PART
                    ? read(file, new ArrayList<>()) : null;
            if (letter == null || letter.changes().isByContent() != parked.isByContent()) {
                continue;
            }
            if (letter.changes().without(parked).isEmpty()) {
                most = Math.max(most, letter.attempts() + 1);
                earliest = earliest.isBefore(letter.first()) ? earliest : letter.first();
                since = Math.min(since, letter.changes().since());
                replaced.add(file);
            } else {
                // retried with that letter
                rest = rest.without(letter.changes());
                other = file;
            }
        }
        if (rest.isEmpty()) {
            return other;
        }
        ChangeSet all = new ChangeSet().merge(rest).since(Math.min(since, parked.since()));
        Path file = write(new DeadLetter(target, reason, earliest, now, most, later(most, earliest, now), true, all));
        for (Path each : replaced) {
            remove(each);
        }
        return file;
    }

    private void remove(Path file) throws IOException {
        heads.remove(file.getFileName().toString());
        hurried.remove(file.getFileName().toString());
        Files.deleteIfExists(file);
    }

    /** Saves what stays in the backlog to disk, and returns the id of its letter. */
    synchronized String save(ChangeSet changes, String reason) throws IOException {
        Instant now = Instant.now();
        String id = write(new DeadLetter(target, reason, now, now, 0, now, false, changes)).getFileName().toString();
        return lend(id, 0);
    }

    private String lend(String id, int part) {
        String letter = id + '#' + part;
        onLoan.computeIfAbsent(id, key -> new HashSet<>()).add(letter);
        return letter;
    }

    /** Removes the letters whose parts have all arrived or were kept again. */
    synchronized void forget(Set<String> letters) throws IOException {
        for (String letter : letters) {
            String id = file(letter);
            Set<String> parts = onLoan.get(id);
            if (parts != null && parts.remove(letter) && parts.isEmpty()) {
                onLoan.remove(id);
                remove(folder.resolve(id));
            }
        }
    }

    /** Makes letters due whose paths have all arrived by another run: whatever made them fail is over. */
    synchronized void arrived(ChangeSet changes) {
        for (DeadLetterHeader head : List.copyOf(heads.values())) {
            if (head.failed() && !onLoan.containsKey(head.id()) && changes.covers(head.path(), Extent.ATTRIBUTES)) {
                DeadLetter letter = read(folder.resolve(head.id()), new ArrayList<>());
                if (letter != null && letter.changes().without(changes).isEmpty()) {
                    hurried.add(head.id());
                }
            }
        }
    }

    /** Takes back what is on loan and nobody holds, so that it is due again: a run may end while it is being saved. */
    synchronized void reclaim(Set<String> held) {
        onLoan.values().removeIf(parts -> Collections.disjoint(parts, held));
    }

    private static String file(String letter) {
        return letter.substring(0, letter.indexOf('#'));
    }

    /** Lends out what is due, in sets of a bounded size. */
    synchronized List<ChangeSet> due() throws IOException {
        List<ChangeSet> due = new ArrayList<>();
        for (Path file : files(ENDING)) {
            String id = file.getFileName().toString();
            DeadLetterHeader known = heads.get(id);
            if (onLoan.containsKey(id) || known != null && waits(known) && !hurried.contains(id)) {
                continue;
            }
            boolean early = hurried.remove(id);
            DeadLetter letter = read(file, due);
            if (letter != null && (early || !waits(heads.get(id)))) {
                int most = Math.max(1, Math.min(LARGEST_PART, letter.changes().size())
                        >> Math.min(MOST_HALVINGS, Math.max(0, letter.attempts() - 1)));
                List<ChangeSet> parts = letter.changes().parts(most);
                for (int i = 0; i < parts.size(); i++) {
                    due.add(parts.get(i).letter(lend(id, i)));
                }
            }
        }
        return due;
    }

    private static boolean waits(DeadLetterHeader letter) {
        return letter.next() > SteadyClock.millis();
    }

    // for letters of an earlier process: one that waits for longer than the longest delay, or was last tried in the future, was written
    // under a clock that was set differently
    private long next(DeadLetter letter) {
        Instant now = Instant.now();
        boolean certain = !letter.last().isAfter(now) && !letter.next().isAfter(now.plusMillis(pace.longest()));
        return SteadyClock.millis() + (certain ? Math.max(0, Duration.between(now, letter.next()).toMillis()) : 0);
    }

    // null if it is gone or unusable; then the whole tree is pending in its place. One bad letter does not keep others from being read
    private DeadLetter read(Path file, List<ChangeSet> instead) {
        String id = file.getFileName().toString();
        if (unusable.contains(id)) {
            return null;
        }
        try {
            DeadLetter letter = DeadLetter.read(content(file), target);
            DeadLetterHeader known = heads.get(id);
            heads.put(id, waiting(id, letter, known != null ? known.next() : next(letter)));
            return letter;
        } catch (NoSuchFileException e) {
            return null;
        } catch (IllegalArgumentException e) {
            replace(file, e.getMessage(), instead);
        } catch (IOException | OutOfMemoryError e) {
            replace(file, "it can't be read (" + e + ")", instead);
        }
        return null;
    }

    // reading a pipe, or the target of a link, might never end
    private static byte[] content(Path file) throws IOException {
        if (!Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).isRegularFile()) {
            throw new IllegalArgumentException("it is no file");
        }
        return Files.readAllBytes(file);
    }

    private void replace(Path file, String why, List<ChangeSet> instead) {
        Instant now = Instant.now();
        try {
            Path tree = write(new DeadLetter(target, "a dead letter could not be trusted: " + why,
                    now, now, 0, now, false, ChangeSet.ofWholeTree()));
            instead.add(ChangeSet.ofWholeTree().letter(lend(tree.getFileName().toString(), 0)));
        } catch (IOException e) {
            LOG.error("{}: the dead letter {} can't be trusted, because {}, and nothing can be written in its place ({}): it stays where it"
                    + " is, and is looked at again", target, file, why, e.toString());
            return;
        }
        try {
            setAside(file, why);
            LOG.error("{}: the dead letter {} can't be trusted, because {}: it is kept in {}, and the whole tree is compared"
                    + " instead", target, file, why, quarantine);
        } catch (IOException e) {
            unusable.add(file.getFileName().toString());
            LOG.error("{}: the dead letter {} can't be trusted, because {}: the whole tree is compared instead. It can't be moved to {} ({});"
                    + " move it away, or the next start finds it again", target, file, why, quarantine, e.toString());
        }
    }

    /**
     * The pending changes of all letters except those on loan; the whole tree if one can't be read.
     *
     * @param held the parts of letters that the backlog has; one on loan that has not reached the backlog yet is included
     */
    synchronized ChangeSet pendingExcept(Set<String> held) {
        ChangeSet pending = new ChangeSet();
        try {
            for (Path file : files(ENDING)) {
                Set<String> parts = onLoan.get(file.getFileName().toString());
                if ((parts == null || !held.containsAll(parts)) && !unusable.contains(file.getFileName().toString())) {
                    pending.merge(changes(file));
                }
            }
        } catch (IOException e) {
            pending.add("", Extent.TREE);
        }
        return pending;
    }

    private ChangeSet changes(Path file) {
        try {
            return DeadLetter.read(content(file), target).changes();
        } catch (NoSuchFileException e) {
            return new ChangeSet();
        } catch (IllegalArgumentException | IOException e) {
            return ChangeSet.ofWholeTree();
        }
    }

    /** Moves all letters to the quarantine, with a reason, and trusts none of them. */
    synchronized int setAsideAll(String reason) throws IOException {
        int aside = 0;
        for (Path file : files(ENDING)) {
            try {
                setAside(file, reason);
                aside++;
            } catch (IOException e) {
                LOG.warn("{}: the dead letter {} can't be moved to {} ({}): move it away by hand", target, file, quarantine, e.toString());
            }
        }
        return aside;
    }

    private void setAside(Path file, String reason) throws IOException {
        StateFolder.make(quarantine);
        heads.remove(file.getFileName().toString());
        StateFolder.write(quarantine.resolve(file.getFileName() + ".reason"), reason + '\n');
        Files.move(file, quarantine.resolve(file.getFileName()), StandardCopyOption.ATOMIC_MOVE);
    }

    // what fails a little each time would leave a letter each time
    private void mergeIfMany(boolean failed) throws IOException {
        List<Path> files = heads.values().stream().filter(head -> head.failed() == failed && !onLoan.containsKey(head.id()))
                .map(head -> folder.resolve(head.id())).toList();
        if (files.size() <= MOST_LETTERS) {
            return;
        }
        List<ChangeSet> instead = new ArrayList<>();
        ChangeSet all = new ChangeSet();
        List<Path> merged = new ArrayList<>();
        DeadLetter oldest = null;
        long next = Long.MAX_VALUE;
        int attempts = Integer.MAX_VALUE;
        for (Path file : files) {
            DeadLetter letter = read(file, instead);
            if (letter != null) {
                all.merge(letter.changes());
                merged.add(file);
                oldest = oldest == null ? letter : oldest;
                next = Math.min(next, heads.get(file.getFileName().toString()).next());
                attempts = Math.min(attempts, letter.attempts());
            }
        }
        if (oldest != null) {
            Instant now = Instant.now();
            write(new DeadLetter(target, oldest.reason() + " (and others)", oldest.first(), now, attempts,
                    now.plusMillis(Math.max(0, next - SteadyClock.millis())), failed,
                    all.size() > MOST_PATHS ? all.fold(MOST_PATHS) : all));
            for (Path file : merged) {
                remove(file);
            }
        }
    }

    /** All known letters, on loan or not. */
    synchronized List<DeadLetterHeader> all() {
        return List.copyOf(heads.values());
    }

    /** Returns whether a letter is in the backlog, or in flight from there. */
    synchronized boolean isOnLoan(String id) {
        return onLoan.containsKey(id);
    }

    /** Makes letters due, whenever their next attempt was planned. */
    synchronized void hurry(Collection<String> ids) {
        hurried.addAll(ids);
        hurried.retainAll(heads.keySet());
    }

    /**
     * Moves a letter to the quarantine, as nobody wants its content sent any more.
     *
     * @param backlog the backlog that it may be on loan to
     * @return false if a run has it in flight, so that it may be arriving
     * @throws NoSuchFileException if there is none
     */
    boolean discard(String id, Backlog backlog, String reason) throws IOException {
        Set<String> parts;
        synchronized (this) {
            if (!heads.containsKey(id)) {
                throw new NoSuchFileException(id);
            }
            parts = Set.copyOf(onLoan.getOrDefault(id, Set.of()));
        }
        // called without this lock, as a backlog calls this class with its own lock held
        if (!parts.isEmpty() && !backlog.forget(parts, DeadLetter.read(content(folder.resolve(id)), target).changes())) {
            return false;
        }
        synchronized (this) {
            onLoan.remove(id);
            setAside(folder.resolve(id), reason);
        }
        return true;
    }

    /**
     * The pending paths of a letter, in the order of its file.
     *
     * @throws NoSuchFileException      if there is no such letter
     * @throws IllegalArgumentException if it can't be trusted; the message says why
     */
    List<PendingPath> paths(String id) throws IOException {
        synchronized (this) {
            if (!heads.containsKey(id)) {
                throw new NoSuchFileException(id);
            }
        }
        List<PendingPath> paths = new ArrayList<>();
        DeadLetter.read(content(folder.resolve(id)), target).changes()
                .forEach((path, extent) -> paths.add(new PendingPath(RawPath.escape(path), extent)));
        return paths;
    }

    /** The number of letters, on loan or not. */
    int count() {
        try {
            return files(ENDING).size();
        } catch (IOException e) {
            return 0;
        }
    }

    private List<Path> files(String ending) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(ending)).sorted().toList();
        }
    }

    // written completely or not at all, and durable after a power cut: rename(2) is atomic, fsync(2) of file and folder make it last
    private Path write(DeadLetter letter) throws IOException {
        StateFolder.make(folder);
        String id = MOMENT.format(Instant.now()) + '-' + count.incrementAndGet() + ENDING;
        Path unfinished = folder.resolve(id + ".tmp");
        try {
            StateFolder.write(unfinished, letter.bytes());
            sync(unfinished, StandardOpenOption.WRITE);
            Path file = Files.move(unfinished, folder.resolve(id), StandardCopyOption.ATOMIC_MOVE);
            sync(folder, StandardOpenOption.READ);
            // both of its times were taken together, so a clock set since does not matter
            heads.put(id, waiting(id, letter, SteadyClock.millis() + Duration.between(letter.last(), letter.next()).toMillis()));
            return file;
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private static DeadLetterHeader waiting(String id, DeadLetter letter, long next) {
        return new DeadLetterHeader(id, letter.changes().size(), letter.reason(), letter.attempts(),
                letter.changes().since(), letter.first(), letter.failed(), some(letter.changes()), first(letter.changes()), next);
    }

    private static String first(ChangeSet changes) {
        List<String> first = new ArrayList<>();
        changes.forEach((path, extent) -> {
            if (first.isEmpty()) {
                first.add(path);
            }
        });
        return first.isEmpty() ? "" : first.get(0);
    }

    private static List<String> some(ChangeSet changes) {
        List<String> some = new ArrayList<>();
        changes.forEach((path, extent) -> {
            if (some.size() < SHOWN) {
                some.add(path.isEmpty() ? "the whole tree" : RawPath.shown(path));
            }
        });
        return some;
    }

    /** The letters that wait on disk and are not in the backlog. */
    synchronized List<DeadLetterHeader> waiting() {
        return heads.values().stream().filter(letter -> !onLoan.containsKey(letter.id())).toList();
    }

    private static void sync(Path path, StandardOpenOption mode) throws IOException {
        try (FileChannel channel = FileChannel.open(path, mode)) {
            channel.force(true);
        }
    }
}
