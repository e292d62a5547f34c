package dev.dromedary.topic;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import dev.dromedary.change.BacklogEndpoint;
import dev.dromedary.change.Outcome;
import dev.dromedary.change.RawPath;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;

/**
 * Whether a source on another machine is there. A disk that is not mounted looks like an empty folder, and a run would delete
 * here what it does not find. So the source is asked, before a run, for the names that lie directly in the folder here, and if it
 * has none of them, for any: unless its owner has said that it is empty. Used by several threads.
 */
public final class RemoteSource {

    private static final int MOST_NAMES = 1000;
    private static final long SURE_FOR_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Path folder;
    private final String url;
    private List<String> said;
    private boolean sure;
    private long sureSinceNanos;

    /**
     * @param folder the one here
     * @param url    where the source is, for people
     */
    public RemoteSource(Path folder, String url) {
        this.folder = folder;
        this.url = url;
    }

    /** Notes what its owner says that lies directly in it. */
    synchronized void said(List<String> names) {
        said = names;
    }

    /**
     * Whether it has to be asked: before whole folders are compared always, else not more often than once a second; and not if
     * there is nothing here that could be deleted.
     */
    public synchronized boolean isInDoubt(@ExchangeProperty(BacklogEndpoint.TREES) boolean trees) throws IOException {
        boolean sureNow = !trees && sure && System.nanoTime() - sureSinceNanos < SURE_FOR_NANOS;
        return !sureNow && !(said != null && said.isEmpty()) && !RawPath.namesIn(folder, 1).isEmpty();
    }

    /** {@return the names that it is asked for, as rsync's {@code --files-from=- --from0}} */
    public byte[] question() throws IOException {
        Set<String> names = new LinkedHashSet<>(RawPath.namesIn(folder, MOST_NAMES));
        synchronized (this) {
            names.addAll(said == null ? List.of() : said);
        }
        return RawPath.bytes(String.join("", names.stream().map(name -> "./" + name + '\0').toList()));
    }

    /** Whether rsync's list has a name; its first line is the folder itself. */
    public synchronized boolean isThere(@Body String listed) {
        sure = listed.lines().skip(1).findAny().isPresent();
        sureSinceNanos = System.nanoTime();
        return sure;
    }

    /** Has the run end here: the source is away. */
    public void isAway(Exchange exchange) {
        exchange.setProperty(BacklogEndpoint.OUTCOME, Outcome.AWAY.name().toLowerCase(Locale.ROOT));
        exchange.setProperty(BacklogEndpoint.REASON, url + " is empty, and " + folder + " is not; is its disk mounted? Nothing is"
                + " deleted because of that. If it is meant to be empty, make a file there and remove it: its owner tells that");
    }
}
