package dev.dromedary.state;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Tells who else may write to a file or folder, by owner and mode; access control lists are not checked. Root and the user that this
 * process runs as are trusted. A group is harmless if it is the user's own (its number or name is that of the user, as pam_umask(8) defines
 * it, or it is root's) and /etc/group names no other member of it.
 *
 * @param problem who else may write, with owner and mode, as the rest of a sentence
 * @param remedy  the chown or chmod that fixes it
 */
public record WritableByOthers(String problem, String remedy) {

    private static final int ROOT = 0;
    private static final int GROUP_WRITE = 0020;
    private static final int OTHERS_WRITE = 0002;
    private static final int STICKY = 01000;
    private static final String USER = System.getProperty("user.name");
    private static final int UID = uid();

    /** {@return whether this process runs as root} */
    public static boolean isRoot() {
        return UID == ROOT;
    }

    /** {@return what is wrong with a file or folder, or with the link to it; empty if nobody else may write to it} */
    public static Optional<WritableByOthers> fault(Path path) throws IOException {
        return fault(path, 0);
    }

    /** {@return what is wrong with the mode alone: the owner may be anyone, as the files of a service may belong to its user} */
    static Optional<WritableByOthers> faultOfMode(Path path) throws IOException {
        return faultOfMode(path, 0);
    }

    /** {@return what is wrong with a folder in which others may create files, but not touch existing ones (sticky)} */
    public static Optional<WritableByOthers> faultOfParent(Path folder) throws IOException {
        return fault(folder, STICKY);
    }

    /**
     * {@return a fault by which somebody else could put another folder in place of this one: a folder above it is writable by all and not
     * sticky, or is a link of another user}
     */
    public static Optional<WritableByOthers> faultAbove(Path path) throws IOException {
        for (Path above = path.getParent(); above != null; above = above.getParent()) {
            if (Files.isSymbolicLink(above)) {
                Optional<WritableByOthers> fault = linkFault(above);
                if (fault.isPresent()) {
                    return fault;
                }
            }
        }
        Path there = path.getParent();
        while (there != null && !Files.exists(there)) {
            there = there.getParent();
        }
        for (Path above = there == null ? null : there.toRealPath(); above != null; above = above.getParent()) {
            int mode = (int) Files.getAttribute(above, "unix:mode");
            if ((mode & OTHERS_WRITE) != 0 && (mode & STICKY) == 0 && !isReadOnly(above)) {
                return Optional.of(new WritableByOthers(above + ", in which it lies, may be written to by everybody (" + shown(above) + ")",
                        "chmod o-w " + above));
            }
        }
        return Optional.empty();
    }

    private static Optional<WritableByOthers> fault(Path path, int allowing) throws IOException {
        Optional<WritableByOthers> link = Files.isSymbolicLink(path) ? linkFault(path) : Optional.empty();
        if (link.isPresent()) {
            return link;
        }
        Map<String, Object> owner = Files.readAttributes(path, "unix:uid,owner");
        if (!isTrusted((int) owner.get("uid"), owner.get("owner").toString())) {
            return Optional.of(new WritableByOthers(path + " belongs to another user (" + shown(path) + ")", "chown " + USER + ' ' + path));
        }
        return faultOfMode(path, allowing);
    }

    private static Optional<WritableByOthers> faultOfMode(Path path, int allowing) throws IOException {
        Map<String, Object> file = Files.readAttributes(path, "unix:mode,gid,group");
        int mode = (int) file.get("mode");
        boolean byAll = (mode & OTHERS_WRITE) != 0;
        boolean byGroup = (mode & GROUP_WRITE) != 0 && !isPrivate((int) file.get("gid"), file.get("group").toString());
        if (!byAll && !byGroup || (mode & allowing) != 0 || isReadOnly(path)) {
            return Optional.empty();
        }
        return Optional.of(new WritableByOthers(path + " may be written to by " + (byAll ? "everybody" : "the group " + file.get("group"))
                + " (" + shown(path) + ")", "chmod go-w " + path));
    }

    private static Optional<WritableByOthers> linkFault(Path link) throws IOException {
        Map<String, Object> own = Files.readAttributes(link, "unix:uid,owner", LinkOption.NOFOLLOW_LINKS);
        return isTrusted((int) own.get("uid"), own.get("owner").toString()) ? Optional.empty()
                : Optional.of(new WritableByOthers(link + " is a link of another user (owner " + own.get("owner") + ")",
                        "remove it, or name its destination"));
    }

    // a separate file system mounted read-only, as Kubernetes does for volumes that it mounts with mode 0777
    private static boolean isReadOnly(Path path) throws IOException {
        return Files.getFileStore(path).isReadOnly();
    }

    private static boolean isTrusted(int uid, String owner) {
        return uid == ROOT || (UID < 0 ? owner.equals(USER) : uid == UID);
    }

    private static boolean isPrivate(int gid, String group) {
        return (gid == ROOT || gid == UID || group.equals(USER)) && !hasOtherMembers(group);
    }

    private static boolean hasOtherMembers(String group) {
        try (Stream<String> groups = Files.lines(Path.of("/etc/group"))) {
            return groups.map(line -> line.split(":", -1)).filter(fields -> fields.length > 3 && fields[0].equals(group))
                    .flatMap(fields -> Stream.of(fields[3].split(","))).map(String::strip)
                    .anyMatch(member -> !member.isEmpty() && !member.equals(USER) && !member.equals("root"));
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    private static String shown(Path path) throws IOException {
        Map<String, Object> file = Files.readAttributes(path, "posix:owner,group,permissions");
        @SuppressWarnings("unchecked")
        Set<PosixFilePermission> permissions = (Set<PosixFilePermission>) file.get("permissions");
        return "owner " + file.get("owner") + ", group " + file.get("group") + ", mode " + PosixFilePermissions.toString(permissions);
    }

    // proc(5): real, effective, saved and file system UID; negative if there is no such file
    private static int uid() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("Uid:")).map(line -> Integer.parseInt(line.split("\\s+")[2]))
                    .findFirst().orElse(-1);
        } catch (IOException | UncheckedIOException e) {
            return -1;
        }
    }
}
