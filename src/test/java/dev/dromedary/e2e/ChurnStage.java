package dev.dromedary.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;

import dev.dromedary.testing.Dromedary;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

/** A stage whose source is churned, and what must be the case afterwards. */
final class ChurnStage implements AutoCloseable {

    final Stage stage = new Stage();
    final Churn churn;
    private final String test;
    private final long seed;

    ChurnStage(String test, long seed, int writers) {
        this.test = test;
        this.seed = seed;
        this.churn = new Churn(stage.source, stage.scratch.folder("outside"), seed, writers);
    }

    /** How often what is meant to be short is repeated, with other seeds. */
    static long[] seeds(int otherwise) {
        Long one = Long.getLong("dromedary.churn.seed");
        return one != null ? new long[] {one}
                : LongStream.rangeClosed(1, Integer.getInteger("dromedary.churn.seeds", otherwise)).toArray();
    }

    static boolean isLong() {
        return System.getProperty("dromedary.churn.seed") != null || System.getProperty("dromedary.churn.seeds") != null;
    }

    static int operations(int otherwise) {
        return Integer.getInteger("dromedary.churn.operations", otherwise);
    }

    /** With a folder that has something in it, at the start as well as at the target. */
    Dromedary mirroring(String... more) {
        churn.operations(300);
        return stage.configured(more).start().awaitReady();
    }

    /** Now, and after a change in each folder, as a folder that is not watched any more looks the same until then. */
    void assertSame(Dromedary dromedary) {
        try {
            eventuallySame(stage.source, stage.target, dromedary);
            eventually("no dead letter is left", dromedary, () -> stage.deadLetters().isEmpty());
            churn.everywhere("probe");
            eventuallySame(stage.source, stage.target, dromedary);
            assertThat(dromedary.isReady()).as("ready").isTrue();
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed + "; once more:\n    bin/test " + test
                    + " -Ddromedary.churn.seed=" + seed
                    + (operations(0) == 0 ? "" : " -Ddromedary.churn.operations=" + operations(0))
                    + "\nall operations: " + written() + "\ndead letters: " + stage.deadLetters() + "\n" + churn.lastOperationsOn(e.getMessage()) + "\n"
                    + e.getMessage(), e);
        }
    }

    private Path written() {
        try {
            Path file = Path.of("target", "churn-" + seed + ".log");
            return Files.write(file, churn.all()).toAbsolutePath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        stage.close();
    }
}
