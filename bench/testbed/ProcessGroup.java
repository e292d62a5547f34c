package testbed;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import common.Cleanup;
import common.Processes;
import common.Trees;

/** The processes of a contender: itself, its rsync daemon or sshd, and a plain rsync at times. */
final class ProcessGroup {

    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final int LAST_LINES = 3;

    private final Path home;
    private final Cleanup cleanup;
    private final List<Process> processes = new CopyOnWriteArrayList<>();

    /** @param home where they run, and where their output is */
    ProcessGroup(Path home, Cleanup cleanup) {
        this.home = home;
        this.cleanup = cleanup;
    }

    List<Process> all() {
        return processes;
    }

    /**
     * Starts a process.
     *
     * @param output the file that its output is in
     */
    Process start(String output, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile()).redirectErrorStream(true)
                .redirectInput(Redirect.from(new File("/dev/null"))).redirectOutput(home.resolve(output).toFile());
        builder.environment().put("JAVA_HOME", Project.JAVA_HOME.toString());
        builder.environment().keySet().removeAll(List.of("RSYNC_PROXY", "RSYNC_CONNECT_PROG", "RSYNC_RSH", "JAVA_OPTS"));
        return cleanup.start(builder, started -> processes.add(0, started));
    }

    /** Ends one with all that it has started. */
    void end(Process process) {
        Processes.end(process, GRACE);
        processes.remove(process);
    }

    /** Ends all, the latest first. */
    void endAll() {
        processes.forEach(this::end);
    }

    /** Lets one go that has ended by itself. */
    void remove(Process process) {
        processes.remove(process);
    }

    /** @throws IOException if one of them has ended */
    void checkAlive() throws IOException {
        for (Process each : processes) {
            if (!each.isAlive()) {
                throw new IOException("a process has ended with " + each.exitValue() + ": " + lastOutput());
            }
        }
    }

    /** {@return the last lines of their output} */
    String lastOutput() throws IOException {
        StringBuilder last = new StringBuilder();
        for (String name : List.of("output", "daemon-output", "sshd-output")) {
            byte[] output = Trees.readIfExists(home.resolve(name));
            List<String> lines = output == null ? List.of() : new String(output, StandardCharsets.UTF_8).lines().toList();
            last.append(String.join(" ", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size())));
        }
        return last.toString();
    }
}
