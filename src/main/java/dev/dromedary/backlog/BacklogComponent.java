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
 * {@code backlog:mirror/target}: to it goes what a target is owed, from it comes what it has not received yet.
 * {@code backlog:mirror} is all targets of a mirror. The backlogs are those bound in the registry under their ids.
 */
public final class BacklogComponent extends DefaultComponent {

    private final Map<String, ArrivedEverywhereConsumer> everywhere = new ConcurrentHashMap<>();
    private final Set<String> comingAndGoing = ConcurrentHashMap.newKeySet();

    /** Lets a mirror have no target for now: they come and go. */
    public void mayBeEmpty(String mirror) {
        comingAndGoing.add(mirror);
    }

    /** Tells who wants to know what has arrived at all targets of a mirror what is on its way there now. */
    void added(String mirror, ChangeSet changes) {
        if (!everywhere.isEmpty() && !changes.isEmpty()) {
            ArrivedEverywhereConsumer told = everywhere.get(mirror);
            if (told != null) {
                told.added(changes);
            }
        }
    }

    /** Has a consumer be told of what is added for all targets of a mirror; null for nobody. */
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

    /** Has all endpoints send to the backlogs that are bound now: targets may have come and gone since they were made. */
    public void lookAnew() {
        getCamelContext().getEndpoints().forEach(endpoint -> {
            if (endpoint instanceof BacklogEndpoint one) {
                one.sendTo(named(one.named()));
            }
        });
    }
}
