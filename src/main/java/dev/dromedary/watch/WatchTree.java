package dev.dromedary.watch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.RawPath;
import dev.dromedary.filter.PathFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a watch on every folder of a source and turns inotify's events into what is owed. For one thread.
 *
 * <p>A folder is watched first and listed second, so that whatever appears between the two is in the list or in an
 * event, or in both.
 */
final class WatchTree {

    private static final Logger LOG = LoggerFactory.getLogger(WatchTree.class);

    private final Inotify inotify;
    private final String source;
    private final PathFilter filter;
    private final OpenFiles openFiles;
    private Folder root = Folder.root();
    private Map<Integer, Folder> byWatch = new HashMap<>();
    private final Map<Integer, Folder> movedFrom = new HashMap<>();
    private int unwatched;
    private boolean rootGone;
    private ChangeSet owed = new ChangeSet();

    /**
     * @param source   the folder, as raw bytes of its absolute path
     * @param filter   what is left out: neither watched nor owed
     * @param maxDelay after how many milliseconds a file that stays open for writing is owed
     */
    WatchTree(Inotify inotify, String source, PathFilter filter, long maxDelay) {
        this.inotify = inotify;
        this.source = source;
        this.filter = filter;
        this.openFiles = new OpenFiles(maxDelay);
    }

    /** Watches the source anew, whatever was known before; what is watched already stays so without a gap. */
    void watchAll() {
        Map<Integer, Folder> before = byWatch;
        byWatch = new HashMap<>(Math.max(16, before.size() * 4 / 3));
        movedFrom.clear();
        openFiles.clear();
        root = Folder.root();
        unwatched = 0;
        rootGone = !watch(root, null);
        before.keySet().forEach(watch -> {
            if (!byWatch.containsKey(watch)) {
                inotify.remove(watch);
            }
        });
    }

    /**
     * Watches a folder and all in it.
     *
     * @param appeared where to owe each folder's content, or null if the caller owes the whole anyway
     * @return whether the folder itself is watched
     */
    private boolean watch(Folder top, ChangeSet appeared) {
        Deque<Folder> todo = new ArrayDeque<>();
        todo.push(top);
        while (!todo.isEmpty()) {
            Folder folder = todo.pop();
            String path = folder.path();
            byte[] absolute = absolute(path);
            if (!addWatch(folder, path, absolute)) {
                continue;
            }
            if (appeared != null) {
                appeared.add(path, Extent.LEVEL);
            }
            for (String name : foldersIn(path, absolute)) {
                todo.push(folder.child(name));
            }
        }
        return top.watch >= 0;
    }

    private boolean addWatch(Folder folder, String path, byte[] absolute) {
        int watch;
        try {
            watch = inotify.add(absolute);
        } catch (Inotify.WatchException e) {
            switch (e.errno) {
                case LibC.ENOENT, LibC.ENOTDIR, LibC.ELOOP -> {
                    // gone or replaced since it was seen: its parent's watch has told, or will
                    folder.detach();
                    return false;
                }
                case LibC.ENOSPC -> refused(path, "the limit of inotify watches is reached; raise it with:"
                        + " sysctl fs.inotify.max_user_watches=" + Math.max(524_288, byWatch.size() * 4));
                case LibC.EACCES -> refused(path, "it may not be read by this user");
                default -> refused(path, e.getMessage());
            }
            folder.detach();
            return false;
        }
        Folder before = byWatch.put(watch, folder);
        if (before != null && before != folder) {
            // the same folder by an older name: its move was not seen
            before.watch = -1;
            before.detach();
        }
        folder.watch = watch;
        return true;
    }

    private void refused(String path, String why) {
        if (unwatched++ == 0) {
            LOG.error("{} can't be watched: {}. What changes in it arrives with the next reconcile only.",
                    RawPath.escape(RawPath.child(source, path)), why);
        }
    }

    private List<String> foldersIn(String path, byte[] absolute) {
        List<String> names = new ArrayList<>();
        inotify.list(absolute, (name, type) -> {
            // where the file system doesn't say, the attempt to watch it tells (IN_ONLYDIR)
            if ((type == LibC.DT_DIR || type == LibC.DT_UNKNOWN)
                    && !filter.excludesEntry(RawPath.child(path, name), true)) {
                names.add(name);
            }
        });
        return names;
    }

    private byte[] absolute(String path) {
        return Inotify.cString(path.isEmpty() ? source : source + '/' + path);
    }

    /** Takes one event in; what it means is in {@link #takeOwed} afterwards. */
    void event(Inotify.Event event) {
        if (event.is(LibC.IN_Q_OVERFLOW)) {
            LOG.warn("The kernel's queue of file events ran over: the whole of {} is looked through again."
                    + " To make this rarer: sysctl fs.inotify.max_queued_events=1048576", RawPath.escape(source));
            owed.add("", Extent.TREE);
            watchAll();
            return;
        }
        Folder folder = byWatch.get(event.watch());
        if (folder == null) {
            return;
        }
        if (event.is(LibC.IN_IGNORED)) {
            byWatch.remove(event.watch());
            folder.watch = -1;
            rootGone |= folder == root;
            folder.detach();
        } else if (folder.isBelow(root)) {
            if (event.name() == null) {
                self(folder, event);
            } else if (event.is(LibC.IN_ISDIR)) {
                folderEvent(folder, event);
            } else {
                fileEvent(folder, event);
            }
        }
    }

    // all but the source are told of by their parent's watch
    private void self(Folder folder, Inotify.Event event) {
        if (folder == root) {
            if (event.is(LibC.IN_DELETE_SELF | LibC.IN_MOVE_SELF | LibC.IN_UNMOUNT)) {
                rootGone = true;
            } else if (event.is(LibC.IN_ATTRIB)) {
                owed.add("", Extent.ATTRIBUTES);
            }
        }
    }

    private void folderEvent(Folder folder, Inotify.Event event) {
        String path = RawPath.child(folder.path(), event.name());
        if (filter.excludesEntry(path, true)) {
            return;
        }
        if (event.is(LibC.IN_CREATE)) {
            appeared(folder, event.name(), path);
        } else if (event.is(LibC.IN_MOVED_TO)) {
            Folder moved = movedFrom.remove(event.cookie());
            if (moved == null) {
                appeared(folder, event.name(), path);
            } else {
                folder.adopt(moved, event.name());
                oweLevels(moved, path);
            }
        } else if (event.is(LibC.IN_MOVED_FROM)) {
            owed.add(path, Extent.ENTRY);
            Folder moved = folder.known(event.name());
            if (moved != null) {
                moved.detach();
                movedFrom.put(event.cookie(), moved);
            }
        } else if (event.is(LibC.IN_DELETE)) {
            owed.add(path, Extent.ENTRY);
            Folder gone = folder.known(event.name());
            if (gone != null) {
                letGo(gone);
            }
        } else {
            owed.add(path, Extent.ATTRIBUTES);
        }
    }

    private void appeared(Folder folder, String name, String path) {
        owed.add(path, Extent.ENTRY);
        Folder known = folder.known(name);
        if (known != null) {
            if (isStill(known, path)) {
                return;
            }
            letGo(known);
        }
        watch(folder.child(name), owed);
    }

    // a folder that was found while its parent was looked through is told of once more, by an event
    private boolean isStill(Folder known, String path) {
        try {
            return inotify.add(absolute(path)) == known.watch;
        } catch (Inotify.WatchException e) {
            return false;
        }
    }

    private void oweLevels(Folder folder, String path) {
        owed.add(path, Extent.LEVEL);
        // the children are watched by number and need nothing but to be owed under their new path
        folder.children().forEach(child -> oweLevels(child, child.path()));
    }

    private void fileEvent(Folder folder, Inotify.Event event) {
        String path = RawPath.child(folder.path(), event.name());
        if (filter.excludesEntry(path, false)) {
            return;
        }
        if (event.is(LibC.IN_CREATE)) {
            openFiles.created(folder, event.name());
        } else if (event.is(LibC.IN_MODIFY)) {
            openFiles.modified(folder, event.name());
        } else if (!event.is(LibC.IN_ATTRIB)) {
            openFiles.closed(folder, event.name());
            owed.add(path, Extent.ENTRY);
        } else if (!openFiles.contains(folder, event.name())) {
            owed.add(path, Extent.ATTRIBUTES);
        }
    }

    /** Lets go of the folders that were moved away and came up nowhere in here. */
    void forgetMovedOut() {
        movedFrom.values().forEach(this::letGo);
        movedFrom.clear();
    }

    boolean awaitsMoveTarget() {
        return !movedFrom.isEmpty();
    }

    private void letGo(Folder folder) {
        folder.detach();
        Deque<Folder> todo = new ArrayDeque<>(List.of(folder));
        while (!todo.isEmpty()) {
            Folder next = todo.pop();
            todo.addAll(next.children());
            if (next.watch >= 0 && byWatch.remove(next.watch, next)) {
                inotify.remove(next.watch);
            }
        }
    }

    /** In how many milliseconds a file that is still open will be owed; -1 if there is none. */
    int nextDeadline() {
        return openFiles.nextDeadline(System.nanoTime());
    }

    /** What has come to be owed since the last call. */
    ChangeSet takeOwed() {
        openFiles.due(System.nanoTime(), (folder, name) -> {
            if (folder.isBelow(root)) {
                owed.add(RawPath.child(folder.path(), name), Extent.ENTRY);
            }
        });
        ChangeSet taken = owed;
        if (!taken.isEmpty()) {
            owed = new ChangeSet();
        }
        return taken;
    }

    /** How many folders have a watch. */
    int watched() {
        return byWatch.size();
    }

    /** How many folders should have a watch and have none. */
    int unwatched() {
        return unwatched;
    }

    /** Whether the source itself is no longer where it was. */
    boolean rootGone() {
        return rootGone;
    }
}
