package rows;

import java.util.List;

import static testbed.Contender.DIRECT;
import static testbed.Contender.DROMEDARY;
import static testbed.Contender.FANOTIFY;
import static testbed.Contender.FLOOR;
import static testbed.Contender.LOCAL;
import static testbed.Contender.LOOP;
import static testbed.Contender.MANUAL;
import static testbed.Contender.SSH;
import static testbed.Contender.TUNED;

/** How long one small change takes. */
final class Latency implements Row {

    @Override
    public String name() {
        return "latency";
    }

    @Override
    public boolean isForEachSite() {
        return true;
    }

    @Override
    public void run(Runner runner) throws Exception {
        int changes = runner.scaled(40, 5);
        SmallChanges.measure(runner, runner.table(name(), "One small change", SmallChanges.note(changes)
                + " `floor` is one plain rsync of that file."), List.of(DROMEDARY, FANOTIFY, SSH, LOCAL, TUNED, DIRECT, MANUAL, LOOP, FLOOR), changes);
    }
}
