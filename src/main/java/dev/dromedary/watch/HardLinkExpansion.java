package dev.dromedary.watch;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.RawPath;
import dev.dromedary.filter.PathFilter;
import dev.dromedary.watch.HardLinkIndex.Linked;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Enqueues all names of a file with several names when one of them is pending, because inotify(7) reports a change only under the name by
 * which the file was opened. Names are collected from events, and by a walk on a separate thread. If fewer names are known than the file
 * has, another walk looks for the others, which are enqueued when it has ended.
 *
 * <p>A name that appears or disappears is no change of the file itself. But a file in a folder that has just appeared may have been written
 * under its new name before it was first examined. It counts as written if its size or modification time differs, or if it was written just
 * now, because two versions within one tick of the kernel's clock have the same time.
 */
final class HardLinkExpansion implements EventExpansion {

    /** This many names take 53 MB if each file has two of them, 65 MB if only one name of each is in the source. */
    static final int MOST_NAMES = 250_000;

    private static final Logger LOG = LoggerFactory.getLogger(HardLinkExpansion.class);
    private static final long JUST_NOW_MILLIS = 2000;

    /**
     * What to enqueue for a file's names once all of them are known.
     *
     * @param extent the extent of the change
     * @param told   the paths that were enqueued already
     * @param walk   the number of the last walk that had started by then
     */
    private record Pending(Extent extent, Set<String> told, long walk) {
    }

    private final String source;
    private final boolean joined;
    private final Runnable wake;
    private final HardLinkIndex names;
    private final Statx statx = new Statx();
    private final HardLinkScanner search;
    private final Map<InodeId, Pending> pending = new HashMap<>();
    // files with names still to be found, with the number of the last walk that had started by then
    private final Map<InodeId, Long> partial = new HashMap<>();
    private ChangeSet found = new ChangeSet();
    private boolean full;
    private boolean said;

    /**
     * Starts to look for names at once.
     *
     * @param source the source, in the notation of {@link RawPath}
     * @param filter what is excluded
     * @param joined whether a target keeps the names as one file, so that all of them have to be sent together when one appears
     * @param most   the maximum number of names that are kept
     * @param wake   called when more changes are pending, so that {@link #expand} is called soon
     * @throws LinkageError if the C library has no statx(2)
     */
    HardLinkExpansion(String source, PathFilter filter, boolean joined, int most, Runnable wake) {
        this.source = source;
        this.joined = joined;
        this.wake = wake;
        this.names = new HardLinkIndex(most);
        this.search = new HardLinkScanner(source, filter, new HardLinkScanner.Sink() {
            @Override
            public void walked(String path, InodeId inode) {
                HardLinkExpansion.this.walked(path, inode);
            }

            @Override
            public void came(String path, Statx there) {
                HardLinkExpansion.this.came(path, there);
            }

            @Override
            public void walkEnded(long walk, Statx there) {
                HardLinkExpansion.this.walkEnded(walk, there);
            }

            @Override
            public void tidy(Statx there) {
                HardLinkExpansion.this.tidy(there);
            }
        });
        search.begin();
    }

    @Override
    public synchronized void expand(ChangeSet changes, Map<String, Extent> touched) {
        Map<Linked, Extent> also = new LinkedHashMap<>();
        touched.forEach((path, extent) -> {
            written(path, extent, also);
            changed(path, extent, extent, also);
        });
        changes.forEach((path, extent) -> {
            switch (extent) {
                case TREE -> search.everything();
                case LEVEL -> search.folder(path);
                default -> {
                    if (joined || !touched.containsKey(path)) {
                        // sent alone, it would become a separate file at a target that keeps hard links
                        changed(path, null, joined ? extent : null, also);
                    }
                }
            }
        });
        also.forEach((file, extent) -> enqueue(file, extent, Set.of(), changes, statx));
        changes.merge(found);
        found = new ChangeSet();
        if (full && names.hasRoom()) {
            full = false;
            search.everything();
        }
        say();
    }

    // an unknown name that is gone again may have belonged to any of the files whose names are being searched
    private void written(String path, Extent extent, Map<Linked, Extent> also) {
        if (!partial.isEmpty() && names.at(path) == null && !look(path, statx)) {
            partial.keySet().stream().map(names::of).filter(Objects::nonNull).forEach(file -> also.merge(file, extent, HardLinkExpansion::more));
        }
    }

    // the extents for the other names of the file that was here, and for the file that is here now; null for none
    private void changed(String path, Extent ofBefore, Extent ofPresent, Map<Linked, Extent> also) {
        boolean linked = isLinked(path, statx);
        Linked before = names.at(path);
        if (before != null && (!linked || !before.inode().equals(statx.inode()))) {
            names.remove(path);
            if (ofBefore != null) {
                // written under this name before the name went to another file
                also.merge(before, ofBefore, HardLinkExpansion::more);
            }
        }
        Linked file = linked ? named(path, statx) : null;
        if (file != null && ofPresent != null) {
            also.merge(file, ofPresent, HardLinkExpansion::more);
        } else if (file != null && file != before && !file.isWhole(statx.links())) {
            // starts early, in case a process writes under a name and then removes it
            partial.put(file.inode(), search.walks());
            search.everything();
        }
    }

    // the file of a name; null if there is no room for it
    private Linked named(String path, Statx there) {
        Linked file = names.add(path, there.inode());
        if (file == null) {
            refuse();
        }
        return file;
    }

    // the extent for the known names of a file when a name has appeared under which it may have been written
    private Extent ofThoseBefore(Linked file, Statx there) {
        Boolean same = file.stamp(there.stamp());
        boolean justNow = Math.abs(System.currentTimeMillis() - there.modified()) < JUST_NOW_MILLIS;
        if (joined || justNow || Boolean.FALSE.equals(same)) {
            return Extent.ENTRY;
        }
        return same == null ? Extent.ATTRIBUTES : null;
    }

    /**
     * Enqueues each name that still belongs to the file, and forgets the others.
     *
     * @param extent the extent of the change
     * @param told   paths that need not be enqueued
     */
    private void enqueue(Linked file, Extent extent, Set<String> told, ChangeSet sink, Statx there) {
        int links = 0;
        for (String path : file.paths()) {
            if (!look(path, there) || !there.isFile() || !there.inode().equals(file.inode())) {
                names.remove(path);
                continue;
            }
            links = there.links();
            file.stamp(there.stamp());
            if (!told.contains(path)) {
                sink.add(path, extent);
            }
            if (links == 1) {
                names.remove(path);
            }
        }
        if (links > 1 && !file.isWhole(links)) {
            await(file, extent);
        }
    }

    // waits until its other names are found
    private void await(Linked file, Extent extent) {
        Set<String> told = joined ? new HashSet<>() : new HashSet<>(file.paths());
        pending.merge(file.inode(), new Pending(extent, told, search.walks()), (one, other) -> {
            told.retainAll(one.told);
            return new Pending(more(one.extent, extent), told, other.walk);
        });
        search.everything();
    }

    private static Extent more(Extent one, Extent other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private boolean isLinked(String path, Statx there) {
        return look(path, there) && there.isFile() && there.links() > 1;
    }

    private boolean look(String path, Statx there) {
        return there.look(Statx.AT_FDCWD, LibC.cString(source + '/' + path));
    }

    private synchronized void walked(String path, InodeId inode) {
        if (names.add(path, inode) == null) {
            refuse();
        }
    }

    private synchronized void came(String path, Statx there) {
        Linked known = names.at(path);
        if (known != null && known.inode().equals(there.inode())) {
            return;
        }
        Linked file = named(path, there);
        Extent others = file == null ? null : ofThoseBefore(file, there);
        if (others != null) {
            // the new name came with its folder, which is pending already
            enqueue(file, others, joined ? Set.of() : Set.of(path), found, there);
            wakeForFound();
        }
    }

    private synchronized void walkEnded(long walk, Statx there) {
        boolean looked = isLooking();
        for (Iterator<Map.Entry<InodeId, Pending>> each = pending.entrySet().iterator(); each.hasNext();) {
            Map.Entry<InodeId, Pending> next = each.next();
            // a file that came up during the walk may have a name in a part that was already walked
            if (next.getValue().walk < walk) {
                each.remove();
                known(names.of(next.getKey()), next.getValue(), there);
            }
        }
        partial.values().removeIf(before -> before < walk);
        if (looked && !isLooking()) {
            wake.run();
        }
        wakeForFound();
    }

    // all of its names in the source are known by now
    private void known(Linked file, Pending waiting, Statx there) {
        if (file == null) {
            return;
        }
        file.whole();
        enqueue(file, waiting.extent, waiting.told, found, there);
    }

    private void wakeForFound() {
        if (!found.isEmpty()) {
            wake.run();
        }
    }

    private void refuse() {
        if (!full) {
            search.tidy();
        }
    }

    // makes room by dropping names that are gone
    private void tidy(Statx there) {
        List<String> all;
        synchronized (this) {
            all = names.paths();
        }
        for (String path : all) {
            synchronized (this) {
                Linked file = names.at(path);
                if (file != null && !(isLinked(path, there) && there.inode().equals(file.inode()))) {
                    names.remove(path);
                }
            }
        }
        synchronized (this) {
            full = !names.hasRoom();
            if (full) {
                wake.run();
            } else {
                search.everything();
            }
        }
    }

    private void say() {
        if (full && !said) {
            said = true;
            LOG.warn("{}: only {} names of files that have several (hard links) are known: of the others, what is written by one name"
                    + " reaches the rest with a reconcile. Set reconcile, or leave out (exclude) what need not be mirrored",
                    RawPath.escape(source), names.size());
        }
    }

    @Override
    public synchronized void end(ChangeSet changes) {
        if (!pending.isEmpty()) {
            changes.add("", Extent.TREE);
        }
    }

    @Override
    public synchronized boolean isLooking() {
        return !pending.isEmpty();
    }

    @Override
    public synchronized int known() {
        return names.size();
    }

    @Override
    public void close() {
        search.end();
    }
}
