package dev.dromedary.backlog;

import org.apache.camel.Processor;

/** Probes a target that is away, from time to time: if a message with an empty body arrives, the target is back. */
final class TargetProbeConsumer extends BacklogConsumer {

    TargetProbeConsumer(BacklogEndpoint endpoint, Processor processor, Backlog backlog) {
        super(endpoint, processor, backlog);
    }

    @Override
    void next() throws InterruptedException {
        TransferRun probe = backlog().awaitProbe();
        Sent sent = send(probe);
        if (sent.outcome() == RunOutcome.ARRIVED) {
            sayBack(backlog().back());
        } else if (isRunAllowed() && !isStopping()) {
            pause(sent.outcome(), sent.reason(), false);
        }
        releaseExchange(sent.exchange(), false);
    }
}
