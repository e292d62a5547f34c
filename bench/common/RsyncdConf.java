package common;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The configuration of an rsync daemon on loopback, {@code rsyncd.conf(5)}. */
public final class RsyncdConf {

    private RsyncdConf() {
    }

    /**
     * Writes it.
     *
     * @param home the folder for it and for the daemon's log, {@code daemon-log}
     * @param modules name and folder of each, all of which can be written to
     * @param options further global ones
     * @return the command that starts a daemon in the foreground
     */
    public static List<String> write(Path home, int port, Map<String, Path> modules, String... options) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>(List.of("use chroot = no", "munge symlinks = no", "socket options = TCP_NODELAY",
                "log file = " + log(home), "lock file = " + home.resolve("lock"), "reverse lookup = no"));
        lines.addAll(List.of(options));
        if (Machine.isRoot()) {
            lines.addAll(List.of("uid = 0", "gid = 0"));
        }
        modules.forEach((name, folder) -> lines.addAll(List.of("[" + name + "]", "path = " + folder, "read only = no")));
        Path file = Files.write(home.resolve("rsyncd.conf"), lines);
        return List.of("rsync", "--daemon", "--no-detach", "--address=127.0.0.1", "--port=" + port, "--config=" + file);
    }

    /** {@return the daemon's log} */
    public static Path log(Path home) {
        return home.resolve("daemon-log");
    }
}
