package dev.dromedary.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The archive of classes that the jar starts with, so that a program under test starts in half the time. It is made
 * once for a jar and a Java, by whichever JVM of tests asks for it first; the others wait for it.
 */
final class ClassArchive {

    private static final Map<Path, Path> MADE = new ConcurrentHashMap<>();

    private ClassArchive() {
    }

    /** The archive of a jar's classes for the Java of that home. */
    static Path of(Path jar, Path javaHome) {
        return MADE.computeIfAbsent(javaHome, home -> make(jar, home));
    }

    private static Path make(Path jar, Path javaHome) {
        Path archive = jar.resolveSibling("dromedary-kafka-" + javaHome.getFileName() + ".jsa");
        Path lock = jar.resolveSibling(archive.getFileName() + ".lock");
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            // another JVM may be making it; it is let go of with the channel
            channel.lock();
            if (!isFresh(archive, jar)) {
                Sh.run(Path.of("").toAbsolutePath(), "'" + javaHome + "/bin/java' -cp '" + jar + "' dev.dromedary.jvm.ArchiveMaker '" + jar + "' '" + archive + "'");
            }
            return archive;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // Java leaves an archive alone that is older than a jar of its class path
    private static boolean isFresh(Path archive, Path jar) throws IOException {
        if (!Files.exists(archive)) {
            return false;
        }
        FileTime made = Files.getLastModifiedTime(archive);
        for (Path each : List.of(jar, jar.resolveSibling("dromedary-kafka.jar"))) {
            if (Files.getLastModifiedTime(each).compareTo(made) >= 0) {
                return false;
            }
        }
        return true;
    }
}
