package dev.dromedary.backlog;

import org.apache.camel.Processor;

/** Sends an empty message to clean up the leftovers of large files at the target once nothing is pending any more. */
final class PartialDirCleanupConsumer extends BacklogConsumer {

    PartialDirCleanupConsumer(BacklogEndpoint endpoint, Processor processor, Backlog backlog) {
        super(endpoint, processor, backlog);
    }

    @Override
    void next() throws InterruptedException {
        TransferRun tidy = backlog().awaitTidy();
        boolean tidied = false;
        try {
            Sent sent = send(tidy);
            tidied = sent.outcome() == RunOutcome.ARRIVED;
            releaseExchange(sent.exchange(), false);
        } finally {
            // large files wait for it
            backlog().tidied(tidied);
        }
    }
}
