package dev.dromedary.mount;

import java.util.Set;

/**
 * One line of /proc/self/mountinfo (proc(5)). Paths are in the notation of {@link dev.dromedary.change.RawPath}.
 *
 * @param id     the mount's number, unique as long as the mount exists; the next mount may get the same
 * @param parent the number of the mount that it is mounted on
 * @param device the file system's major:minor
 * @param root   the folder of the file system that it shows
 * @param point  the mount point
 * @param type   the type of the file system, such as ext4
 * @param unique the number that no other mount gets ({@link MountId}); 0 if it is not known
 */
public record Mount(int id, int parent, String device, String root, String point, String type, long unique) {

    private static final Set<String> SERVED = Set.of("nfs", "nfs4", "cifs", "smb3", "ceph", "9p", "afs", "fuse", "virtiofs", "lustre", "beegfs",
            "gpfs", "orangefs");

    /** {@return the same, with the number that no other mount gets} Asks the kernel about the mount point. */
    public Mount identified() {
        return new Mount(id, parent, device, root, point, type, MountId.at(point));
    }

    /** {@return whether another machine or process serves it} Then a look at it may have to wait for long, or for ever. */
    public boolean isServed() {
        return SERVED.contains(type) || type.startsWith("fuse.");
    }

    /** {@return whether a path is the mount point or lies below it} */
    boolean covers(String path) {
        return isAtOrBelow(path, point);
    }

    static boolean isAtOrBelow(String path, String folder) {
        return folder.equals("/") || path.startsWith(folder) && (path.length() == folder.length() || path.charAt(folder.length()) == '/');
    }
}
