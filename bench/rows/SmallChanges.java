package rows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import report.Table;
import testbed.Contender;
import testbed.Figures;
import testbed.Instance;

/** Measures small changes, the contenders in turn change by change: whatever else the machine does falls on all alike. */
final class SmallChanges {

    private static final int LEAST = 5;
    private static final double SLOW_NANOS = 5e9;

    private SmallChanges() {
    }

    /** {@return what is measured, in words} */
    static String note(int changes) {
        return ("From the write of a file of 1 KiB, new or rewritten in turn, to its whole content at the"
                + " target; %d changes a round (5 where one takes more than 5 s), the contenders in turn change by change, each after 100 to 150"
                + " ms of rest, from the sixth change after its start on. p99 and worst are of all rounds together.").formatted(changes);
    }

    static void measure(Runner runner, Table table, List<Contender> contenders, int changes) throws Exception {
        Map<Contender, List<Long>> all = new EnumMap<>(Contender.class);
        runner.eachRound(() -> measureRound(runner, table, contenders, changes).forEach((contender, times) ->
                all.computeIfAbsent(contender, key -> new ArrayList<>()).addAll(times)));
        all.forEach((contender, times) -> table.add(contender, new Figures().withPercentiles("", times, 99, 100)));
        if (table.row().equals("latency") && runner.isFirstSite()) {
            runner.results().latencies().putAll(all);
        }
    }

    private static Map<Contender, List<Long>> measureRound(Runner runner, Table table, List<Contender> contenders, int changes) throws Exception {
        Map<Contender, Instance> instances = new EnumMap<>(Contender.class);
        Map<Contender, List<Long>> measured = new EnumMap<>(Contender.class);
        Map<Contender, List<Long>> right = new EnumMap<>(Contender.class);
        try {
            for (Contender contender : runner.shuffled(contenders)) {
                runner.attempt(table, contender, () -> {
                    Instance instance = runner.testbed().setUp(contender, 1);
                    instances.put(contender, instance);
                    instance.start();
                    instance.warmUp(contender == Contender.MANUAL ? 1 : 5);
                    measured.put(contender, new ArrayList<>());
                });
            }
            for (int i = 0; i < changes; i++) {
                for (Contender contender : runner.shuffled(List.copyOf(measured.keySet()))) {
                    List<Long> times = measured.get(contender);
                    if (times.size() >= LEAST && Collections.max(times) > SLOW_NANOS) {
                        continue;
                    }
                    if (!runner.attempt(table, contender, () -> times.add(instances.get(contender).change()))) {
                        measured.remove(contender);
                    }
                }
            }
            for (Contender contender : measured.keySet()) {
                runner.measure(table, contender, () -> {
                    instances.get(contender).settle();
                    right.put(contender, measured.get(contender));
                    return new Figures().withPercentiles("", measured.get(contender), 50, 95);
                });
            }
        } finally {
            instances.values().forEach(Instance::close);
        }
        return right;
    }
}
