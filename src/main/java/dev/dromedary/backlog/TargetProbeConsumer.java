package dev.dromedary.backlog;

import org.apache.camel.Processor;

/** Asks a target that was away, now and then, whether it is back: a message with an empty body that arrives says so. */
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
