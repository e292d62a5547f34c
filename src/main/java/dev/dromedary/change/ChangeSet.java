package dev.dromedary.change;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;

/**
 * A set of paths whose present state is owed. It says nothing of what happened to them, so sets merge in any order and
 * being told twice costs nothing.
 *
 * <p>Held as a tree of names, in which an owed folder swallows what it covers. Not safe for use by several threads at
 * once: whoever holds a set owns it.
 */
public final class ChangeSet {

    private static final class Node {
        private Extent extent;
        private Map<String, Node> children;

        private Node child(String name) {
            if (children == null) {
                children = new HashMap<>(4);
            }
            return children.computeIfAbsent(name, n -> new Node());
        }

        private boolean covers(Extent other) {
            return extent != null && extent.compareTo(other) >= 0;
        }
    }

    /** Receives what is owed, folders before what lies in them. */
    @FunctionalInterface
    public interface Visitor {
        void owed(String path, Extent extent);
    }

    private Node root = new Node();
    private int size;
    private long since = Long.MAX_VALUE;
    // a set that is on its way may be saved by another thread
    private final Set<String> letters = new ConcurrentSkipListSet<>();
    private boolean cutOff;
    private boolean byContent;

    /** Notes that files are to be compared by their content, and not by size and time. */
    public ChangeSet byContent(boolean is) {
        byContent = is;
        return this;
    }

    public boolean isByContent() {
        return byContent;
    }

    /** The whole of a source, as known at this moment. */
    public static ChangeSet wholeTree() {
        ChangeSet set = new ChangeSet();
        set.add("", Extent.TREE);
        return set;
    }

    /**
     * Owes a path, from now on.
     *
     * @param path   in the notation of {@link RawPath}
     * @param extent how much of it
     */
    public void add(String path, Extent extent) {
        add(path, extent, System.currentTimeMillis());
    }

    /** Owes a path since a moment, in milliseconds since 1970. */
    public void add(String path, Extent extent, long when) {
        since = Math.min(since, when);
        Node node = root;
        for (int start = 0; start < path.length();) {
            if (node.covers(Extent.TREE)) {
                return;
            }
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            if (slash < 0 && extent.compareTo(Extent.ENTRY) <= 0 && node.covers(Extent.LEVEL)) {
                return;
            }
            node = node.child(path.substring(start, end));
            start = end + 1;
        }
        own(node, extent);
    }

    private void own(Node node, Extent extent) {
        if (node.covers(extent)) {
            return;
        }
        if (node.extent == null) {
            size++;
        }
        node.extent = extent;
        if (node.children == null) {
            return;
        }
        if (extent == Extent.TREE) {
            node.children.values().forEach(child -> size -= count(child));
            node.children = null;
        } else if (extent == Extent.LEVEL) {
            node.children.values().removeIf(child -> {
                if (child.extent != null && child.extent.compareTo(Extent.ENTRY) <= 0) {
                    child.extent = null;
                    size--;
                }
                return child.extent == null && child.children == null;
            });
        }
    }

    private static int count(Node node) {
        int count = node.extent == null ? 0 : 1;
        if (node.children != null) {
            for (Node child : node.children.values()) {
                count += count(child);
            }
        }
        return count;
    }

    /** Owes all that another set owes, since when it was owed there, and takes over its dead letters. */
    public ChangeSet merge(ChangeSet other) {
        long when = other.since;
        other.forEach((path, extent) -> add(path, extent, when));
        letters.addAll(other.letters);
        cutOff |= other.cutOff;
        byContent |= other.byContent;
        return this;
    }

    /** Owes all that another set owed, from now on: it had arrived, and has to once more. */
    void again(ChangeSet other) {
        other.forEach(this::add);
    }

    /**
     * The same in fewer entries: beginning with the deepest, those that lie in one folder become the folder as a whole,
     * the fullest folders first.
     *
     * @param most how many entries it may have; the whole tree is one
     * @return a set that covers this one
     */
    public ChangeSet fold(int most) {
        ChangeSet folded = new ChangeSet().merge(this);
        while (folded.size() > Math.max(1, most)) {
            Map<String, Integer> fullest = folded.deepestFolders();
            for (String folder : fullest.keySet()) {
                folded.add(folder, Extent.TREE, since);
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

    /** Sets the moment of the oldest change, in milliseconds since 1970, for a set that was read from a record. */
    public ChangeSet since(long millis) {
        since = millis;
        return this;
    }

    /** The moment of the oldest change in here, in milliseconds since 1970; Long.MAX_VALUE if nothing is owed. */
    public long since() {
        return since;
    }

    /** Notes that carrying it was cut off, which may leave a temporary file beside each of its paths at the target. */
    public ChangeSet cutOff(boolean was) {
        cutOff = was;
        return this;
    }

    public boolean isCutOff() {
        return cutOff;
    }

    /** The folders in which a temporary file may have been left, each with what lies directly in it. */
    ChangeSet foldersToTidy() {
        ChangeSet folders = new ChangeSet();
        forEach((path, extent) -> folders.add(extent.compareTo(Extent.ENTRY) <= 0 ? RawPath.parent(path) : path,
                Extent.LEVEL));
        return folders;
    }

    /** Notes that this set was read from a dead letter, which may go once this set has arrived. */
    public ChangeSet letter(String id) {
        letters.add(id);
        return this;
    }

    /** Notes that one dead letter holds all of this set, in place of others. */
    void letters(Set<String> former, String id) {
        letters.add(id);
        letters.removeAll(former);
    }

    /** The ids of the dead letters whose content is in here. */
    public Set<String> letters() {
        return Set.copyOf(letters);
    }

    /**
     * The part of this set that has to do with one path: what is owed of it and of what lies below, and of the path itself
     * if a folder above is owed with it.
     */
    public ChangeSet owedAt(String path) {
        ChangeSet part = new ChangeSet().byContent(byContent);
        Node node = root;
        for (int start = 0; start < path.length() && node != null;) {
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            if (node.covers(Extent.TREE)) {
                part.add(path, Extent.TREE, since);
                return part;
            }
            if (slash < 0 && node.covers(Extent.LEVEL)) {
                part.add(path, Extent.ENTRY, since);
            }
            node = node.children == null ? null : node.children.get(path.substring(start, end));
            start = end + 1;
        }
        if (node != null) {
            visit(node, path, (below, extent) -> part.add(below, extent, since));
        }
        return part;
    }

    /** What is owed here and not by another set, entry by entry. */
    public ChangeSet without(ChangeSet other) {
        ChangeSet rest = new ChangeSet();
        forEach((path, extent) -> {
            if (!other.covers(path, extent)) {
                rest.add(path, extent, since);
            }
        });
        return rest.cutOff(cutOff).byContent(byContent);
    }

    private boolean covers(String path, Extent extent) {
        Node node = root;
        for (int start = 0; start < path.length();) {
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            if (node.covers(Extent.TREE)
                    || slash < 0 && extent.compareTo(Extent.ENTRY) <= 0 && node.covers(Extent.LEVEL)) {
                return true;
            }
            node = node.children == null ? null : node.children.get(path.substring(start, end));
            if (node == null) {
                return false;
            }
            start = end + 1;
        }
        return node.covers(extent);
    }

    /** The same in sets of so many entries at most, without their dead letters. */
    public List<ChangeSet> parts(int most) {
        List<ChangeSet> parts = new ArrayList<>();
        forEach((path, extent) -> {
            if (parts.isEmpty() || parts.get(parts.size() - 1).size() >= most) {
                parts.add(new ChangeSet().cutOff(cutOff).byContent(byContent));
            }
            parts.get(parts.size() - 1).add(path, extent, since);
        });
        return parts;
    }

    /** The most that is owed of any path; of an empty set, the least there is. */
    Extent mostOwed() {
        Extent[] most = {Extent.ATTRIBUTES};
        forEach((path, extent) -> most[0] = most[0].compareTo(extent) < 0 ? extent : most[0]);
        return most[0];
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** How many entries it holds; a folder owed as a whole counts once. */
    public int size() {
        return size;
    }

    /** Shows each owed path, parents first. */
    public void forEach(Visitor visitor) {
        visit(root, "", visitor);
    }

    private static void visit(Node node, String path, Visitor visitor) {
        if (node.extent != null) {
            visitor.owed(path, node.extent);
        }
        if (node.children != null) {
            node.children.forEach((name, child) -> visit(child, RawPath.child(path, name), visitor));
        }
    }

    /** Whether all of the source is owed. */
    public boolean isWholeTree() {
        return root.extent == Extent.TREE;
    }

    @Override
    public String toString() {
        if (isWholeTree()) {
            return "the whole tree";
        }
        return size == 1 ? "1 path" : size + " paths";
    }
}
