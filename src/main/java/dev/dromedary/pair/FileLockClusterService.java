package dev.dromedary.pair;

import org.apache.camel.support.cluster.AbstractCamelClusterService;

/**
 * A cluster service based on a lock in a folder. Camel's own {@code FileLockClusterService} creates the folder if it is missing, and asks
 * for the lock only when the leader's heartbeat is old by its own clock. With a storage that is not mounted this results in a second
 * leader, and with a clock that is behind in no leader at all. Here only the lock counts.
 */
final class FileLockClusterService extends AbstractCamelClusterService<FileLockClusterView> {

    private final LockFolderFingerprint folder;

    FileLockClusterService(LockFolderFingerprint folder) {
        this.folder = folder;
    }

    @Override
    protected FileLockClusterView createView(String namespace) {
        return new FileLockClusterView(this, folder, namespace);
    }
}
