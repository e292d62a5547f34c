package dev.dromedary.watch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An index of known names of files with several names, limited in size. Lookups from a path to its file and from a file to its paths take
 * constant time. Not thread-safe.
 */
final class HardLinkIndex {

    /** A file with all of its known names. */
    static final class Linked {
        private final InodeId inode;
        private Name first;
        private int count;
        /** The number of its names that are not indexed: outside of the source, excluded, or not known yet. */
        private int elsewhere;
        private boolean stamped;
        private long stamp;

        private Linked(InodeId inode) {
            this.inode = inode;
        }

        InodeId inode() {
            return inode;
        }

        int count() {
            return count;
        }

        /** {@return its current paths, in no particular order} */
        List<String> paths() {
            List<String> paths = new ArrayList<>(count);
            for (Name name = first; name != null; name = name.next) {
                paths.add(name.path);
            }
            return paths;
        }

        /**
         * Records the {@link Statx#stamp} of its content.
         *
         * @return whether it equals the previous one; null if there was none
         */
        Boolean stamp(long now) {
            Boolean same = stamped ? stamp == now : null;
            stamped = true;
            stamp = now;
            return same;
        }

        /** {@return whether all of its names in the source are indexed, given its total number of links} */
        boolean isWhole(int links) {
            elsewhere = Math.min(elsewhere, Math.max(0, links - count));
            return links - count <= elsewhere;
        }

        /** Notes that all of its names in the source are indexed, whatever its number of links. */
        void whole() {
            elsewhere = Integer.MAX_VALUE;
        }
    }

    // linked with the other names of the same file, so that one of many can be removed in constant time
    private static final class Name {
        private final String path;
        private final Linked file;
        private Name before;
        private Name next;

        private Name(String path, Linked file) {
            this.path = path;
            this.file = file;
        }
    }

    private final int most;
    private final Map<InodeId, Linked> files = new HashMap<>();
    private final Map<String, Name> names = new HashMap<>();

    /** @param most the maximum number of names */
    HardLinkIndex(int most) {
        this.most = most;
    }

    /** {@return the file known at a path, or null} */
    Linked at(String path) {
        Name name = names.get(path);
        return name == null ? null : name.file;
    }

    /** {@return the file of an inode if any of its names is known, or null} */
    Linked of(InodeId inode) {
        return files.get(inode);
    }

    /**
     * Records that a path belongs to a file, and to no other.
     *
     * @return the file; null if there is no room for its name
     */
    Linked add(String path, InodeId inode) {
        Linked before = at(path);
        if (before != null && before.inode.equals(inode)) {
            return before;
        }
        remove(path);
        if (names.size() >= most) {
            return null;
        }
        Linked file = files.computeIfAbsent(inode, Linked::new);
        Name name = new Name(path, file);
        name.next = file.first;
        if (file.first != null) {
            file.first.before = name;
        }
        file.first = name;
        file.count++;
        names.put(path, name);
        return file;
    }

    /** Removes a name, and its file if that was the last one. */
    void remove(String path) {
        Name name = names.remove(path);
        if (name == null) {
            return;
        }
        Linked file = name.file;
        if (name.before == null) {
            file.first = name.next;
        } else {
            name.before.next = name.next;
        }
        if (name.next != null) {
            name.next.before = name.before;
        }
        if (--file.count == 0) {
            files.remove(file.inode);
        }
    }

    /** {@return the number of known names} */
    int size() {
        return names.size();
    }

    /** {@return whether there is room for a substantial number of further names} */
    boolean hasRoom() {
        return names.size() <= most - Math.max(1, most / 10);
    }

    /** {@return all known names} */
    List<String> paths() {
        return new ArrayList<>(names.keySet());
    }
}
