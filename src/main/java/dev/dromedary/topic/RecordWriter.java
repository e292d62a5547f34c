package dev.dromedary.topic;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.OwedLine;
import dev.dromedary.change.RawPath;
import dev.dromedary.filter.PathFilter;
import dev.dromedary.source.PresentState;
import dev.dromedary.source.PresentState.Kind;
import dev.dromedary.source.SourceRoot;
import org.apache.camel.Body;

/** Writes what is owed as records for a topic, resolved against the source as it is now. */
public final class RecordWriter {

    // a broker takes a megabyte (Kafka's message.max.bytes), a path has 4 KiB, and 16 KiB when each of its bytes is escaped
    private static final int MOST_BYTES = 512 << 10;
    private static final int SOME_NAMES = 3;

    private final String mirror;
    private final SourceRoot source;
    private final PresentState present;

    /** @param filter what is left out, there or gone */
    public RecordWriter(String mirror, SourceRoot source, PathFilter filter) {
        this.mirror = mirror;
        this.source = source;
        this.present = new PresentState(source.path(), filter);
    }

    /**
     * {@return the records, at least one, each of half a megabyte at most}
     *
     * @throws IOException if the source is not what it was: then nothing may be fetched because of it
     */
    public List<String> write(@Body ChangeSet changes) throws IOException {
        source.check();
        source.remember();
        Records records = new Records(ChangeRecord.head(mirror, RawPath.namesIn(source.path(), SOME_NAMES), changes));
        Set<String> levels = new HashSet<>();
        present.of(changes, true, (path, extent, kind) ->
                records.add(OwedLine.of(path, extent == Extent.ENTRY && kind != Kind.FOLDER ? Extent.LEAF : extent)),
                folder -> {
                    if (levels.add(folder)) {
                        records.add(OwedLine.of(folder, Extent.LEVEL));
                    }
                });
        return records.all();
    }

    private static final class Records {

        private final String head;
        private final List<String> full = new ArrayList<>();
        private StringBuilder record;
        private int bytes;

        Records(String head) {
            this.head = head;
            begin();
        }

        private void begin() {
            record = new StringBuilder(head);
            bytes = head.length();
        }

        private void add(String line) {
            int more = line.getBytes(StandardCharsets.UTF_8).length + 1;
            if (bytes + more > MOST_BYTES) {
                full.add(record.toString());
                begin();
            }
            record.append(line).append('\n');
            bytes += more;
        }

        private List<String> all() {
            full.add(record.toString());
            return full;
        }
    }
}
