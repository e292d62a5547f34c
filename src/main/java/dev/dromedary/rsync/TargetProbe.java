package dev.dromedary.rsync;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.dromedary.backlog.RunOutcome;
import dev.dromedary.change.RawPath;
import dev.dromedary.config.Mirror;
import dev.dromedary.config.Target;
import dev.dromedary.config.TargetUrl.Kind;

/** Checks by a dry run of rsync with an empty list whether a target is reachable and lets us in. */
public final class TargetProbe {

    private static final int ANSWERS_WITHIN_SECONDS = 10;
    // ssh's own attempts to connect have no timeout
    private static final int ENDS_WITHIN_SECONDS = 30;
    private static final int TIMED_OUT = 30;
    private static final int TIMES = 3;
    private static final int SOME_FILES = 200;
    // exact to the nanosecond, to the second, and for FAT, which counts in steps of two seconds
    private static final int[] WINDOWS = {-1, 1, 2};

    private TargetProbe() {
    }

    /** {@return what is wrong; null if nothing is} */
    public static ExitDiagnosis of(Mirror mirror, Target target) throws IOException, InterruptedException {
        Answer answer = ask(mirror, target, List.of(), "");
        ExitDiagnosis verdict = ExitCodeTable.verdict(answer.exit, answer.said);
        return verdict.outcome() == RunOutcome.ARRIVED ? null : verdict;
    }

    /**
     * {@return whether the rsync at a target that answers ({@link #of}) would accept a list with paths that are gone} Nothing is deleted.
     */
    public static boolean deletesMissing(Mirror mirror, Target target) throws IOException, InterruptedException {
        if (mirror.isPulled() || !Files.isDirectory(mirror.source())) {
            return true;
        }
        String none = "./.dromedary-" + Long.toString(System.nanoTime(), Character.MAX_RADIX) + '\0';
        Answer answer;
        int times = 0;
        do {
            answer = ask(mirror, target, List.of("--existing", "--delete", "--delete-missing-args"), none);
            // over ssh its messages may be lost with the connection
        } while (answer.exit == ExitCodeTable.CUT_OFF && ++times < TIMES);
        // an rsync that answers otherwise, and ends at each such list, refuses it
        return answer.exit != ExitCodeTable.CUT_OFF && ReceiverCapabilities.ALL.after(answer.exit, answer.said).deletesMissing();
    }

    /**
     * {@return the deviation of times at a target in seconds, if its file system has no finer clock: 1 or 2; 0 if there is none, or if
     * there are no files to compare} Some files of the source are compared, and nothing is changed.
     */
    public static int coarseness(Mirror mirror, Target target) throws IOException, InterruptedException {
        if (mirror.isPulled() || target.rsyncOptions().stream().anyMatch(option -> option.startsWith("--modify-window="))) {
            return 0;
        }
        String files = someFiles(mirror.source());
        if (files.isEmpty()) {
            return 0;
        }
        for (int window : WINDOWS) {
            Answer answer = ask(mirror, target, List.of("--existing", "--out-format=%i", "--modify-window=" + window), files);
            if (answer.exit != 0) {
                return 0;
            }
            // same size and another time
            if (answer.shown.lines().noneMatch(line -> line.matches("[<>]f[.c]\\.t.*"))) {
                return Math.max(0, window);
            }
        }
        return 0;
    }

    private static String someFiles(Path source) throws IOException {
        return !Files.isDirectory(source) ? "" : RawPath.namesIn(source, SOME_FILES).stream()
                .filter(name -> Files.isRegularFile(RawPath.toPath(source, name), LinkOption.NOFOLLOW_LINKS))
                .map(name -> "./" + name + '\0').collect(Collectors.joining());
    }

    private record Answer(int exit, String said, String shown) {
    }

    /** {@return whether a target has its marker file, or needs none} */
    public static boolean isMarked(Mirror mirror, Target target) throws IOException, InterruptedException {
        if (target.targetMarker() == null || mirror.isPulled()) {
            return true;
        }
        Path folder = Files.createTempDirectory("dromedary-");
        Path marker = folder.resolve(target.targetMarker());
        try {
            Files.createFile(marker);
            // it would be changed if this were not a dry run
            return ask(mirror, target, folder, List.of("--existing", "-ii", "--out-format=%i"), "./" + target.targetMarker() + '\0')
                    .shown.lines().anyMatch(line -> line.length() > 1 && line.charAt(1) == 'f');
        } finally {
            Files.deleteIfExists(marker);
            Files.deleteIfExists(folder);
        }
    }

    private static Answer ask(Mirror mirror, Target target, List<String> how, String list) throws IOException, InterruptedException {
        return ask(mirror, target, mirror.source(), how, list);
    }

    private static Answer ask(Mirror mirror, Target target, Path folder, List<String> how, String list)
            throws IOException, InterruptedException {
        Path controls = Files.createTempDirectory("dromedary-");
        Path errors = Files.createTempFile("dromedary-", ".err");
        Path shown = Files.createTempFile("dromedary-", ".out");
        Path listed = Files.write(Files.createTempFile("dromedary-", ".list"), RawPath.bytes(list));
        try {
            List<String> command = new ArrayList<>(List.of("rsync", "--archive", "--dry-run", "--no-recursive", "--dirs", "--from0",
                    "--files-from=" + listed));
            command.addAll(how);
            command.addAll(RsyncArguments.options(target, null, controls));
            command.add("--timeout=" + ANSWERS_WITHIN_SECONDS);
            if (target.url().kind() == Kind.DAEMON) {
                command.add("--contimeout=" + ANSWERS_WITHIN_SECONDS);
            }
            command = RsyncArguments.alone(command);
            command.addAll(RsyncArguments.places(mirror, target));
            int exit = run(command, Files.isDirectory(folder) ? folder : controls, shown, errors);
            return new Answer(exit, Files.readString(errors, StandardCharsets.ISO_8859_1),
                    Files.readString(shown, StandardCharsets.ISO_8859_1));
        } finally {
            Files.deleteIfExists(shown);
            Files.deleteIfExists(listed);
            Files.deleteIfExists(errors);
            Files.deleteIfExists(controls);
        }
    }

    private static ProcessBuilder.Redirect to(Path file) {
        return file == null ? ProcessBuilder.Redirect.DISCARD : ProcessBuilder.Redirect.to(file.toFile());
    }

    /**
     * Runs a command, for half a minute at most.
     *
     * @param output where its output goes; null to discard it
     * @param errors where its messages go; null to discard them
     * @return its exit code; 30 if it had to be ended
     */
    static int run(List<String> command, Path folder, Path output, Path errors) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile())
                .redirectError(to(errors)).redirectOutput(to(output));
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        process.getOutputStream().close();
        boolean ended = false;
        try {
            ended = process.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS);
            return ended ? process.exitValue() : TIMED_OUT;
        } finally {
            if (!ended) {
                ProcessTerminator.end(Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList());
            }
        }
    }
}
