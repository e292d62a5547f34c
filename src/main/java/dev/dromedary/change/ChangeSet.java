package dev.dromedary.change;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;

import dev.dromedary.clock.SteadyClock;

/**
 * A set of paths whose current state is pending. It does not say what happened to them, so sets merge in any order and adding a path twice
 * is harmless.
 *
 * <p>Not safe for use by several threads at once: whoever holds a set owns it.
 */
public final class ChangeSet {

    /** Receives pending paths, folders before what lies in them. */
    @FunctionalInterface
    public interface Visitor {
        void visit(String path, Extent extent);
    }

    private PathTree tree = new PathTree();
    // the entries of each move are pending too
    private final List<Move> moves = new ArrayList<>();
    private long since = Long.MAX_VALUE;
    // concurrent, as a set in flight may be saved by another thread
    private final Set<String> letters = new ConcurrentSkipListSet<>();
    private boolean cutOff;
    private boolean byContent;
    // null if there are none, which is the usual case
    private Set<FlushMarker> markers;

    /** Adds markers that travel with this set and merge with it. */
    public ChangeSet mark(Collection<FlushMarker> more) {
        if (!more.isEmpty()) {
            markers = markers == null ? new LinkedHashSet<>() : markers;
            markers.addAll(more);
        }
        return this;
    }

    /** The markers that travel with this set. */
    public Collection<FlushMarker> markers() {
        return markers == null ? List.of() : List.copyOf(markers);
    }

    /** Notes that files are to be compared by their content, and not by size and time. */
    public ChangeSet byContent(boolean is) {
        byContent = is;
        return this;
    }

    public boolean isByContent() {
        return byContent;
    }

    /** Returns the whole tree of a source, pending since now. */
    public static ChangeSet ofWholeTree() {
        ChangeSet set = new ChangeSet();
        set.add("", Extent.TREE);
        return set;
    }

    /**
     * Adds a path that is pending from now on.
     *
     * @param path   in the notation of {@link RawPath}
     * @param extent how much of it is pending
     */
    public void add(String path, Extent extent) {
        add(path, extent, SteadyClock.millis());
    }

    /** Adds a path that has been pending since a moment of {@link SteadyClock}. */
    public void add(String path, Extent extent, long when) {
        since = Math.min(since, when);
        tree.add(path, extent);
    }

    /**
     * Removes what another set has pending as well; for a path that is no folder any more, also what lies below it.
     *
     * @return whether anything was removed
     */
    public boolean subtract(ChangeSet other) {
        int before = tree.size();
        other.forEach(tree::subtract);
        return tree.size() < before;
    }

    /**
     * Adds the entries of a move, and remembers under which path a target has the content. Several moves in a row are one, from the path
     * before all of them. Content whose old path was pending anyway, as it had only just appeared there, counts as new.
     */
    public void moved(Move next) {
        ChangeSet entries = new ChangeSet().merge(next.entries());
        Move carrier = null;
        for (Move earlier : moves) {
            carrier = earlier.before(next.from()) == null ? carrier : earlier;
        }
        String from = carrier == null ? next.from() : carrier.before(next.from());
        boolean isNew = carrier == null && covers(from, Extent.ENTRY);
        for (ListIterator<Move> each = moves.listIterator(); each.hasNext();) {
            Move earlier = each.next();
            if (earlier == carrier) {
                if (next.from().equals(earlier.to())) {
                    entries.merge(earlier.entries());
                    each.remove();
                }
            } else if (RawPath.isAt(earlier.to(), next.from())) {
                String to = next.to() + earlier.to().substring(next.from().length());
                each.set(new Move(earlier.from(), to, earlier.folder(), earlier.certain(), earlier.entries()));
            } else if (RawPath.isAt(earlier.to(), next.to())) {
                // it was overwritten by this move
                each.remove();
                plain(earlier);
            }
        }
        Move move = new Move(from, next.to(), next.folder(), next.certain() && (carrier == null || carrier.certain()), entries);
        if (isNew || from.equals(next.to())) {
            plain(move);
        } else {
            moves.add(move);
        }
    }

    private void plain(Move move) {
        move.entries().forEach((path, extent) -> add(path, extent, move.entries().since));
    }

    /** The moves, in the order in which they happened. */
    public List<Move> moves() {
        return List.copyOf(moves);
    }

    /** Returns whether a target has some of this content under another path. */
    public boolean hasMoves() {
        return !moves.isEmpty();
    }

    /** Returns a copy without some of its moves and their entries. */
    public ChangeSet withoutMoves(List<Move> some) {
        ChangeSet rest = new ChangeSet().cutOff(cutOff).byContent(byContent);
        rest.letters.addAll(letters);
        tree.forEach((path, extent) -> rest.add(path, extent, since));
        moves.stream().filter(move -> !some.contains(move)).forEach(rest.moves::add);
        return rest;
    }

    /** Removes and returns everything that is pending for another reason than a move. */
    public ChangeSet takeAllButMoves() {
        ChangeSet rest = new ChangeSet();
        tree.forEach((path, extent) -> rest.add(path, extent, since));
        tree = new PathTree();
        return rest;
    }

    /** Removes one path or one move, and returns it as a set, which takes over the dead letters only if nothing else is left. */
    public ChangeSet takeFirst() {
        ChangeSet first = new ChangeSet().cutOff(cutOff).byContent(byContent);
        if (moves.isEmpty()) {
            String[] path = new String[1];
            tree.forEach((pending, extent) -> {
                if (path[0] == null) {
                    path[0] = pending;
                    first.add(pending, extent, since);
                }
            });
            tree.remove(path[0]);
        } else {
            first.moves.add(moves.remove(0));
        }
        if (isEmpty()) {
            first.letters.addAll(letters);
            letters.clear();
        }
        return first;
    }

    /** Adds everything pending in another set, with its time, and takes over its dead letters. */
    public ChangeSet merge(ChangeSet other) {
        long when = other.since;
        other.moves.forEach(this::moved);
        other.tree.forEach((path, extent) -> add(path, extent, when));
        letters.addAll(other.letters);
        cutOff |= other.cutOff;
        byContent |= other.byContent;
        return mark(other.markers());
    }

    /**
     * Returns a copy with fewer entries. Starting at the deepest level, the entries in one folder are replaced by the whole folder, the
     * fullest folders first.
     *
     * @param most how many entries it may have; the whole tree is one
     * @return a set that covers this one
     */
    public ChangeSet fold(int most) {
        ChangeSet folded = new ChangeSet().cutOff(cutOff).byContent(byContent);
        folded.letters.addAll(letters);
        forEach((path, extent) -> folded.add(path, extent, since()));
        while (folded.size() > Math.max(1, most)) {
            Map<String, Integer> fullest = folded.deepestFolders();
            for (String folder : fullest.keySet()) {
                folded.add(folder, Extent.TREE, since());
                if (folded.size() <= most) {
                    break;
                }
            }
        }
        return folded;
    }

    // the folders of the deepest entries, the fullest first
    private Map<String, Integer> deepestFolders() {
        int[] deepest = {0};
        forEach((path, extent) -> deepest[0] = Math.max(deepest[0], depth(path)));
        Map<String, Integer> counts = new HashMap<>();
        forEach((path, extent) -> {
            if (depth(path) == deepest[0]) {
                counts.merge(RawPath.parent(path), 1, Integer::sum);
            }
        });
        return counts.entrySet().stream().sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, LinkedHashMap::new));
    }

    private static int depth(String path) {
        return path.isEmpty() ? 0 : (int) path.chars().filter(c -> c == '/').count() + 1;
    }

    /** Sets when the oldest change came, by {@link SteadyClock}, for a set that was read from a record. */
    public ChangeSet since(long millis) {
        since = millis;
        return this;
    }

    /** When the oldest change in this set came, by {@link SteadyClock}; Long.MAX_VALUE if nothing is pending. */
    public long since() {
        return moves.stream().mapToLong(move -> move.entries().since).reduce(since, Math::min);
    }

    /** Notes that a transfer was cut off, which may leave a temporary file beside each of the set's paths at the target. */
    public ChangeSet cutOff(boolean was) {
        cutOff = was;
        return this;
    }

    public boolean isCutOff() {
        return cutOff;
    }

    /** The folders in which a temporary file may have been left, each with what lies directly in it. */
    public ChangeSet foldersToTidy() {
        ChangeSet folders = new ChangeSet();
        forEach((path, extent) -> folders.add(extent.compareTo(Extent.ENTRY) <= 0 ? RawPath.parent(path) : path,
                Extent.LEVEL));
        return folders;
    }

    /** Notes that this set was read from a dead letter, which may be removed once this set has arrived. */
    public ChangeSet letter(String id) {
        letters.add(id);
        return this;
    }

    /** Notes that one dead letter holds all of this set, and replaces others. */
    public void letters(Set<String> former, String id) {
        letters.add(id);
        letters.removeAll(former);
    }

    /** The ids of the dead letters whose content is in this set. */
    public Set<String> letters() {
        return Set.copyOf(letters);
    }

    /**
     * Returns the part of this set that concerns one path: what is pending of it and below it, and the path itself if it is covered by a
     * folder above it.
     */
    public ChangeSet pendingAt(String path) {
        ChangeSet part = new ChangeSet().byContent(byContent);
        moves.forEach(move -> part.merge(move.entries().pendingAt(path)));
        tree.forEachAt(path, (at, extent) -> part.add(at, extent, since));
        return part;
    }

    /** Returns what is pending here and not in another set, entry by entry. */
    public ChangeSet without(ChangeSet other) {
        ChangeSet rest = new ChangeSet();
        forEach((path, extent) -> {
            if (!other.covers(path, extent)) {
                rest.add(path, extent, since());
            }
        });
        return rest.cutOff(cutOff).byContent(byContent);
    }

    /** Returns a copy without what another set has pending, and without the dead letters that held that. */
    public ChangeSet forget(Set<String> some, ChangeSet other) {
        ChangeSet rest = without(other);
        if (rest.isEmpty()) {
            // any other letter that no set holds is read again
            return new ChangeSet();
        }
        letters.stream().filter(letter -> !some.contains(letter)).forEach(rest::letter);
        return rest;
    }

    /** Returns whether a path is pending, by itself or with a folder above it. */
    public boolean covers(String path, Extent extent) {
        return moves.stream().anyMatch(move -> move.entries().covers(path, extent)) || tree.covers(path, extent);
    }

    /**
     * Returns whether a run with this set may change or remove a path or something below it: whether something in the same top folder is
     * pending. If what is pending is gone together with folders above it, the run removes the topmost of these, with all that is in it.
     */
    public boolean touches(String path) {
        return !isEmpty() && (tree.touches(path) || moves.stream().anyMatch(move -> move.entries().touches(path)));
    }

    /** Splits this set into sets of at most so many entries, without their dead letters. */
    public List<ChangeSet> parts(int most) {
        List<ChangeSet> parts = new ArrayList<>();
        forEach((path, extent) -> {
            if (parts.isEmpty() || parts.get(parts.size() - 1).size() >= most) {
                parts.add(new ChangeSet().cutOff(cutOff).byContent(byContent));
            }
            parts.get(parts.size() - 1).add(path, extent, since());
        });
        return parts;
    }

    /** The widest extent of any path; for an empty set, the narrowest there is. */
    public Extent widestExtent() {
        Extent[] most = {Extent.ATTRIBUTES};
        forEach((path, extent) -> most[0] = most[0].compareTo(extent) < 0 ? extent : most[0]);
        return most[0];
    }

    public boolean isEmpty() {
        return tree.isEmpty() && moves.isEmpty();
    }

    /** The number of entries; a folder that is pending as a whole counts once. */
    public int size() {
        return moves.stream().mapToInt(move -> move.entries().tree.size()).reduce(tree.size(), Integer::sum);
    }

    /** Visits each pending path, parents first; the entries of moves come last. */
    public void forEach(Visitor visitor) {
        tree.forEach(visitor);
        moves.forEach(move -> move.entries().tree.forEach(visitor));
    }

    /** Returns whether the whole source is pending. */
    public boolean isWholeTree() {
        return tree.isWhole();
    }

    @Override
    public String toString() {
        if (isWholeTree()) {
            return "the whole tree";
        }
        return size() == 1 ? "1 path" : size() + " paths";
    }
}
