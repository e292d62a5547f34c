package dev.dromedary.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.dromedary.watch.WatchMethod;

/**
 * One folder and where it is mirrored to; or, at an agent, where it is pulled from.
 *
 * @param name      letters, digits, "-" and "_"
 * @param source    the folder on this machine, absolute; links in it are kept. At an agent it is the one that is kept
 * @param targets   at least one, in the order in which they were configured. An agent has one, and its url is where it pulls from
 * @param subscribe the Camel endpoint that tells an agent what to pull; {@code null} if this is no agent
 * @param arrivedEverywhere a Camel endpoint that is told what has arrived at all targets; {@code null}: none
 * @param watch     by which of the kernel's ways the source is watched; {@code null} if this is an agent
 * @param tier      by which mirror the source is pulled from somewhere else; {@code null} if it is not
 * @param hosts     who names the hosts of those targets that come and go; {@code null} if none do. Then there may be no target just now
 */
public record Mirror(String name, Path source, List<Target> targets, String subscribe, String arrivedEverywhere, WatchMethod watch, CascadeLink tier,
        HostTargetTemplate hosts) {

    /** The name of the target that stands for what is published. */
    public static final String TOPIC = "topic";

    /** Keeps a copy of the targets. */
    public Mirror {
        targets = List.copyOf(targets);
    }

    /** {@return the name by which those who pull know it} */
    public String publishedAs() {
        return tier == null ? name : tier.name();
    }

    /** {@return whether the folder is pulled from another machine, and not mirrored to others} */
    public boolean isPulled() {
        return subscribe != null;
    }

    /** {@return what an agent follows, for people: without options, which may hold a password} */
    public String topic() {
        return subscribe.replaceFirst("\\?.*", "");
    }

    /** {@return the targets that rsync reaches, so that they can be compared with the source} */
    public List<Target> compared() {
        return targets.stream().filter(target -> target.url().kind() != TargetUrl.Kind.TOPIC).toList();
    }

    /** {@return where it comes from, for people} */
    public String from() {
        return isPulled() ? targets.get(0).url().text() : source.toString();
    }

    /** {@return where one of its targets is, for people} */
    public String to(Target target) {
        return isPulled() ? source.toString() : target.url().text();
    }

    /** {@return how long changes are gathered at most: the shortest of the targets} */
    public Duration window() {
        return shortest(Target::window);
    }

    /** {@return after how long a file that stays open for writing is owed: the shortest of the targets} */
    public Duration maxDelay() {
        return shortest(Target::maxDelay);
    }

    /** {@return how often folders that can't be watched are compared: the shortest of the targets} */
    public Duration poll() {
        return shortest(Target::poll);
    }

    /** {@return whether all names of a file are owed when it changes: where one of the targets wants that} */
    public boolean followsHardLinks() {
        return watchedFor().stream().anyMatch(Target::followsHardLinks);
    }

    /** {@return whether all names of a file are owed when there is one more: where one of the targets wants that} */
    public boolean joinsHardLinks() {
        return watchedFor().stream().anyMatch(target -> target.followsHardLinks() && target.joinsHardLinks());
    }

    /** {@return whether what a link leads to is owed with it: where one of the targets copies that} */
    public boolean copiesBehindLinks() {
        return watchedFor().stream().anyMatch(Target::copiesBehindLinks);
    }

    /** {@return whether deletions or changes are counted before a run: where one of the targets wants that} */
    public boolean countsDeletions() {
        return watchedFor().stream().anyMatch(target -> target.maxDelete() != null || target.maxChange() != null);
    }

    /** {@return the targets by which the source is watched: those there are, and those that may come} */
    public List<Target> watchedFor() {
        return hosts == null || hosts.template() == null ? targets : Stream.concat(targets.stream(), Stream.of(hosts.template())).toList();
    }

    private Duration shortest(Function<Target, Duration> of) {
        return watchedFor().stream().map(of).min(Comparator.naturalOrder()).orElse(Duration.ZERO);
    }
}
