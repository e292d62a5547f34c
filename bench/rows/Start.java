package rows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

import common.Commands;
import common.Timing;
import report.Table;
import testbed.Contender;
import testbed.Figures;
import testbed.Project;

import static testbed.Contender.DROMEDARY;
import static testbed.Contender.NEWEST;
import static testbed.Contender.TUNED;

/** How long the first change takes from the start of the process on. */
final class Start implements Row {

    @Override
    public String name() {
        return "start";
    }

    @Override
    public void run(Runner runner) throws Exception {
        Table table = runner.table(name(), "Start", String.format(Locale.ROOT, "From the start of the process until a file that is not at the target"
                + " yet has arrived there. dromedary.jar weighs %.1f MB.", Files.size(Project.JAR) / 1e6));
        Path newest = Project.newestJava();
        if (newest != null) {
            // bench/run has made the archive of classes for its own Java
            Commands.run(newest + "/bin/java", "-cp", Project.JAR.toString(), "dev.dromedary.jvm.ArchiveMaker", Project.JAR.toString());
        }
        List<Contender> contenders = newest == null ? List.of(DROMEDARY, TUNED) : List.of(DROMEDARY, NEWEST, TUNED);
        runner.measureEach(table, contenders, instance -> {
            byte[] content = runner.testbed().nextContent(1024);
            Files.write(instance.source().resolve("ffirst"), content);
            instance.prepare();
            long start = System.nanoTime();
            instance.launch();
            instance.awaitArrival("ffirst", content, start);
            double time = Timing.secondsSince(start);
            instance.await(start, instance::isSettled);
            instance.settle();
            return Figures.of("first change, s", time);
        });
    }
}
