package rows;

import java.util.List;

import static testbed.Contender.FAR;
import static testbed.Contender.FAR_TUNED;

/** How long one small change takes to a target that is far away. */
final class Far implements Row {

    @Override
    public String name() {
        return "far";
    }

    @Override
    public void run(Runner runner) throws Exception {
        int changes = runner.scaled(20, 5);
        SmallChanges.measure(runner, runner.table(name(), "One small change, to a daemon 50 ms of round trip away", SmallChanges.note(changes)
                + " A relay holds each byte for 25 ms each way."), List.of(FAR, FAR_TUNED), changes);
    }
}
