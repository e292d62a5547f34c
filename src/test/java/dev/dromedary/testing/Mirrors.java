package dev.dromedary.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

/** What tests of a mirror wait for. */
public final class Mirrors {

    /** Name of a system property: by what the sources of all tests are watched; without it, as is the default. */
    public static final String WATCH = "test.watch";

    private static final Duration AT_MOST = ofSeconds(60);
    static final Duration EVERY = ofMillis(20);
    private static final int OFTEN = 50;

    private Mirrors() {
    }

    /** Writes config/application.properties below a working directory: one line, one fact. */
    public static Path configure(Path folder, String... lines) {
        Path file = folder.resolve("config/application.properties");
        try {
            Files.createDirectories(file.getParent());
            return Files.write(file, watchedAsAsked(Arrays.asList(lines)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> watchedAsAsked(List<String> lines) {
        String by = System.getProperty(WATCH);
        if (by == null || lines.stream().anyMatch(line -> line.matches("mirror\\.\\w+\\.(watch|subscribe) .*"))) {
            return lines;
        }
        Stream<String> watches = lines.stream().filter(line -> line.matches("mirror\\.[^.]+\\.source\\s*=.*"))
                .map(line -> line.replaceFirst("\\.source.*", ".watch = " + by));
        return Stream.concat(lines.stream(), watches).toList();
    }

    /** Waits until all of the source is at the target, and nothing else is. The source must be at rest. */
    public static void eventuallySame(Path source, Path target, Dromedary dromedary) {
        Tree expected = Tree.of(source);
        eventuallySame(expected, () -> expected.isAt(target), () -> Tree.of(target), dromedary);
    }

    public static void eventuallySame(Tree expected, Callable<Tree> target, Dromedary dromedary) {
        eventuallySame(expected, () -> expected.equals(target.call()), target, dromedary);
    }

    private static void eventuallySame(Tree expected, Callable<Boolean> isSame, Callable<Tree> target, Dromedary dromedary) {
        boolean[] same = new boolean[1];
        try {
            await().until(() -> {
                same[0] = isSame.call();
                return same[0] || !dromedary.isAlive();
            });
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("not the same after " + AT_MOST.toSeconds() + " s:\n" + differences(expected, target)
                    + dromedary.shownOutput(), e);
        }
        if (!same[0]) {
            throw new AssertionError("ended before the trees were the same:\n" + differences(expected, target)
                    + dromedary.shownOutput());
        }
    }

    private static String differences(Tree expected, Callable<Tree> target) {
        try {
            return Tree.differences(expected, target.call());
        } catch (Exception e) {
            return "the target can't be read: " + e;
        }
    }

    /** Waits for anything else; on failure the message shows the output. */
    public static void eventually(String what, Dromedary dromedary, Callable<Boolean> condition) {
        try {
            await().until(condition);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("not after " + AT_MOST.toSeconds() + " s: " + what + dromedary.shownOutput(), e);
        }
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(AT_MOST).pollDelay(ofMillis(0)).pollInterval(Mirrors::pause);
    }

    /** How long to wait before a condition is looked at again: what takes long does not need so many looks, and they take time as well. */
    static Duration pause(int looks, Duration before) {
        return looks < OFTEN ? EVERY : EVERY.multipliedBy(4);
    }

    /** The dead letters' records of a target, below a state folder. */
    public static List<Path> deadLetters(Path state, String mirror, String target) {
        try (Stream<Path> all = Files.walk(state.resolve("dead-letter").resolve(mirror).resolve(target))) {
            return all.filter(Files::isRegularFile).collect(Collectors.toList());
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (UncheckedIOException e) {
            // A record went away while we looked: look again.
            return deadLetters(state, mirror, target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
