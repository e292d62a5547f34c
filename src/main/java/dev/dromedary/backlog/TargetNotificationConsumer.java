package dev.dromedary.backlog;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

import dev.dromedary.log.LogEscaping;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a message when a target goes away, is back, is full or halts, or when some paths can't be sent. It sends a few a minute at most: of
 * those that come faster only the last is sent, with a count.
 */
final class TargetNotificationConsumer extends BacklogConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(TargetNotificationConsumer.class);
    private static final int MOST_A_MINUTE = 4;
    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Deque<Long> toldNanos = new ArrayDeque<>();

    TargetNotificationConsumer(BacklogEndpoint endpoint, Processor processor, Backlog backlog) {
        super(endpoint, processor, backlog);
    }

    @Override
    void next() throws InterruptedException {
        TargetNotification news = backlog().awaitNews();
        int left = 0;
        if (toldNanos.size() == MOST_A_MINUTE) {
            TimeUnit.NANOSECONDS.sleep(toldNanos.removeFirst() + MINUTE_NANOS - System.nanoTime());
            for (TargetNotification later = backlog().pollNews(); later != null; later = backlog().pollNews()) {
                news = later;
                left++;
            }
        }
        toldNanos.addLast(System.nanoTime());
        Exchange exchange = createExchange(false);
        exchange.getIn().setBody(backlog().id() + ": " + news.text()
                + (left == 0 ? "" : " (" + left + " messages before this one are left out)"));
        exchange.getIn().setHeader(BacklogEndpoint.TARGET, backlog().id());
        exchange.getIn().setHeader(BacklogEndpoint.STATE, news.state());
        try {
            getProcessor().process(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        }
        if (exchange.getException() != null) {
            LOG.warn("{}: on-failure could not be told: {}", backlog().id(), LogEscaping.of(String.valueOf(exchange.getException().getMessage())));
        }
        releaseExchange(exchange, false);
    }
}
