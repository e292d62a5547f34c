package dev.dromedary.mount;

/**
 * One line of /proc/self/mountinfo (proc(5)). Paths are in the notation of {@link dev.dromedary.change.RawPath}.
 *
 * @param id     the mount's number, unique as long as the mount exists
 * @param parent the number of the mount that it is mounted on
 * @param device the file system's major:minor
 * @param root   the folder of the file system that it shows
 * @param point  the mount point
 * @param type   the type of the file system, such as ext4
 */
public record Mount(int id, int parent, String device, String root, String point, String type) {

    /** {@return whether a path is the mount point or lies below it} */
    boolean covers(String path) {
        return isAtOrBelow(path, point);
    }

    static boolean isAtOrBelow(String path, String folder) {
        return folder.equals("/") || path.startsWith(folder) && (path.length() == folder.length() || path.charAt(folder.length()) == '/');
    }
}
