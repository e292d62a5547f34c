package dev.dromedary.rsync;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.dromedary.config.Target;
import dev.dromedary.config.TargetUrl.Kind;
import dev.dromedary.watch.FolderOpenDetector;

/**
 * Finds out whether a target that is reached by a daemon or by ssh is the source itself, contains it, or lies in it. This is possible if
 * the target is on this machine. rsync is asked for the names at the target. A local folder is the target if it is opened just then, each
 * of ten times and not in between, not by a login to elsewhere, and if its modification time is the same to the second. So nothing is
 * written anywhere.
 *
 * <p>It can't detect a target that may not be listed, one behind an rrsync that locks its folder, a layer of an overlay file system, a
 * network file system of this same machine, and a folder in the source beyond the first ten thousand.
 */
final class SelfMirrorCheck {

    /**
     * Others open folders of the source, too: our own runs for other targets, a web server. A process that does so at any moment with the
     * probability p is mistaken for rsync with p(1 - p) at most, 1/4, so nine more times leave four in a million.
     */
    private static final int TIMES = 10;
    private static final int MOST_FOLDERS = 10_000;
    private static final long LEAST_SILENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    // a program that was stopped meanwhile (SIGSTOP, a laptop's lid) would wait as long again
    private static final long LONGEST_SILENCE_NANOS = TimeUnit.SECONDS.toNanos(1);
    // no folder has this name
    private static final String NOTHING = ".~dromedary~nothing";
    private static final int NOT_THERE = 23;
    private static final Pattern ITSELF = Pattern.compile("(\\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d) \\.$", Pattern.MULTILINE);
    private static final DateTimeFormatter CHANGED = DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss", Locale.ROOT)
            .withZone(ZoneId.systemDefault());

    private final Path source;
    private final Target target;
    private final Path controls;
    private final boolean alone;

    /**
     * @param controls a folder for the sockets of ssh's shared connections
     * @param alone    whether no other process may use such a connection
     */
    SelfMirrorCheck(Path source, Target target, Path controls, boolean alone) {
        this.source = source;
        this.target = target;
        this.controls = controls;
        this.alone = alone;
    }

    /**
     * The result.
     *
     * @param answered whether the target could be asked
     * @param fault    why nothing may be written there; null if it may
     */
    record Answer(boolean answered, String fault) {
    }

    /** Returns whether the target may be on this machine at all. */
    boolean mayBe() {
        if (target.url().kind() != Kind.DAEMON && target.url().kind() != Kind.SSH) {
            return false;
        }
        try {
            for (InetAddress address : InetAddress.getAllByName(target.url().host())) {
                if (address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            // a name that only ssh knows
            return target.url().kind() == Kind.SSH;
        }
    }

    /** Runs the check. It takes seconds if the answer may be yes. Without inotify nothing is found out. */
    Answer ask() throws IOException, InterruptedException {
        if (!Files.isDirectory(source)) {
            // the run that follows reports that
            return new Answer(false, null);
        }
        Path real = source.toRealPath();
        try (FolderOpenDetector folders = FolderOpenDetector.of(folders(real))) {
            if (folders == null) {
                return new Answer(true, null);
            }
            String place = target.url().destination();
            Listed listed = list(place);
            boolean parent = listed.exit == NOT_THERE && above(place).isPresent();
            if (parent) {
                // the run would create it in there
                place = above(place).get();
                folders.take();
                listed = list(place);
            }
            Set<Path> opened = folders.take();
            opened.removeIf(listed::isOther);
            for (int i = 1; i < TIMES && !opened.isEmpty(); i++) {
                opened.retainAll(again(folders, place));
            }
            return new Answer(listed.exit == 0 || listed.exit == NOT_THERE, fault(real, opened, parent));
        }
    }

    private Set<Path> again(FolderOpenDetector folders, String place) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        folders.take();
        list(place);
        Set<Path> opened = folders.take();
        // others open folders, too, and so does a login
        long took = System.nanoTime() - begin;
        if (target.url().kind() == Kind.SSH) {
            list(place.substring(0, place.indexOf(":/") + 2) + NOTHING + '/');
        }
        TimeUnit.NANOSECONDS.sleep(Math.max(LEAST_SILENCE_NANOS, Math.min(took, LONGEST_SILENCE_NANOS)));
        opened.removeAll(folders.take());
        return opened;
    }

    private String fault(Path real, Set<Path> opened, boolean parent) {
        String at = target.url().text() + " is on this machine, and ";
        for (Path folder : opened) {
            if (!parent && folder.equals(real)) {
                return at + "it is the source " + source + " itself";
            }
            if (folder.startsWith(real)) {
                return at + "it lies inside its own source " + source;
            }
            if (!parent) {
                return at + "the source " + source + " lies inside it, and would be deleted";
            }
        }
        return null;
    }

    // nearest first
    private static Set<Path> folders(Path real) throws IOException {
        Set<Path> folders = new LinkedHashSet<>();
        for (Path folder = real; folder != null; folder = folder.getParent()) {
            folders.add(folder);
        }
        int most = folders.size() + MOST_FOLDERS;
        Files.walkFileTree(real, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                folders.add(folder);
                return folders.size() < most ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
        return folders;
    }

    private Listed list(String place) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("rsync", "--list-only", "--dirs", "--no-recursive"));
        command.addAll(RsyncArguments.options(target, null, controls));
        if (alone) {
            command = RsyncArguments.alone(command);
        }
        command.add(place);
        Path output = Files.createTempFile("dromedary-", ".list");
        try {
            int exit = TargetProbe.run(command, controls.getParent(), output, null);
            Matcher itself = ITSELF.matcher(Files.readString(output, StandardCharsets.ISO_8859_1));
            return new Listed(exit, itself.find() ? itself.group(1) : null);
        } finally {
            Files.deleteIfExists(output);
        }
    }

    /**
     * The answer of rsync.
     *
     * @param changed when the folder was last modified, as rsync prints it here; null if it did not answer
     */
    private record Listed(int exit, String changed) {

        // a folder with another modification time is another one, whoever has just opened it
        private boolean isOther(Path folder) {
            try {
                return !CHANGED.format(Files.getLastModifiedTime(folder).toInstant()).equals(changed);
            } catch (IOException e) {
                return true;
            }
        }
    }

    private static Optional<String> above(String place) {
        String path = place.substring(0, place.length() - 1);
        int slash = path.lastIndexOf('/');
        // neither the list of a daemon's modules nor a folder above the user's own
        return slash <= 0 || path.charAt(slash - 1) == ':' || path.charAt(slash - 1) == '/' ? Optional.empty()
                : Optional.of(path.substring(0, slash + 1)).filter(up -> !up.matches("rsync://[^/]*/"));
    }
}
