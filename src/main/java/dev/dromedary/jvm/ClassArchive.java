package dev.dromedary.jvm;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.zip.CRC32;

import dev.dromedary.change.RawPath;

/**
 * An archive of loaded classes, with which Java starts in half the time (java(1), -XX:SharedArchiveFile; from Java 25 on JEP 514). It
 * belongs to one jar and one Java version. Any other combination has another name, so that an archive is never used for a different one.
 *
 * @param folder where it is, or would be
 * @param jar    the prefix of the names of all archives of this jar and this Java
 * @param name   the prefix of its name, followed by its size, because Java reads past the end of a truncated archive
 * @param aot    whether it is an AOT cache
 */
record ClassArchive(Path folder, String jar, String name, boolean aot) {

    private static final int AOT_SINCE = 25;
    private static final String CACHE = "XDG_CACHE_HOME";
    private static final String STATE = "dromedary.state-dir";
    private static final Path CONFIG = Path.of("config/application.properties");
    private static final int WRITABLE_BY_OTHERS = 022;

    /** {@return the archive for a command; empty if there is no place for one} */
    static Optional<ClassArchive> of(OwnCommandLine command) {
        try {
            String jars = System.getProperty("java.class.path");
            String first = Path.of(jars.split(File.pathSeparator)[0]).toAbsolutePath().toString();
            String jar = "classes-" + hex(first + System.getProperty("java.home"));
            boolean aot = Runtime.version().feature() >= AOT_SINCE;
            return Optional.of(new ClassArchive(folder(command), jar, jar + '-' + hex(System.getProperty("java.vm.version") + contents(jars)), aot));
        } catch (IOException | InvalidPathException e) {
            return Optional.empty();
        }
    }

    // other files named in the manifest (pom.xml) may come and go
    private static String contents(String jars) throws IOException {
        StringBuilder contents = new StringBuilder();
        for (String each : (jars + File.pathSeparator + Path.of(jars.split(File.pathSeparator)[0]).toAbsolutePath()
                .resolveSibling("dromedary-kafka.jar")).split(File.pathSeparator)) {
            Path path = Path.of(each).toAbsolutePath();
            if (Files.isRegularFile(path)) {
                contents.append(path).append(Files.size(path)).append(Files.getLastModifiedTime(path));
            }
        }
        return contents.toString();
    }

    private static String hex(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return String.format("%08x", crc.getValue());
    }

    /** {@return the archive, if it exists with its original size and nobody else can have made it: whoever writes it decides what runs here} */
    Optional<Path> find() {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, name + "-*")) {
            for (Path each : all) {
                if (each.equals(file(Files.size(each))) && isOurs(each) && isOurs(folder)) {
                    return Optional.of(each);
                }
            }
        } catch (IOException e) {
            // the folder does not exist yet
            return Optional.empty();
        }
        return Optional.empty();
    }

    /** {@return the path of an archive of that size} */
    Path file(long size) {
        return folder.resolve(name + '-' + Long.toHexString(size) + (aot ? ".aot" : ".jsa"));
    }

    /** {@return whether a file or folder belongs to this user and can't be written by others} */
    static boolean isOurs(Path path) {
        try {
            Map<String, Object> facts = Files.readAttributes(path, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
            Object us = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            return facts.get("uid").equals(us) && ((Integer) facts.get("mode") & WRITABLE_BY_OTHERS) == 0;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** {@return the options with which Java uses an archive, and ignores a damaged one, in the notation of {@link OwnCommandLine}} */
    List<String> use(Path file) {
        return List.of((aot ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=") + RawPath.of(file), "-XX:+VerifySharedSpaces");
    }

    /** {@return the option with which Java writes an archive when it exits} */
    String make(Path unfinished) {
        return (aot ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + unfinished;
    }

    /** {@return the folder for archives: the user's cache (XDG Base Directory Specification), or the state folder if there is none} */
    private static Path folder(OwnCommandLine command) throws IOException {
        String cache = System.getenv(CACHE);
        if (cache != null && cache.startsWith("/") && isOurs(Path.of(cache))) {
            return Path.of(cache, "dromedary");
        }
        String home = System.getenv("HOME");
        if (home != null && home.startsWith("/") && Files.isWritable(Path.of(home)) && isOurs(Path.of(home))) {
            return Path.of(home, ".cache", "dromedary");
        }
        return state(command).toAbsolutePath().resolve("cache");
    }

    private static Path state(OwnCommandLine command) throws IOException {
        String named = System.getProperty(STATE);
        if (named != null) {
            return Path.of(named);
        }
        Path config = config(command.arguments());
        Properties values = new Properties();
        if (Files.isRegularFile(config)) {
            try (InputStream file = Files.newInputStream(config)) {
                values.load(file);
            } catch (IllegalArgumentException e) {
                throw new IOException(e);
            }
        }
        String found = values.getProperty(STATE, "state");
        if (found.contains("{{")) {
            throw new IOException("Camel alone knows where it is");
        }
        return Path.of(found);
    }

    private static Path config(List<String> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            if (arguments.get(i).startsWith("--config=")) {
                return Path.of(arguments.get(i).substring("--config=".length()));
            }
            if (arguments.get(i).equals("--config") && i + 1 < arguments.size()) {
                return Path.of(arguments.get(i + 1));
            }
        }
        return CONFIG;
    }
}
