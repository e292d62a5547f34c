package dev.dromedary.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import dev.dromedary.mount.FolderNesting;

/** Finds folders that conflict: a mirror that feeds itself, or two targets at one place. */
final class FolderOverlapCheck {

    /** A local target that writes where another mirror reads. */
    private record Feed(Mirror from, Target by, Mirror to) {
    }

    /** A place that is written to: a target, or a folder that is pulled into. */
    private record Written(Target target, TargetUrl url) {
    }

    private final List<Mirror> mirrors;
    private final List<Target> targets;
    private final List<Written> written;
    private final ConfigFaults faults;
    private final FolderNesting nesting = FolderNesting.now();

    /** @param mirrors refused sources and urls are {@code null} in them */
    FolderOverlapCheck(List<Mirror> mirrors, ConfigFaults faults) {
        this.mirrors = mirrors.stream().filter(m -> m.source() != null).toList();
        this.targets = mirrors.stream().filter(m -> !m.isPulled()).flatMap(m -> m.targets().stream()).filter(t -> t.url() != null)
                .toList();
        this.written = Stream.concat(targets.stream().map(t -> new Written(t, t.url())),
                this.mirrors.stream().filter(Mirror::isPulled).flatMap(m -> m.targets().stream()
                        .map(t -> new Written(t, TargetUrl.parse(m.source().toString(), m.source()))))).toList();
        this.faults = faults;
    }

    void check(Path stateDir, ConfigLine stateLine) {
        mirrors.forEach(this::ownSource);
        loops();
        sharedPlaces();
        if (stateDir != null) {
            state(stateDir, stateLine);
        }
    }

    /** Checks the folder of a pair. It may be in a source, which then leaves it out, but not where a mirror would delete it. */
    void checkPair(Path folder, ConfigLine line) {
        local(targets.stream()).filter(target -> nesting.holds(folder(target), folder)).forEach(target ->
                faults.add(line, "the folder of the pair lies inside the target " + target.id() + ", and would be deleted",
                        "name a folder outside of " + target.url().path()));
        mirrors.stream().filter(mirror -> isSame(mirror.source(), folder)).forEach(mirror ->
                faults.add(line, "the folder of the pair is the source of " + mirror.name(), "name a folder of its own"));
    }

    private void ownSource(Mirror mirror) {
        Path source = mirror.source();
        local(mirror.targets().stream()).forEach(target -> {
            Path folder = folder(target);
            String problem = isSame(folder, source) ? "the target is the source itself"
                    : nesting.holds(source, folder) ? "the target lies inside its own source " + mirror.source()
                    : nesting.holds(folder, source)
                            ? "the source " + mirror.source() + " lies inside this target, and would be deleted"
                    : null;
            if (problem != null) {
                fault(target, problem, "name a folder outside of the source");
            }
        });
    }

    private void loops() {
        List<Feed> feeds = new ArrayList<>();
        for (Mirror from : mirrors) {
            for (Mirror to : mirrors) {
                if (from != to) {
                    local(from.targets().stream()).filter(t -> nesting.meet(folder(t), to.source()))
                            .forEach(t -> feeds.add(new Feed(from, t, to)));
                }
            }
        }
        for (Feed feed : List.copyOf(feeds)) {
            if (leads(feeds, feed.to, feed.from, new HashSet<>())) {
                fault(feed.by, "the mirrors go round in a circle: this writes into the source of " + feed.to.name()
                        + ", which comes back to " + feed.from.name(), "take one of the targets out");
                // one report for each circle is enough
                feeds.remove(feed);
            }
        }
    }

    private static boolean leads(List<Feed> feeds, Mirror from, Mirror to, Set<Mirror> seen) {
        return from == to || seen.add(from)
                && feeds.stream().anyMatch(f -> f.from == from && leads(feeds, f.to, to, seen));
    }

    private void sharedPlaces() {
        for (int i = 0; i < written.size(); i++) {
            CanonicalLocation place = CanonicalLocation.of(written.get(i).url);
            for (Written earlier : written.subList(0, i)) {
                CanonicalLocation other = CanonicalLocation.of(earlier.url);
                String problem = place.equals(other) ? "this is also where " + earlier.target.id() + " is mirrored to"
                        : other.holds(place) ? "this lies inside the target " + earlier.target.id()
                        : place.holds(other) ? "the target " + earlier.target.id() + " lies inside this one"
                        : null;
                if (problem != null) {
                    fault(written.get(i).target, written.get(i).url, problem, "give each target a folder of its own");
                }
            }
        }
    }

    private void state(Path state, ConfigLine line) {
        local(targets.stream()).filter(t -> nesting.meet(state, folder(t))).forEach(t ->
                faults.add(line, "the state folder and the target " + t.id() + " lie inside each other",
                        "name a folder outside of " + t.url().path()));
        mirrors.stream().filter(m -> nesting.holds(state, m.source())).forEach(m ->
                faults.add(line, "the source of " + m.name() + " lies inside the state folder",
                        "name a folder of its own"));
    }

    private static Stream<Target> local(Stream<Target> targets) {
        return targets.filter(t -> t.url() != null && t.url().kind() == TargetUrl.Kind.LOCAL);
    }

    private static Path folder(Target target) {
        return Path.of(target.url().path());
    }

    private boolean isSame(Path one, Path other) {
        return nesting.holds(one, other) && nesting.holds(other, one);
    }

    private void fault(Target target, String problem, String remedy) {
        fault(target, target.url(), problem, remedy);
    }

    private void fault(Target target, TargetUrl url, String problem, String remedy) {
        faults.add(KeyParser.option(target.mirror(), target.name(), TargetKey.URL), url.text(), problem, remedy);
    }
}
