package dev.dromedary.watch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The names that are known of files which have several, a bounded number of them. A look-up either way, from a path to its file and
 * from a file to its paths, takes the same time however many there are. Not for several threads at once.
 */
final class HardLinkIndex {

    /** One file, by all of its names. */
    static final class Linked {
        private final InodeId inode;
        private Name first;
        private int count;
        /** How many of its names are not in here: outside of the source, left out, or not known yet. */
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

        /** Its paths now, in no order. */
        List<String> paths() {
            List<String> paths = new ArrayList<>(count);
            for (Name name = first; name != null; name = name.next) {
                paths.add(name.path);
            }
            return paths;
        }

        /**
         * Notes what {@link Statx#stamp} says of its content.
         *
         * @return whether that is what was noted before; null if nothing was
         */
        Boolean stamp(long now) {
            Boolean same = stamped ? stamp == now : null;
            stamped = true;
            stamp = now;
            return same;
        }

        /** Whether it can't have a name in the source that is not in here, if it has so many in all. */
        boolean isWhole(int links) {
            elsewhere = Math.min(elsewhere, Math.max(0, links - count));
            return links - count <= elsewhere;
        }

        /** Notes that all of its names in the source are in here, however many it has in all. */
        void whole() {
            elsewhere = Integer.MAX_VALUE;
        }
    }

    // its neighbours among the names of the same file, so that one of many is taken out at once
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

    /** @param most how many names are kept */
    HardLinkIndex(int most) {
        this.most = most;
    }

    /** The file at a path, as far as is known; or null. */
    Linked at(String path) {
        Name name = names.get(path);
        return name == null ? null : name.file;
    }

    /** The file of that inode if any name of it is known, or null. */
    Linked of(InodeId inode) {
        return files.get(inode);
    }

    /**
     * Notes that a file is at a path, and no other file is.
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

    /** Forgets a name; a file without any is forgotten too. */
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

    /** How many names are known. */
    int size() {
        return names.size();
    }

    /** Whether there is room for a good many more. */
    boolean hasRoom() {
        return names.size() <= most - Math.max(1, most / 10);
    }

    /** All names now. */
    List<String> paths() {
        return new ArrayList<>(names.keySet());
    }
}
