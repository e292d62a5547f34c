package dev.dromedary.pair;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.apache.camel.cluster.CamelClusterMember;
import org.apache.camel.support.cluster.AbstractCamelClusterView;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Elects the process that holds the lock of a file as the leader. The standby tries to take the lock each second. The leader checks each
 * second that it still holds the lock, and that the folder is the same. A leader that can't confirm this for some seconds steps down, and
 * reports that before it releases the lock.
 */
final class FileLockClusterView extends AbstractCamelClusterView {

    private static final Logger LOG = LoggerFactory.getLogger(FileLockClusterView.class);
    private static final long LOOK_EVERY_MILLIS = 1000;
    // a storage that hangs blocks the check, too
    private static final long SURE_FOR_NANOS = TimeUnit.SECONDS.toNanos(8);

    private final LockFolderFingerprint folder;
    private final Path file;
    private final Path sign;
    private final CamelClusterMember local = new Local();
    private ScheduledExecutorService looks;
    private FileChannel channel;
    private FileLock lock;
    private Object key;
    private volatile boolean leads;
    private volatile long sureNanos;
    private volatile String fault;

    FileLockClusterView(FileLockClusterService service, LockFolderFingerprint folder, String namespace) {
        super(service, namespace);
        this.folder = folder;
        this.file = folder.path().resolve(namespace);
        // the name that it has always had
        this.sign = folder.path().resolve(namespace + ".dat");
    }

    /** {@return why this process can't lead, in plain words; null if it could} */
    String fault() {
        return fault;
    }

    @Override
    public Optional<CamelClusterMember> getLeader() {
        return leads ? Optional.of(local) : Optional.empty();
    }

    @Override
    public CamelClusterMember getLocalMember() {
        return local;
    }

    @Override
    public List<CamelClusterMember> getMembers() {
        return List.of();
    }

    @Override
    protected void doStart() {
        // two threads: one may hang in the kernel
        looks = getCamelContext().getExecutorServiceManager().newScheduledThreadPool(this, "pair", 2);
        looks.scheduleWithFixedDelay(this::look, 0, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        looks.scheduleWithFixedDelay(this::doubt, LOOK_EVERY_MILLIS, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    protected void doStop() throws InterruptedException {
        if (looks == null) {
            return;
        }
        looks.shutdown();
        if (looks.awaitTermination(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
            leads = false;
            letGo();
        }
        // a thread that hangs holds nothing that it could release
        getCamelContext().getExecutorServiceManager().shutdownNow(looks);
    }

    private void look() {
        try {
            String now = folder.fault();
            if (leads) {
                String why = now != null ? now : lost();
                if (why == null) {
                    sureNanos = System.nanoTime();
                } else {
                    end(why);
                    letGo();
                }
            } else if (lock != null) {
                // the lead was given up while the storage did not answer
                letGo();
            } else if (now == null) {
                now = take();
            }
            say(now);
        } catch (RuntimeException e) {
            LOG.error("The lock of the pair can't be checked", e);
        }
    }

    /** Gives up the lead while the check of the lock does not return. */
    private void doubt() {
        if (leads && System.nanoTime() - sureNanos > SURE_FOR_NANOS) {
            String why = folder.path() + ", the folder of the pair, does not answer";
            end(why);
            say(why);
        }
    }

    // returns what keeps it from leading, other than the other process
    private String take() {
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            lock = channel.tryLock(0, Math.max(1, channel.size()), false);
            if (lock == null) {
                letGo();
                return null;
            }
            key = key(file);
            // it may have been unmounted between the first check and the lock
            String now = folder.fault();
            if (now != null || key == null) {
                letGo();
                return now;
            }
            writeSign();
            sureNanos = System.nanoTime();
            leads = true;
            fireLeadershipChangedEvent(local);
            return null;
        } catch (OverlappingFileLockException e) {
            letGo();
            return null;
        } catch (IOException e) {
            letGo();
            return "the lock of the pair in " + folder.path() + " can't be acquired (" + e + ")";
        }
    }

    private String lost() {
        try {
            if (!lock.isValid() || !key.equals(key(file))) {
                return file + ", the lock of the pair, was removed or lost";
            }
            writeSign();
            return null;
        } catch (IOException e) {
            return folder.path() + ", the folder of the pair, can't be written to (" + e + ")";
        }
    }

    // the lock file itself is opened only once: closing it again would release the lock (fcntl(2), "Advisory record locking")
    private void writeSign() throws IOException {
        try (FileChannel to = FileChannel.open(sign, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            byte[] text = (ProcessHandle.current().pid() + " " + Instant.now() + "\n").getBytes(StandardCharsets.US_ASCII);
            to.write(ByteBuffer.wrap(text), 0);
            to.truncate(text.length);
            to.force(false);
        }
    }

    private static Object key(Path of) throws IOException {
        return Files.exists(of, LinkOption.NOFOLLOW_LINKS)
                ? Files.getAttribute(of, "unix:ino", LinkOption.NOFOLLOW_LINKS) : null;
    }

    private synchronized void end(String why) {
        if (leads) {
            leads = false;
            LOG.warn("This process gives up the lead of its pair: {}", why);
            fireLeadershipChangedEvent((CamelClusterMember) null);
        }
    }

    private void letGo() {
        lock = null;
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            LOG.debug("The lock of the pair could not be closed: {}", e.toString());
        } finally {
            channel = null;
        }
    }

    private synchronized void say(String now) {
        if (now != null && fault == null) {
            LOG.error("This process can't lead its pair: {}", now);
        } else if (now == null && fault != null) {
            LOG.info("The folder of the pair is the right one again: this process can lead");
        }
        fault = now;
    }

    private final class Local implements CamelClusterMember {
        @Override
        public boolean isLeader() {
            return leads;
        }

        @Override
        public boolean isLocal() {
            return true;
        }

        @Override
        public String getId() {
            return getClusterService().getId();
        }
    }
}
