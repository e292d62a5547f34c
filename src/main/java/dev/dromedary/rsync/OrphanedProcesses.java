package dev.dromedary.rsync;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Finds the rsync and ssh processes that a killed process of ours has left behind. Each process that we start has our state folder in its
 * environment (proc(5), /proc/pid/environ), and so have its children. A shared connection of ssh overwrites its environment, and has its
 * socket in its title instead.
 */
public final class OrphanedProcesses {

    static final String MARK = "DROMEDARY_STATE";

    private OrphanedProcesses() {
    }

    /**
     * Ends them. To be called when no other process of ours uses the state folder, and before one is started.
     *
     * @param controls the folder of ssh's sockets
     * @return how many there were; 0 where the system does not tell
     */
    public static int end(Path stateDir, Path controls) {
        List<ProcessHandle> orphans = ProcessHandle.allProcesses()
                .filter(process -> !process.equals(ProcessHandle.current()))
                .filter(process -> isOurs(process.pid(), MARK + '=' + stateDir, "ssh: " + controls + '/')).toList();
        if (!orphans.isEmpty()) {
            ProcessTerminator.end(orphans);
        }
        return orphans.size();
    }

    private static boolean isOurs(long pid, String mark, String title) {
        try {
            Path process = Path.of("/proc", Long.toString(pid));
            return ("\0" + text(process.resolve("environ"))).contains("\0" + mark + "\0")
                    || text(process.resolve("cmdline")).startsWith(title);
        } catch (IOException e) {
            // it has ended meanwhile, or belongs to another user
            return false;
        }
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
