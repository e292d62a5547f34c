package dev.dromedary.watch;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A watched folder, as a node in a tree of names: a path is put together only when something happens there, so a tree
 * of many folders costs their names and little more.
 */
final class Folder {

    private String name;
    private Folder parent;
    private Map<String, Folder> children;
    int watch = -1;

    /** The source itself. */
    static Folder root() {
        return new Folder();
    }

    /** The folder of that name in here, made if it isn't known. */
    Folder child(String childName) {
        if (children == null) {
            children = new HashMap<>(4);
        }
        return children.computeIfAbsent(childName, n -> {
            Folder child = new Folder();
            child.name = n;
            child.parent = this;
            return child;
        });
    }

    /** The folder of that name in here, or null. */
    Folder known(String childName) {
        return children == null ? null : children.get(childName);
    }

    Collection<Folder> children() {
        return children == null ? List.of() : children.values();
    }

    /** Puts a folder here under a name; one of that name that was here is let go of. */
    void adopt(Folder child, String childName) {
        child.detach();
        Folder before = known(childName);
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

    /** Takes this folder, with all below it, out of the tree. */
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

    Folder parent() {
        return parent;
    }

    boolean isBelow(Folder root) {
        Folder folder = this;
        while (folder != root && folder != null) {
            folder = folder.parent;
        }
        return folder == root;
    }

    /** The path from the root of the tree, in the notation of RawPath. */
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
