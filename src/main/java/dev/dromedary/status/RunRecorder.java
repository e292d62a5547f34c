package dev.dromedary.status;

import java.util.Locale;
import java.util.Map;

import dev.dromedary.backlog.BacklogEndpoint;
import dev.dromedary.backlog.RunOutcome;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.clock.SteadyClock;
import dev.dromedary.log.Redaction;
import dev.dromedary.rsync.RunOutcomeClassifier;
import dev.dromedary.rsync.RunOutputParser;
import dev.dromedary.transferlog.RunTransferBuffer;
import dev.dromedary.transferlog.TransferLog;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.RoutePolicySupport;

/**
 * Records the start and the end of each run in the ledger of its target, and in the transfer log what the run did, whatever steps a route
 * file has in between.
 */
final class RunRecorder extends RoutePolicySupport implements RoutePolicyFactory {

    private static final String STEP = "a step of the route failed";

    private final Map<String, RunLedger> ledgers;
    private final TransferLog log;

    /** @param ledgers by mirror/target */
    RunRecorder(Map<String, RunLedger> ledgers, TransferLog log) {
        this.ledgers = ledgers;
        this.log = log;
    }

    @Override
    public RoutePolicy createRoutePolicy(CamelContext context, String routeId, NamedNode route) {
        return route instanceof RouteDefinition definition
                && definition.getInput().getEndpointUri().contains("backlog:") ? this : null;
    }

    @Override
    public void onExchangeBegin(Route route, Exchange exchange) {
        RunLedger ledger = ledger(exchange);
        // a probe transfers nothing
        if (ledger == null || !(exchange.getIn().getBody() instanceof ChangeSet pending) || pending.isEmpty()) {
            return;
        }
        String way = exchange.getProperty(BacklogEndpoint.LANE, String.class);
        boolean trees = exchange.getProperty(BacklogEndpoint.TREES, false, Boolean.class);
        RunTransferBuffer transfers = log.begin(exchange.getProperty(BacklogEndpoint.TARGET, String.class), way, pending.since(), trees).orElse(null);
        RunOutputParser figures = transfers == null ? new RunOutputParser() : new RunOutputParser(transfers);
        exchange.setProperty(RunOutputParser.PROPERTY, figures);
        exchange.setProperty(RunTransferBuffer.PROPERTY, transfers);
        ledger.begin(exchange, new RunLedger.Entry(way, trees, pending.isWholeTree(), pending.isByContent(),
                pending.size(), only(pending), pending.since(), SteadyClock.millis(), figures));
    }

    private static String only(ChangeSet pending) {
        String[] path = new String[1];
        if (pending.size() == 1 && !pending.isWholeTree()) {
            pending.forEach((each, extent) -> path[0] = each);
        }
        return path[0];
    }

    @Override
    public void onExchangeDone(Route route, Exchange exchange) {
        RunLedger ledger = ledger(exchange);
        if (ledger == null) {
            return;
        }
        boolean failed = exchange.getException() != null || exchange.getExchangeExtension().isFailureHandled();
        String outcome = exchange.getProperty(BacklogEndpoint.OUTCOME,
                (failed ? RunOutcome.AWAY : RunOutcome.ARRIVED).name().toLowerCase(Locale.ROOT), String.class);
        RunTransferBuffer transfers = exchange.getProperty(RunTransferBuffer.PROPERTY, RunTransferBuffer.class);
        if (transfers != null) {
            transfers.ended(exchange.getProperty(BacklogEndpoint.LANE, String.class), outcome,
                    exchange.getProperty(BacklogEndpoint.PARKED, ChangeSet.class));
        }
        if (outcome.equals("busy")) {
            ledger.drop(exchange);
        } else if (!outcome.equals("arrived")) {
            ledger.end(exchange, outcome, exchange.getProperty(RunOutcomeClassifier.CAUSE, STEP, String.class), reason(exchange));
        } else if (failed) {
            ledger.end(exchange, "failed", STEP, reason(exchange));
        } else {
            ledger.end(exchange, outcome, null, null);
        }
    }

    private static String reason(Exchange exchange) {
        Throwable failure = exchange.getException() != null ? exchange.getException()
                : exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        return Redaction.of(exchange.getProperty(BacklogEndpoint.REASON, failure == null ? STEP : String.valueOf(failure.getMessage()),
                String.class));
    }

    private RunLedger ledger(Exchange exchange) {
        String target = exchange.getProperty(BacklogEndpoint.TARGET, String.class);
        return target == null ? null : ledgers.get(target);
    }
}
