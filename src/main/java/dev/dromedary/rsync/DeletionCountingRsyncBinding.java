package dev.dromedary.rsync;

import dev.dromedary.backlog.BacklogEndpoint;
import org.apache.camel.Exchange;
import org.apache.camel.component.exec.ExecCommand;
import org.apache.camel.component.exec.ExecEndpoint;

/** Makes camel-exec's command for a dry run whose deletions are counted; the {@link DryRunDeletionCounter#PROPERTY} of the message has the result. */
public final class DeletionCountingRsyncBinding extends RsyncBinding {

    @Override
    public ExecCommand readInput(Exchange exchange, ExecEndpoint endpoint) {
        DryRunDeletionCounter counter = new DryRunDeletionCounter();
        exchange.setProperty(DryRunDeletionCounter.PROPERTY, counter);
        return MonitoredRsyncBinding.dryRun(super.readInput(exchange, endpoint), counter, exchange.getProperty(BacklogEndpoint.LANE, "", String.class));
    }
}
