package dev.dromedary.status;

import java.util.Locale;
import java.util.Map;

import dev.dromedary.change.BacklogEndpoint;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Outcome;
import dev.dromedary.clock.SteadyClock;
import dev.dromedary.log.Redaction;
import dev.dromedary.rsync.Judge;
import dev.dromedary.rsync.RunFigures;
import dev.dromedary.transferlog.RunTransfers;
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
 * Notes the begin and the end of each run in the ledger of its target, and in the transfer log what it did, whatever steps a route file has in
 * between.
 */
final class RunRecorder extends RoutePolicySupport implements RoutePolicyFactory {

    private static final String STEP = "a step of the route failed";

    private final Map<String, Ledger> ledgers;
    private final TransferLog log;

    /** @param ledgers by mirror/target */
    RunRecorder(Map<String, Ledger> ledgers, TransferLog log) {
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
        Ledger ledger = ledger(exchange);
        // a question whether the target is back carries nothing
        if (ledger == null || !(exchange.getIn().getBody() instanceof ChangeSet owed) || owed.isEmpty()) {
            return;
        }
        String way = exchange.getProperty(BacklogEndpoint.LANE, String.class);
        boolean trees = exchange.getProperty(BacklogEndpoint.TREES, false, Boolean.class);
        RunTransfers transfers = log.begin(exchange.getProperty(BacklogEndpoint.TARGET, String.class), way, owed.since(), trees).orElse(null);
        RunFigures figures = transfers == null ? new RunFigures() : new RunFigures(transfers);
        exchange.setProperty(RunFigures.PROPERTY, figures);
        exchange.setProperty(RunTransfers.PROPERTY, transfers);
        ledger.begin(exchange, new Ledger.Entry(way, trees, owed.isWholeTree(), owed.isByContent(),
                owed.size(), only(owed), owed.since(), SteadyClock.millis(), figures));
    }

    private static String only(ChangeSet owed) {
        String[] path = new String[1];
        if (owed.size() == 1 && !owed.isWholeTree()) {
            owed.forEach((each, extent) -> path[0] = each);
        }
        return path[0];
    }

    @Override
    public void onExchangeDone(Route route, Exchange exchange) {
        Ledger ledger = ledger(exchange);
        if (ledger == null) {
            return;
        }
        boolean failed = exchange.getException() != null || exchange.getExchangeExtension().isFailureHandled();
        String outcome = exchange.getProperty(BacklogEndpoint.OUTCOME,
                (failed ? Outcome.AWAY : Outcome.ARRIVED).name().toLowerCase(Locale.ROOT), String.class);
        RunTransfers transfers = exchange.getProperty(RunTransfers.PROPERTY, RunTransfers.class);
        if (transfers != null) {
            transfers.ended(exchange.getProperty(BacklogEndpoint.LANE, String.class), outcome,
                    exchange.getProperty(BacklogEndpoint.PARKED, ChangeSet.class));
        }
        if (outcome.equals("busy")) {
            ledger.drop(exchange);
        } else if (!outcome.equals("arrived")) {
            ledger.end(exchange, outcome, exchange.getProperty(Judge.CAUSE, STEP, String.class), reason(exchange));
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

    private Ledger ledger(Exchange exchange) {
        String target = exchange.getProperty(BacklogEndpoint.TARGET, String.class);
        return target == null ? null : ledgers.get(target);
    }
}
