package dev.dromedary.source;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import dev.dromedary.mount.FileSystemId;
import dev.dromedary.state.JsonFile;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;

/**
 * By what a source is known again.
 *
 * @param source the path
 * @param id     which folder it was
 * @param names  what lay directly in it, a thousand at most
 * @param replaced the file system in whose place a person has put this one; null if nobody has
 */
record SourceFingerprint(String source, Id id, List<String> names, String replaced) {

    /**
     * Which folder it is (stat(2)).
     *
     * @param device     st_dev; a restart of the machine may change it, and another disk may get it
     * @param inode      st_ino; every ext4 has 2 for its top folder
     * @param fileSystem on which it lies ({@link FileSystemId}); null if that is not known
     */
    record Id(long device, long inode, String fileSystem) {

        /** @throws IOException if it is no folder, or can't be looked at */
        static Id of(Path folder) throws IOException {
            if (!Files.isDirectory(folder)) {
                throw new NoSuchFileException("no such folder");
            }
            return new Id(((Number) Files.getAttribute(folder, "unix:dev")).longValue(),
                    ((Number) Files.getAttribute(folder, "unix:ino")).longValue(), FileSystemId.of(folder));
        }

        /** Whether it is certainly the same folder, whatever is in it. */
        boolean isSameAs(Id other) {
            return inode == other.inode && fileSystem != null && fileSystem.equals(other.fileSystem);
        }
    }

    private static final int VERSION = 1;

    static SourceFingerprint of(Path source) throws IOException {
        return new SourceFingerprint(source.toString(), Id.of(source), names(source), null);
    }

    /** The same, of which a person has said that it takes the place of another one, or of none (null). */
    SourceFingerprint inPlaceOf(SourceFingerprint other) {
        return new SourceFingerprint(source, id, names, other == null ? null : other.id.fileSystem);
    }

    /** The same source, with what a person has said of the one before. */
    SourceFingerprint after(SourceFingerprint before) {
        return new SourceFingerprint(source, id, names, before == null ? null : before.replaced);
    }

    /** The same source, with nothing in it. */
    SourceFingerprint emptied() {
        return new SourceFingerprint(source, id, List.of(), replaced);
    }

    static boolean isEmpty(Path folder) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, entry -> SameSourceHeuristic.tells(entry.getFileName().toString()))) {
            return !entries.iterator().hasNext();
        }
    }

    static List<String> names(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).filter(SameSourceHeuristic::tells).limit(SameSourceHeuristic.MOST).sorted().toList();
        }
    }

    boolean isEmpty() {
        return names.isEmpty();
    }

    /** Whether at least half of the names are there. */
    boolean hasMostNamesIn(Path folder) throws IOException {
        return areMostIn(names, folder);
    }

    static boolean areMostIn(List<String> names, Path folder) throws IOException {
        return SameSourceHeuristic.areMost(names, names.size() < SameSourceHeuristic.MOST ? names(folder)
                : names.stream().filter(name -> Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS)).toList());
    }

    void write(Path file) throws IOException {
        JsonObject json = new JsonObject();
        json.put("source", source);
        json.put("device", id.device);
        json.put("inode", id.inode);
        json.put("fileSystem", id.fileSystem);
        json.put("replaced", replaced);
        json.put("names", new JsonArray(names));
        new JsonFile(file, VERSION).write(json);
    }

    /**
     * What is remembered of a source; null if nothing is, or of another path.
     *
     * @throws IOException if something is, and it can't be used; the message says why
     */
    static SourceFingerprint read(Path file, Path source) throws IOException {
        return new JsonFile(file, VERSION).read(json -> {
            List<String> names = ((JsonArray) json.get("names")).stream().map(Object::toString).filter(SameSourceHeuristic::tells).toList();
            return source.toString().equals(json.getString("source")) ? new SourceFingerprint(source.toString(),
                    new Id(json.getLong("device"), json.getLong("inode"), json.getString("fileSystem")), names,
                    json.getString("replaced")) : null;
        }).orElse(null);
    }
}
