package dev.dromedary.backlog;

import org.apache.camel.Processor;

/** Has a target tidied of what large files have left there, when nothing is owed any more: a message with an empty body. */
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
