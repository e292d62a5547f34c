package rows;

import java.nio.file.Files;
import java.util.List;
import java.util.Locale;

import report.Table;
import testbed.Figures;
import testbed.Instance;

import static testbed.Contender.DROMEDARY;
import static testbed.Contender.FLOOR;
import static testbed.Contender.LOOP;
import static testbed.Contender.MANUAL;
import static testbed.Contender.TUNED;

/** How long the rename of a folder takes, and how much of it is sent again. */
final class Rename implements Row {

    private static final int FILE_SIZE = 10_240;
    private static final double MIB = 1 << 20;

    @Override
    public String name() {
        return "rename";
    }

    @Override
    public boolean isForEachSite() {
        return true;
    }

    @Override
    public void run(Runner runner) throws Exception {
        int files = runner.scaled(10_000, 20);
        Table table = runner.table(name(), String.format(Locale.ROOT, "A folder of %,d files of 10 KiB renamed", files), "Until source and target are"
                + " identical. `floor` is one plain `rsync -a --delete` of the whole tree.");
        List<String> before = Names.numbered("dold/f", files);
        List<String> after = Names.numbered("dnew/f", files);
        runner.measureEach(table, List.of(DROMEDARY, TUNED, MANUAL, LOOP, FLOOR), instance -> {
            instance.fill(before, FILE_SIZE);
            instance.start();
            instance.warmUp(5);
            Instance.Usage usage = instance.usage();
            long start = System.nanoTime();
            Files.move(instance.source().resolve("dold"), instance.source().resolve("dnew"));
            if (instance.contender() == FLOOR) {
                instance.rsync("--delete", instance.source() + "/");
            }
            Figures figures = Figures.of("time, s", instance.awaitIdentical(start, after, "dold"));
            instance.addUsage(figures, usage);
            return figures.with("sent, % of the content", figures.get("sent, MiB") * MIB * 100 / ((double) files * FILE_SIZE));
        });
    }
}
