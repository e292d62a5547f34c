package hosts;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import common.Processes;

/** Looks ten times a second at the rsyncs of the source, in a thread of its own. */
final class RsyncSampler implements AutoCloseable {

    private final List<ProcessHandle> roots;
    private volatile boolean closed;
    private volatile int looks;
    private volatile int seen;
    private volatile int most;
    private volatile double memory;

    /** @param roots the processes whose children they are */
    RsyncSampler(List<ProcessHandle> roots) {
        this.roots = roots;
        Thread thread = new Thread(this::poll, "rsync-sampler");
        thread.setDaemon(true);
        thread.start();
    }

    private void poll() {
        while (!closed) {
            // a process that Java starts is another Java for a moment
            List<ProcessHandle> rsyncs = roots.stream().flatMap(ProcessHandle::children)
                    .filter(each -> Processes.text(proc(each, "comm")).strip().equals("rsync")).toList();
            looks++;
            seen += rsyncs.size();
            most = Math.max(most, rsyncs.size());
            rsyncs.forEach(each -> memory = Math.max(memory, ownMemory(each)));
            LockSupport.parkNanos(100_000_000);
        }
    }

    // without what it shares with others, which is there only once
    private static double ownMemory(ProcessHandle process) {
        return Processes.sum(proc(process, "smaps_rollup"), "Private_Clean", "Private_Dirty") / 1024.0;
    }

    private static Path proc(ProcessHandle process, String name) {
        return Path.of("/proc/" + process.pid() + "/" + name);
    }

    /** {@return how many there were at once, on average} */
    double average() {
        return (double) seen / looks;
    }

    /** {@return how many there were at once, at most} */
    int most() {
        return most;
    }

    /** {@return the most memory that one of them had for itself, in MiB} */
    double memory() {
        return memory;
    }

    @Override
    public void close() {
        closed = true;
    }
}
