package dev.dromedary.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

import dev.dromedary.change.RawPath;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches files that were opened without a name (O_TMPFILE of open(2)) and have got one by linkat(2) since. Later writes to such a file are
 * not reported under its name in the folder. So the file has its own watch until its writer closes it. If there are too many, the oldest
 * watch is removed. Not thread-safe.
 */
final class TmpfileWatches {

    private static final Logger LOG = LoggerFactory.getLogger(TmpfileWatches.class);
    // each watch keeps an inode in the kernel's memory, and stays long if the writer had closed the file before
    private static final int MOST = 1000;

    /** @param leaves the cookie of the move by which it leaves; 0 for none */
    private record Named(WatchedFolder folder, String name, int leaves) {
    }

    private final Inotify inotify;
    private final Path source;
    private final Map<Integer, Named> files = new LinkedHashMap<>();
    private List<Named> missed = new ArrayList<>();

    /** @param source the folder in which the watched folders lie */
    TmpfileWatches(Inotify inotify, Path source) {
        this.inotify = inotify;
        this.source = source;
    }

    /**
     * Handles a name that has appeared and was not written yet: if it may be such a file, it is watched from now on.
     */
    void appeared(WatchedFolder folder, String name) {
        try {
            watch(new Named(folder, name, 0));
        } catch (NoSuchFileException e) {
            // its folder may have been moved; an event reports that
            missed.add(new Named(folder, name, 0));
        } catch (IOException e) {
            LOG.debug("What is at {} is not watched by itself: {}", RawPath.escape(name), e.toString());
        }
    }

    /**
     * Looks again for files that were not found when they had appeared.
     *
     * @param found receives the files that are watched now and may have been written meanwhile
     */
    void lookAgain(BiConsumer<WatchedFolder, String> found) {
        if (missed.isEmpty()) {
            return;
        }
        List<Named> again = missed;
        missed = new ArrayList<>();
        for (Named file : again) {
            try {
                if (watch(file)) {
                    found.accept(file.folder, file.name);
                }
            } catch (IOException e) {
                LOG.debug("{} is gone, or can't be looked at: {}", RawPath.escape(file.name), e.toString());
            }
        }
    }

    private boolean watch(Named file) throws IOException {
        String path = RawPath.child(file.folder.path(), file.name);
        Map<String, Object> facts = Files.readAttributes(RawPath.toPath(source, path), "unix:isRegularFile,nlink",
                LinkOption.NOFOLLOW_LINKS);
        boolean may = (Boolean) facts.get("isRegularFile") && (Integer) facts.get("nlink") == 1;
        int watch = may ? inotify.addFile(LibC.cString(RawPath.of(source) + '/' + path)) : -1;
        if (watch < 0) {
            return false;
        }
        files.put(watch, file);
        if (files.size() > MOST) {
            Iterator<Integer> oldest = files.keySet().iterator();
            inotify.remove(oldest.next());
            oldest.remove();
        }
        return true;
    }

    /** Notes that a name was moved away. */
    void left(WatchedFolder folder, String name, int cookie) {
        files.replaceAll((watch, file) -> file.folder == folder && file.name.equals(name) ? new Named(folder, name, cookie) : file);
    }

    /** Notes that it has appeared elsewhere. */
    void came(WatchedFolder folder, String name, int cookie) {
        files.replaceAll((watch, file) -> file.leaves == cookie ? new Named(folder, name, 0) : file);
    }

    /**
     * Handles an event of a watch that does not belong to a folder.
     *
     * @param sink receives the same event as an event of the file's folder
     */
    void event(Inotify.Event event, BiConsumer<WatchedFolder, Inotify.Event> sink) {
        Named file = files.get(event.watch());
        if (file == null) {
            return;
        }
        if (event.is(LibC.IN_IGNORED)) {
            files.remove(event.watch());
            return;
        }
        sink.accept(file.folder, new Inotify.Event(event.watch(), event.mask(), 0, file.name));
        if (event.is(LibC.IN_CLOSE_WRITE)) {
            files.remove(event.watch());
            inotify.remove(event.watch());
        }
    }

    /** Removes all watches. */
    void clear() {
        files.keySet().forEach(inotify::remove);
        files.clear();
        missed.clear();
    }
}
