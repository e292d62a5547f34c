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
 * Where folders lie now, by their handles: open_by_handle_at(2) gives a folder, and /proc/self/fd its path. What was asked for lately
 * is remembered until a folder is moved. Nothing is kept open, so that what is watched can be unmounted. For one thread.
 */
final class FileHandleResolver {

    private static final int MOST_REMEMBERED = 10_000;
    // proc_pid_readlink gives a page at most; rsync takes no longer path either (MAXPATHLEN)
    private static final int LONGEST_PATH = 4096;
    private static final String ELSEWHERE = "\0";
    // ENOMEM, ENFILE and EMFILE: by these nothing is said of the folder
    private static final Set<Integer> SHORT = Set.of(12, 23, LibC.EMFILE);

    /** Something that is mounted in the source, or the source itself; by its own path a folder may be found that is not below it by another. */
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
     * @param filter what is left out
     */
    FileHandleResolver(Fanotify fanotify, String source, PathFilter filter) {
        this.fanotify = fanotify;
        this.source = source;
        this.filter = filter;
    }

    /**
     * Takes in a place by which folders of its file system may be found.
     *
     * @param path absolute, as {@link LibC#cString} has it
     */
    void add(byte[] path, FileHandle there) {
        tops.removeIf(top -> Arrays.equals(top.path, path));
        tops.add(new Top(path, there.fileSystem()));
        forget();
    }

    /** Forgets all of these places. */
    void clear() {
        tops.clear();
        forget();
    }

    /** Forgets what was asked for: a folder was moved, and with it all that lies in it. */
    void forget() {
        remembered.clear();
    }

    /**
     * The path of a folder.
     *
     * @return from the source on; null if it is gone, left out, or not in the source
     * @throws IOException if that can't be said, as something is short
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

    // null if it is not; not certain if the place itself is not what it was
    private String below(Top top, FileHandle folder, boolean[] certain) throws IOException {
        // not by O_PATH: open_by_handle_at(2) takes none of these (EBADF)
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
        // what can't be reached from this mount has a path that leads elsewhere, and what is gone one that leads nowhere
        return relative != null && isAt(open, path) ? relative : null;
    }

    private boolean isAt(int open, String path) {
        if (!statx.lookAtOpen(open)) {
            return false;
        }
        InodeId inode = statx.inode();
        return statx.look(Statx.AT_FDCWD, LibC.cString(path)) && statx.inode().equals(inode);
    }

    /** Checks that handles are of use here. */
    void check(FileHandle root) throws IOException {
        if (!"".equals(of(root))) {
            throw new IOException("the folders of this file system can't be found by the handles that fanotify tells, or this process lacks"
                    + " the capability CAP_DAC_READ_SEARCH");
        }
    }
}
