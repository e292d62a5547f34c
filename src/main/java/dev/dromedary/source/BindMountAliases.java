package dev.dromedary.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.RawPath;
import dev.dromedary.filter.PathFilter;
import dev.dromedary.mount.Mount;
import dev.dromedary.mount.MountTable;

/**
 * Folders of a source that are one and the same, as bind mounts show them twice. The kernel tells of a change under one path, so
 * each is watched at one place alone, and what changes there is owed at all. As a filter it leaves out the other places. Paths are
 * in the notation of {@link RawPath}, relative to the source.
 *
 * @param pairs each of two paths
 */
public record BindMountAliases(List<Pair> pairs) implements PathFilter {

    /** Without any. */
    public static final BindMountAliases NONE = new BindMountAliases(List.of());

    /**
     * Two paths of one folder.
     *
     * @param watched where it is watched
     * @param other   where it is not; no path below this one is watched
     */
    record Pair(String watched, String other) {

        private Optional<String> otherOf(String path) {
            if (!RawPath.isAt(path, watched) || RawPath.isAt(path, other)) {
                return Optional.empty();
            }
            String rest = watched.isEmpty() ? path : path.length() == watched.length() ? "" : path.substring(watched.length() + 1);
            return Optional.of(rest.isEmpty() ? other : RawPath.child(other, rest));
        }
    }

    /**
     * {@return those of a source}
     *
     * @param real    where the source is, without links
     * @param mounted what is mounted below it
     */
    static BindMountAliases of(String real, Map<String, Mount> mounted, MountTable table) {
        List<Pair> pairs = new ArrayList<>();
        List<String> paths = new ArrayList<>(mounted.keySet().stream().sorted().toList());
        paths.add(0, "");
        for (int i = 0; i < paths.size(); i++) {
            for (int k = i + 1; k < paths.size(); k++) {
                pair(real, paths.get(i), paths.get(k), table).ifPresent(pairs::add);
            }
        }
        return pairs.isEmpty() ? NONE : new BindMountAliases(List.copyOf(pairs));
    }

    private static Optional<Pair> pair(String real, String one, String two, MountTable table) {
        MountTable.Place first = table.place(at(real, one)).orElseThrow();
        MountTable.Place second = table.place(at(real, two)).orElseThrow();
        if (first.holds(second)) {
            return visible(real, one, inside(one, first, second), table).map(watched -> new Pair(watched, two));
        }
        return second.holds(first) ? visible(real, two, inside(two, second, first), table)
                .map(other -> one.isEmpty() ? new Pair(one, other) : new Pair(other, one)) : Optional.empty();
    }

    private static String inside(String path, MountTable.Place outer, MountTable.Place inner) {
        String rest = outer.path().equals("/") ? inner.path().substring(1)
                : inner.path().equals(outer.path()) ? "" : inner.path().substring(outer.path().length() + 1);
        return rest.isEmpty() ? path : RawPath.child(path, rest);
    }

    // something else may be mounted over it
    private static Optional<String> visible(String real, String mount, String path, MountTable table) {
        return table.of(at(real, path)).equals(table.of(at(real, mount))) ? Optional.of(path) : Optional.empty();
    }

    private static String at(String real, String path) {
        return path.isEmpty() ? real : real.equals("/") ? real + path : real + '/' + path;
    }

    /** Adds what is owed at the other places, too, and returns the same set. */
    public ChangeSet expand(ChangeSet changes) {
        if (pairs.isEmpty() || changes.isWholeTree()) {
            return changes;
        }
        ChangeSet more = new ChangeSet();
        changes.forEach((path, extent) -> pairs.forEach(pair ->
                pair.otherOf(path).ifPresent(there -> more.add(there, extent, changes.since()))));
        return changes.merge(more);
    }

    @Override
    public boolean excludesEntry(String path, boolean directory) {
        return pairs.stream().anyMatch(pair -> pair.other.equals(path));
    }

    @Override
    public boolean excludes(String path, boolean directory) {
        return pairs.stream().anyMatch(pair -> RawPath.isAt(path, pair.other));
    }
}
