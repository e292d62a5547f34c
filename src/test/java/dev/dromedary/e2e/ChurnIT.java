package dev.dromedary.e2e;

import dev.dromedary.testing.Dromedary;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever is done to a source, its target is the same soon after. Longer:
 * {@code -Ddromedary.churn.seeds=50 -Ddromedary.churn.operations=5000}; one seed again: {@code -Ddromedary.churn.seed=7}.
 */
class ChurnIT {

    private static final int OPERATIONS = 1500;

    static long[] seeds() {
        return ChurnStage.seeds(3);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void every_change_arrives(long seed) {
        int operations = ChurnStage.operations(OPERATIONS);
        try (ChurnStage stage = new ChurnStage("ChurnIT", seed, seed % 3 == 0 ? 3 : 1)) {
            stage.churn.keepingTimes();
            Dromedary dromedary = stage.mirroring();
            stage.churn.operations(operations);
            assertThat(stage.churn.size()).isGreaterThan(operations / 2);
            stage.assertSame(dromedary);
        }
    }
}
