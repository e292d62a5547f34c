package dev.dromedary.watch;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A watched folder, as a node in a tree of names. A path is built only when something happens there, so a tree of many folders costs their
 * names and little more.
 */
final class WatchedFolder {

    private String name;
    private WatchedFolder parent;
    private Map<String, WatchedFolder> children;
    int watch = -1;

    /** The source itself. */
    static WatchedFolder root() {
        return new WatchedFolder();
    }

    /** {@return the child folder of a name, created if it is not known} */
    WatchedFolder child(String childName) {
        if (children == null) {
            children = new HashMap<>(4);
        }
        return children.computeIfAbsent(childName, n -> {
            WatchedFolder child = new WatchedFolder();
            child.name = n;
            child.parent = this;
            return child;
        });
    }

    /** {@return the child folder of a name, or null} */
    WatchedFolder known(String childName) {
        return children == null ? null : children.get(childName);
    }

    Collection<WatchedFolder> children() {
        return children == null ? List.of() : children.values();
    }

    /** Adds a folder as a child under a name, replacing an existing child of that name. */
    void adopt(WatchedFolder child, String childName) {
        child.detach();
        WatchedFolder before = known(childName);
        if (before != null) {
            before.detach();
        }
        if (children == null) {
            children = new HashMap<>(4);
        }
        child.name = childName;
        child.parent = this;
        children.put(childName, child);
    }

    /** Removes this folder, with everything below it, from the tree. */
    void detach() {
        if (parent != null) {
            parent.children.remove(name, this);
            if (parent.children.isEmpty()) {
                parent.children = null;
            }
            parent = null;
        }
    }

    String name() {
        return name;
    }

    WatchedFolder parent() {
        return parent;
    }

    boolean isBelow(WatchedFolder root) {
        WatchedFolder folder = this;
        while (folder != root && folder != null) {
            folder = folder.parent;
        }
        return folder == root;
    }

    /** {@return the path from the root of the tree, in the notation of RawPath} */
    String path() {
        if (parent == null) {
            return "";
        }
        StringBuilder path = new StringBuilder();
        prepend(path);
        return path.toString();
    }

    private void prepend(StringBuilder path) {
        if (parent.parent != null) {
            parent.prepend(path);
            path.append('/');
        }
        path.append(name);
    }
}
