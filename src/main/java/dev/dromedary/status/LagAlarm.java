package dev.dromedary.status;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import dev.dromedary.backlog.Backlog;
import dev.dromedary.config.Settings;
import dev.dromedary.config.Target;

/**
 * Sends a notification when the oldest change of a target becomes older than allowed, once, and another when the target is in line again.
 * For one thread.
 */
public final class LagAlarm {

    private static final long MINUTES_FROM_SECONDS = 120;
    private static final int SECONDS = 60;

    private final Supplier<Settings> settings;
    private final Map<String, Backlog> backlogs;
    private final StatusCollector status;
    private final Set<String> behind = new HashSet<>();

    /**
     * @param settings the current settings
     * @param backlogs by mirror/target
     */
    LagAlarm(Supplier<Settings> settings, Map<String, Backlog> backlogs, StatusCollector status) {
        this.settings = settings;
        this.backlogs = backlogs;
        this.status = status;
    }

    /** Checks all targets; call it regularly. */
    public void look() {
        Instant now = Instant.now();
        List<Target> targets = settings.get().mirrors().stream().flatMap(mirror -> mirror.targets().stream())
                .filter(target -> target.lagAlarm() != null).toList();
        behind.retainAll(targets.stream().map(Target::id).toList());
        for (Target target : targets) {
            Backlog backlog = backlogs.get(target.id());
            // empty if it was removed from the configuration just now
            if (backlog != null) {
                status.find(target, now).ifPresent(at -> look(target, backlog, at, now));
            }
        }
    }

    private void look(Target target, Backlog backlog, StatusSnapshot.OfTarget at, Instant now) {
        Duration lag = at.lag(now);
        if (lag.compareTo(target.lagAlarm()) > 0) {
            if (behind.add(target.id())) {
                backlog.behind(true, at.state().text() + ": "
                        + (at.reason() == null ? behind(target, lag) : at.reason()));
            }
        } else if (lag.compareTo(target.lagAlarm().dividedBy(2)) < 0 && behind.remove(target.id())) {
            backlog.behind(false, "in line again: " + (lag.isZero() ? "nothing is pending"
                    : "the oldest change that has not arrived is " + text(lag) + " old"));
        }
    }

    /** {@return a text that says that a target is behind; null if it is not} */
    static String behind(Target target, Duration lag) {
        return target.lagAlarm() == null || lag.compareTo(target.lagAlarm()) <= 0 ? null
                : "behind: the oldest change that has not arrived is " + text(lag) + " old, more than lag-alarm = "
                        + text(target.lagAlarm());
    }

    private static String text(Duration duration) {
        return duration.toSeconds() < MINUTES_FROM_SECONDS ? duration.toSeconds() + " s" : duration.toSeconds() / SECONDS + " min";
    }
}
