package dev.dromedary.change;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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
    private final Set<String> letters = new TreeSet<>();
    private boolean cutOff;

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
    void add(String path, Extent extent, long when) {
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

    /** The ids of the dead letters whose content is in here. */
    public Set<String> letters() {
        return Set.copyOf(letters);
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

    @Override
    public String toString() {
        if (root.extent == Extent.TREE) {
            return "the whole tree";
        }
        return size == 1 ? "1 path" : size + " paths";
    }
}
