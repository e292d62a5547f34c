package dev.dromedary.status;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Keeps the incidents: the periods in which a target was partial, away, full, paused or halted, or was catching up for more than a minute.
 * It also knows since when each target is in its present state. It sees only the snapshots that it is given every few seconds. Not safe for
 * use by several threads.
 */
final class IncidentLog {

    /** How many incidents are kept. */
    static final int MOST = 500;

    private static final Set<TargetStateLabel> TOLD = Set.of(TargetStateLabel.PARTIAL, TargetStateLabel.AWAY, TargetStateLabel.FULL, TargetStateLabel.PAUSED, TargetStateLabel.HALTED);
    // a busy target catches up again and again, which is normal
    private static final Duration LONG = Duration.ofMinutes(1);

    /**
     * The state of a target.
     *
     * @param since     when the state began
     * @param lateSince in the live state: since when it has been catching up; null if it has not
     */
    record Present(TargetStateLabel state, Instant since, Instant lateSince) {
    }

    private final List<Incident> all = new ArrayList<>();
    private final Map<String, Present> present = new HashMap<>();
    // targets whose last incident is from an earlier process, and was still open when that process ended
    private final Set<String> fromBefore = new HashSet<>();
    private Instant before;
    private boolean changed;

    /**
     * Takes over the incidents of an earlier process.
     *
     * @param kept    the incidents that it saw, the oldest first
     * @param until   when it was last known to run
     * @param started when this process was started
     */
    void takeOver(List<Incident> kept, Instant until, Instant started) {
        kept.stream().skip(Math.max(0, kept.size() - MOST)).forEach(all::add);
        all.stream().filter(each -> each.until() == null && each.target() != null)
                .forEach(each -> fromBefore.add(each.mirror() + '/' + each.target()));
        before = until;
        if (until.isBefore(started)) {
            add(new Incident(null, null, "stopped", until, started, null));
        }
    }

    /** Evaluates a snapshot. */
    void look(StatusSnapshot now) {
        now.mirrors().stream().flatMap(mirror -> mirror.targets().stream()).forEach(target -> look(target, now.at()));
        Set<String> known = now.mirrors().stream().flatMap(mirror -> mirror.targets().stream()).map(StatusSnapshot.OfTarget::id)
                .collect(Collectors.toSet());
        // targets that are no longer configured
        for (String gone : List.copyOf(fromBefore)) {
            if (!known.contains(gone)) {
                endFromBefore(gone);
            }
        }
        for (String gone : List.copyOf(present.keySet())) {
            if (!known.contains(gone)) {
                present.remove(gone);
                end(gone, now.at());
            }
        }
    }

    private void look(StatusSnapshot.OfTarget target, Instant at) {
        String id = target.id();
        TargetStateLabel state = target.state();
        Present last = present.get(id);
        if (state == TargetStateLabel.STARTING) {
            // it is not known yet whether the target is still in the state that the last process saw
            present.putIfAbsent(id, new Present(state, at, null));
            return;
        }
        Instant since = target.stateSince() == null || target.stateSince().isAfter(at) ? at : target.stateSince();
        if (fromBefore.contains(id)) {
            Incident open = open(id);
            if (open != null && open.state().equals(state.text())) {
                fromBefore.remove(id);
                present.put(id, new Present(state, open.from(), null));
                return;
            }
            endFromBefore(id);
        }
        if (last != null && last.state == TargetStateLabel.LIVE && state == TargetStateLabel.CATCHING_UP) {
            Instant late = last.lateSince == null ? at : last.lateSince;
            if (Duration.between(late, at).compareTo(LONG) < 0) {
                present.put(id, new Present(TargetStateLabel.LIVE, last.since, late));
                return;
            }
            since = late;
        }
        if (last == null || last.state != state) {
            end(id, at);
            last = new Present(state, since, null);
            if (TOLD.contains(state)) {
                add(new Incident(target.mirror(), target.name(), state.text(), since, null, target.reason()));
            }
        }
        present.put(id, new Present(state, last.since, null));
        Incident open = open(id);
        if (state == TargetStateLabel.CATCHING_UP && open == null && Duration.between(last.since, at).compareTo(LONG) >= 0) {
            add(new Incident(target.mirror(), target.name(), state.text(), last.since, null, target.reason()));
        } else if (open != null && target.reason() != null && !target.reason().equals(open.reason())) {
            // the last reason says most; a change of the reason alone is not written to disk
            all.set(all.lastIndexOf(open), open.because(target.reason()));
        }
    }

    private Incident open(String id) {
        return all.stream().filter(each -> each.until() == null && id.equals(each.mirror() + '/' + each.target())).findFirst().orElse(null);
    }

    private void endFromBefore(String id) {
        fromBefore.remove(id);
        end(id, before);
    }

    private void end(String id, Instant at) {
        Incident open = open(id);
        if (open != null) {
            all.set(all.lastIndexOf(open), open.ended(at));
            changed = true;
        }
    }

    private void add(Incident episode) {
        if (all.size() == MOST) {
            // open incidents are kept for longer
            all.remove(all.stream().filter(each -> each.until() != null).findFirst().orElse(all.get(0)));
        }
        all.add(episode);
        changed = true;
    }

    /** Returns whether an incident was added or ended since the last call. */
    boolean haveChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    /** Returns the newest incidents, the newest last. */
    List<Incident> newest(int most) {
        return List.copyOf(all.subList(Math.max(0, all.size() - most), all.size()));
    }

    /** Returns the state of a target; null before the first snapshot. */
    Present present(String id) {
        return present.get(id);
    }
}
