package dev.dromedary.watch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.Move;
import dev.dromedary.change.RawPath;
import dev.dromedary.filter.PathFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches every folder of a source and turns inotify's events into pending changes. Not thread-safe.
 *
 * <p>A folder is watched first and listed second, so that whatever appears between the two is in the list, in an event, or in both.
 */
final class InotifyTree implements TreeWatch {

    private static final Logger LOG = LoggerFactory.getLogger(InotifyTree.class);

    private static final int MOST_UNREADABLE_SAID = 20;
    private static final long MOVE_TARGET_COMES_WITHIN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int CAME_OR_WENT = LibC.IN_CREATE | LibC.IN_DELETE | LibC.IN_MOVED_FROM | LibC.IN_MOVED_TO;

    private final Inotify inotify;
    private final Path folder;
    private final String source;
    private final PathFilter filter;
    private final OpenFileTracker<WatchedFolder> openFiles;
    private final TmpfileWatches lateNames;
    private final LeafFolderOptimization subfolders;
    private WatchedFolder root = WatchedFolder.root();
    private Map<Integer, WatchedFolder> byWatch = new HashMap<>();
    private final Map<Integer, Left> movedFrom = new LinkedHashMap<>();
    private final Set<WatchedFolder> unwatched = new LinkedHashSet<>();
    private final Set<WatchedFolder> unlisted = new LinkedHashSet<>();
    private final Map<String, String> unreadable = new HashMap<>();
    /**
     * Something that has left a path and has not been seen elsewhere yet. It is not enqueued until it is seen elsewhere or a moment has
     * passed, because a target must not delete it before it can be moved there too.
     *
     * @param folder    null for anything but a folder
     * @param unwritten whether it is a file that appeared a moment ago and was not written under this name
     */
    private record Left(WatchedFolder folder, String path, boolean unwritten, long nanos) {
    }

    private boolean rootGone;
    private boolean rootRemoved;
    private boolean overflowed;
    private int cookieWatch = -1;
    private boolean cookieSeen;
    private List<String> cookies = new ArrayList<>();
    private boolean noneLeft;
    private int read;
    private ChangeSet pending = new ChangeSet();
    private final InodeChanges touched = new InodeChanges();
    private final FileMoveRule fileMoves;

    /**
     * @param folder   the source
     * @param filter   what is excluded: neither watched nor enqueued
     * @param maxDelay after how many milliseconds a file that stays open for writing is enqueued
     */
    InotifyTree(Inotify inotify, Path folder, PathFilter filter, long maxDelay) {
        this.inotify = inotify;
        this.folder = folder;
        this.source = RawPath.of(folder);
        this.filter = filter;
        this.openFiles = new OpenFileTracker<>(maxDelay);
        this.lateNames = new TmpfileWatches(inotify, folder);
        this.fileMoves = new FileMoveRule(folder);
        this.subfolders = LeafFolderOptimization.of(folder);
    }

    @Override
    public void watchAll() {
        Map<Integer, WatchedFolder> before = byWatch;
        byWatch = new HashMap<>(Math.max(16, before.size() * 4 / 3));
        movedFrom.clear();
        openFiles.clear();
        lateNames.clear();
        unwatched.clear();
        unlisted.clear();
        unreadable.clear();
        root = WatchedFolder.root();
        rootGone = !watch(root, null, null);
        before.keySet().forEach(watch -> {
            if (!byWatch.containsKey(watch)) {
                inotify.remove(watch);
            }
        });
    }

    /**
     * Watches a folder and everything below it.
     *
     * @param appeared receives the content of each new folder; null if the caller enqueues the whole folder anyway
     * @param known    receives the content of folders that were already watched
     * @return whether the folder itself exists
     */
    private boolean watch(WatchedFolder top, ChangeSet appeared, ChangeSet known) {
        Deque<WatchedFolder> todo = new ArrayDeque<>();
        String path = top.path();
        boolean topIsThere = take(top, path, add(path), appeared, known);
        if (topIsThere) {
            todo.push(top);
        }
        while (!todo.isEmpty()) {
            WatchedFolder next = todo.pop();
            // it may have been found elsewhere meanwhile
            if (next.isBelow(root)) {
                watchFoldersIn(next, appeared, known, todo);
            }
        }
        return topIsThere;
    }

    private void watchFoldersIn(WatchedFolder folder, ChangeSet appeared, ChangeSet known, Deque<WatchedFolder> todo) {
        String path = folder.path();
        Map<String, Integer> watches = new HashMap<>();
        byte[] absolute = absolute(path);
        int errno = !subfolders.mayBeIn(absolute) ? 0 : inotify.folders(absolute, name -> {
            if (!filter.excludesEntry(RawPath.child(path, name), true)) {
                watches.put(name, inotify.add(absolute(RawPath.child(path, name))));
            }
        });
        // an event reports what is gone or was replaced
        boolean listed = errno == 0 || errno == LibC.ENOENT || errno == LibC.ENOTDIR || errno == LibC.ELOOP || errno == LibC.EACCES;
        if (listed) {
            unlisted.remove(folder);
        } else {
            unlisted.add(folder);
        }
        if (!watches.isEmpty() && passesLink(path)) {
            watches.replaceAll((name, watch) -> removeIfNew(watch));
        }
        List.copyOf(folder.children()).stream().filter(child -> listed && !watches.containsKey(child.name())).forEach(this::letGo);
        watches.forEach((name, watch) -> {
            WatchedFolder before = appeared == null ? null : byWatch.get(watch);
            if (before != null && before != folder.known(name) && before.isBelow(root) && !folder.isBelow(before)) {
                // moved into a folder that had just been created and was not watched yet, so no event reports its arrival
                moved(before, before.path(), folder, name);
                return;
            }
            WatchedFolder child = folder.child(name);
            if (take(child, RawPath.child(path, name), watch, appeared, known)) {
                todo.push(child);
            }
        });
    }

    // handles the result of adding a watch; false if it is not, or no longer, a folder of this source
    private boolean take(WatchedFolder folder, String path, int watch, ChangeSet appeared, ChangeSet known) {
        if (watch < 0 && watch != -LibC.ENOSPC) {
            refused(folder, path, -watch);
            return false;
        }
        int before = folder.watch;
        if (watch < 0) {
            unwatched.add(folder);
        } else {
            watched(folder, path, watch);
        }
        if (appeared != null) {
            (before >= 0 && before == folder.watch ? known : appeared).add(path, Extent.LEVEL);
        }
        return true;
    }

    private void refused(WatchedFolder folder, String path, int errno) {
        if (errno == LibC.ENOENT || errno == LibC.ENOTDIR || errno == LibC.ELOOP) {
            // gone or replaced since it was seen; an event of its parent reports that
            unreadable.remove(path);
        } else {
            String why = errno == LibC.EACCES ? "this user may not read it" : "errno " + errno;
            if (unreadable.put(path, why) == null && unreadable.size() <= MOST_UNREADABLE_SAID) {
                LOG.error("{} can't be watched ({}): what changes in it arrives only with a reconcile, if at all",
                        RawPath.shown(RawPath.child(source, path)), why);
            }
        }
        letGo(folder);
    }

    private void watched(WatchedFolder folder, String path, int watch) {
        if (folder.watch >= 0 && folder.watch != watch) {
            // another folder is here now; an event reports where the previous one went
            byWatch.remove(folder.watch, folder);
        }
        WatchedFolder before = byWatch.put(watch, folder);
        if (before != null && before != folder) {
            // the same folder under an older name, because its move was not seen
            before.watch = -1;
            before.detach();
        }
        folder.watch = watch;
        unwatched.remove(folder);
        unreadable.remove(path);
    }

    @Override
    public void sayLimit() {
        if (unwatched.isEmpty()) {
            return;
        }
        int folders = byWatch.size() + unwatched.size();
        LOG.error("{} of the {} folders of {} are not watched, as the limit of inotify watches is reached; they are"
                + " compared now and then instead. Raise it with: sysctl fs.inotify.max_user_watches={}",
                unwatched.size(), folders, RawPath.escape(source),
                Integer.highestOneBit(Math.max(65_536, folders)) * 4);
    }

    @Override
    public void watchUnwatched() {
        List<WatchedFolder> tops = Stream.concat(unwatched.stream(), unlisted.stream()).distinct()
                .filter(folder -> folder.isBelow(root) && !unwatched.contains(folder.parent())).toList();
        unwatched.clear();
        unlisted.clear();
        for (WatchedFolder top : tops) {
            String path = top.path();
            watch(top, null, null);
            pending.add(path, Extent.TREE);
        }
    }

    @Override
    public void remounted(String path) {
        WatchedFolder parent = root;
        for (String name : path.split("/")) {
            WatchedFolder child = parent.known(name);
            if (RawPath.child(parent.path(), name).equals(path)) {
                remounted(parent, name, path);
            } else if (child == null) {
                // a parent folder is excluded, or it is new, and then an event reports it
                return;
            }
            parent = child;
        }
    }

    private void remounted(WatchedFolder parent, String name, String path) {
        WatchedFolder before = parent.known(name);
        if (before != null) {
            letGo(before);
        }
        if (!filter.excludes(path, true)) {
            watch(parent.child(name), null, null);
            pending.add(path, Extent.TREE);
        }
    }

    @Override
    public void watchCookie(String folder) throws IOException {
        cookieWatch = inotify.add(LibC.cString(folder));
        if (cookieWatch < 0) {
            noneLeft = cookieWatch == -LibC.ENOSPC;
            throw new IOException("no watch to be had for " + RawPath.escape(folder) + " (errno " + -cookieWatch + ")");
        }
    }

    @Override
    public void noCookie() {
        cookieSeen = true;
    }

    @Override
    public boolean takeCookieSeen() {
        boolean seen = cookieSeen;
        cookieSeen = false;
        return seen;
    }

    @Override
    public boolean seesCookies() {
        return cookieWatch >= 0;
    }

    @Override
    public List<String> takeCookies() {
        if (cookies.isEmpty()) {
            return List.of();
        }
        List<String> taken = cookies;
        cookies = new ArrayList<>();
        return taken;
    }

    @Override
    public void enqueueUnsettled() {
        forgetMovedOut();
        openFiles.all(this::due);
    }

    private void due(WatchedFolder folder, String name, boolean modified) {
        if (folder.isBelow(root)) {
            String path = RawPath.child(folder.path(), name);
            if (modified) {
                touched.written(path);
            } else {
                lateNames.appeared(folder, name);
            }
            pending.add(path, Extent.ENTRY);
        }
    }

    @Override
    public boolean await(int millis) {
        return inotify.hasDrained() || inotify.poller().await(millis);
    }

    @Override
    public boolean awaitMicros(long micros) {
        return inotify.hasDrained() || inotify.poller().awaitMicros(micros);
    }

    @Override
    public boolean takeMountsChanged() {
        return inotify.poller().takeMountsChanged();
    }

    @Override
    public void wake() {
        inotify.poller().wake();
    }

    @Override
    public long lastAdded() {
        return inotify.lastAdded();
    }

    @Override
    public int read() {
        read = 0;
        inotify.read(this::event);
        return read;
    }

    @Override
    public String by() {
        return "inotify";
    }

    @Override
    public void close() {
        inotify.close();
    }

    private byte[] absolute(String path) {
        return LibC.cString(path.isEmpty() ? source : source + '/' + path);
    }

    /** Processes one event; the resulting changes are returned by {@link #takePending} afterwards. */
    void event(Inotify.Event event) {
        read++;
        if (event.is(LibC.IN_Q_OVERFLOW)) {
            overflowed = true;
            return;
        }
        if (event.watch() == cookieWatch) {
            cookieSeen = true;
            cookies.add(event.name());
            return;
        }
        WatchedFolder folder = byWatch.get(event.watch());
        if (folder == null) {
            lateNames.event(event, this::fileEventIfBelow);
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

    // events of folders other than the source are reported by the watch of their parent
    private void self(WatchedFolder folder, Inotify.Event event) {
        if (folder == root) {
            if (event.is(LibC.IN_DELETE_SELF | LibC.IN_MOVE_SELF | LibC.IN_UNMOUNT)) {
                rootGone = true;
                rootRemoved |= event.is(LibC.IN_DELETE_SELF);
            } else if (event.is(LibC.IN_ATTRIB)) {
                pending.add("", Extent.ATTRIBUTES);
            }
        }
    }

    private void folderEvent(WatchedFolder folder, Inotify.Event event) {
        String path = RawPath.child(folder.path(), event.name());
        if (filter.excludesEntry(path, true)) {
            return;
        }
        if (!event.is(CAME_OR_WENT) && folder.known(event.name()) != null) {
            pending.add(path, Extent.ATTRIBUTES);
            return;
        }
        // names are reused faster than events are read, so only the current state counts
        int present = present(path);
        WatchedFolder known = folder.known(event.name());
        Left left = event.is(LibC.IN_MOVED_TO) ? movedFrom.remove(event.cookie()) : null;
        if (left != null && left.folder != null && left.folder.watch == present && present >= 0) {
            moved(left.folder, left.path, folder, event.name());
            return;
        }
        if (left != null) {
            pending.add(left.path, Extent.ENTRY);
        }
        boolean leaves = event.is(LibC.IN_MOVED_FROM) && known != null && known.watch != present;
        if (!leaves || present >= 0) {
            pending.add(path, Extent.ENTRY);
        }
        if (known != null && known.watch == present && present >= 0) {
            return;
        }
        if (leaves) {
            known.detach();
            movedFrom.put(event.cookie(), new Left(known, path, false, System.nanoTime()));
        } else if (known != null) {
            letGo(known);
        }
        if (present >= 0) {
            if (left != null && left.folder != null) {
                // the folder keeps its watches
                folder.adopt(left.folder, event.name());
            }
            watch(folder.child(event.name()), pending, pending);
        }
    }

    private void moved(WatchedFolder moved, String from, WatchedFolder parent, String name) {
        // it may have been inside the folder that it replaces
        moved.detach();
        WatchedFolder before = parent.known(name);
        if (before != null) {
            letGo(before);
        }
        parent.adopt(moved, name);
        ChangeSet entries = new ChangeSet();
        entries.add(from, Extent.ENTRY);
        watch(moved, pending, entries);
        pending.moved(new Move(from, RawPath.child(parent.path(), name), true, entries));
    }

    // adds a watch of the folder at a path; returns its number or -errno
    private int add(String path) {
        int watch = inotify.add(absolute(path));
        int name = path.lastIndexOf('/');
        return watch >= 0 && name >= 0 && passesLink(path.substring(0, name)) ? removeIfNew(watch) : watch;
    }

    // a folder that was reached through a link is not at this path: it may be another folder of the source, or outside of it
    private int removeIfNew(int watch) {
        if (watch >= 0 && !byWatch.containsKey(watch)) {
            inotify.remove(watch);
        }
        return -LibC.ENOTDIR;
    }

    // whether a folder or one of its parents has become a link
    private boolean passesLink(String path) {
        Boolean told = path.isEmpty() ? null : inotify.passesLink(absolute(""), LibC.cString(path));
        if (told != null) {
            return told;
        }
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            if (inotify.isLink(absolute(path.substring(0, slash)))) {
                return true;
            }
        }
        return !path.isEmpty() && inotify.isLink(absolute(path));
    }

    // the watch number of the folder at a path, or -1 if there is none; a path that can't be examined counts as existing
    private int present(String path) {
        int watch = add(path);
        if (watch >= 0) {
            return watch;
        }
        return watch == -LibC.ENOENT || watch == -LibC.ENOTDIR || watch == -LibC.ELOOP ? -1 : Integer.MAX_VALUE;
    }

    private void fileEventIfBelow(WatchedFolder folder, Inotify.Event event) {
        if (folder.isBelow(root)) {
            fileEvent(folder, event);
        }
    }

    private void fileEvent(WatchedFolder folder, Inotify.Event event) {
        String path = RawPath.child(folder.path(), event.name());
        if (filter.excludesEntry(path, false)) {
            return;
        }
        touched.event(path, event.mask(), openFiles.isModified(folder, event.name()));
        if (event.is(LibC.IN_CREATE)) {
            openFiles.created(folder, event.name());
        } else if (event.is(LibC.IN_MODIFY)) {
            openFiles.modified(folder, event.name());
        } else if (event.is(LibC.IN_MOVED_FROM)) {
            boolean unwritten = openFiles.isUnwritten(folder, event.name());
            openFiles.closed(folder, event.name());
            lateNames.left(folder, event.name(), event.cookie());
            movedFrom.put(event.cookie(), new Left(null, path, unwritten, System.nanoTime()));
        } else if (event.is(LibC.IN_MOVED_TO)) {
            openFiles.closed(folder, event.name());
            Left left = movedFrom.remove(event.cookie());
            if (left != null && left.unwritten) {
                lateNames.appeared(folder, event.name());
            }
            lateNames.came(folder, event.name(), event.cookie());
            fileMoves.enqueue(pending, left == null ? null : left.path, path);
        } else if (!event.is(LibC.IN_ATTRIB)) {
            openFiles.closed(folder, event.name());
            pending.add(path, Extent.ENTRY);
        } else if (!openFiles.contains(folder, event.name())) {
            pending.add(path, Extent.ATTRIBUTES);
        }
    }

    @Override
    public String recover() {
        if (!overflowed) {
            return null;
        }
        overflowed = false;
        watchAll();
        pending.add("", Extent.TREE);
        return "The kernel's queue of file events ran over (to make this rarer: sysctl fs.inotify.max_queued_events=1048576)";
    }

    /** The unmount of a watched folder is reported by an event of its own. */
    @Override
    public boolean isBlind() {
        return false;
    }

    @Override
    public void forgetMovedOut() {
        movedFrom.values().forEach(this::forget);
        movedFrom.clear();
    }

    private void forget(Left left) {
        pending.add(left.path, Extent.ENTRY);
        if (left.folder != null) {
            letGo(left.folder);
        }
    }

    private void forgetLongMovedOut() {
        long before = System.nanoTime() - MOVE_TARGET_COMES_WITHIN_NANOS;
        for (Iterator<Left> each = movedFrom.values().iterator(); each.hasNext();) {
            Left left = each.next();
            if (left.nanos - before > 0) {
                return;
            }
            each.remove();
            forget(left);
        }
    }

    @Override
    public boolean awaitsMoveTarget() {
        return !movedFrom.isEmpty();
    }

    private void letGo(WatchedFolder folder) {
        folder.detach();
        Deque<WatchedFolder> todo = new ArrayDeque<>(List.of(folder));
        while (!todo.isEmpty()) {
            WatchedFolder next = todo.pop();
            todo.addAll(next.children());
            unwatched.remove(next);
            unlisted.remove(next);
            if (next.watch >= 0 && byWatch.remove(next.watch, next)) {
                inotify.remove(next.watch);
            }
        }
    }

    @Override
    public Set<String> beingWritten(int most) {
        return openFiles.written(most, (in, name) -> in.isBelow(root) ? RawPath.child(in.path(), name) : null);
    }

    @Override
    public int nextDeadline() {
        return openFiles.nextDeadline(System.nanoTime());
    }

    @Override
    public ChangeSet takePending() {
        forgetLongMovedOut();
        lateNames.lookAgain((folder, name) -> {
            if (folder.isBelow(root)) {
                pending.add(RawPath.child(folder.path(), name), Extent.ENTRY);
            }
        });
        openFiles.due(System.nanoTime(), this::due);
        ChangeSet taken = pending;
        if (!taken.isEmpty()) {
            pending = new ChangeSet();
        }
        return taken;
    }

    @Override
    public Map<String, Extent> takeTouched() {
        return touched.take();
    }

    @Override
    public int watched() {
        return byWatch.size();
    }

    @Override
    public int unwatched() {
        unlisted.removeIf(folder -> !folder.isBelow(root));
        return unwatched.size() + unlisted.size() + unreadable.size();
    }

    @Override
    public Map<String, String> notWatched(int most) {
        Map<String, String> found = new LinkedHashMap<>();
        unreadable.entrySet().stream().limit(most).forEach(refused -> found.put(refused.getKey(),
                refused.getValue() + ", so what changes in it arrives only with a reconcile, if at all"));
        Stream.concat(unwatched.stream(), unlisted.stream()).filter(folder -> folder.isBelow(root) && !unwatched.contains(folder.parent()))
                .limit(most - found.size()).forEach(folder -> found.put(folder.path(),
                        "the limit of inotify watches is reached, so it is compared now and then instead"));
        return found;
    }

    @Override
    public boolean isLimited() {
        return noneLeft || !unwatched.isEmpty() || !unlisted.isEmpty();
    }

    @Override
    public boolean rootRemoved() {
        return rootRemoved;
    }

    @Override
    public boolean rootGone() {
        return rootGone;
    }
}
