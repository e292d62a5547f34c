package dev.dromedary.pair;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

import dev.dromedary.config.ConfigFault;
import dev.dromedary.config.ConfigurationException;
import dev.dromedary.config.PairOptions;
import org.apache.camel.CamelContext;
import org.apache.camel.cluster.CamelClusterEventListener;
import org.apache.camel.cluster.CamelClusterMember;
import org.apache.camel.cluster.CamelClusterService;
import org.apache.camel.cluster.CamelClusterView;
import org.apache.camel.component.master.MasterComponent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tracks which of two processes with the same mirrors leads. Camel's cluster service decides that. The consumers that only the leader runs
 * are {@code master:} endpoints (camel-master), which start and stop with the leadership. This listener is notified before they are.
 */
public final class LeadershipListener implements CamelClusterEventListener.Leadership {

    /** The prefix of a consumer that only the leader runs. */
    public static final String LEAD = "master:dromedary:";
    /** A condition in Camel's simple language: whether this process leads. */
    public static final String LEADS = "${bean:pair?method=leads}";

    static final String NAMESPACE = "dromedary";

    private static final Logger LOG = LoggerFactory.getLogger(LeadershipListener.class);

    private final CamelContext context;
    private final PairOptions pairing;
    private final LockFolderFingerprint folder;
    private final Consumer<Boolean> listener;
    private volatile CamelClusterView view;
    private volatile PairRole role = new PairRole(false, Instant.now(), null);

    private LeadershipListener(CamelContext context, PairOptions pairing, LockFolderFingerprint folder, Consumer<Boolean> listener) {
        this.context = context;
        this.pairing = pairing;
        this.folder = folder;
        this.listener = listener;
    }

    /**
     * Creates the listener, and checks what can be known before Camel has read its own keys.
     *
     * @param stateDir the folder that keeps the identity of the pair's folder between starts
     * @param listener is notified at each change whether this process leads; at a loss, before the lock is released
     * @throws IOException if the folder is missing or another one, or can't hold a lock; the message says what to do
     */
    public static LeadershipListener of(CamelContext context, PairOptions pairing, Path stateDir, Consumer<Boolean> listener) throws IOException {
        LockFolderFingerprint folder = null;
        if (pairing.folder() != null) {
            folder = LockFolderFingerprint.at(pairing.folder(), stateDir);
            LockFolderCheck.check(pairing.folder());
            folder.remember(stateDir);
        }
        listener.accept(false);
        return new LeadershipListener(context, pairing, folder, listener);
    }

    private CamelClusterService service() throws ConfigurationException {
        if (folder != null) {
            return new FileLockClusterService(folder);
        }
        CamelClusterService named = context.getRegistry().lookupByNameAndType(pairing.service(), CamelClusterService.class);
        if (named == null) {
            throw new ConfigurationException(List.of(new ConfigFault("dromedary.pair", "#" + pairing.service(),
                    "there is no cluster service of that name",
                    "bind one, such as camel.beans." + pairing.service() + " = #class:CLASS, with a jar that has it")));
        }
        return named;
    }

    /**
     * Creates the parts of Camel that it needs, once, and listens from now on. To be called when all beans are bound and before the first
     * route starts, so that it is notified before any route.
     *
     * @throws ConfigurationException if the configured service does not exist
     */
    public void join() throws ConfigurationException {
        if (view != null) {
            return;
        }
        CamelClusterService service = service();
        try {
            // camel-main does so only with services that are bound before its own keys are read
            if (!context.hasServices(CamelClusterService.class).contains(service)) {
                context.addService(service);
            }
            context.getComponent("master", MasterComponent.class).setService(service);
            view = service.getView(NAMESPACE);
        } catch (Exception e) {
            throw new IllegalStateException("the cluster service can't be used: " + e.getMessage(), e);
        }
        LOG.info("It stands by until it leads its pair");
        view.addEventListener(this);
    }

    @Override
    public void leadershipChanged(CamelClusterView changed, CamelClusterMember leader) {
        boolean leads = changed.getLocalMember().isLeader();
        if (leads == role.leads()) {
            return;
        }
        role = new PairRole(leads, Instant.now(), null);
        listener.accept(leads);
        if (leads) {
            LOG.info("It leads its pair from now on: the whole tree is compared");
        } else {
            LOG.warn("It no longer leads its pair and stands by: its runs were ended, and their changes are still pending");
        }
    }

    /** Returns whether this process leads. */
    public boolean leads() {
        return role.leads();
    }

    /** Returns the current role of this process. */
    public PairRole role() {
        PairRole now = role;
        CamelClusterView there = view;
        return now.leads() || there == null ? now : new PairRole(false, now.since(), there.getLeader()
                .filter(member -> !member.isLocal()).map(CamelClusterMember::getId).orElse(null),
                there instanceof FileLockClusterView lock ? lock.fault() : null);
    }
}
