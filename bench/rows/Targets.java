package rows;

import java.util.List;

import report.Table;
import testbed.Figures;

import static testbed.Contender.DROMEDARY;
import static testbed.Contender.TUNED;

/** How long one small change takes to all of several targets. */
final class Targets implements Row {

    @Override
    public String name() {
        return "targets";
    }

    @Override
    public void run(Runner runner) throws Exception {
        int changes = runner.scaled(10, 5);
        for (int count : runner.options().scale() < 1 ? List.of(1, 4, 16) : List.of(1, 4, 16, 64)) {
            Table table = runner.table("targets " + count, count + (count == 1 ? " target" : " targets of one source"), "From a small change until"
                    + " *all* targets have it, " + changes + " changes a round; the targets are modules of one rsync daemon, and lsyncd has"
                    + " a sync for each.");
            runner.measureEach(table, List.of(DROMEDARY, TUNED), count, instance -> {
                instance.start();
                instance.warmUp(5);
                List<Long> times = instance.changes(changes);
                instance.settle();
                return new Figures().withPercentiles("", times, 50, 100);
            });
        }
    }
}
