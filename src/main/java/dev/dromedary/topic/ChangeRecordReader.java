package dev.dromedary.topic;

import java.nio.file.Path;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.RawPath;
import dev.dromedary.filter.PathFilter;
import dev.dromedary.log.LogEscaping;
import org.apache.camel.Body;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the records of a topic, for one mirror of an agent. Used by one thread at a time. */
public final class ChangeRecordReader {

    private static final Logger LOG = LoggerFactory.getLogger(ChangeRecordReader.class);
    // who is not can't set owners
    private static final boolean IS_ROOT = "root".equals(System.getProperty("user.name"));

    private final String mirror;
    private final RemoteSourceGuard source;
    private final SubscriptionHealth following;
    private final Path folder;
    private final PathFilter filter;

    /**
     * @param source    is told what its owner last said of it
     * @param following is told that something was heard of it
     * @param folder    the one here
     * @param filter    what of it is left out
     */
    public ChangeRecordReader(String mirror, RemoteSourceGuard source, SubscriptionHealth following, Path folder, PathFilter filter) {
        this.folder = folder;
        this.filter = filter;
        this.mirror = mirror;
        this.source = source;
        this.following = following;
    }

    /**
     * {@return what the record owes}
     * Of another mirror's record, as a topic may have several, that is nothing. In place of a record that can't be trusted, and after
     * one that was missed, the whole tree is owed.
     */
    public ChangeSet read(@Body String content) {
        try {
            ChangeRecord record = ChangeRecord.read(content == null ? "" : content);
            if (!record.mirror().equals(mirror)) {
                following.heardOf(LogEscaping.of(RawPath.shown(record.mirror())));
                return new ChangeSet();
            }
            boolean missed = following.heard(record);
            if (missed) {
                LOG.warn("{}: a record of the topic was missed: the whole tree is compared", mirror);
            }
            if (record.source() == null) {
                LOG.debug("{}: a record of a kind that this version does not know is skipped", mirror);
                return missed ? ChangeSet.ofWholeTree() : new ChangeSet();
            }
            source.said(record.source(), record.heartbeat() == null ? null : record.heartbeat().halted());
            LOG.debug("{}: a record has {}", mirror, record.changes());
            return missed ? ChangeSet.ofWholeTree() : record.digest() == null ? record.changes() : differing(record);
        } catch (IllegalArgumentException e) {
            LOG.error("{}: a record of the topic can't be trusted, because {}: the whole tree is compared instead", mirror, e.getMessage());
            return ChangeSet.ofWholeTree();
        }
    }

    // a source that begins anew tells of all that it has: who has the same need not ask it for anything
    private ChangeSet differing(ChangeRecord record) {
        ChangeSet differing = TreeDigest.of(folder, filter).map(here -> here.differing(record.digest(), IS_ROOT, record.changes().since()))
                .orElse(record.changes());
        LOG.info("{}: of the whole tree {} is compared", mirror, differing.isEmpty() ? "nothing" : differing);
        return differing;
    }
}
