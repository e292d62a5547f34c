package dev.dromedary.watch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.sun.jna.Native;
import dev.dromedary.filter.PathFilter;

/**
 * Finds the current paths of folders by their handles: open_by_handle_at(2) opens the folder, and /proc/self/fd gives its path. Recent
 * results are cached until a folder is moved. Nothing is kept open, so that watched file systems can be unmounted. Not thread-safe.
 */
final class FileHandleResolver {

    private static final int MOST_REMEMBERED = 10_000;
    // proc_pid_readlink returns a page at most; rsync accepts no longer path either (MAXPATHLEN)
    private static final int LONGEST_PATH = 4096;
    private static final String ELSEWHERE = "\0";
    // ENOMEM, ENFILE and EMFILE: these say nothing about the folder
    private static final Set<Integer> SHORT = Set.of(12, 23, LibC.EMFILE);

    /** A mount in the source, or the source itself. A folder may be reachable from one of these and not from another. */
    private record Top(byte[] path, long fileSystem) {
    }

    private final Fanotify fanotify;
    private final String source;
    private final PathFilter filter;
    private final Statx statx = new Statx();
    private final byte[] link = new byte[LONGEST_PATH];
    private final List<Top> tops = new ArrayList<>();
    private final Map<FileHandle, String> remembered = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<FileHandle, String> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    /**
     * @param source absolute, without links, in the notation of RawPath
     * @param filter what is excluded
     */
    FileHandleResolver(Fanotify fanotify, String source, PathFilter filter) {
        this.fanotify = fanotify;
        this.source = source;
        this.filter = filter;
    }

    /**
     * Adds a mount from which folders of its file system can be found.
     *
     * @param path absolute, in the form of {@link LibC#cString}
     */
    void add(byte[] path, FileHandle there) {
        tops.removeIf(top -> Arrays.equals(top.path, path));
        tops.add(new Top(path, there.fileSystem()));
        forget();
    }

    /** Forgets all mounts. */
    void clear() {
        tops.clear();
        forget();
    }

    /** Clears the cache, because a folder was moved with everything below it. */
    void forget() {
        remembered.clear();
    }

    /**
     * Returns the path of a folder.
     *
     * @return relative to the source; null if the folder is gone, excluded, or outside of the source
     * @throws IOException if it can't be determined, because a system resource is exhausted
     */
    String of(FileHandle folder) throws IOException {
        String known = remembered.get(folder);
        if (known == null) {
            boolean[] certain = {true};
            known = look(folder, certain);
            if (certain[0]) {
                remembered.put(folder, known);
            }
        }
        return ELSEWHERE.equals(known) ? null : known;
    }

    private String look(FileHandle folder, boolean[] certain) throws IOException {
        for (Top top : tops) {
            String path = top.fileSystem == folder.fileSystem() ? below(top, folder, certain) : null;
            if (path != null) {
                return filter.excludes(path, true) ? ELSEWHERE : path;
            }
        }
        return ELSEWHERE;
    }

    // null if it is not below; the result is not certain if the mount itself has changed
    private String below(Top top, FileHandle folder, boolean[] certain) throws IOException {
        // not O_PATH: open_by_handle_at(2) does not accept such a descriptor (EBADF)
        int answer = LibC.open(top.path, LibC.O_RDONLY | LibC.O_CLOEXEC);
        int mount = opened(answer < 0 ? -Native.getLastError() : answer, top);
        if (mount < 0) {
            certain[0] = false;
            return null;
        }
        try {
            // something else may have been mounted there meanwhile
            boolean same = fanotify.fileSystem(mount) == top.fileSystem;
            certain[0] &= same;
            int open = same ? opened(fanotify.open(mount, folder), top) : -1;
            if (open < 0) {
                return null;
            }
            try {
                return pathOf(open);
            } finally {
                LibC.close(open);
            }
        } finally {
            LibC.close(mount);
        }
    }

    private static int opened(int answer, Top top) throws IOException {
        if (SHORT.contains(-answer)) {
            throw new IOException("a folder of " + new String(top.path, StandardCharsets.ISO_8859_1).trim() + " can't be found (errno " + -answer + ")");
        }
        return answer;
    }

    private String pathOf(int open) {
        long length = LibC.readlink(("/proc/self/fd/" + open + '\0').getBytes(StandardCharsets.US_ASCII), link, link.length);
        if (length <= 0 || length == link.length) {
            return null;
        }
        String path = new String(link, 0, (int) length, StandardCharsets.ISO_8859_1);
        String relative = path.equals(source) ? "" : source.equals("/") ? path.substring(1)
                : path.startsWith(source + '/') ? path.substring(source.length() + 1) : null;
        // a folder that is not reachable from this mount has the path of something else, and one that is gone has an invalid path
        return relative != null && isAt(open, path) ? relative : null;
    }

    private boolean isAt(int open, String path) {
        if (!statx.lookAtOpen(open)) {
            return false;
        }
        InodeId inode = statx.inode();
        return statx.look(Statx.AT_FDCWD, LibC.cString(path)) && statx.inode().equals(inode);
    }

    /** Checks that handles can be used here. */
    void check(FileHandle root) throws IOException {
        if (!"".equals(of(root))) {
            throw new IOException("the folders of this file system can't be found by the handles that fanotify tells, or this process lacks"
                    + " the capability CAP_DAC_READ_SEARCH");
        }
    }
}
