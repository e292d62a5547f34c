package dev.dromedary.topic;

import java.util.ArrayList;
import java.util.List;

import dev.dromedary.change.RawPath;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;

/**
 * The identity of a source on another machine, as its owner sends it in each record.
 *
 * @param names      some names directly in it, in the notation of {@link RawPath}; none if it is empty
 * @param fileSystem its file system ({@link dev.dromedary.mount.FileSystemId}); null if unknown
 * @param replaced   the previous file system, if a person has declared at the source that the current one replaces it; else null
 */
record SourceIdentity(List<String> names, String fileSystem, String replaced) {

    void put(JsonObject head) {
        head.put("names", new JsonArray(names.stream().map(RawPath::escape).toList()));
        head.put("fileSystem", fileSystem);
        head.put("replaced", replaced);
    }

    /** @throws IllegalArgumentException if the head contains no valid identity */
    static SourceIdentity of(JsonObject head) {
        List<String> names = new ArrayList<>();
        for (Object name : (JsonArray) head.get("names")) {
            names.add(RawPath.unescape((String) name));
        }
        if (!names.stream().allMatch(name -> RawPath.isBelowRoot(name) && name.indexOf('/') < 0)) {
            throw new IllegalArgumentException("it has impossible names");
        }
        return new SourceIdentity(names, head.getString("fileSystem"), head.getString("replaced"));
    }
}
