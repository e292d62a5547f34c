package dev.dromedary.topic;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.RawPath;
import dev.dromedary.log.LogEscaping;
import org.apache.camel.Body;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the records of a topic, for one mirror of an agent. Used by one thread at a time. */
public final class ChangeRecordReader {

    private static final Logger LOG = LoggerFactory.getLogger(ChangeRecordReader.class);

    private final String mirror;
    private final RemoteSourceGuard source;
    private final SubscriptionHealth following;

    /**
     * @param source    is told what its owner last said of it
     * @param following is told that something was heard of it
     */
    public ChangeRecordReader(String mirror, RemoteSourceGuard source, SubscriptionHealth following) {
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
            if (record.names() == null) {
                LOG.debug("{}: a record of a kind that this version does not know is skipped", mirror);
                return missed ? ChangeSet.wholeTree() : new ChangeSet();
            }
            source.said(record.names(), record.heartbeat() == null ? null : record.heartbeat().halted());
            LOG.debug("{}: a record has {}", mirror, record.changes());
            return missed ? ChangeSet.wholeTree() : record.changes();
        } catch (IllegalArgumentException e) {
            LOG.error("{}: a record of the topic can't be trusted, because {}: the whole tree is compared instead", mirror, e.getMessage());
            return ChangeSet.wholeTree();
        }
    }
}
