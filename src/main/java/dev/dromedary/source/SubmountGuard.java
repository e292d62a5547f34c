package dev.dromedary.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import dev.dromedary.change.RawPath;
import dev.dromedary.filter.FilterRules;
import dev.dromedary.filter.PathFilter;
import dev.dromedary.mount.FileSystemId;
import dev.dromedary.mount.Mount;
import dev.dromedary.mount.MountTable;
import dev.dromedary.state.JsonFile;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Guards the file systems that are mounted below a source. A file system that is unmounted leaves an empty folder behind, or none, and a
 * run would delete its content at the targets. So, as a filter, this excludes its folder until it is back or a person confirms that this is
 * intended. Thread-safe. Paths are in the notation of {@link RawPath}, relative to the source.
 */
public final class SubmountGuard implements PathFilter {

    private static final Logger LOG = LoggerFactory.getLogger(SubmountGuard.class);
    private static final int VERSION = 1;
    // virtual file systems of the kernel, and the automounter; none is a disk
    private static final Set<String> NO_DISKS = Set.of("proc", "sysfs", "cgroup", "cgroup2", "devpts", "devtmpfs", "mqueue", "debugfs",
            "tracefs", "securityfs", "pstore", "bpf", "configfs", "fusectl", "hugetlbfs", "binfmt_misc", "nsfs", "rpc_pipefs",
            "efivarfs", "autofs");
    // containers and packages add and remove many of these together with their mount points
    private static final Set<String> GO_WITH_THEIR_FOLDER = Set.of("overlay", "squashfs");

    /**
     * The remembered state of a mount.
     *
     * @param fileSystem {@link FileSystemId}; null if it is not known
     * @param names      the names directly in it when it was first seen
     */
    private record Known(String fileSystem, String type, List<String> names) {
    }

    /** A mount as it was at the last look. */
    private record Seen(Mount mount, String fileSystem) {

        boolean isSame(Seen before) {
            return before != null && (mount.unique() != 0 ? mount.unique() == before.mount.unique()
                    : mount.id() == before.mount.id() && Objects.equals(fileSystem, before.fileSystem));
        }
    }

    /** Is notified of the missing mounts before they take effect. */
    @FunctionalInterface
    public interface Listener {

        /** @throws IOException if it could not be noted; then no run may begin, and the notification is repeated */
        void changed(Set<String> missing) throws IOException;
    }

    private final Path source;
    private final Path file;
    private final PathFilter leftOut;
    private final boolean remembers;
    private final List<Listener> listeners = new ArrayList<>();
    private final Map<String, Known> known = new TreeMap<>();
    private final Map<String, Seen> seen = new HashMap<>();
    private MountTable lookedAt;
    private Path lookedFrom;
    private volatile Map<String, String> missing = Map.of();
    private volatile Map<String, Mount> mounted = Map.of();
    private volatile BindMountAliases aliases = BindMountAliases.NONE;

    /**
     * @param source  need not exist, and may be a link
     * @param file    where the mounts are remembered over restarts; null if they are not
     * @param leftOut what is not mirrored, and so need not be mounted
     */
    SubmountGuard(Path source, Path file, PathFilter leftOut) {
        this(source, file, leftOut, file != null);
    }

    private SubmountGuard(Path source, Path file, PathFilter leftOut, boolean remembers) {
        this.source = source;
        this.file = file;
        this.leftOut = leftOut;
        this.remembers = remembers;
        if (file != null) {
            try {
                new JsonFile(file, VERSION).read(this::read);
            } catch (IOException e) {
                LOG.error("{}: what is remembered of the file systems below it in {} can't be used ({}): one that is not mounted now"
                        + " is not missed", source, file, e.getMessage());
            }
        }
    }

    static Path file(Path rootFile) {
        return rootFile.resolveSibling(rootFile.getFileName().toString().replaceFirst("\\.json$", ".mounts.json"));
    }

    /** {@return what is missing of a source now, according to the state that another process remembers} */
    public static Set<String> missing(Path stateDir, String mirror, Path source) throws IOException {
        SubmountGuard remembered = new SubmountGuard(source, file(SourceGuard.file(stateDir, mirror)), FilterRules.NONE, false);
        remembered.look();
        return remembered.missing.keySet();
    }

    /** Notifies a listener of the missing mounts, at once and at each change. */
    public synchronized void onChange(Listener listener) throws IOException {
        listeners.add(listener);
        listener.changed(missing.keySet());
    }

    /** Removes a listener. */
    public synchronized void forget(Listener listener) {
        listeners.remove(listener);
    }

    /** Makes the next look examine all mounts again, because other paths may be excluded from the mirror now. */
    public synchronized void lookAnew() {
        lookedAt = null;
    }

    private Void read(JsonObject json) {
        if (source.toString().equals(json.getString("source"))) {
            for (Object each : (JsonArray) json.get("mounts")) {
                JsonObject mount = (JsonObject) each;
                known.put(RawPath.unescape(mount.getString("path")), new Known(mount.getString("fileSystem"), mount.getString("type"),
                        ((JsonArray) mount.get("names")).stream().map(Object::toString).toList()));
            }
        }
        return null;
    }

    private void write() {
        if (!remembers) {
            return;
        }
        JsonObject json = new JsonObject();
        json.put("source", source.toString());
        JsonArray mounts = new JsonArray();
        known.forEach((path, one) -> {
            JsonObject mount = new JsonObject();
            mount.put("path", RawPath.escape(path));
            mount.put("fileSystem", one.fileSystem);
            mount.put("type", one.type);
            mount.put("names", new JsonArray(one.names));
            mounts.add(mount);
        });
        json.put("mounts", mounts);
        try {
            new JsonFile(file, VERSION).write(json);
        } catch (IOException e) {
            LOG.warn("The file systems below {} could not be remembered ({}): the next start can't tell whether one is missing",
                    source, e.toString());
        }
    }

    /**
     * Examines the current mounts, and logs which ones are missing and which ones are back.
     *
     * @throws IOException if the mounts can't be examined, or the result can't be noted
     */
    public synchronized void look() throws IOException {
        Path real = source.toRealPath();
        MountTable table = MountTable.read();
        boolean same = table == lookedAt && real.equals(lookedFrom);
        if (!same || missing.keySet().stream().anyMatch(path -> GO_WITH_THEIR_FOLDER.contains(known.get(path).type))) {
            look(real, table);
            lookedAt = table;
            lookedFrom = real;
        }
    }

    private void look(Path real, MountTable table) throws IOException {
        Map<String, Mount> now = now(real, table);
        Map<String, String> gone = new TreeMap<>();
        boolean changed = known.entrySet().removeIf(one -> GO_WITH_THEIR_FOLDER.contains(one.getValue().type)
                && !now.containsKey(one.getKey()) && isGone(real, one.getKey()));
        Map<String, Seen> there = new HashMap<>();
        now.forEach((path, mount) -> there.put(path, new Seen(mount, FileSystemId.of(RawPath.toPath(real, path)))));
        known.forEach((path, one) -> {
            Seen mount = there.get(path);
            if (mount == null) {
                gone.put(path, "its file system is not mounted");
            } else if (!mount.isSame(seen.get(path)) && !isSame(one, RawPath.toPath(real, path))) {
                gone.put(path, "another file system is mounted there than before");
            }
        });
        seen.keySet().retainAll(now.keySet());
        there.forEach((path, mount) -> {
            if (!gone.containsKey(path)) {
                seen.put(path, mount);
            }
        });
        for (Map.Entry<String, Mount> one : now.entrySet()) {
            changed |= known.putIfAbsent(one.getKey(), of(real, one.getKey(), one.getValue().type())) == null;
        }
        if (!gone.keySet().equals(missing.keySet())) {
            for (Listener listener : listeners) {
                listener.changed(gone.keySet());
            }
        }
        say(gone);
        missing = Map.copyOf(gone);
        mounted = Map.copyOf(now);
        aliases = BindMountAliases.of(RawPath.of(real), now, table);
        if (changed) {
            write();
        }
    }

    private Map<String, Mount> now(Path real, MountTable table) {
        String top = RawPath.of(real);
        int prefix = top.equals("/") ? 1 : top.length() + 1;
        return table.below(top).stream().filter(mount -> !NO_DISKS.contains(mount.type()))
                .filter(mount -> !leftOut.excludes(mount.point().substring(prefix), true))
                .collect(Collectors.toMap(mount -> mount.point().substring(prefix), Mount::identified));
    }

    private static boolean isGone(Path real, String path) {
        try {
            Files.readAttributes(RawPath.toPath(real, path), "unix:ino", LinkOption.NOFOLLOW_LINKS);
            return false;
        } catch (NoSuchFileException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static Known of(Path real, String path, String type) {
        Path folder = RawPath.toPath(real, path);
        try {
            return new Known(FileSystemId.of(folder), type, SourceFingerprint.names(folder));
        } catch (IOException e) {
            // a file, or a folder that may not be listed
            return new Known(FileSystemId.of(folder), type, List.of());
        }
    }

    private static boolean isSame(Known one, Path folder) {
        try {
            return one.fileSystem != null && one.fileSystem.equals(FileSystemId.of(folder)) || one.names.isEmpty()
                    || SourceFingerprint.areMostIn(one.names, folder);
        } catch (IOException e) {
            return false;
        }
    }

    private void say(Map<String, String> gone) {
        gone.forEach((path, why) -> {
            if (!why.equals(missing.get(path))) {
                LOG.error("{}: {}: {}. Nothing in it is sent, and nothing of it deleted at any target, until it is back. If this is"
                        + " intended: " + wayOut(), source, RawPath.shown(path), why);
            }
        });
        missing.keySet().stream().filter(path -> !gone.containsKey(path)).forEach(path ->
                LOG.info("{}: {}: its file system is back", source, RawPath.shown(path)));
    }

    /** Accepts the current mounts, and the missing ones, as intended. */
    synchronized void accept() throws IOException {
        known.clear();
        seen.clear();
        lookedAt = null;
        look();
        write();
    }

    /** {@return the excluded folders, and the reason for each} */
    public Map<String, String> missing() {
        return missing;
    }

    /** {@return the mounts below the source by their paths, including those that are excluded} */
    public Map<String, Mount> mounted() {
        return mounted;
    }

    /** {@return the folders that exist at several paths} */
    public BindMountAliases aliases() {
        return aliases;
    }

    /** {@return why the source is not complete, for people; null if it is} */
    public String fault() {
        Map<String, String> now = missing;
        return now.isEmpty() ? null : now.entrySet().stream().sorted(Map.Entry.comparingByKey())
                .map(one -> RawPath.shown(one.getKey()) + ": " + one.getValue()).collect(Collectors.joining("; "))
                + ". Nothing of it is deleted at a target until it is back; if this is intended: " + wayOut();
    }

    private String wayOut() {
        return "dromedary resume --new-source " + (file == null ? "MIRROR" : SourceGuard.mirror(file));
    }

    @Override
    public boolean excludesEntry(String path, boolean directory) {
        return missing.containsKey(path);
    }

    @Override
    public boolean excludes(String path, boolean directory) {
        Map<String, String> now = missing;
        return !now.isEmpty() && now.keySet().stream().anyMatch(folder -> RawPath.isAt(path, folder));
    }
}
