package hosts;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A part of the costs: what is known beforehand, so much for each of two things, and so much each second for the source and for each
 * host.
 *
 * @param firstUnit the one thing, in words
 * @param secondUnit the other; empty if there is none
 * @param steadyOnly whether the steady load alone tells it: in a burst, a file costs Java something else
 * @param measured the cost
 * @param known what is known of it beforehand
 * @param first how many of the one thing there are
 * @param second how many of the other
 */
record CostPart(String name, String firstUnit, String secondUnit, boolean steadyOnly, ToDoubleFunction<Counters> measured,
        ToDoubleFunction<Load> known, ToDoubleFunction<Load> first, ToDoubleFunction<Load> second) {

    private static final ToDoubleFunction<Load> NONE = load -> 0;
    private static final ToDoubleFunction<Load> FILES_TO_HOSTS = load -> load.files() * load.hosts();

    /** {@return all parts, where hosts pull or are pushed to} */
    static List<CostPart> all(boolean pull, int fileSize) {
        List<CostPart> parts = new ArrayList<>(List.of(
                new CostPart("sent by rsync, bytes", "a run", "a file to a host, besides its content", false, Counters::sent,
                        load -> load.files() * load.hosts() * fileSize, Load::runs, FILES_TO_HOSTS),
                new CostPart("CPU of the rsyncs, s", "a run", "a file to a host", false, counted -> counted.cpu().rsync(), NONE,
                        Load::runs, FILES_TO_HOSTS),
                new CostPart("CPU of Dromedary, s", "a file that comes by itself", pull ? "" : "a run", true,
                        counted -> counted.cpu().dromedary(), NONE, Load::alone, pull ? NONE : Load::runs)));
        if (pull) {
            parts.add(new CostPart("CPU of the broker, s", "a run", "", true, counted -> counted.cpu().broker(), NONE, Load::runs, NONE));
            parts.add(new CostPart("to the broker, bytes", "a run", "a record, besides its content", false, Counters::toBroker,
                    Load::recordBytes, Load::runs, Load::records));
            parts.add(new CostPart("from the broker, bytes", "a run", "a record to a host, besides its content", false,
                    Counters::fromBroker, load -> load.recordBytes() * load.hosts(), Load::runs, load -> load.records() * load.hosts()));
        }
        return parts;
    }

    /** {@return what was counted of a case and tells this part} */
    List<Counters> countedOf(HostsCase each) {
        return steadyOnly ? List.of(each.steady()) : List.of(each.steady(), each.burst());
    }
}
