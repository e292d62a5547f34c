package dev.dromedary.topic;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.dromedary.change.RawPath;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;

/**
 * The identity of a source on another machine, as its owner sends it in each record.
 *
 * @param names      some names directly in it, in the notation of {@link RawPath}; none if it is empty
 * @param fileSystem its file system ({@link dev.dromedary.mount.FileSystemId}); null if unknown
 * @param replaced   the previous file system, if a person has declared at the source that the current one replaces it; else null
 * @param missing    the file systems below it that are not mounted, by their paths in the notation of {@link RawPath}
 * @param mounted    other file systems that are mounted below it, by their paths, with some names directly in each
 */
record SourceIdentity(List<String> names, String fileSystem, String replaced, Set<String> missing, Map<String, List<String>> mounted) {

    /** An identity without file systems below it. */
    SourceIdentity(List<String> names, String fileSystem, String replaced) {
        this(names, fileSystem, replaced, Set.of(), Map.of());
    }


    void put(JsonObject head) {
        head.put("names", new JsonArray(names.stream().map(RawPath::escape).toList()));
        head.put("fileSystem", fileSystem);
        head.put("replaced", replaced);
        if (!missing.isEmpty()) {
            head.put("missing", new JsonArray(missing.stream().sorted().map(RawPath::escape).toList()));
        }
        if (!mounted.isEmpty()) {
            JsonObject mounts = new JsonObject();
            new TreeMap<>(mounted).forEach((path, some) -> mounts.put(RawPath.escape(path), new JsonArray(some.stream().map(RawPath::escape).toList())));
            head.put("mounted", mounts);
        }
    }

    /** @throws IllegalArgumentException if the head contains no valid identity */
    static SourceIdentity of(JsonObject head) {
        List<String> names = paths(head, "names");
        List<String> missing = head.containsKey("missing") ? paths(head, "missing") : List.of();
        if (!missing.stream().allMatch(RawPath::isBelowRoot)) {
            throw new IllegalArgumentException("it has impossible missing file systems");
        }
        Map<String, List<String>> mounted = new TreeMap<>();
        JsonObject mounts = head.getMapOrDefault("mounted", new JsonObject());
        mounts.keySet().forEach(path -> mounted.put(RawPath.unescape(path), paths(mounts, path)));
        if (!mounted.keySet().stream().allMatch(RawPath::isBelowRoot)) {
            throw new IllegalArgumentException("it has impossible file systems");
        }
        if (!Stream.concat(names.stream(), mounted.values().stream().flatMap(List::stream)).allMatch(name -> RawPath.isBelowRoot(name) && name.indexOf('/') < 0)) {
            throw new IllegalArgumentException("it has impossible names");
        }
        return new SourceIdentity(names, head.getString("fileSystem"), head.getString("replaced"), Set.copyOf(missing), mounted);
    }

    private static List<String> paths(JsonObject head, String key) {
        List<String> paths = new ArrayList<>();
        for (Object path : (JsonArray) head.get(key)) {
            paths.add(RawPath.unescape((String) path));
        }
        return paths;
    }
}
