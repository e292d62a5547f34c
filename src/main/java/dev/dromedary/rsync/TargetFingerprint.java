package dev.dromedary.rsync;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

import dev.dromedary.state.JsonFile;
import org.apache.camel.util.json.JsonObject;

/**
 * The identity of a target when it was first brought in line with its source.
 *
 * @param source     the local folder
 * @param url        the location of the target, regardless of the user who writes there
 * @param mountPoint the mount point of its file system if the target is on this machine; else null
 * @param fileSystem the identity of that file system; null if unknown
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

    /** Returns whether it is of the same source and target. */
    boolean isOf(TargetFingerprint other) {
        return source.equals(other.source) && url.equals(other.url);
    }
}
