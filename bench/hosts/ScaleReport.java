package hosts;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

import common.Commands;
import common.Machine;

import static hosts.MarkdownTable.digits;
import static hosts.MarkdownTable.row;

/** Prints what was measured, and the model made of it. */
public final class ScaleReport {

    private static final double KIB = 1 << 10;
    private static final double MIB = 1 << 20;

    private final ScaleOptions options;
    private final String loadBefore;
    private final List<HostsCase> cases;

    /** @param loadBefore the load average before the run */
    public ScaleReport(ScaleOptions options, String loadBefore, List<HostsCase> cases) {
        this.options = options;
        this.loadBefore = loadBefore;
        this.cases = cases;
    }

    public void print() throws Exception {
        System.out.printf(Locale.ROOT, "`%s`, %s; load %s before and %s after. %s, %s, Java %s, Linux %s, %d × %s, scratch on %s.%n%n",
                options.command(), LocalDate.now(), loadBefore, Machine.load(), Commands.firstLine(Topology.DROMEDARY.toString(), "--version"),
                Commands.firstLine("rsync", "--version"), System.getProperty("java.version"), System.getProperty("os.version"),
                Runtime.getRuntime().availableProcessors(), Machine.processor(), Files.isWritable(Path.of("/dev/shm")) ? "tmpfs" : "disk");
        if (options.seconds() > 0) {
            table("steady, " + options.rate() + " files a second, " + options.seconds() + " s", HostsCase::steady);
        }
        table("burst, " + options.burst() + " files", HostsCase::burst);
        table("idle, " + HostsCase.IDLE_SECONDS + " s", HostsCase::idle);
        memory();
        if (options.seconds() > 0 && options.hosts().size() > 2) {
            for (String way : List.of("push", "pull")) {
                List<HostsCase> all = cases.stream().filter(each -> each.way().equals(way)).toList();
                if (!all.isEmpty()) {
                    new CostModel(options, all).print();
                }
            }
        }
    }

    private void table(String title, Function<HostsCase, Counters> part) {
        row(title, "runs", "sent by rsync, MiB", "CPU of Dromedary, s", "of its rsyncs, s", "of a host, s", "of the broker, s",
                "records", "to the broker, KiB", "from it, KiB", "p50, ms", "p99, ms", "until all have it, s");
        MarkdownTable.rule(12);
        for (HostsCase each : cases) {
            Counters counted = part.apply(each);
            CpuTime cpu = counted.cpu();
            boolean steady = counted == each.steady();
            row(each.name(), digits(counted.runs()), digits(counted.sent() / MIB), digits(cpu.dromedary()), digits(cpu.rsync()),
                    digits(cpu.hosts() / each.hosts()), ofBroker(each, cpu.broker()), ofBroker(each, counted.records()),
                    ofBroker(each, counted.toBroker() / KIB), ofBroker(each, counted.fromBroker() / KIB),
                    steady ? digits(each.lag(50)) : "", steady ? digits(each.lag(99)) : "",
                    counted == each.burst() ? digits(each.burstSeconds()) : "");
        }
        System.out.println();
    }

    private void memory() {
        row("memory, MiB", "source", "an agent", "broker", "an rsync at the source, its own", "rsyncs at once there, on average", "at most");
        MarkdownTable.rule(6);
        for (HostsCase each : cases) {
            RsyncSampler rsyncs = each.rsyncs();
            row(each.name(), digits(each.sourceMemory()), ofBroker(each, each.agentMemory()), ofBroker(each, each.brokerMemory()),
                    rsyncs != null ? digits(rsyncs.memory()) : "", rsyncs != null ? digits(rsyncs.average()) : "",
                    rsyncs != null ? digits(rsyncs.most()) : "");
        }
        System.out.println();
    }

    // where hosts are pushed to there is no broker
    private static String ofBroker(HostsCase each, double value) {
        return each.isPull() ? digits(value) : "";
    }
}
