package testbed;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import common.Machine;
import common.RsyncdConf;

/** An rsync daemon on loopback with a module for each target. */
final class RsyncDaemon {

    private static final Pattern RECEIVED = Pattern.compile("sent [\\d,.]+ bytes  received ([\\d,.]+) bytes");
    private static final long TRAFFIC_WAIT = 3_000_000_000L;

    /** What a daemon has seen since its start: runs that began, runs that ended, and the bytes that it received. */
    record Traffic(long runs, long ended, long received) {
    }

    private final Path home;
    private final int port;

    private RsyncDaemon(Path home, int port) {
        this.home = home;
        this.port = port;
    }

    static RsyncDaemon start(Instance instance) throws Exception {
        RsyncDaemon daemon = new RsyncDaemon(instance.home(), Machine.freePort());
        Map<String, Path> modules = new LinkedHashMap<>();
        for (Path target : instance.targets()) {
            modules.put("m" + modules.size(), target);
        }
        // a backlog of 5, the default, is few for all targets at once, and who finds no place waits for 1 s
        List<String> command = RsyncdConf.write(daemon.home, daemon.port, modules, "listen backlog = 128");
        instance.processes().start("daemon-output", command);
        instance.await(System.nanoTime(), () -> Machine.accepts(daemon.port));
        return daemon;
    }

    int port() {
        return port;
    }

    /** {@return the URL of each module, by way of a port, which may be a relay's} */
    static List<String> urls(int port, int modules) {
        List<String> urls = new ArrayList<>();
        for (int i = 0; i < modules; i++) {
            urls.add("rsync://127.0.0.1:" + port + "/m" + i + "/");
        }
        return urls;
    }

    /** {@return what it has seen, once the runs under way have ended, for which it waits 3 s at most} */
    Traffic traffic() throws IOException, InterruptedException {
        long end = System.nanoTime() + TRAFFIC_WAIT;
        while (true) {
            Traffic traffic = logged();
            if (traffic.ended >= traffic.runs) {
                return traffic;
            }
            Thread.sleep(20);
            if (System.nanoTime() >= end) {
                return traffic;
            }
        }
    }

    private Traffic logged() throws IOException {
        long runs = 0;
        long ended = 0;
        long received = 0;
        for (String line : Files.readAllLines(RsyncdConf.log(home), StandardCharsets.ISO_8859_1)) {
            runs += line.contains("] receiving file list") ? 1 : 0;
            Matcher matcher = RECEIVED.matcher(line);
            if (matcher.find()) {
                ended++;
                received += Long.parseLong(matcher.group(1).replace(",", "").replace(".", ""));
            }
        }
        return new Traffic(runs, ended, received);
    }
}
