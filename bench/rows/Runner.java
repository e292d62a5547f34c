package rows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import common.Log;
import report.Numbers;
import report.Results;
import report.Table;
import testbed.Contender;
import testbed.Figures;
import testbed.Instance;
import testbed.Options;
import testbed.Project;
import testbed.Testbed;
import testbed.TimeLimitExceeded;
import testbed.TreesDiffer;

/** Runs rows on one site: round by round, the contenders in an order that is drawn anew, the fault of each its own. */
public final class Runner {

    /** The work of a row for one contender. */
    interface Work {
        Figures measure(Instance instance) throws Exception;
    }

    interface Measurement {
        Figures take() throws Exception;
    }

    interface Step {
        void run() throws Exception;
    }

    private final Testbed testbed;
    private final Results results;
    private int round;

    public Runner(Testbed testbed, Results results) {
        this.testbed = testbed;
        this.results = results;
    }

    Testbed testbed() {
        return testbed;
    }

    Options options() {
        return testbed.options();
    }

    Results results() {
        return results;
    }

    /** {@return whether this is the first site of the command line} */
    boolean isFirstSite() throws IOException {
        return testbed.scratch().startsWith(options().sites().get(0).toRealPath());
    }

    /** {@return a size, multiplied by the scale} */
    int scaled(int full, int least) {
        return options().scaled(full, least);
    }

    /** Adds a table to the results. */
    Table table(String row, String title, String note) {
        Table table = new Table(testbed.site(), row, title, note, options().limit());
        results.tables().add(table);
        return table;
    }

    /** Does a row's work in all rounds, each time with contenders that are set up for it and have one target. */
    void measureEach(Table table, List<Contender> contenders, Work work) throws Exception {
        measureEach(table, contenders, 1, work);
    }

    void measureEach(Table table, List<Contender> contenders, int targets, Work work) throws Exception {
        eachRound(() -> {
            for (Contender contender : shuffled(contenders)) {
                measure(table, contender, () -> {
                    try (Instance instance = testbed.setUp(contender, targets)) {
                        return work.measure(instance);
                    }
                });
            }
        });
    }

    /** Does something in each round. */
    void eachRound(Step step) throws Exception {
        for (round = 1; round <= options().rounds(); round++) {
            step.run();
        }
    }

    /** {@return those that take part in this round, in an order of its own} */
    List<Contender> shuffled(List<Contender> contenders) {
        List<Contender> shuffled = new ArrayList<>(contenders);
        if (round > 1) {
            shuffled.removeIf(Contender::isFirstRoundOnly);
        }
        Collections.shuffle(shuffled, testbed.random());
        return shuffled;
    }

    /** Measures a contender; its figures count only if nothing was wrong. {@return whether that is so} */
    boolean measure(Table table, Contender contender, Measurement measurement) throws Exception {
        return attempt(table, contender, () -> {
            Figures figures = measurement.take();
            table.add(contender, figures);
            table.addRight(contender);
            List<String> shown = new ArrayList<>();
            figures.forEach((name, value) -> shown.add(name + " " + Numbers.format(value)));
            say(table, contender, String.join("; ", shown));
        });
    }

    /** Does a step for a contender and notes what was wrong. {@return whether nothing was} */
    boolean attempt(Table table, Contender contender, Step step) throws Exception {
        String fault;
        try {
            step.run();
            return true;
        } catch (TimeLimitExceeded e) {
            fault = "> " + options().limit().toSeconds() + " s";
            table.addTimeout(contender);
        } catch (TreesDiffer e) {
            fault = "WRONG: " + e.getMessage();
        } catch (IOException | RuntimeException e) {
            if (testbed.cleanup().isClosing()) {
                throw e;
            }
            fault = "FAILED: " + e.getMessage();
        }
        table.addFault(contender, fault);
        say(table, contender, fault);
        return false;
    }

    private void say(Table table, Contender contender, String what) {
        Log.say(table.row() + " on " + Project.relative(table.site()) + ", round " + round + "/" + options().rounds() + ", " + contender.label()
                + ": " + what);
    }
}
