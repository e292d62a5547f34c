package hosts;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import common.Commands;
import common.Processes;
import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.FreePort;
import dev.dromedary.testing.KafkaBroker;
import dev.dromedary.testing.Mirrors;
import dev.dromedary.testing.RsyncDaemon;
import dev.dromedary.testing.Scratch;
import org.apache.camel.util.json.JsonObject;

/** A source and some hosts, pushed to or pulling, with the daemons and the broker between them. */
final class Topology {

    static final Path DROMEDARY = Path.of("bin/dromedary").toAbsolutePath();

    private static final String TOPIC = "dromedary-www";
    private static final String NEXT_TOPIC = "dromedary-next";
    private static final Pattern SENT = Pattern.compile("sent ([\\d,.]+) bytes  received");
    private static final Pattern SOCKET = Pattern.compile(" bytes_(sent|received):(\\d+)");

    private final ScaleOptions options;
    private final String way;
    private final boolean pull;
    private final int count;
    private final Scratch scratch;
    private final Path source;
    private final List<Path> targets;
    private final List<RsyncDaemon> daemons = new ArrayList<>();
    private final List<ProcessHandle> hostSide = new ArrayList<>();
    private final List<ProcessHandle> sourceSide = new ArrayList<>();
    private final List<ProcessHandle> brokerSide = new ArrayList<>();
    private final List<Dromedary> dromedaries = new ArrayList<>();
    private KafkaBroker broker;

    /**
     * Not started yet.
     *
     * @param way push; pull; or tiers, where the first host pulls from the source and the others from that host
     * @param count of hosts
     * @param scratch the folder that all of it lies in, and that ends it
     */
    Topology(ScaleOptions options, String way, int count, Scratch scratch) {
        this.options = options;
        this.way = way;
        this.pull = !way.equals("push");
        this.count = count;
        this.scratch = scratch;
        source = scratch.folder("source/www");
        targets = IntStream.range(0, count).mapToObj(i -> scratch.folder("host" + i + "/www")).toList();
    }

    boolean isPull() {
        return pull;
    }

    Path source() {
        return source;
    }

    List<Path> targets() {
        return targets;
    }

    /** {@return all Dromedaries, that of the source first} */
    List<Dromedary> dromedaries() {
        return dromedaries;
    }

    /** {@return the processes at the source} */
    List<ProcessHandle> sourceSide() {
        return sourceSide;
    }

    /** Starts all of it. */
    void start() {
        List<String> lines = new ArrayList<>(List.of("mirror.www.source = " + source));
        lines.addAll(timing("mirror.www."));
        if (pull) {
            broker = capture(brokerSide, () -> KafkaBroker.start(scratch));
            broker.createTopic(TOPIC, 1, Map.of());
            daemons.add(capture(sourceSide, () -> daemon(source)));
            lines.add("mirror.www.publish = kafka:" + TOPIC + "?brokers=" + broker.bootstrap());
        } else {
            for (int i = 0; i < count; i++) {
                Path target = targets.get(i);
                RsyncDaemon daemon = capture(hostSide, () -> daemon(target));
                daemons.add(daemon);
                lines.add("mirror.www.target.host" + i + ".url = " + daemon.url("www"));
            }
        }
        sourceSide.add(0, start("source", lines));
        for (int i = 0; pull && i < count; i++) {
            hostSide.add(start("host" + i, agent(i)));
        }
    }

    private List<String> agent(int i) {
        boolean tiers = way.equals("tiers");
        boolean next = tiers && i > 0;
        String mirror = next ? "mirror.next." : "mirror.www.";
        List<String> lines = new ArrayList<>(List.of(
                mirror + "subscribe = kafka:" + (next ? NEXT_TOPIC : TOPIC) + "?brokers=" + broker.bootstrap()
                        + "&groupId=host" + i,
                mirror + "source = " + daemons.get(next ? 1 : 0).url("www"),
                mirror + "target.here.url = " + targets.get(i)));
        lines.addAll(timing(mirror));
        if (tiers && i == 0) {
            daemons.add(capture(hostSide, () -> daemon(targets.get(0))));
            broker.createTopic(NEXT_TOPIC, 1, Map.of());
            lines.addAll(List.of("mirror.next.source = " + targets.get(0), "mirror.next.publish = kafka:" + NEXT_TOPIC + "?brokers=" + broker.bootstrap()));
            lines.addAll(timing("mirror.next."));
        }
        return lines;
    }

    private List<String> timing(String mirror) {
        List<String> lines = new ArrayList<>(List.of(mirror + "window = " + options.window()));
        if (options.warm() != null) {
            lines.add(mirror + "warm = " + options.warm());
        }
        return lines;
    }

    private RsyncDaemon daemon(Path folder) {
        RsyncDaemon daemon = RsyncDaemon.in(scratch).module("www", folder).with("transfer logging = no")
                .with("max connections = " + (pull ? options.connections() : 0)).start();
        // as docs/operating.md has it, for many that come at once
        daemon.stop();
        daemon.reconfigure(text -> "listen backlog = 128\n" + text);
        daemon.start();
        return daemon;
    }

    private ProcessHandle start(String folder, List<String> lines) {
        Path home = scratch.folder(folder);
        int port = FreePort.next();
        Path file = Mirrors.configure(home,
                Stream.concat(lines.stream(), Stream.of("camel.server.port = " + port)).toArray(String[]::new));
        List<String> command = new ArrayList<>(List.of(DROMEDARY.toString()));
        command.addAll(folder.equals("source") ? List.of() : List.of("agent"));
        command.addAll(List.of("--config", file.toString()));
        Dromedary dromedary = Dromedary.in(scratch, home).port(port)
                .environment("JAVA_HOME", System.getProperty("java.home")).startBy(command);
        dromedaries.add(dromedary);
        // one after the other: that many Javas at once would take minutes
        dromedary.awaitReady();
        return ProcessHandle.of(dromedary.pid()).orElseThrow();
    }

    /** Starts something of the tests', which does not say which process it is, and adds the process to a side. */
    private static <T> T capture(List<ProcessHandle> side, Supplier<T> start) {
        List<ProcessHandle> before = ProcessHandle.current().children().toList();
        T thing = start.get();
        side.addAll(ProcessHandle.current().children().filter(each -> !before.contains(each)).toList());
        return thing;
    }

    /** {@return what was counted since the start} */
    Counters count() throws Exception {
        CpuTime begin = cpu();
        long sent = 0;
        long runs = 0;
        if (pull) {
            Matcher lines = SENT.matcher(daemons.get(0).log());
            while (lines.find()) {
                sent += Long.parseLong(lines.group(1).replaceAll("\\D", ""));
            }
            runs = daemons.get(0).connections();
        } else {
            JsonObject mirror = (JsonObject) dromedaries.get(0).json("/api/status").<List<?>>getCollection("mirrors").get(0);
            for (Object target : mirror.<List<?>>getCollection("targets")) {
                JsonObject totals = (JsonObject) ((JsonObject) target).get("totals");
                sent += totals.getLong("bytesSent");
                runs += totals.getLong("runs");
            }
        }
        long[] traffic = broker == null ? new long[2] : traffic(broker.port());
        long[] records = broker == null ? new long[2] : broker.records(TOPIC).stream().map(record ->
                new long[] {1, record.serializedKeySize() + record.serializedValueSize()}).reduce(new long[2], (a, b) ->
                new long[] {a[0] + b[0], a[1] + b[1]});
        return new Counters(begin, runs, sent, records[0], records[1], traffic[0], traffic[1], cpu());
    }

    private CpuTime cpu() {
        return CpuTime.now(sourceSide, brokerSide, hostSide);
    }

    /** {@return the bytes that have come to a port and have gone from it, by the connections that are there now; these last} */
    private static long[] traffic(int port) throws Exception {
        long[] traffic = new long[2];
        Matcher bytes = SOCKET.matcher(Commands.output("ss", "-tinH", "sport = :" + port));
        while (bytes.find()) {
            traffic[bytes.group(1).equals("received") ? 0 : 1] += Long.parseLong(bytes.group(2));
        }
        return traffic;
    }

    /** {@return the memory of the source's Dromedary, in MiB} */
    double sourceMemory() {
        return memory(sourceSide.get(0));
    }

    /** {@return the memory of an agent on average, in MiB; 0 if there is none} */
    double agentMemory() {
        return pull ? dromedaries.stream().skip(1).map(each -> ProcessHandle.of(each.pid()).orElseThrow())
                .mapToDouble(Topology::memory).average().orElse(0) : 0;
    }

    /** {@return the memory of the broker, in MiB; 0 if there is none} */
    double brokerMemory() {
        return pull ? memory(brokerSide.get(0)) : 0;
    }

    /** {@return the memory of a process, in MiB} */
    private static double memory(ProcessHandle process) {
        return Processes.sum(Path.of("/proc/" + process.pid() + "/status"), "VmRSS") / 1024.0;
    }
}
