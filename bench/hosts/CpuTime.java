package hosts;

import java.util.List;

import common.Processes;

/**
 * Seconds of CPU until a time.
 *
 * @param nanos that time
 * @param dromedary of the source's Dromedary
 * @param rsync of its rsyncs or its rsync daemon
 * @param broker of the broker
 * @param hosts of all hosts together
 */
record CpuTime(long nanos, double dromedary, double rsync, double broker, double hosts) {

    /** @param source the source's Dromedary first */
    static CpuTime now(List<ProcessHandle> source, List<ProcessHandle> broker, List<ProcessHandle> hosts) {
        ProcessHandle dromedary = source.get(0);
        return new CpuTime(System.nanoTime(), Processes.ownCpu(dromedary),
                Processes.cpuOfChildren(dromedary) + sum(source.subList(1, source.size())), sum(broker), sum(hosts));
    }

    private static double sum(List<ProcessHandle> processes) {
        return processes.stream().mapToDouble(each -> Processes.ownCpu(each) + Processes.cpuOfChildren(each)).sum();
    }

    CpuTime minus(CpuTime before) {
        return new CpuTime(nanos - before.nanos, dromedary - before.dromedary, rsync - before.rsync, broker - before.broker,
                hosts - before.hosts);
    }
}
