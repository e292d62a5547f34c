package dev.dromedary.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.apache.camel.tooling.maven.MavenArtifact;
import org.apache.camel.tooling.maven.MavenDownloaderImpl;

/** Programs of Maven's repositories that are run beside the tests, and are not on their class path. */
final class MavenJars {

    private MavenJars() {
    }

    /** The class path of artifacts (group:artifact:version) and all that they need, fetched if they are not there yet. */
    static String classPath(String... artifacts) {
        try (MavenDownloaderImpl maven = new MavenDownloaderImpl()) {
            maven.start();
            return maven.resolveArtifacts(List.of(artifacts), Set.of(), true, false).stream()
                    .map(MavenArtifact::getFile).map(File::toString).collect(Collectors.joining(File.pathSeparator));
        } catch (Exception e) {
            throw new UncheckedIOException(new IOException(String.join(", ", artifacts) + " could not be fetched", e));
        }
    }
}
