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
 * Notices that folders are listed, by whichever process and path: IN_OPEN of inotify(7) is told of the folder itself. For one
 * thread. What an NFS server of this machine opens, the kernel does not tell.
 */
public final class FolderOpenDetector implements AutoCloseable {

    private final int fd;
    private final Memory events = new Memory(1 << 16);
    private final Map<Integer, Path> folders = new HashMap<>();

    /** {@return one that looks after folders, but for those that it can't; null where inotify is not to be had} */
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
                // the first is the nearest to what is looked for
                this.folders.putIfAbsent(watch, folder);
            }
        }
    }

    /** {@return those that were opened since the last call} */
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
