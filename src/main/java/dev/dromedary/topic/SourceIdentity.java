package dev.dromedary.topic;

import java.util.ArrayList;
import java.util.List;

import dev.dromedary.change.RawPath;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;

/**
 * By what a source on another machine is known again, as its owner tells it in each record.
 *
 * @param names      some of what lies directly in it, in the notation of {@link RawPath}; none if it is empty
 * @param fileSystem on which it lies ({@link dev.dromedary.mount.FileSystemId}); null if that is not known
 * @param replaced   on which it lay before a person has said at the source that the present one takes its place; null if nobody has
 */
record SourceIdentity(List<String> names, String fileSystem, String replaced) {

    void put(JsonObject head) {
        head.put("names", new JsonArray(names.stream().map(RawPath::escape).toList()));
        head.put("fileSystem", fileSystem);
        head.put("replaced", replaced);
    }

    /** @throws IllegalArgumentException if it can't be one */
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
