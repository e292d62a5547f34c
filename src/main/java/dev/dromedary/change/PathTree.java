package dev.dromedary.change;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * Keeps paths, each with its pending extent, as a tree of names in which a folder replaces the entries that it covers. Paths are in the
 * notation of {@link RawPath}. Not safe for use by several threads at once.
 */
final class PathTree {

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

    private final Node root = new Node();
    private int size;

    /** The number of entries; a folder that is pending as a whole counts once. */
    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Returns whether the whole source is in it. */
    boolean isWhole() {
        return root.extent == Extent.TREE;
    }

    void add(String path, Extent extent) {
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
        if (extent == Extent.LEAF && (node.extent == null || node.extent.compareTo(Extent.ENTRY) <= 0)) {
            dropBelow(node);
            size += node.extent == null ? 1 : 0;
            node.extent = Extent.LEAF;
            return;
        }
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
            dropBelow(node);
        } else if (extent == Extent.LEVEL) {
            dropEntriesIn(node);
        }
    }

    private void dropBelow(Node node) {
        if (node.children != null) {
            node.children.values().forEach(child -> size -= count(child));
            node.children = null;
        }
    }

    /** Removes what a transfer of this extent of a path includes; for a path that is no folder any more, also what lies below it. */
    void subtract(String path, Extent extent) {
        Node node = root;
        for (int start = 0; start < path.length();) {
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            node = node.children == null ? null : node.children.get(path.substring(start, end));
            if (node == null) {
                return;
            }
            start = end + 1;
        }
        Extent carried = extent == Extent.LEAF ? Extent.ENTRY : extent;
        if (node.extent != null && node.extent.compareTo(carried) <= 0) {
            node.extent = null;
            size--;
        }
        if (extent == Extent.TREE || extent == Extent.LEAF) {
            dropBelow(node);
        } else if (extent == Extent.LEVEL && node.children != null) {
            dropEntriesIn(node);
        }
    }

    private void dropEntriesIn(Node node) {
        node.children.values().removeIf(child -> {
            if (child.extent != null && child.extent.compareTo(Extent.ENTRY) <= 0) {
                child.extent = null;
                size--;
            }
            return child.extent == null && child.children == null;
        });
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

    /** Removes a path that has an entry of its own. */
    void remove(String path) {
        remove(root, path, 0);
    }

    private boolean remove(Node node, String path, int start) {
        if (start > path.length() || path.isEmpty()) {
            size -= node.extent == null ? 0 : 1;
            node.extent = null;
        } else if (node.children != null) {
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            String name = path.substring(start, end);
            Node child = node.children.get(name);
            if (child != null && remove(child, path, end + 1)) {
                node.children.remove(name);
                node.children = node.children.isEmpty() ? null : node.children;
            }
        }
        return node.extent == null && node.children == null;
    }

    /** Returns whether a path is in the tree, by itself or with a folder above it. */
    boolean covers(String path, Extent extent) {
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

    /** Returns whether the whole source is pending, with whatever extent, or something in the same top folder as a path. */
    boolean touches(String path) {
        int slash = path.indexOf('/');
        return path.isEmpty() || root.extent != null
                || root.children != null && root.children.containsKey(slash < 0 ? path : path.substring(0, slash));
    }

    /** Visits what is pending of one path and below it, and the path itself if a folder above it covers it. */
    void forEachAt(String path, ChangeSet.Visitor visitor) {
        Node node = root;
        for (int start = 0; start < path.length() && node != null;) {
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            if (node.covers(Extent.TREE)) {
                visitor.visit(path, Extent.TREE);
                return;
            }
            if (slash < 0 && node.covers(Extent.LEVEL)) {
                visitor.visit(path, Extent.ENTRY);
            }
            node = node.children == null ? null : node.children.get(path.substring(start, end));
            start = end + 1;
        }
        if (node != null) {
            visit(node, path, visitor);
        }
    }

    /** Visits each path, parents first. */
    void forEach(ChangeSet.Visitor visitor) {
        visit(root, "", visitor);
    }

    /** A folder that is being visited, with its remaining children. */
    private record Open(String path, Iterator<Map.Entry<String, Node>> left) {
    }

    // not recursive: a path may have two thousand folders
    private static void visit(Node top, String topPath, ChangeSet.Visitor visitor) {
        Deque<Open> open = new ArrayDeque<>();
        enter(top, topPath, visitor, open);
        while (!open.isEmpty()) {
            Open folder = open.peek();
            if (folder.left.hasNext()) {
                Map.Entry<String, Node> child = folder.left.next();
                enter(child.getValue(), RawPath.child(folder.path, child.getKey()), visitor, open);
            } else {
                open.pop();
            }
        }
    }

    private static void enter(Node node, String path, ChangeSet.Visitor visitor, Deque<Open> open) {
        if (node.extent != null) {
            visitor.visit(path, node.extent);
        }
        if (node.children != null) {
            open.push(new Open(path, node.children.entrySet().iterator()));
        }
    }
}
