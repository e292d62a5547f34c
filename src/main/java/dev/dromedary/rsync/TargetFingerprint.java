package dev.dromedary.rsync;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

import dev.dromedary.state.JsonFile;
import org.apache.camel.util.json.JsonObject;

/**
 * How a target was when it was first brought in line with its source.
 *
 * @param source     the folder here
 * @param url        where the target is, whoever writes there
 * @param mountPoint where its file system is mounted, of a target on this machine; else null
 * @param fileSystem which one that is; null if it is not known
 */
record TargetFingerprint(String source, String url, String mountPoint, String fileSystem) {

    private static final int VERSION = 1;

    void write(Path file) throws IOException {
        JsonObject json = new JsonObject();
        json.put("source", source);
        json.put("url", url);
        json.put("mountPoint", mountPoint);
        json.put("fileSystem", fileSystem);
        new JsonFile(file, VERSION).write(json);
    }

    static Optional<TargetFingerprint> read(Path file) throws IOException {
        return new JsonFile(file, VERSION).read(json -> new TargetFingerprint(json.getString("source"), json.getString("url"),
                json.getString("mountPoint"), json.getString("fileSystem")));
    }

    /** Whether it is of the same two places. */
    boolean isOf(TargetFingerprint other) {
        return source.equals(other.source) && url.equals(other.url);
    }
}
