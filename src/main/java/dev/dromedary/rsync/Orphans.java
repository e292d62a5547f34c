package dev.dromedary.rsync;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The rsyncs that an earlier process of ours has left behind, as it does when it is killed. Each process that we start has
 * our state folder in its environment (proc(5), /proc/pid/environ), and so have those that it starts.
 */
public final class Orphans {

    static final String MARK = "DROMEDARY_STATE";

    private Orphans() {
    }

    /**
     * Ends them; to be called when no other process of ours uses the state folder, and before one is started.
     *
     * @return how many there were; 0 where the system does not tell
     */
    public static int end(Path stateDir) {
        List<ProcessHandle> orphans = ProcessHandle.allProcesses()
                .filter(process -> isOurs(process.pid(), (MARK + '=' + stateDir).getBytes(StandardCharsets.UTF_8)))
                .toList();
        if (!orphans.isEmpty()) {
            Processes.end(orphans);
        }
        return orphans.size();
    }

    private static boolean isOurs(long pid, byte[] mark) {
        try {
            byte[] environment = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "environ"));
            for (int start = 0, end; start < environment.length; start = end + 1) {
                for (end = start; end < environment.length && environment[end] != 0;) {
                    end++;
                }
                if (Arrays.equals(environment, start, end, mark, 0, mark.length)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            // ended meanwhile, or another user's
            return false;
        }
    }
}
