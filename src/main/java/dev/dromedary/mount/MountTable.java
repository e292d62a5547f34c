package dev.dromedary.mount;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The mounted file systems, as this process sees them at one moment. Paths are absolute, without links, and in the notation of
 * {@link dev.dromedary.change.RawPath}. A mount that is hidden by another one is not visible.
 */
public final class MountTable {

    /** The kernel's table; poll(2) on it reports a change with POLLPRI (proc(5)). */
    public static final Path FILE = Path.of("/proc/self/mountinfo");

    // id parent major:minor root point options... - type source options
    private static final Pattern LINE = Pattern.compile("(\\d+) (\\d+) (\\S+) (\\S+) (\\S+) .*? - (\\S+) .*");
    private static final Pattern ESCAPE = Pattern.compile("\\\\([0-7]{3})");

    private static final MountChanges CHANGES = MountChanges.of(FILE);

    // the table may have changed since it was last read
    private static boolean stale = true;
    private static Read last = new Read(new byte[0], new MountTable(List.of()));

    /** The text that was read last, and the table parsed from it, because it seldom changes. */
    private record Read(byte[] text, MountTable table) {
    }

    private final List<Mount> mounts;

    private MountTable(List<Mount> mounts) {
        this.mounts = mounts;
    }

    /**
     * {@return the current table: the same object as long as nothing has changed, and an empty one if the system has no such file}
     *
     * @throws IOException if the file exists and can't be read
     */
    public static synchronized MountTable read() throws IOException {
        boolean changed = CHANGES.take();
        if (stale || changed) {
            byte[] text = Files.exists(FILE) ? Files.readAllBytes(FILE) : new byte[0];
            // what took the place of another mount may have got its numbers, and then the text is the same
            if (changed && CHANGES.isCertain() || !Arrays.equals(text, last.text)) {
                last = new Read(text, parse(new String(text, StandardCharsets.ISO_8859_1)));
            }
            stale = false;
        }
        return last.table;
    }

    /** Makes the next {@link #read} read the file even if nothing was mounted: renaming a folder changes the path of the mount points below it. */
    public static synchronized void forget() {
        stale = true;
    }

    /** {@return the table of a text with one mount per line; other lines are skipped} */
    public static MountTable parse(String text) {
        List<Mount> mounts = new ArrayList<>();
        for (String line : text.split("\n")) {
            Matcher parts = LINE.matcher(line);
            if (parts.matches()) {
                mounts.add(new Mount(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)), parts.group(3),
                        unescaped(parts.group(4)), unescaped(parts.group(5)), parts.group(6), 0));
            }
        }
        return new MountTable(List.copyOf(mounts));
    }

    // unescapes space, tab, newline and backslash
    private static String unescaped(String field) {
        return ESCAPE.matcher(field).replaceAll(octal -> Matcher.quoteReplacement(
                String.valueOf((char) Integer.parseInt(octal.group(1), 8))));
    }

    /** {@return the mount that a path lies on} */
    public Optional<Mount> of(String path) {
        Mount found = null;
        for (Mount next = top(); next != null && next != found; next = over(found, path)) {
            found = next;
        }
        return Optional.ofNullable(found);
    }

    private Mount top() {
        return mounts.stream().filter(mount -> mounts.stream().noneMatch(other -> other != mount && other.id() == mount.parent()))
                .filter(mount -> mount.point().equals("/")).findFirst().orElse(null);
    }

    // if several are mounted on the same mount, the one nearest to the root hides those further down
    private Mount over(Mount under, String path) {
        return mounts.stream().filter(mount -> mount.parent() == under.id() && mount != under && mount.covers(path))
                .min(Comparator.comparingInt(mount -> mount.point().length())).orElse(null);
    }

    /** {@return the visible mounts whose mount points lie below a folder} */
    public List<Mount> below(String folder) {
        return mounts.stream().map(Mount::point).filter(point -> !point.equals(folder) && Mount.isAtOrBelow(point, folder)).distinct()
                .flatMap(point -> of(point).stream().filter(mount -> mount.point().equals(point))).toList();
    }

    /** {@return whether something is mounted at a path and visible there} */
    public boolean isPoint(String path) {
        return of(path).filter(mount -> mount.point().equals(path)).isPresent();
    }

    /**
     * {@return the place of a path, whichever mount shows it; empty if it is not known}
     */
    public Optional<Place> place(String path) {
        return of(path).map(mount -> {
            String rest = mount.point().equals("/") ? path : path.substring(mount.point().length());
            return new Place(mount.device(), mount.root().equals("/") ? rest.isEmpty() ? "/" : rest
                    : rest.equals("/") ? mount.root() : mount.root() + rest);
        });
    }

    /**
     * A folder of a file system. Two mounts of the same file system (bind mounts) show it at two paths.
     *
     * @param device major:minor
     * @param path   the path within the file system
     */
    public record Place(String device, String path) {

        /** {@return whether another place is this one or lies in it} */
        public boolean holds(Place other) {
            return device.equals(other.device) && Mount.isAtOrBelow(other.path, path);
        }
    }
}
