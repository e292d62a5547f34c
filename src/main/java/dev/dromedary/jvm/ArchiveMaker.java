package dev.dromedary.jvm;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a {@link ClassArchive} beside the running program, from a small mirror that is run for a moment by another Java. */
public final class ArchiveMaker {

    // what the start itself has to do comes first
    private static final long AFTER_SECONDS = 10;
    private static final long LOOK_EVERY_MILLIS = 100;
    private static final int MOST_LOOKS = 600;
    // the trial's own end, whatever becomes of this process
    private static final Duration LONGEST = Duration.ofMinutes(3);
    private static final List<String> BOUNDED = List.of("nice", "-n", "19", "timeout", Long.toString(LONGEST.toSeconds()));

    private static final String UNFINISHED = "unfinished-";
    private static final Pattern OTHERS = Pattern.compile("NOTIFY_SOCKET|WATCHDOG_.*|JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS|CAMEL_.*|MIRROR_.*|DROMEDARY_.*");

    private final List<String> main;
    private final ClassArchive archive;
    private volatile Process trial;

    private ArchiveMaker(List<String> main, ClassArchive archive) {
        this.main = main;
        this.archive = archive;
    }

    /**
     * Makes one for a jar by the Java that runs this, and waits for that.
     *
     * @param arguments the jar, and the file to be made; without the latter, the one that the jar's next start looks for
     * @throws IOException if it can't be made
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> main = List.of("-jar", Path.of(arguments[0]).toAbsolutePath().toString());
        ClassArchive archive = ClassArchive.of(new OwnCommandLine("java", List.of(), main)).orElseThrow(() -> new IOException("there is no place for an archive"));
        if (arguments.length > 1) {
            Path file = Path.of(arguments[1]).toAbsolutePath();
            new ArchiveMaker(main, archive).make(file.getParent(), size -> file);
        } else if (archive.find().isEmpty()) {
            make(main, archive);
        }
    }

    /** Has one made for the next start, if there is none, once this one is over; it takes some seconds of a processor that nothing else wants. */
    static void later(OwnCommandLine command) {
        Optional<ClassArchive> archive = ClassArchive.of(command).filter(each -> each.find().isEmpty());
        if (archive.isEmpty()) {
            return;
        }
        Thread thread = new Thread(() -> {
            Logger log = LoggerFactory.getLogger(ArchiveMaker.class);
            try {
                TimeUnit.SECONDS.sleep(AFTER_SECONDS);
                log.info("Made {}: the next start takes half the time", make(command.main(), archive.get()));
            } catch (IOException e) {
                log.debug("There is no archive of classes, so that starts take longer", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }, "class-archive");
        thread.setDaemon(true);
        thread.start();
    }

    private static Path make(List<String> main, ClassArchive archive) throws IOException, InterruptedException {
        Path folder = archive.folder();
        Files.createDirectories(folder.getParent());
        if (!Files.isDirectory(folder)) {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        if (!ClassArchive.isOurs(folder)) {
            throw new IOException(folder + " belongs to somebody else, or others may write there");
        }
        return new ArchiveMaker(main, archive).make(folder, archive::file);
    }

    private Path make(Path folder, LongFunction<Path> name) throws IOException, InterruptedException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, UNFINISHED + "*")) {
            // by one that was killed; another may be at it
            for (Path each : left) {
                if (Files.getLastModifiedTime(each).toInstant().isBefore(Instant.now().minus(LONGEST))) {
                    remove(each);
                }
            }
        }
        Path work = Files.createTempDirectory("dromedary-classes-");
        Path unfinished = Files.createTempDirectory(folder, UNFINISHED);
        Thread hook = new Thread(() -> tidy(work, unfinished));
        try {
            Runtime.getRuntime().addShutdownHook(hook);
            Path made = unfinished.resolve("classes");
            run(work, made);
            if (!Files.isRegularFile(made)) {
                throw new IOException("Java has made no archive");
            }
            removeOthers(folder);
            try (FileChannel channel = FileChannel.open(made)) {
                // whole after a power cut, or not there
                channel.force(true);
            }
            return Files.move(made, name.apply(Files.size(made)), StandardCopyOption.ATOMIC_MOVE);
        } catch (IllegalStateException e) {
            throw new IOException("the program stops", e);
        } finally {
            tidy(work, unfinished);
        }
    }

    // at the end, whichever comes first
    private synchronized void tidy(Path work, Path unfinished) {
        if (trial != null) {
            trial.descendants().forEach(ProcessHandle::destroyForcibly);
            trial.destroyForcibly();
        }
        try {
            remove(work);
            remove(unfinished);
        } catch (IOException e) {
            LoggerFactory.getLogger(ArchiveMaker.class).debug("{} and {} could not be removed", work, unfinished, e);
        }
    }

    private void run(Path work, Path made) throws IOException, InterruptedException {
        Path source = Files.createDirectory(work.resolve("source"));
        Path target = Files.createDirectory(work.resolve("target"));
        List<String> line = new ArrayList<>(BOUNDED);
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(JvmOptions.read());
        line.addAll(List.of(archive.make(made), JvmRelaunch.mark("archive"), "-Dcamel.server.port=0", "-Ddromedary.state-dir=" + work.resolve("state")));
        line.addAll(main);
        line.addAll(List.of(source.toString(), target.toString()));
        // with routes, options and a watchdog of nobody
        ProcessBuilder builder = new ProcessBuilder(line).directory(work.toFile()).redirectErrorStream(true).redirectOutput(Redirect.DISCARD)
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().keySet().removeIf(name -> OTHERS.matcher(name).matches());
        trial = builder.start();
        awaitCarried(trial, source, target, "first");
        awaitCarried(trial, source, target, "second");
        trial.destroy();
        if (!trial.waitFor(MOST_LOOKS * LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
            throw new IOException("the trial does not end");
        }
    }

    private static void awaitCarried(Process trial, Path source, Path target, String name) throws IOException, InterruptedException {
        Files.write(source.resolve(name), name.getBytes(StandardCharsets.US_ASCII));
        for (int looks = 0; !Files.exists(target.resolve(name)); looks++) {
            if (looks >= MOST_LOOKS || !trial.isAlive()) {
                throw new IOException("the trial transfers nothing");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        }
    }

    // those of earlier releases of the jar, or of Java
    private void removeOthers(Path folder) throws IOException {
        try (DirectoryStream<Path> others = Files.newDirectoryStream(folder, archive.jar() + "-*")) {
            for (Path other : others) {
                Files.deleteIfExists(other);
            }
        }
    }

    private static void remove(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }
}
