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
 * The features by which a source is recognized.
 *
 * @param source   the path
 * @param id       the identity of the folder
 * @param names    the names directly in it, at most a thousand
 * @param replaced the file system that this one replaces, as confirmed by a person; null if nobody has confirmed a replacement
 */
record SourceFingerprint(String source, Id id, List<String> names, String replaced) {

    /**
     * The identity of a folder (stat(2)).
     *
     * @param device     st_dev; it may change at a reboot, and another disk may get it
     * @param inode      st_ino; 2 for the top folder of every ext4
     * @param fileSystem the file system ({@link FileSystemId}) that the folder lies on; null if it is not known
     */
    record Id(long device, long inode, String fileSystem) {

        /** @throws IOException if it is not a folder, or can't be examined */
        static Id of(Path folder) throws IOException {
            if (!Files.isDirectory(folder)) {
                throw new NoSuchFileException("no such folder");
            }
            return new Id(((Number) Files.getAttribute(folder, "unix:dev")).longValue(),
                    ((Number) Files.getAttribute(folder, "unix:ino")).longValue(), FileSystemId.of(folder));
        }

        /** {@return whether it is certainly the same folder, whatever it contains} */
        boolean isSameAs(Id other) {
            return inode == other.inode && fileSystem != null && fileSystem.equals(other.fileSystem);
        }
    }

    private static final int VERSION = 1;

    static SourceFingerprint of(Path source) throws IOException {
        return new SourceFingerprint(source.toString(), Id.of(source), names(source), null);
    }

    /** Returns this fingerprint, marked by a person's decision as a replacement for another one, or for none (null). */
    SourceFingerprint inPlaceOf(SourceFingerprint other) {
        return new SourceFingerprint(source, id, names, other == null ? null : other.id.fileSystem);
    }

    /** Returns this fingerprint with the replacement recorded in the previous one. */
    SourceFingerprint after(SourceFingerprint before) {
        return new SourceFingerprint(source, id, names, before == null ? null : before.replaced);
    }

    /** Returns the fingerprint of the same source without names. */
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

    /** {@return whether at least half of the names are there} */
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
     * Returns what is remembered of a source; null if there is nothing, or if it is of another path.
     *
     * @throws IOException if the file exists and can't be used; the message gives the reason
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
