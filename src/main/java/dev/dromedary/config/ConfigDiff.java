package dev.dromedary.config;

import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The difference between two configurations: the mirrors that are not the same in both, and what has to be done for them.
 *
 * @param mirrors in the order of the first configuration, followed by the new ones
 * @param all     number of targets in the second configuration
 */
public record ConfigDiff(List<OfMirror> mirrors, int all) {

    /**
     * A mirror that is not the same in both.
     *
     * @param before the old mirror; {@code null} if it is new
     * @param after  the new mirror; {@code null} if it is gone
     */
    public record OfMirror(Mirror before, Mirror after) {

        public String name() {
            return before != null ? before.name() : after.name();
        }

        // the order of the targets does not matter
        private boolean isSame() {
            return before != null && after != null && before.watch() == after.watch() && Objects.equals(before.hosts(), after.hosts()) && before.source().equals(after.source())
                    && Objects.equals(before.subscribe(), after.subscribe()) && !toldOtherwise()
                    && Set.copyOf(before.targets()).equals(Set.copyOf(after.targets()));
        }

        /** {@return whether no part of it can go on: it is new, or gone, or has another source, or is pulled} */
        public boolean anew() {
            return before == null || after == null || !before.source().equals(after.source())
                    || !Objects.equals(before.subscribe(), after.subscribe()) || !Objects.equals(before.tier(), after.tier()) || before.isPulled();
        }

        /** {@return whether the watch of its source changes, ends or starts} */
        public boolean watchedOtherwise() {
            return anew() || !watching(before).equals(watching(after));
        }

        /** {@return whether the endpoint for what has arrived at all targets changes, is removed or is new} */
        public boolean toldOtherwise() {
            return anew() || !Objects.equals(before.arrivedEverywhere(), after.arrivedEverywhere());
        }

        /** {@return the targets whose routes have to end} */
        public List<Target> ending() {
            return before == null ? List.of() : before.targets().stream().filter(target -> anew() || isOther(target, find(after, target)))
                    .toList();
        }

        /** {@return the targets whose routes have to be made} */
        public List<Target> beginning() {
            return after == null ? List.of() : after.targets().stream().filter(target -> anew() || isOther(target, find(before, target)))
                    .toList();
        }

        /**
         * {@return the old targets that are given up: they are gone, or have another place or source, or change between releases and a live
         * tree}
         */
        public List<Target> leaving() {
            return ending().stream().filter(target -> anew() || isElsewhere(target, find(after, target))).toList();
        }

        /** {@return those of {@link #beginning} that existed before and have to be compared as a whole, because other content may belong there} */
        public List<Target> comparing() {
            return beginning().stream().filter(target -> {
                Target was = find(before, target);
                return was != null && (anew() || isElsewhere(target, was) || !was.filter().equals(target.filter()));
            }).toList();
        }

        /** {@return whether an old target no longer exists} */
        public boolean isGone(Target target) {
            return find(after, target) == null;
        }

        private static Target find(Mirror mirror, Target like) {
            return mirror == null ? null : mirror.targets().stream().filter(target -> target.name().equals(like.name())).findFirst()
                    .orElse(null);
        }

        // the settling time of a release depends on its mirror's window
        private boolean isOther(Target target, Target other) {
            return !target.equals(other) || target.releases() != null && !before.window().equals(after.window());
        }

        private static boolean isElsewhere(Target target, Target other) {
            return other == null || !target.url().equals(other.url()) || target.releases() == null != (other.releases() == null);
        }

        // all settings that affect a watch
        private static List<Object> watching(Mirror mirror) {
            Set<List<String>> filters = new HashSet<>();
            mirror.watchedFor().forEach(target -> filters.add(target.filter()));
            return Arrays.asList(mirror.watch(), mirror.window(), mirror.countsDeletions(), mirror.maxDelay(), mirror.poll(),
                    mirror.followsHardLinks(), mirror.joinsHardLinks(), mirror.copiesBehindLinks(), filters);
        }
    }

    /** Keeps a copy of the mirrors. */
    public ConfigDiff {
        mirrors = List.copyOf(mirrors);
    }

    /** {@return the difference between two configurations} */
    public static ConfigDiff of(Settings before, Settings after) {
        Set<String> names = new LinkedHashSet<>();
        Stream.of(before, after).flatMap(each -> each.mirrors().stream()).forEach(mirror -> names.add(mirror.name()));
        return new ConfigDiff(names.stream().map(name -> new OfMirror(find(before, name), find(after, name)))
                .filter(one -> !one.isSame()).toList(), (int) after.mirrors().stream().mapToLong(mirror -> mirror.targets().size()).sum());
    }

    private static Mirror find(Settings settings, String name) {
        return settings.mirrors().stream().filter(mirror -> mirror.name().equals(name)).findFirst().orElse(null);
    }

    /** {@return the new targets, mirror/target} */
    public List<String> added() {
        return ids(mirrors.stream().flatMap(one -> one.beginning().stream().filter(target -> OfMirror.find(one.before, target) == null)));
    }

    /** {@return the removed targets, mirror/target} */
    public List<String> removed() {
        return ids(mirrors.stream().flatMap(one -> one.ending().stream().filter(target -> OfMirror.find(one.after, target) == null)));
    }

    /** {@return the targets with a changed option, or all targets of a mirror in which only something else has changed, mirror/target} */
    public List<String> changed() {
        return ids(mirrors.stream().flatMap(one -> one.ending().isEmpty() && one.beginning().isEmpty() ? one.after.targets().stream()
                : one.beginning().stream().filter(target -> OfMirror.find(one.before, target) != null)));
    }

    /** {@return the number of unchanged targets} */
    public int unchanged() {
        return all - added().size() - changed().size();
    }

    private static List<String> ids(Stream<Target> targets) {
        return targets.map(Target::id).toList();
    }
}
