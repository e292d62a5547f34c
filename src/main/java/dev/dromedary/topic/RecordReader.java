package dev.dromedary.topic;

import dev.dromedary.change.ChangeSet;
import org.apache.camel.Body;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the records of a topic, for one mirror of an agent. Used by one thread at a time. */
public final class RecordReader {

    private static final Logger LOG = LoggerFactory.getLogger(RecordReader.class);

    private final String mirror;
    private final RemoteSource source;

    /** @param source is told what its owner last said of it */
    public RecordReader(String mirror, RemoteSource source) {
        this.mirror = mirror;
        this.source = source;
    }

    /**
     * {@return what the record owes}
     * Of another mirror's record, as a topic may have several, that is nothing. In place of a record that can't be trusted the
     * whole tree is owed.
     */
    public ChangeSet read(@Body String content) {
        try {
            ChangeRecord record = ChangeRecord.read(content == null ? "" : content);
            if (!record.mirror().equals(mirror)) {
                return new ChangeSet();
            }
            if (record.names() == null) {
                LOG.debug("{}: a record of a kind that this version does not know is passed over", mirror);
                return new ChangeSet();
            }
            source.said(record.names(), record.heartbeat() == null ? null : record.heartbeat().halted());
            LOG.debug("{}: a record owes {}", mirror, record.changes());
            return record.changes();
        } catch (IllegalArgumentException e) {
            LOG.error("{}: a record of the topic can't be trusted, as {}: the whole tree is owed in its place", mirror, e.getMessage());
            return ChangeSet.wholeTree();
        }
    }
}
