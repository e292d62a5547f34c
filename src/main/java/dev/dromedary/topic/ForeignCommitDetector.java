package dev.dromedary.topic;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import dev.dromedary.state.JsonFile;
import org.apache.camel.util.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far this process has read each partition, as it has told the broker: where that is not what the broker knows, another process
 * of the group has read on, and what it was told of did not come here. Kept over restarts. Used by the thread that reads.
 */
final class ForeignCommitDetector {

    private static final Logger LOG = LoggerFactory.getLogger(ForeignCommitDetector.class);
    private static final int VERSION = 1;

    private final Path file;
    private final Map<String, Long> offsets = new HashMap<>();

    /** @param file where they are kept */
    ForeignCommitDetector(Path file) {
        this.file = file;
        try {
            new JsonFile(file, VERSION).read(json -> {
                json.<JsonObject>getMap("offsets").forEach((partition, offset) -> offsets.put(partition, ((Number) (Object) offset).longValue()));
                return json;
            });
        } catch (IOException e) {
            offsets.clear();
            LOG.warn("How far the topic was read, in {}, can't be used ({}): the whole tree is compared", file, e.getMessage());
        }
    }

    /** Notes that the broker was told of an offset. */
    void told(String partition, long offset) {
        offsets.put(partition, offset);
    }

    /** Whether the broker knows of the offset that it was told from here. */
    boolean isOurs(String partition, long offset) {
        return Long.valueOf(offset).equals(offsets.get(partition));
    }

    /** Keeps them for the next start; after a crash the whole tree is compared anyway. */
    void keep() {
        JsonObject json = new JsonObject();
        json.put("offsets", new JsonObject(offsets));
        try {
            new JsonFile(file, VERSION).write(json);
        } catch (IOException e) {
            LOG.warn("How far the topic was read could not be kept in {} ({}): the next start compares the whole tree", file, e.getMessage());
        }
    }
}
