package dev.dromedary.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.dromedary.watch.WatchMethod;

/**
 * A folder and the targets that it is mirrored to; at an agent, the folder and where it is pulled from.
 *
 * @param name      letters, digits, "-" and "_"
 * @param source    the folder on this machine, absolute; links in the path are kept. At an agent it is the folder that is pulled into
 * @param targets   at least one, in the order of the configuration. An agent has one; its url is the place that it pulls from
 * @param subscribe the Camel endpoint that tells an agent what to pull; {@code null} if this is no agent
 * @param arrivedEverywhere the Camel endpoint that is told what has arrived at all targets; {@code null}: none
 * @param watch     which of the kernel's interfaces watches the source; {@code null} if this is an agent
 * @param tier      the mirror that pulls the source from another place; {@code null} if it is not pulled
 * @param hosts     the template for targets that come and go with their hosts; {@code null} if there is none. With it, the list may be empty
 */
public record Mirror(String name, Path source, List<Target> targets, String subscribe, String arrivedEverywhere, WatchMethod watch, CascadeLink tier,
        HostTargetTemplate hosts) {

    /** The name of the target that represents the topic. */
    public static final String TOPIC = "topic";

    /** Keeps a copy of the targets. */
    public Mirror {
        targets = List.copyOf(targets);
    }

    /** {@return the name under which agents know it} */
    public String publishedAs() {
        return tier == null ? name : tier.name();
    }

    /** {@return whether the folder is pulled from another machine, instead of being mirrored to others} */
    public boolean isPulled() {
        return subscribe != null;
    }

    /** {@return the topic that an agent follows, for people: without options, which may hold a password} */
    public String topic() {
        return subscribe.replaceFirst("\\?.*", "");
    }

    /** {@return the targets that rsync reaches, so that they can be compared with the source} */
    public List<Target> compared() {
        return targets.stream().filter(target -> target.url().kind() != TargetUrl.Kind.TOPIC).toList();
    }

    /** {@return the place of the source, for people} */
    public String from() {
        return isPulled() ? targets.get(0).url().text() : source.toString();
    }

    /** {@return the place of one of its targets, for people} */
    public String to(Target target) {
        return isPulled() ? source.toString() : target.url().text();
    }

    /** {@return the longest time for gathering changes: the minimum of its targets} */
    public Duration window() {
        return shortest(Target::window);
    }

    /** {@return the time after which a file that stays open for writing is enqueued: the minimum of its targets} */
    public Duration maxDelay() {
        return shortest(Target::maxDelay);
    }

    /** {@return how often folders that can't be watched are compared: the minimum of its targets} */
    public Duration poll() {
        return shortest(Target::poll);
    }

    /** {@return whether all names of a file are enqueued when it changes: if any of the targets wants that} */
    public boolean followsHardLinks() {
        return watchedFor().stream().anyMatch(Target::followsHardLinks);
    }

    /** {@return whether all names of a file are enqueued when it gets another one: if any of the targets wants that} */
    public boolean joinsHardLinks() {
        return watchedFor().stream().anyMatch(target -> target.followsHardLinks() && target.joinsHardLinks());
    }

    /** {@return whether the target of a link is enqueued with it: if any of the targets copies it} */
    public boolean copiesBehindLinks() {
        return watchedFor().stream().anyMatch(Target::copiesBehindLinks);
    }

    /** {@return whether deletions or changes are counted before a run: if any of the targets wants that} */
    public boolean countsDeletions() {
        return watchedFor().stream().anyMatch(target -> target.maxDelete() != null || target.maxChange() != null);
    }

    /** {@return the targets whose options the watch follows: the present ones, and those that may come} */
    public List<Target> watchedFor() {
        return hosts == null || hosts.template() == null ? targets : Stream.concat(targets.stream(), Stream.of(hosts.template())).toList();
    }

    private Duration shortest(Function<Target, Duration> of) {
        return watchedFor().stream().map(of).min(Comparator.naturalOrder()).orElse(Duration.ZERO);
    }
}
