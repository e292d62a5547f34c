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
 * Remembers the offsets of each partition that this process has committed. If the broker knows another offset, another process of the group
 * has read on, and its records did not arrive here. Kept over restarts. Used by the reading thread.
 */
final class ForeignCommitDetector {

    private static final Logger LOG = LoggerFactory.getLogger(ForeignCommitDetector.class);
    private static final int VERSION = 1;

    private final Path file;
    private final Map<String, Long> offsets = new HashMap<>();

    /** @param file the file that keeps the offsets */
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

    /** Notes that an offset was committed to the broker. */
    void told(String partition, long offset) {
        offsets.put(partition, offset);
    }

    /** Returns whether the broker's offset was committed by this process. */
    boolean isOurs(String partition, long offset) {
        return Long.valueOf(offset).equals(offsets.get(partition));
    }

    /** Saves the offsets for the next start. After a crash the whole tree is compared anyway. */
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
