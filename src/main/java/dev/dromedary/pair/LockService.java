package dev.dromedary.pair;

import org.apache.camel.support.cluster.AbstractCamelClusterService;

/**
 * A cluster service by a lock in a folder. Camel has one as well ({@code FileLockClusterService}), which makes the folder where it is
 * missing, and asks for the lock only when the leader's sign of life is old by its own clock: where a storage is not mounted
 * that is a second leader, and with a clock that is behind it is none at all. Here the lock alone counts.
 */
final class LockService extends AbstractCamelClusterService<LockView> {

    private final PairFolder folder;

    LockService(PairFolder folder) {
        this.folder = folder;
    }

    @Override
    protected LockView createView(String namespace) {
        return new LockView(this, folder, namespace);
    }
}
