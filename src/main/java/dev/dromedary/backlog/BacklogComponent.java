package dev.dromedary.backlog;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.dromedary.change.ChangeSet;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/**
 * Provides the endpoints {@code backlog:mirror/target}: a producer enqueues changes for the target, a consumer takes what it has not
 * received yet. {@code backlog:mirror} stands for all targets of a mirror. The backlogs are those bound in the registry under their ids.
 */
public final class BacklogComponent extends DefaultComponent {

    private final Map<String, ArrivedEverywhereConsumer> everywhere = new ConcurrentHashMap<>();
    private final Set<String> comingAndGoing = ConcurrentHashMap.newKeySet();

    /** Allows a mirror to have no target for now, as its targets come and go. */
    public void mayBeEmpty(String mirror) {
        comingAndGoing.add(mirror);
    }

    /** Passes changes that are now on their way to all targets of a mirror to the consumer that reports what has arrived everywhere. */
    void added(String mirror, ChangeSet changes) {
        if (!everywhere.isEmpty() && !changes.isEmpty()) {
            ArrivedEverywhereConsumer told = everywhere.get(mirror);
            if (told != null) {
                told.added(changes);
            }
        }
    }

    /** Registers the consumer that gets what is added for all targets of a mirror; null for none. */
    void tell(String mirror, ArrivedEverywhereConsumer consumer) {
        if (consumer == null) {
            everywhere.remove(mirror);
        } else {
            everywhere.put(mirror, consumer);
        }
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        List<Backlog> backlogs = named(remaining);
        if (backlogs.isEmpty() && !comingAndGoing.contains(remaining)) {
            throw new IllegalArgumentException("there is no mirror or mirror/target named " + remaining);
        }
        BacklogEndpoint endpoint = new BacklogEndpoint(uri, this, remaining, backlogs);
        String action = getAndRemoveParameter(parameters, "action", String.class, "add");
        endpoint.setAction(BacklogEndpoint.Action.valueOf(action.toUpperCase(Locale.ROOT)));
        String take = getAndRemoveParameter(parameters, "take", String.class, "changes");
        endpoint.setTake(BacklogEndpoint.Take.valueOf(take.toUpperCase(Locale.ROOT)));
        return endpoint;
    }

    private List<Backlog> named(String name) {
        return getCamelContext().getRegistry().findByType(Backlog.class).stream()
                .filter(backlog -> backlog.id().equals(name) || backlog.id().startsWith(name + '/'))
                .toList();
    }

    /** Makes all endpoints send to the backlogs that are bound now, as targets may have come and gone since the endpoints were created. */
    public void lookAnew() {
        getCamelContext().getEndpoints().forEach(endpoint -> {
            if (endpoint instanceof BacklogEndpoint one) {
                one.sendTo(named(one.named()));
            }
        });
    }
}
