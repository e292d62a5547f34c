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
 * The folders of a source that bind mounts show at several paths. The kernel reports a change under one path only. So each of these folders
 * is watched at one path, and a change there is enqueued for all paths. As a filter, this excludes the other paths. Paths are in the
 * notation of {@link RawPath}, relative to the source.
 *
 * @param pairs the pairs of paths of the same folder
 */
public record BindMountAliases(List<Pair> pairs) implements PathFilter {

    /** No aliases. */
    public static final BindMountAliases NONE = new BindMountAliases(List.of());

    /**
     * Two paths of one folder.
     *
     * @param watched the path that is watched
     * @param other   the path that is not watched, nor is anything below it
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
     * {@return the aliases of a source}
     *
     * @param real    the path of the source, without links
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

    // something else may be mounted over the path
    private static Optional<String> visible(String real, String mount, String path, MountTable table) {
        return table.of(at(real, path)).equals(table.of(at(real, mount))) ? Optional.of(path) : Optional.empty();
    }

    private static String at(String real, String path) {
        return path.isEmpty() ? real : real.equals("/") ? real + path : real + '/' + path;
    }

    /** Adds the changes at the other paths, and returns the same set. */
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
