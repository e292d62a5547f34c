package dev.dromedary.rsync;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.dromedary.change.Outcome;
import dev.dromedary.config.Mirror;
import dev.dromedary.config.Target;
import dev.dromedary.config.TargetUrl.Kind;

/** Asks a target, by an rsync with an empty list that changes nothing, whether it can be reached and lets us in. */
public final class Probe {

    private static final int ANSWERS_WITHIN_SECONDS = 10;
    // ssh's own attempts to connect have no end of theirs
    private static final int ENDS_WITHIN_SECONDS = 30;
    private static final int TIMED_OUT = 30;

    private Probe() {
    }

    /** {@return what is wrong; null if nothing is} */
    public static Verdict of(Mirror mirror, Target target) throws IOException, InterruptedException {
        Path controls = Files.createTempDirectory("dromedary-");
        Path errors = Files.createTempFile("dromedary-", ".err");
        try {
            List<String> command = new ArrayList<>(List.of("rsync", "--archive", "--dry-run", "--no-recursive", "--dirs", "--from0",
                    "--files-from=-"));
            command.addAll(RsyncArguments.options(target, null, controls));
            command.add("--timeout=" + ANSWERS_WITHIN_SECONDS);
            if (target.url().kind() == Kind.DAEMON) {
                command.add("--contimeout=" + ANSWERS_WITHIN_SECONDS);
            }
            // a connection for this alone, which is not to outlive it
            command.replaceAll(word -> word.replace("ControlPersist=10m", "ControlPersist=no"));
            command.addAll(RsyncArguments.places(mirror, target));
            int exit = run(command, Files.isDirectory(mirror.source()) ? mirror.source() : controls, null, errors);
            Verdict verdict = ExitTable.verdict(exit, Files.readString(errors, StandardCharsets.ISO_8859_1));
            return verdict.outcome() == Outcome.ARRIVED ? null : verdict;
        } finally {
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
     * @param output where its output goes; null for nowhere
     * @param errors where its messages go; null for nowhere
     * @return its exit code; 30 if it had to be ended
     */
    static int run(List<String> command, Path folder, Path output, Path errors) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile())
                .redirectError(to(errors)).redirectOutput(to(output));
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        process.getOutputStream().close();
        try {
            if (process.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException e) {
            Processes.end(Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList());
            throw e;
        }
        Processes.end(Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList());
        return TIMED_OUT;
    }
}
