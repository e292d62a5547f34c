package dev.dromedary.config;

import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What has to be done to go on by another configuration: of those mirrors that are not the same in both.
 *
 * @param mirrors in the order of the first configuration, then those that are new
 * @param all     how many targets the second one has
 */
public record ConfigDiff(List<OfMirror> mirrors, int all) {

    /**
     * A mirror that is not the same in both.
     *
     * @param before as it was; {@code null} if it is new
     * @param after  as it is to be; {@code null} if it is gone
     */
    public record OfMirror(Mirror before, Mirror after) {

        public String name() {
            return before != null ? before.name() : after.name();
        }

        // in whatever order
        private boolean isSame() {
            return before != null && after != null && before.watch() == after.watch() && Objects.equals(before.hosts(), after.hosts()) && before.source().equals(after.source())
                    && Objects.equals(before.subscribe(), after.subscribe()) && !toldOtherwise()
                    && Set.copyOf(before.targets()).equals(Set.copyOf(after.targets()));
        }

        /** {@return whether nothing of it can go on: it is new, or gone, or has another source, or is pulled} */
        public boolean anew() {
            return before == null || after == null || !before.source().equals(after.source())
                    || !Objects.equals(before.subscribe(), after.subscribe()) || !Objects.equals(before.tier(), after.tier()) || before.isPulled();
        }

        /** {@return whether its source is to be watched in another way, or no more, or from now on} */
        public boolean watchedOtherwise() {
            return anew() || !watching(before).equals(watching(after));
        }

        /** {@return whether somebody else is to be told what has arrived at all targets, or nobody, or somebody from now on} */
        public boolean toldOtherwise() {
            return anew() || !Objects.equals(before.arrivedEverywhere(), after.arrivedEverywhere());
        }

        /** {@return the targets whose routes are to end} */
        public List<Target> ending() {
            return before == null ? List.of() : before.targets().stream().filter(target -> anew() || isOther(target, find(after, target)))
                    .toList();
        }

        /** {@return the targets whose routes are to be made} */
        public List<Target> beginning() {
            return after == null ? List.of() : after.targets().stream().filter(target -> anew() || isOther(target, find(before, target)))
                    .toList();
        }

        /**
         * {@return the targets that are given up as they were: they are gone, or are somewhere else, or have another source, or get
         * releases in place of a live tree, or the other way round}
         */
        public List<Target> leaving() {
            return ending().stream().filter(target -> anew() || isElsewhere(target, find(after, target))).toList();
        }

        /** {@return those of {@link #beginning} that were there before and are to be compared as a whole: something else may belong there} */
        public List<Target> comparing() {
            return beginning().stream().filter(target -> {
                Target was = find(before, target);
                return was != null && (anew() || isElsewhere(target, was) || !was.filter().equals(target.filter()));
            }).toList();
        }

        /** {@return whether a target of before is there no more} */
        public boolean isGone(Target target) {
            return find(after, target) == null;
        }

        private static Target find(Mirror mirror, Target like) {
            return mirror == null ? null : mirror.targets().stream().filter(target -> target.name().equals(like.name())).findFirst()
                    .orElse(null);
        }

        // a release settles for as long as its mirror's window takes
        private boolean isOther(Target target, Target other) {
            return !target.equals(other) || target.releases() != null && !before.window().equals(after.window());
        }

        private static boolean isElsewhere(Target target, Target other) {
            return other == null || !target.url().equals(other.url()) || target.releases() == null != (other.releases() == null);
        }

        // all that a watch goes by
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

    /** {@return what is to be done to get from one to the other} */
    public static ConfigDiff of(Settings before, Settings after) {
        Set<String> names = new LinkedHashSet<>();
        Stream.of(before, after).flatMap(each -> each.mirrors().stream()).forEach(mirror -> names.add(mirror.name()));
        return new ConfigDiff(names.stream().map(name -> new OfMirror(find(before, name), find(after, name)))
                .filter(one -> !one.isSame()).toList(), (int) after.mirrors().stream().mapToLong(mirror -> mirror.targets().size()).sum());
    }

    private static Mirror find(Settings settings, String name) {
        return settings.mirrors().stream().filter(mirror -> mirror.name().equals(name)).findFirst().orElse(null);
    }

    /** {@return the targets that are new, mirror/target} */
    public List<String> added() {
        return ids(mirrors.stream().flatMap(one -> one.beginning().stream().filter(target -> OfMirror.find(one.before, target) == null)));
    }

    /** {@return the targets that are gone, mirror/target} */
    public List<String> removed() {
        return ids(mirrors.stream().flatMap(one -> one.ending().stream().filter(target -> OfMirror.find(one.after, target) == null)));
    }

    /** {@return the targets that have another option, or all of a mirror of which only something else is other, mirror/target} */
    public List<String> changed() {
        return ids(mirrors.stream().flatMap(one -> one.ending().isEmpty() && one.beginning().isEmpty() ? one.after.targets().stream()
                : one.beginning().stream().filter(target -> OfMirror.find(one.before, target) != null)));
    }

    /** {@return how many targets are as they were} */
    public int unchanged() {
        return all - added().size() - changed().size();
    }

    private static List<String> ids(Stream<Target> targets) {
        return targets.map(Target::id).toList();
    }
}
