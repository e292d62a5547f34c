package dev.dromedary.change;

import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a target that was away, now and then, whether it is back: a message with an empty body that arrives says so. */
final class ProbeConsumer extends BacklogConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(ProbeConsumer.class);

    ProbeConsumer(BacklogEndpoint endpoint, Processor processor, Backlog backlog) {
        super(endpoint, processor, backlog);
    }

    @Override
    void next() throws InterruptedException {
        Run probe = backlog().awaitProbe();
        Sent sent = send(probe);
        if (sent.outcome() == Outcome.ARRIVED) {
            Pause was = backlog().back();
            if (was != null && was.attempts() > 0) {
                LOG.info("{}: back after {} and {} attempts", backlog().id(),
                        inSeconds(System.currentTimeMillis() - was.since()), was.attempts());
            }
        } else if (isRunAllowed() && !isStopping()) {
            pause(sent.outcome(), sent.reason(), false);
        }
        releaseExchange(sent.exchange(), false);
    }
}
