package dev.dromedary.routes;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;

import dev.dromedary.config.Target;

/**
 * Lists the routes that replay the dead letters of some targets, or reconcile these targets. Route files name it as the bean
 * {@code replayEndpoints} for all targets, and {@code replayEndpoints-MIRROR} for those of one mirror. Targets may come and go while it
 * runs. Safe for use by several threads.
 */
public final class ReplayEndpoints {

    private final Map<String, List<String>> targets = new ConcurrentSkipListMap<>();

    /** @param trees whether the whole tree has to be compared as well */
    void add(Target target, boolean trees) {
        targets.put(target.id(), of(target, trees));
    }

    void remove(String target) {
        targets.remove(target);
    }

    /** Returns the endpoints of one target. */
    static List<String> of(Target target, boolean trees) {
        String replay = "direct:replay-" + RouteTemplateInstances.name(target);
        return trees ? List.of(replay, "direct:reconcile-" + RouteTemplateInstances.name(target)) : List.of(replay);
    }

    /** {@return the endpoints, comma separated} */
    public String routes() {
        return targets.values().stream().flatMap(List::stream).collect(Collectors.joining(","));
    }
}
