package dev.dromedary.topic;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.dromedary.change.RawPath;
import dev.dromedary.source.SameSourceHeuristic;
import dev.dromedary.state.JsonFile;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the identity of a source on another machine over restarts.
 *
 * @param file   the file that keeps it
 * @param source the location of the source; the identity of another one is ignored
 */
record RemoteSourceFingerprint(Path file, String source) {

    private static final Logger LOG = LoggerFactory.getLogger(RemoteSourceFingerprint.class);
    private static final int VERSION = 1;

    /**
     * The source when it was last examined.
     *
     * @param names      the names directly in it, in the notation of {@link RawPath}
     * @param fileSystem its file system, as reported by its owner; null if unknown
     */
    record Seen(Set<String> names, String fileSystem) {
    }

    /** {@return the stored identity; null if there is none} */
    Seen read() {
        try {
            return new JsonFile(file, VERSION).read(json -> {
                Set<String> names = new TreeSet<>();
                for (Object name : (JsonArray) json.get("names")) {
                    names.add(RawPath.unescape((String) name));
                }
                return source.equals(json.getString("source")) ? new Seen(names, json.getString("fileSystem")) : null;
            }).orElse(null);
        } catch (IOException e) {
            LOG.warn("What is remembered of {} in {} can't be used ({}): it is recognized by the names here", source, file, e.getMessage());
            return null;
        }
    }

    /** {@return the stored file systems that were missing below the source; none if that is not known} */
    Set<String> missing() {
        try {
            return new JsonFile(file, VERSION).read(json -> {
                Set<String> missing = new TreeSet<>();
                for (Object path : source.equals(json.getString("source")) && json.containsKey("missing") ? (JsonArray) json.get("missing") : new JsonArray()) {
                    missing.add(RawPath.unescape((String) path));
                }
                return missing;
            }).orElse(Set.of());
        } catch (IOException e) {
            // read() has said so
            return Set.of();
        }
    }

    /** {@return the stored file systems below the source, with some names in each; none if that is not known} */
    Map<String, List<String>> mounted() {
        try {
            return new JsonFile(file, VERSION).read(json -> {
                Map<String, List<String>> mounted = new TreeMap<>();
                JsonObject mounts = source.equals(json.getString("source")) ? json.getMapOrDefault("mounted", new JsonObject()) : new JsonObject();
                mounts.forEach((path, names) -> mounted.put(RawPath.unescape(path), ((JsonArray) names).stream().map(name -> RawPath.unescape((String) name)).toList()));
                return mounted;
            }).orElse(Map.of());
        } catch (IOException e) {
            // read() has said so
            return Map.of();
        }
    }

    /** Stores the identity, with a thousand names at most, and the file systems below the source. */
    void write(Seen seen, Set<String> missing, Map<String, List<String>> mounted) {
        JsonObject json = new JsonObject();
        json.put("source", source);
        json.put("fileSystem", seen.fileSystem());
        json.put("names", new JsonArray(seen.names().stream().limit(SameSourceHeuristic.MOST).map(RawPath::escape).toList()));
        json.put("missing", new JsonArray(missing.stream().sorted().map(RawPath::escape).toList()));
        JsonObject mounts = new JsonObject();
        mounted.forEach((path, names) -> mounts.put(RawPath.escape(path), new JsonArray(names.stream().map(RawPath::escape).toList())));
        json.put("mounted", mounts);
        try {
            new JsonFile(file, VERSION).write(json);
        } catch (IOException e) {
            LOG.warn("{} could not be remembered ({}): after the next start it is recognized by the names here", source, e.getMessage());
        }
    }
}
