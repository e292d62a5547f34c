package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Mirrors;
import dev.dromedary.testing.RsyncDaemon;
import dev.dromedary.testing.Scratch;
import dev.dromedary.testing.Sh;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** One source, one target behind an rsync daemon, and a working directory whose configuration is quick to try again. */
final class Stage implements AutoCloseable {

    final Scratch scratch = Scratch.create();
    final Path source = scratch.folder("source");
    final Path target = scratch.folder("target");
    final Path home = scratch.folder("home");
    final Path state = home.resolve("state");
    final RsyncDaemon daemon = RsyncDaemon.serving(scratch, "m", target);

    /** The mirror t with its target a at the daemon, and what else the test wants. */
    Stage configured(String... more) {
        return configuredFor(daemon.url("m"), more);
    }

    /** The same with its target elsewhere. */
    Stage configuredFor(String url, String... more) {
        Mirrors.configure(home, lines(url, more));
        return this;
    }

    /** The same configuration as {@link #configured} in another folder. */
    Stage configuredIn(Path folder, String... more) {
        Mirrors.configure(folder, lines(daemon.url("m"), more));
        return this;
    }

    private String[] lines(String url, String... more) {
        List<String> lines = new ArrayList<>(List.of("mirror.t.source = " + source));
        lines.addAll(quickTarget("a", url));
        lines.addAll(List.of(more));
        if (lines.stream().noneMatch(line -> line.contains("warm"))) {
            // many tests wait until no rsync is left
            lines.add("mirror.t.warm = 1s");
        }
        return lines.toArray(String[]::new);
    }

    Stage configuredOnlyWith(String... lines) {
        Mirrors.configure(home, lines);
        return this;
    }

    /** The lines of a target that soon tries again. */
    static List<String> quickTarget(String name, Object url) {
        String target = "mirror.t.target." + name;
        return List.of(target + ".url = " + url, target + ".replay = 1s", target + ".retries = 1",
                target + ".retry-delay = 100ms");
    }

    Dromedary start() {
        return dromedary().start();
    }

    Dromedary.Builder dromedary() {
        return Dromedary.in(scratch, home);
    }

    /** The project's own route files, copied to where they win over those of the jar. */
    Path routes() throws IOException {
        return copyRoutesTo(Files.createDirectory(home.resolve("routes")));
    }

    static Path copyRoutesTo(Path folder) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("routes"), "*.camel.yaml")) {
            for (Path each : all) {
                Files.copy(each, folder.resolve(each.getFileName()));
            }
        }
        return folder;
    }

    void inSource(String script) {
        Sh.run(source, script);
    }

    void inTarget(String script) {
        Sh.run(target, script);
    }

    /** A file system of its own, gone with the stage. */
    Path mounted(String name, String options) {
        Path folder = scratch.folder(name);
        assumeTrue(works("mount -t tmpfs -o " + options + " tmpfs " + folder), "no file system may be mounted here");
        scratch.own(() -> Sh.run(Path.of("/"), "umount --lazy " + folder + " 2>/dev/null || :"));
        return folder;
    }

    /** The same of a kind: tmpfs, or one of a disk, which is a file. */
    Path fileSystem(String name, String kind) {
        if (kind.equals("tmpfs")) {
            return mounted(name, "size=16m");
        }
        Path folder = scratch.folder(name);
        Path disk = scratch.root().resolve(name + ".img");
        assumeTrue(works("truncate -s 320m " + disk + " && mkfs." + kind + " -q " + disk + " && mount -o loop " + disk + " " + folder),
                "no " + kind + " may be mounted here");
        scratch.own(() -> Sh.run(Path.of("/"), "umount --lazy " + folder));
        return folder;
    }

    /** Whether a command can be run here. */
    boolean works(String command) {
        return Sh.works(scratch.root(), command);
    }

    List<Path> deadLetters() {
        return Mirrors.deadLetters(state, "t", "a");
    }

    @Override
    public void close() {
        scratch.close();
    }
}
