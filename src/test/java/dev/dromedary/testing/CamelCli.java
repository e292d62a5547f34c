package dev.dromedary.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.apache.camel.tooling.maven.MavenDownloader;

/**
 * The Camel CLI (camel-jbang-core), without the launcher jbang. It finds this build's jar in a local Maven repository of its
 * own, whose other contents are those of the usual one.
 */
public final class CamelCli {

    private static final Path USUAL = Path.of(System.getProperty("localRepository",
            System.getProperty("user.home") + "/.m2/repository"));
    // it has no main method of its own
    private static final String MAIN = """
            public class Camel {
                public static void main(String[] arguments) {
                    org.apache.camel.dsl.jbang.core.commands.CamelJBangMain.run(arguments);
                }
            }
            """;

    private final String version = System.getProperty("dromedary.version");
    private final Path repository;
    private final Path main;
    private final String classPath;

    /** Fetches what the CLI is made of, if it is not there yet. */
    public CamelCli(Scratch scratch) {
        try {
            classPath = MavenJars.classPath(
                    "org.apache.camel:camel-jbang-core:" + MavenDownloader.class.getPackage().getImplementationVersion());
            main = Files.writeString(scratch.root().resolve("Camel.java"), MAIN);
            repository = scratch.folder("m2");
            linkAllBut("dev", USUAL, repository);
            linkAllBut("dromedary", USUAL.resolve("dev"), Files.createDirectory(repository.resolve("dev")));
            Path ours = Files.createDirectories(repository.resolve("dev/dromedary/dromedary/" + version));
            String name = "dromedary-" + version;
            Files.copy(Path.of("target", name + ".jar"), ours.resolve(name + ".jar"));
            Files.copy(Path.of("pom.xml"), ours.resolve(name + ".pom"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void linkAllBut(String name, Path from, Path to) throws IOException {
        if (!Files.isDirectory(from)) {
            return;
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(from, each -> !each.endsWith(name))) {
            for (Path each : all) {
                Files.createSymbolicLink(to.resolve(each.getFileName()), each);
            }
        }
    }

    /** The arguments of Java that start it. */
    public List<String> launcher() {
        return List.of("-Dmaven.repo.local=" + repository, "-cp", classPath, main.toString());
    }

    /** The coordinates of this build. */
    public String dependency() {
        return "dev.dromedary:dromedary:" + version;
    }

    public Path repository() {
        return repository;
    }
}
