package rows;

import java.util.List;
import java.util.Locale;

import common.Timing;
import common.Trees;
import report.Table;
import testbed.Figures;
import testbed.Instance;

import static testbed.Contender.DROMEDARY;
import static testbed.Contender.FLOOR;
import static testbed.Contender.LOOP;
import static testbed.Contender.MANUAL;
import static testbed.Contender.TUNED;

/** How long the removal of a folder takes. */
final class Rm implements Row {

    @Override
    public String name() {
        return "rm";
    }

    @Override
    public boolean isForEachSite() {
        return true;
    }

    @Override
    public void run(Runner runner) throws Exception {
        int files = runner.scaled(100_000, 100);
        Table table = runner.table(name(), String.format(Locale.ROOT, "A folder of %,d files removed", files), "From the start of `rm -rf` until source"
                + " and target are identical. `floor` is that and then one plain `rsync -a --delete` of the whole tree.");
        List<String> names = Names.numbered("dold/f", files);
        runner.measureEach(table, List.of(DROMEDARY, TUNED, MANUAL, LOOP, FLOOR), instance -> {
            instance.fill(names, 64);
            instance.start();
            instance.warmUp(5);
            Instance.Usage before = instance.usage();
            long start = System.nanoTime();
            Trees.remove(instance.source().resolve("dold"));
            double removal = Timing.secondsSince(start);
            if (instance.contender() == FLOOR) {
                instance.rsync("--delete", instance.source() + "/");
            }
            Figures figures = Figures.of("time, s", instance.awaitIdentical(start, List.of(), "dold")).with("rm of that, s", removal);
            instance.addUsage(figures, before);
            return figures;
        });
    }
}
