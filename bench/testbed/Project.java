package testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The project that is measured, which is the current folder, and the Javas that run it. */
public final class Project {

    public static final Path FOLDER = Path.of("").toAbsolutePath();
    public static final Path JAR = FOLDER.resolve("target/dromedary.jar");
    public static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

    private static final int LEAST_WITH_AOT_CACHE = 25;

    private Project() {
    }

    /** {@return a path as it is shown: one of the project's without where that lies} */
    public static String relative(Path path) {
        return path.startsWith(FOLDER) ? FOLDER.relativize(path).toString() : path.toString();
    }

    /** {@return the home of the newest Java that has an AOT cache, or {@code null}} */
    public static Path newestJava() throws IOException {
        Path newest = null;
        int version = LEAST_WITH_AOT_CACHE - 1;
        Path all = Path.of("/usr/lib/jvm");
        if (Files.isDirectory(all)) {
            try (Stream<Path> homes = Files.list(all)) {
                for (Path home : homes.filter(Project::isJava).toList()) {
                    Matcher found = Pattern.compile("JAVA_VERSION=\"(\\d+)").matcher(Files.readString(home.resolve("release")));
                    if (found.find() && Integer.parseInt(found.group(1)) > version) {
                        version = Integer.parseInt(found.group(1));
                        newest = home;
                    }
                }
            }
        }
        return newest;
    }

    private static boolean isJava(Path home) {
        return Files.isExecutable(home.resolve("bin/java")) && Files.isReadable(home.resolve("release"));
    }
}
