package dev.dromedary.watch;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import dev.dromedary.change.RawPath;
import dev.dromedary.filter.PathFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Searches for files with several names on a separate thread, in the whole source or in one folder. The whole source is walked once at the
 * start, and later so rarely that the walks take a tenth of the time at most.
 */
final class HardLinkScanner implements Runnable {

    /** Called by the searching thread. */
    interface Sink {

        /** Reports a name of a file with several names, found during a walk of the whole source. */
        void walked(String path, InodeId inode);

        /** Reports such a name found in a folder that was asked for. */
        void came(String path, Statx there);

        /**
         * A walk of the whole source has ended, and the folders that were requested meanwhile have been listed.
         *
         * @param walk  its number, starting with 1
         * @param there to be used for lookups
         */
        void walkEnded(long walk, Statx there);

        /** Called after a request by {@link HardLinkScanner#tidy}. */
        void tidy(Statx there);
    }

    private static final Logger LOG = LoggerFactory.getLogger(HardLinkScanner.class);
    private static final int REST_TO_WALK = 9;
    // lets processes that write, watch or send go first
    private static final int NICE = 10;
    // above this number, walking the whole source is faster
    private static final int MOST_FOLDERS = 10_000;

    private final String source;
    private final PathFilter filter;
    private final Sink sink;
    private final Statx statx = new Statx();
    private final DirectoryReader listing = new DirectoryReader();
    private final Set<String> folders = new LinkedHashSet<>();
    private boolean everything = true;
    private boolean walked;
    private boolean tidy;
    private boolean ended;
    private long walks;
    private long notBefore = System.nanoTime();

    /**
     * @param source the source, in the notation of {@link RawPath}
     * @param filter what is excluded
     */
    HardLinkScanner(String source, PathFilter filter, Sink sink) {
        this.source = source;
        this.filter = filter;
        this.sink = sink;
    }

    /** Walks the whole source once, and then waits for requests until {@link #end}. */
    void begin() {
        Thread thread = new Thread(this, "hard-links");
        thread.setDaemon(true);
        thread.start();
    }

    /** Requests a walk of the whole source, and another one if a walk is already running. */
    synchronized void everything() {
        everything = true;
        notifyAll();
    }

    /** Requests a search among the files directly in a folder. */
    synchronized void folder(String path) {
        if (folders.size() < MOST_FOLDERS) {
            folders.add(path);
        } else {
            everything = true;
        }
        notifyAll();
    }

    /** Requests a call of {@link Sink#tidy}. */
    synchronized void tidy() {
        tidy = true;
        notifyAll();
    }

    /** {@return how many walks of the whole source have started} */
    synchronized long walks() {
        return walks;
    }

    synchronized void end() {
        ended = true;
        notifyAll();
    }

    private synchronized boolean isEnded() {
        return ended;
    }

    @Override
    public void run() {
        try {
            LibC.setpriority(LibC.PRIO_PROCESS, 0, NICE);
            for (Runnable next = next(); next != null; next = next()) {
                next.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("Files with several names are looked for no more in {}: what is written by one name of a file reaches the"
                    + " others only with a reconcile, until a new start", RawPath.escape(source), e);
        }
    }

    // null after the end
    private synchronized Runnable next() throws InterruptedException {
        while (!ended) {
            if (!folders.isEmpty()) {
                String folder = folders.iterator().next();
                folders.remove(folder);
                return () -> list(folder, (path, there) -> sink.came(path, there), null);
            }
            if (walked) {
                walked = false;
                long walk = walks;
                return () -> sink.walkEnded(walk, statx);
            }
            if (tidy) {
                tidy = false;
                return () -> sink.tidy(statx);
            }
            long wait = everything ? notBefore - System.nanoTime() : Long.MAX_VALUE;
            if (wait <= 0) {
                everything = false;
                walks++;
                return this::walk;
            }
            if (everything) {
                TimeUnit.NANOSECONDS.timedWait(this, wait);
            } else {
                wait();
            }
        }
        return null;
    }

    private void walk() {
        long begun = System.nanoTime();
        Deque<String> todo = new ArrayDeque<>();
        todo.push("");
        while (!todo.isEmpty() && !isEnded()) {
            list(todo.pop(), (path, there) -> sink.walked(path, there.inode()), todo);
        }
        long now = System.nanoTime();
        LOG.debug("All of {} was looked through for names of files with several in {} ms", RawPath.escape(source),
                TimeUnit.NANOSECONDS.toMillis(now - begun));
        synchronized (this) {
            notBefore = now + (now - begun) * REST_TO_WALK;
            walked = true;
        }
    }

    private interface Found {
        void at(String path, Statx there);
    }

    private void list(String folder, Found found, Deque<String> subfolders) {
        listing.of(LibC.cString(folder.isEmpty() ? source : source + '/' + folder), (open, type, name) -> {
            boolean isFolder = type == LibC.DT_DIR;
            boolean isFile = type == LibC.DT_REG;
            if (isFile || type == LibC.DT_UNKNOWN) {
                if (!statx.look(open, LibC.cString(name))) {
                    return;
                }
                isFolder = statx.isFolder();
                isFile = statx.isFile() && statx.links() > 1;
            }
            String path = isFile || isFolder && subfolders != null ? RawPath.child(folder, name) : null;
            if (path != null && !filter.excludesEntry(path, isFolder)) {
                if (isFile) {
                    found.at(path, statx);
                } else {
                    subfolders.push(path);
                }
            }
        });
    }
}
