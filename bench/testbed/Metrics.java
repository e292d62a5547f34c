package testbed;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import common.Commands;
import common.Processes;

/** What the processes of a contender use. */
public final class Metrics {

    private static final Pattern HEAP_USED = Pattern.compile("(?:generation|heap) .*?used (\\d+)K");

    private final Process process;
    private final List<Process> all;

    /**
     * @param process the contender itself
     * @param all with what it needs besides, such as its rsync daemon
     */
    Metrics(Process process, List<Process> all) {
        this.process = process;
        this.all = all;
    }

    /** {@return seconds of CPU of all processes and their children, those that have ended included} */
    public double cpu() {
        return all.stream().map(Process::toHandle).mapToDouble(each -> Processes.ownCpu(each) + Processes.cpuOfChildren(each)).sum();
    }

    /** {@return how often its threads have waited for something since its start} */
    public long wakeUps() {
        long wakeUps = 0;
        for (File thread : list(process.pid(), "task")) {
            wakeUps += Processes.sum(thread.toPath().resolve("status"), "voluntary_ctxt_switches");
        }
        return wakeUps;
    }

    /**
     * {@return a figure of its memory, in MiB}
     *
     * @param name a field of {@code /proc/PID/status}
     */
    public double memory(String name) {
        return Processes.sum(Path.of("/proc/" + process.pid() + "/status"), name) / 1024.0;
    }

    /** {@return the heap of a Java in use after a collection, in bytes} */
    public double heap() throws IOException, InterruptedException {
        String jcmd = Project.JAVA_HOME.resolve("bin/jcmd").toString();
        String pid = Long.toString(process.pid());
        Commands.output(jcmd, pid, "GC.run");
        Matcher matcher = HEAP_USED.matcher(Commands.output(jcmd, pid, "GC.heap_info"));
        double used = 0;
        while (matcher.find()) {
            used += Long.parseLong(matcher.group(1)) * 1024.0;
        }
        if (used == 0) {
            throw new IOException("jcmd says nothing of the heap");
        }
        return used;
    }

    /** {@return the folders that it and its children watch by inotify} */
    public int inotifyWatches() {
        int watches = 0;
        for (ProcessHandle each : Processes.tree(process.toHandle()).toList()) {
            for (File descriptor : list(each.pid(), "fdinfo")) {
                watches += (int) Processes.text(descriptor.toPath()).lines().filter(line -> line.startsWith("inotify wd")).count();
            }
        }
        return watches;
    }

    private static File[] list(long pid, String folder) {
        File[] files = new File("/proc/" + pid + "/" + folder).listFiles();
        return files == null ? new File[0] : files;
    }
}
