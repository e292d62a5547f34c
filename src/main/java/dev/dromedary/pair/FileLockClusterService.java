package dev.dromedary.pair;

import org.apache.camel.support.cluster.AbstractCamelClusterService;

/**
 * A cluster service by a lock in a folder. Camel has one as well ({@code FileLockClusterService}), which makes the folder where it is
 * missing, and asks for the lock only when the leader's sign of life is old by its own clock: where a storage is not mounted
 * that is a second leader, and with a clock that is behind it is none at all. Here the lock alone counts.
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
