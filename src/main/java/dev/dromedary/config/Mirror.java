package dev.dromedary.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * One folder and where it is mirrored to.
 *
 * @param name    letters, digits, "-" and "_"
 * @param source  the folder, absolute; links in it are kept
 * @param targets at least one, in the order in which they were configured
 */
public record Mirror(String name, Path source, List<Target> targets) {

    /** Keeps a copy of the targets. */
    public Mirror {
        targets = List.copyOf(targets);
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

    private Duration shortest(Function<Target, Duration> of) {
        return targets.stream().map(of).min(Comparator.naturalOrder()).orElse(Duration.ZERO);
    }
}
