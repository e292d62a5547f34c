package dev.dromedary.mount;

/**
 * One line of /proc/self/mountinfo (proc(5)); paths in the notation of {@link dev.dromedary.change.RawPath}.
 *
 * @param id     the mount's number, which no other has while it lasts
 * @param parent the number of the mount that it is mounted on
 * @param device the file system's major:minor
 * @param root   which folder of the file system it shows
 * @param point  where
 * @param type   of the file system, such as ext4
 */
public record Mount(int id, int parent, String device, String root, String point, String type) {

    /** Whether a path is the mount point, or lies below it. */
    boolean covers(String path) {
        return isAtOrBelow(path, point);
    }

    static boolean isAtOrBelow(String path, String folder) {
        return folder.equals("/") || path.startsWith(folder) && (path.length() == folder.length() || path.charAt(folder.length()) == '/');
    }
}
