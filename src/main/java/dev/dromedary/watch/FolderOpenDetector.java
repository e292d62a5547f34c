package dev.dromedary.watch;

import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import com.sun.jna.Memory;
import dev.dromedary.change.RawPath;

/**
 * Detects when folders are listed, by any process and path: IN_OPEN of inotify(7) is reported for the folder itself. Not thread-safe. The
 * kernel does not report what an NFS server of this machine opens.
 */
public final class FolderOpenDetector implements AutoCloseable {

    private final int fd;
    private final Memory events = new Memory(1 << 16);
    private final Map<Integer, Path> folders = new HashMap<>();

    /** {@return a detector for the folders that can be watched; null if inotify is not available} */
    public static FolderOpenDetector of(Collection<Path> folders) {
        try {
            int fd = LibC.inotify_init1(LibC.IN_NONBLOCK | LibC.IN_CLOEXEC);
            return fd < 0 ? null : new FolderOpenDetector(fd, folders);
        } catch (LinkageError e) {
            return null;
        }
    }

    private FolderOpenDetector(int fd, Collection<Path> folders) {
        this.fd = fd;
        for (Path folder : folders) {
            int watch = LibC.inotify_add_watch(fd, LibC.cString(RawPath.of(folder)), LibC.IN_OPEN | LibC.IN_ONLYDIR);
            if (watch >= 0) {
                // the first one is the closest to the folder in question
                this.folders.putIfAbsent(watch, folder);
            }
        }
    }

    /** {@return the folders that were opened since the last call} */
    public Set<Path> take() {
        Set<Path> opened = new HashSet<>();
        for (long length; (length = LibC.read(fd, events, events.size())) > 0;) {
            Inotify.parse(events, length, event -> {
                if (event.name() == null && event.is(LibC.IN_OPEN) && folders.containsKey(event.watch())) {
                    opened.add(folders.get(event.watch()));
                }
            });
        }
        return opened;
    }

    @Override
    public void close() {
        LibC.close(fd);
    }
}
