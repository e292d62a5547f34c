package dev.dromedary.jvm;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.URL;
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

/** Makes a {@link ClassArchive} alongside the running program, from a small mirror that another Java process runs for a moment. */
public final class ArchiveMaker {

    // the start itself goes first
    private static final long AFTER_SECONDS = 10;
    private static final long LOOK_EVERY_MILLIS = 100;
    private static final int MOST_LOOKS = 600;
    private static final int ANSWER_MILLIS = 5_000;
    // what is asked of a service as soon as it has started
    private static final List<String> ASKED = List.of("/observe/health/ready", "/api/status");
    // limits the trial run, whatever happens to this process
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
     * Makes an archive for a jar with the Java that runs this, and waits until it is finished.
     *
     * @param arguments the jar and the file to make; without the file, the one that the next start of the jar looks for
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

    /** Makes an archive for the next start in the background, if there is none; it takes some seconds of otherwise idle processor time. */
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
            // left by a process that was killed; a recent one may belong to a process that is still running
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
                // after a power failure the file is either complete or missing
                channel.force(true);
            }
            return Files.move(made, name.apply(Files.size(made)), StandardCopyOption.ATOMIC_MOVE);
        } catch (IllegalStateException e) {
            throw new IOException("the program stops", e);
        } finally {
            tidy(work, unfinished);
        }
    }

    // at the end of the run or at shutdown, whichever comes first
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
        int port = freePort();
        line.addAll(List.of(archive.make(made), JvmRelaunch.mark("archive"), "-Dcamel.server.port=" + port, "-Ddromedary.state-dir=" + work.resolve("state")));
        line.addAll(main);
        line.addAll(List.of(source.toString(), target.toString()));
        // keeps this service's routes, options and watchdog out of the trial run
        ProcessBuilder builder = new ProcessBuilder(line).directory(work.toFile()).redirectErrorStream(true).redirectOutput(Redirect.DISCARD)
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().keySet().removeIf(name -> OTHERS.matcher(name).matches());
        trial = builder.start();
        awaitCarried(trial, source, target, "first");
        awaitCarried(trial, source, target, "second");
        for (String path : ASKED) {
            awaitAnswer(trial, new URL("http", InetAddress.getLoopbackAddress().getHostAddress(), port, path));
        }
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

    private static void awaitAnswer(Process trial, URL url) throws IOException, InterruptedException {
        for (int looks = 0; !answers(url); looks++) {
            if (looks >= MOST_LOOKS || !trial.isAlive()) {
                throw new IOException("the trial does not answer at " + url);
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        }
    }

    private static boolean answers(URL url) {
        try {
            HttpURLConnection connection = (HttpURLConnection) url.openConnection(Proxy.NO_PROXY);
            connection.setConnectTimeout(ANSWER_MILLIS);
            connection.setReadTimeout(ANSWER_MILLIS);
            try (InputStream answer = connection.getInputStream()) {
                answer.readAllBytes();
                return true;
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            // not yet, or with an error
            return false;
        }
    }

    // if another process takes the port meanwhile, the trial fails, and the next start makes the archive
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    // archives of earlier versions of the jar or of Java
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
