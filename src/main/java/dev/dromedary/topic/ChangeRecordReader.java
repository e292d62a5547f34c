package dev.dromedary.topic;

import java.nio.file.Path;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.RawPath;
import dev.dromedary.filter.PathFilter;
import dev.dromedary.log.LogEscaping;
import org.apache.camel.Body;
import org.apache.camel.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the records of a topic, for one mirror of an agent. Used by one thread at a time. */
public final class ChangeRecordReader {

    private static final Logger LOG = LoggerFactory.getLogger(ChangeRecordReader.class);
    // only root can set owners
    private static final boolean IS_ROOT = "root".equals(System.getProperty("user.name"));

    private final String mirror;
    private final RemoteSourceGuard source;
    private final SubscriptionHealth following;
    private final Path folder;
    private final PathFilter filter;

    /**
     * @param source    receives the latest status that its owner has sent
     * @param following is notified of each record
     * @param folder    the local folder
     * @param filter    the excluded paths
     */
    public ChangeRecordReader(String mirror, RemoteSourceGuard source, SubscriptionHealth following, Path folder, PathFilter filter) {
        this.folder = folder;
        this.filter = filter;
        this.mirror = mirror;
        this.source = source;
        this.following = following;
    }

    /**
     * {@return the pending changes of a record}
     * The result is empty for a record of another mirror, as a topic may have several. It is the whole tree if the record can't be trusted,
     * or if an earlier record was missed.
     *
     * @param sent when it was sent, in milliseconds since 1970 by the clock of the source; null if unknown
     */
    public ChangeSet read(@Body String content, @Header("kafka.TIMESTAMP") Long sent) {
        try {
            ChangeRecord record = ChangeRecord.read(content == null ? "" : content);
            if (!record.mirror().equals(mirror)) {
                following.heardOf(LogEscaping.of(RawPath.shown(record.mirror())));
                return new ChangeSet();
            }
            // first, as it may fail, and then the record is read again: that one was missed must not be forgotten
            if (record.source() != null) {
                source.said(record.source(), record.heartbeat() == null ? null : record.heartbeat().halted(),
                        sent == null ? Long.MAX_VALUE : System.currentTimeMillis() - sent);
            }
            boolean missed = following.heard(record);
            if (missed) {
                LOG.warn("{}: a record of the topic was missed: the whole tree is compared", mirror);
            }
            if (record.source() == null) {
                LOG.debug("{}: a record of a kind that this version does not know is skipped", mirror);
                return missed ? ChangeSet.ofWholeTree() : new ChangeSet();
            }
            LOG.debug("{}: a record has {}", mirror, record.changes());
            return missed ? ChangeSet.ofWholeTree() : record.digest() == null ? record.changes() : differing(record);
        } catch (IllegalArgumentException e) {
            LOG.error("{}: a record of the topic can't be trusted, because {}: the whole tree is compared instead", mirror, e.getMessage());
            return ChangeSet.ofWholeTree();
        }
    }

    // a source that starts over publishes everything that it has: an agent with the same content need not ask for anything
    private ChangeSet differing(ChangeRecord record) {
        ChangeSet differing = TreeDigest.of(folder, filter).map(here -> here.differing(record.digest(), IS_ROOT, record.changes().since()))
                .orElse(record.changes());
        LOG.info("{}: of the whole tree {} is compared", mirror, differing.isEmpty() ? "nothing" : differing);
        return differing;
    }
}
