package dev.dromedary.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.Move;
import dev.dromedary.change.RawPath;
import dev.dromedary.filter.PathFilter;
import dev.dromedary.mount.MountTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the file systems of a source as wholes, with fanotify(7), and turns the events inside the source into pending changes. It keeps
 * no list of folders: an event refers to a folder by a handle, whose path is looked up then. Not thread-safe.
 *
 * <p>The kernel merges events of one name, so their order is lost. That does no harm, because a change is a path, and its current state is
 * what is sent. A merged event is reported at the position of the earliest one, which may be before a move that happened in between. So the
 * content of a moved folder is enqueued as a whole.
 */
final class FanotifyTree implements TreeWatch {

    private static final Logger LOG = LoggerFactory.getLogger(FanotifyTree.class);

    /** A snapshot appears with all its content and is reported as one folder. */
    private static final Set<String> WITH_SNAPSHOTS = Set.of("btrfs", "bcachefs");
    private static final int MOST_UNWRITTEN = 1000;

    // on a busy file system with foreign events: waking up for each of them takes time from the writers
    private static final int READS_AT_ONCE = 4;
    private static final long BREATH_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** A name of a file, as in the events of its folder. */
    private record Name(FileHandle folder, String name) {
    }

    private final Fanotify fanotify;
    private final Path folder;
    private final String source;
    private final PathFilter filter;
    private final Supplier<Set<String>> mounted;
    private final FileHandleResolver paths;
    private final OpenFileTracker<FileHandle> openFiles;
    private final InodeChanges touched = new InodeChanges();
    private final FileMoveRule fileMoves;
    private final DirectoryReader listing = new DirectoryReader();
    private final Statx statx = new Statx();
    private final Set<String> unwatched = new LinkedHashSet<>();
    private final Set<Long> fileSystems = new LinkedHashSet<>();
    private final Set<Long> withSnapshots = new LinkedHashSet<>();
    /**
     * Files that have appeared and were not written under that name, by their handles. The kernel reports a file that was opened without a
     * name (O_TMPFILE of open(2)) under a name that it does not have.
     */
    private final Map<FileHandle, Name> unwritten = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<FileHandle, Name> eldest) {
            return size() > MOST_UNWRITTEN;
        }
    };
    private final Set<String> refusedSaid = new HashSet<>();
    private FileHandle root;
    private FileHandle parent;
    private FileHandle cookies;
    private boolean withoutCookies;
    private boolean mountMoved;
    private long marks;
    private boolean cookieSeen;
    private List<String> cookieNames = new ArrayList<>();
    private boolean rootGone;
    private boolean rootRemoved;
    private String doubt;
    private ChangeSet pending = new ChangeSet();
    private int read;
    private int strangersReads;
    private long readNanos;
    private volatile long lastAdded = System.nanoTime();

    private FanotifyTree(Fanotify fanotify, Path folder, PathFilter filter, long maxDelay, Supplier<Set<String>> mounted) {
        this.fanotify = fanotify;
        this.folder = folder;
        this.source = RawPath.of(folder);
        this.filter = filter;
        this.mounted = mounted;
        this.paths = new FileHandleResolver(fanotify, source, filter);
        this.openFiles = new OpenFileTracker<>(maxDelay);
        this.fileMoves = new FileMoveRule(folder);
    }

    /**
     * Starts to watch a source.
     *
     * @param folder   the source, without links
     * @param filter   what is excluded and never enqueued
     * @param maxDelay after how many milliseconds a file that stays open for writing is enqueued
     * @param mounted  returns the current mounts in the source
     * @throws IOException if it can't be watched by fanotify; the message gives the reason
     */
    static FanotifyTree open(Path folder, PathFilter filter, long maxDelay, Supplier<Set<String>> mounted) throws IOException {
        Fanotify fanotify = null;
        try {
            fanotify = Fanotify.open();
            FanotifyTree tree = new FanotifyTree(fanotify, folder, filter, maxDelay, mounted);
            tree.paths.check(tree.watch(""));
            return tree;
        } catch (LinkageError e) {
            close(fanotify);
            throw new IOException("the C library lacks what fanotify needs (" + e.getMessage() + ")", e);
        } catch (IOException | RuntimeException e) {
            close(fanotify);
            throw e;
        }
    }

    private static void close(Fanotify fanotify) {
        if (fanotify != null) {
            fanotify.close();
        }
    }

    @Override
    public String by() {
        return "fanotify";
    }

    @Override
    public void watchAll() throws IOException {
        openFiles.clear();
        unwritten.clear();
        unwatched.clear();
        paths.clear();
        fileSystems.clear();
        rootGone = false;
        root = watch("");
        parent = folder.getParent() == null ? null : fanotify.handle(LibC.cString(RawPath.of(folder.getParent())));
        mounted.get().forEach(this::watchMounted);
        marks = fanotify.fileSystems();
    }

    private FileHandle watch(String path) throws IOException {
        byte[] absolute = absolute(path);
        fanotify.markFileSystem(absolute);
        FileHandle there = fanotify.handle(absolute);
        paths.add(absolute, there);
        fileSystems.add(there.fileSystem());
        if (WITH_SNAPSHOTS.contains(Files.getFileStore(RawPath.toPath(folder, path)).type())) {
            withSnapshots.add(there.fileSystem());
        }
        lastAdded = System.nanoTime();
        return there;
    }

    private void watchMounted(String path) {
        // a file may be a mount point, too
        if (filter.excludes(path, true) || !Files.isDirectory(RawPath.toPath(folder, path))) {
            return;
        }
        try {
            watch(path);
        } catch (IOException e) {
            unwatched.add(path);
            if (refusedSaid.add(path)) {
                LOG.error("{} can't be watched ({}): it is compared now and then instead", RawPath.shown(RawPath.child(source, path)),
                        e.getMessage());
            }
        }
    }

    private byte[] absolute(String path) {
        return LibC.cString(path.isEmpty() ? source : source.equals("/") ? source + path : source + '/' + path);
    }

    @Override
    public void sayLimit() {
        // each one was logged already
    }

    @Override
    public Map<String, String> notWatched(int most) {
        return unwatched.stream().limit(most).collect(Collectors.toMap(path -> path,
                path -> "the file system that is mounted there can't be watched, so it is compared now and then instead"));
    }

    @Override
    public boolean isLimited() {
        return !unwatched.isEmpty();
    }

    @Override
    public void watchUnwatched() {
        List<String> again = List.copyOf(unwatched);
        Set<String> now = mounted.get();
        unwatched.retainAll(now);
        for (String path : again) {
            if (now.contains(path)) {
                try {
                    watch(path);
                    unwatched.remove(path);
                } catch (IOException e) {
                    LOG.debug("{} is not watched: {}", RawPath.escape(path), e.getMessage());
                }
            }
            pending.add(path, Extent.TREE);
        }
    }

    @Override
    public void remounted(String path) {
        paths.forget();
        unwatched.remove(path);
        if (filter.excludes(path, true)) {
            return;
        }
        if (mounted.get().contains(path)) {
            watchMounted(path);
        }
        pending.add(path, Extent.TREE);
        try {
            marks = fanotify.fileSystems();
        } catch (IOException e) {
            LOG.debug("What is watched can't be counted: {}", e.getMessage());
        }
    }

    /** If the file system of the cookies can't be watched, the watch works without this check, and logs that. */
    @Override
    public void watchCookie(String cookieFolder) {
        try {
            byte[] path = LibC.cString(cookieFolder);
            FileHandle there = fanotify.handle(path);
            if (!fileSystems.contains(there.fileSystem())) {
                fanotify.markFolder(path);
            }
            cookies = there;
        } catch (IOException e) {
            withoutCookies = true;
            LOG.warn("{} can't be watched by fanotify ({}): a watch of {} that went blind would not be noticed", RawPath.escape(cookieFolder),
                    e.getMessage(), RawPath.escape(source));
        }
    }

    @Override
    public boolean isBlind() {
        try {
            return mountMoved || fanotify.fileSystems() < marks;
        } catch (IOException e) {
            LOG.debug("What is watched can't be counted: {}", e.getMessage());
            return false;
        }
    }

    @Override
    public void noCookie() {
        cookieSeen = true;
    }

    @Override
    public boolean takeCookieSeen() {
        boolean seen = cookieSeen || withoutCookies;
        cookieSeen = false;
        return seen;
    }

    @Override
    public boolean seesCookies() {
        return cookies != null;
    }

    @Override
    public List<String> takeCookies() {
        if (cookieNames.isEmpty()) {
            return List.of();
        }
        List<String> taken = cookieNames;
        cookieNames = new ArrayList<>();
        return taken;
    }

    @Override
    public void enqueueUnsettled() {
        openFiles.all(this::due);
    }

    private void due(FileHandle in, String name, boolean modified) {
        String path = path(in, name, false);
        if (path != null) {
            if (modified) {
                touched.written(path);
            }
            pending.add(path, Extent.ENTRY);
        }
    }

    @Override
    public boolean await(int millis) {
        if (System.nanoTime() - readNanos > QUIET_NANOS) {
            strangersReads = 0;
        } else if (strangersReads > READS_AT_ONCE) {
            LockSupport.parkNanos(BREATH_NANOS);
        }
        return fanotify.poller().await(millis);
    }

    @Override
    public boolean awaitMicros(long micros) {
        return fanotify.poller().awaitMicros(micros);
    }

    @Override
    public boolean takeMountsChanged() {
        boolean changed = fanotify.poller().takeMountsChanged();
        if (changed) {
            paths.forget();
        }
        return changed;
    }

    @Override
    public void wake() {
        fanotify.poller().wake();
    }

    @Override
    public long lastAdded() {
        return lastAdded;
    }

    @Override
    public int read() {
        read = 0;
        long bytes = fanotify.read(new Fanotify.Sink() {
            @Override
            public boolean wants(FileHandle in, FileHandle object) {
                return in.equals(parent) || in.equals(cookies) || object != null && unwritten.containsKey(object) || pathOf(in) != null;
            }

            @Override
            public void folderRenamed() {
                paths.forget();
            }

            @Override
            public void event(Fanotify.Event event) {
                FanotifyTree.this.event(event);
            }
        });
        readNanos = System.nanoTime();
        strangersReads = bytes > 0 && read == 0 ? strangersReads + 1 : 0;
        return read;
    }

    // null if it is of no interest, or can't be looked up just now; in the latter case the whole source is compared
    private String pathOf(FileHandle of) {
        try {
            return paths.of(of);
        } catch (IOException e) {
            doubt = "What an event tells of could not be looked up: " + e.getMessage();
            return null;
        }
    }

    private void event(Fanotify.Event event) {
        if (event.is(LibC.IN_Q_OVERFLOW)) {
            read++;
            doubt = "The kernel's queue of file events ran over";
            return;
        }
        if (event.folder().equals(cookies) || event.newFolder() != null && event.newFolder().equals(cookies)) {
            cookieSeen = true;
            cookieNames.add(event.name());
        }
        lookAtRoot(event);
        if (event.is(Fanotify.RENAME)) {
            renamed(event);
            return;
        }
        String in = pathOf(event.folder());
        if (!event.isOfFolder()) {
            underItsName(event);
        }
        if (in == null) {
            return;
        }
        if (event.name().equals(".")) {
            read++;
            pending.add(in, Extent.ATTRIBUTES);
            return;
        }
        String path = RawPath.child(in, event.name());
        if (!filter.excludesEntry(path, event.isOfFolder())) {
            read++;
            if (event.isOfFolder()) {
                folderEvent(path, event);
            } else {
                fileEvent(path, event);
            }
        }
    }

    // events of the source itself are events of its parent folder
    private void lookAtRoot(Fanotify.Event event) {
        if (!event.isOfFolder()) {
            return;
        }
        String name = nameOf(source);
        boolean left = event.folder().equals(parent) && event.name().equals(name)
                && event.is(LibC.IN_DELETE | LibC.IN_MOVED_FROM | Fanotify.RENAME);
        boolean replaced = parent != null && parent.equals(event.newFolder()) && name.equals(event.newName());
        // ignores another folder of that name that has come and gone meanwhile
        if (replaced || left && (event.object() == null || event.object().equals(root))) {
            read++;
            rootGone = true;
            rootRemoved |= event.is(LibC.IN_DELETE) && root.equals(event.object());
        }
    }

    private static String nameOf(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private void folderEvent(String path, Fanotify.Event event) {
        if (event.is(LibC.IN_CREATE | LibC.IN_MOVED_TO | LibC.IN_DELETE | LibC.IN_MOVED_FROM)) {
            pending.add(path, Extent.ENTRY);
        } else {
            pending.add(path, Extent.ATTRIBUTES);
        }
        if (event.is(LibC.IN_MOVED_TO) || event.is(LibC.IN_CREATE) && withSnapshots.contains(event.folder().fileSystem())) {
            enqueueFolders(path, pending);
        } else if (event.is(LibC.IN_CREATE)) {
            // folders in it have events of their own
            pending.add(path, Extent.LEVEL);
        }
    }

    private void fileEvent(String path, Fanotify.Event event) {
        FileHandle in = event.folder();
        String name = event.name();
        touched.event(path, (int) event.mask(), openFiles.isModified(in, name) || event.is(LibC.IN_MODIFY));
        if (event.is(LibC.IN_CLOSE_WRITE | LibC.IN_DELETE | LibC.IN_MOVED_FROM | LibC.IN_MOVED_TO)) {
            openFiles.closed(in, name);
            pending.add(path, Extent.ENTRY);
        } else if (event.is(LibC.IN_MODIFY)) {
            openFiles.modified(in, name);
        } else if (event.is(LibC.IN_CREATE)) {
            openFiles.created(in, name);
        } else if (!openFiles.contains(in, name)) {
            pending.add(path, Extent.ATTRIBUTES);
        }
    }

    private void underItsName(Fanotify.Event event) {
        if (event.object() == null) {
            return;
        }
        Name now = new Name(event.folder(), event.name());
        if (event.is(LibC.IN_CREATE) && !event.is(LibC.IN_MODIFY | LibC.IN_CLOSE_WRITE)) {
            if (pathOf(event.folder()) != null) {
                unwritten.put(event.object(), now);
            }
            return;
        }
        Name known = unwritten.get(event.object());
        if (known == null) {
            return;
        }
        // another of its names may go, and a process that had it open before it got this name may continue to write
        if (known.equals(now) ? event.is(LibC.IN_CLOSE_WRITE | LibC.IN_DELETE) : event.is(LibC.IN_CLOSE_WRITE)) {
            unwritten.remove(event.object());
        }
        if (known.equals(now) || !event.is(LibC.IN_MODIFY | LibC.IN_CLOSE_WRITE)) {
            return;
        }
        String in = pathOf(known.folder);
        if (in == null) {
            return;
        }
        read++;
        if (event.is(LibC.IN_CLOSE_WRITE)) {
            openFiles.closed(known.folder, known.name);
            touched.written(RawPath.child(in, known.name));
            pending.add(RawPath.child(in, known.name), Extent.ENTRY);
        } else {
            openFiles.modified(known.folder, known.name);
        }
    }

    private void renamed(Fanotify.Event event) {
        String from = path(event.folder(), event.name(), event.isOfFolder());
        String to = path(event.newFolder(), event.newName(), event.isOfFolder());
        if (from == null && to == null) {
            return;
        }
        read++;
        if (event.isOfFolder()) {
            folderRenamed(from, to, event.object());
            return;
        }
        if (from != null) {
            touched.event(from, LibC.IN_MOVED_FROM, openFiles.isModified(event.folder(), event.name()));
            openFiles.closed(event.folder(), event.name());
        }
        if (to != null) {
            touched.event(to, LibC.IN_MOVED_TO, openFiles.isModified(event.newFolder(), event.newName()));
            openFiles.closed(event.newFolder(), event.newName());
        }
        if (event.object() != null && new Name(event.folder(), event.name()).equals(unwritten.get(event.object()))) {
            unwritten.put(event.object(), new Name(event.newFolder(), event.newName()));
        }
        if (to == null) {
            pending.add(from, Extent.ENTRY);
        } else {
            fileMoves.enqueue(pending, from, to);
        }
    }

    // null if it is outside of the source, or excluded
    private String path(FileHandle in, String name, boolean ofFolder) {
        String above = pathOf(in);
        String path = above == null ? null : RawPath.child(above, name);
        return path == null || filter.excludesEntry(path, ofFolder) ? null : path;
    }

    private void folderRenamed(String from, String to, FileHandle object) {
        if (from != null && mounted.get().stream().anyMatch(path -> path.startsWith(from + '/'))) {
            // the mounts in it have another path now, and no event reports that
            MountTable.forget();
            mountMoved = true;
        }
        if (to == null) {
            pending.add(from, Extent.ENTRY);
            return;
        }
        ChangeSet entries = new ChangeSet();
        entries.add(to, Extent.ENTRY);
        if (from != null) {
            entries.add(from, Extent.ENTRY);
        }
        enqueueFolders(to, entries);
        // names are reused faster than events are read: another object may be there now
        if (from != null && object != null && to.equals(pathOf(object))) {
            pending.moved(new Move(from, to, true, entries));
        } else {
            pending.merge(entries);
        }
    }

    // enqueues each folder that exists now from there on, because their content was not reported
    private void enqueueFolders(String top, ChangeSet to) {
        Deque<String> todo = new ArrayDeque<>(List.of(top));
        while (!todo.isEmpty()) {
            String path = todo.pop();
            byte[] absolute = absolute(path);
            if (!statx.look(Statx.AT_FDCWD, absolute) || !statx.isFolder()) {
                // gone or replaced; an event reports that
                continue;
            }
            int errno = listing.of(absolute, (open, type, name) -> {
                String child = RawPath.child(path, name);
                if ((type == LibC.DT_DIR || type == LibC.DT_UNKNOWN) && !filter.excludesEntry(child, true)) {
                    todo.push(child);
                }
            });
            lastAdded = System.nanoTime();
            if (errno == 0) {
                to.add(path, Extent.LEVEL);
            } else if (errno != LibC.ENOENT && errno != LibC.ENOTDIR && errno != LibC.ELOOP) {
                // rsync reports that it can't be read
                to.add(path, Extent.TREE);
            }
        }
    }

    @Override
    public String recover() {
        if (doubt == null) {
            return null;
        }
        String why = doubt;
        doubt = null;
        try {
            watchAll();
        } catch (IOException e) {
            // the watch starts again if the source exists
            LOG.debug("{} can't be watched any more: {}", RawPath.escape(source), e.getMessage());
            rootGone = true;
        }
        pending.add("", Extent.TREE);
        return why;
    }

    /** Both names of a rename are reported at once. */
    @Override
    public boolean awaitsMoveTarget() {
        return false;
    }

    @Override
    public void forgetMovedOut() {
        // there is nothing to wait for
    }

    @Override
    public Set<String> beingWritten(int most) {
        return openFiles.written(most, (in, name) -> path(in, name, false));
    }

    @Override
    public int nextDeadline() {
        return openFiles.nextDeadline(System.nanoTime());
    }

    @Override
    public ChangeSet takePending() {
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
        return fileSystems.size();
    }

    @Override
    public int unwatched() {
        return unwatched.size();
    }

    @Override
    public boolean rootRemoved() {
        return rootRemoved;
    }

    @Override
    public boolean rootGone() {
        return rootGone;
    }

    @Override
    public void close() {
        fanotify.close();
    }
}
