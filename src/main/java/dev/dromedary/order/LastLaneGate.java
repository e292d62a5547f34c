package dev.dromedary.order;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import dev.dromedary.backlog.Backlog;
import dev.dromedary.backlog.TransferClass;
import dev.dromedary.change.RawPath;
import dev.dromedary.clock.SteadyClock;
import dev.dromedary.deadletter.DeadLetterHeader;
import dev.dromedary.deadletter.DeadLetters;
import dev.dromedary.deadletter.PendingPath;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the paths that travel last wait for all others, and deletions wait for both, until everything that was pending before has arrived,
 * by whichever lane, including what failed. Later changes are not waited for, so that a source that never rests holds up nothing. One
 * thread for each method.
 */
public final class LastLaneGate {

    /** The name of waiting paths that travel last, for {@link Backlog#waits}. */
    public static final String LAST = "what travels last";
    /** The name of waiting deletions, for {@link Backlog#waits}. */
    public static final String GONE = "what is to be deleted";

    private static final Set<TransferClass> BEFORE_LAST = EnumSet.complementOf(EnumSet.of(TransferClass.LAST, TransferClass.GONE));
    private static final Set<TransferClass> BEFORE_GONE = EnumSet.complementOf(EnumSet.of(TransferClass.GONE));

    private static final Logger LOG = LoggerFactory.getLogger(LastLaneGate.class);

    /** The watch of the source. */
    @FunctionalInterface
    public interface Watch {

        /** Waits until all earlier changes are in the backlog. Returns false if that can't be known. */
        boolean flush() throws InterruptedException;
    }

    private record Kinds(int last, int others) {
    }

    private final String target;
    private final Predicate<String> last;
    private final DeadLetters deadLetters;
    private final Watch watch;
    private final Map<String, Kinds> known = new HashMap<>();

    /**
     * @param target mirror/target
     * @param last   which paths travel last
     */
    public LastLaneGate(String target, Predicate<String> last, DeadLetters deadLetters, Watch watch) {
        this.target = target;
        this.last = last;
        this.deadLetters = deadLetters;
        this.watch = watch;
    }

    /**
     * Waits until everything has arrived that was changed before this call and does not travel last: the copied files may refer to it.
     *
     * @throws IOException if the program stops first
     */
    public void awaitOthers(Exchange exchange) throws IOException {
        try {
            if (!watch.flush()) {
                LOG.debug("{}: the source is not watched, so what was changed a moment ago may not be known", target);
            }
            await(exchange, BEFORE_LAST, LAST, false);
        } catch (InterruptedException e) {
            throw stopped(e);
        }
    }

    /**
     * Waits until everything has arrived that was pending before this call and still exists.
     *
     * @throws IOException if the program stops first
     */
    public void awaitLast(Exchange exchange) throws IOException {
        try {
            await(exchange, BEFORE_GONE, GONE, true);
        } catch (InterruptedException e) {
            throw stopped(e);
        }
    }

    private void await(Exchange exchange, Set<TransferClass> lanes, String what, boolean countLast) throws InterruptedException, IOException {
        CamelContext context = exchange.getContext();
        Backlog backlog = context.getRegistry().lookupByNameAndType(target, Backlog.class);
        long moment = SteadyClock.millis();
        if (!backlog.awaitArrived(moment, lanes, () -> letters(moment, countLast), what, onlyOutside -> !onlyOutside || !context.isStopping())) {
            throw new InterruptedIOException("the program stops before all has arrived that " + what + " waits for");
        }
    }

    private static IOException stopped(InterruptedException e) {
        Thread.currentThread().interrupt();
        return (IOException) new InterruptedIOException("a stop came before all else had arrived").initCause(e);
    }

    // how many paths of dead letters have been pending since before the moment
    private synchronized int letters(long moment, boolean countLast) {
        Map<String, DeadLetterHeader> waiting = deadLetters.waiting(target).stream().filter(letter -> letter.since() <= moment)
                .collect(Collectors.toMap(DeadLetterHeader::id, letter -> letter));
        known.keySet().retainAll(waiting.keySet());
        // a letter that can't be read counts for both, until it is gone
        Kinds unknown = new Kinds(1, 1);
        return waiting.keySet().stream().map(id -> Objects.requireNonNullElse(known.computeIfAbsent(id, this::kinds), unknown))
                .mapToInt(kinds -> countLast ? kinds.last : kinds.others).sum();
    }

    private Kinds kinds(String letter) {
        int lasts = 0;
        int others = 0;
        try {
            for (PendingPath path : deadLetters.paths(target, letter)) {
                boolean isLast = last.test(RawPath.unescape(path.path()));
                lasts += isLast ? 1 : 0;
                others += isLast ? 0 : 1;
            }
        } catch (IOException | IllegalArgumentException e) {
            // it has just arrived, or is about to be replaced by the whole tree: checked again in a moment
            return null;
        }
        return new Kinds(lasts, others);
    }
}
