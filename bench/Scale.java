import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.FreePort;
import dev.dromedary.testing.KafkaBroker;
import dev.dromedary.testing.Mirrors;
import dev.dromedary.testing.RsyncDaemon;
import dev.dromedary.testing.Scratch;
import dev.dromedary.testing.Tree;
import org.apache.camel.util.json.JsonObject;

/**
 * What several hosts cost one source, pushed to or pulling, measured on this machine; and what many would, computed from that.
 *
 * <p>{@code bench/scale} brings what it needs and starts it; {@code --help} says what can be chosen. All that is started lies in a
 * scratch folder, listens on loopback, and is gone at the end. A case whose trees are not identical at its end fails the run.
 */
public final class Scale {

    private static final String HELP = """
            bench/scale [--hosts N,...] [--ways WAY,...] [--rate FILES] [--seconds S] [--burst FILES] [--size BYTES] [--window WINDOW]
                        [--connections N]

              --hosts        how many of them, in turn (1,3,10); the model is made of all but the last, and checked against that
              --ways         of: push, pull, tiers (push,pull); with tiers the first host pulls from the source, the others from that one
              --rate         files that are changed a second (20)
              --seconds      for how long (30); 0 leaves that and the model out
              --burst        new files that are written at once (2000)
              --size         bytes of each file (8192)
              --window       the option window of source and agents (50ms)
              --connections  how many the source's daemon has at once, where hosts pull (0: any number)""";
    private static final Path DROMEDARY = Path.of("bin/dromedary").toAbsolutePath();
    private static final String TOPIC = "dromedary-www";
    private static final String NEXT_TOPIC = "dromedary-next";
    private static final int IDLE_SECONDS = 20;
    private static final int WARM_UP_SECONDS = 10;
    private static final int PATIENCE_SECONDS = 120;
    // the same names again and again; each file has 10 s to arrive before its next change
    private static final int NAMES_PER_RATE = 10;
    private static final int MEASURED_OF = 4;
    private static final int[] MANY = {1, 10, 100, 500};
    private static final double KIB = 1 << 10;
    private static final double MIB = 1 << 20;
    private static final double TICKS = 100;
    private static final Pattern SENT = Pattern.compile("sent ([\\d,.]+) bytes  received");
    private static final Pattern SOCKET = Pattern.compile(" bytes_(sent|received):(\\d+)");

    private final Random random = new Random(1);
    private final List<Case> cases = new ArrayList<>();
    private final String loadBefore = load();
    private final String command;
    private List<Integer> hosts = List.of(1, 3, 10);
    private List<String> ways = List.of("push", "pull");
    private int rate = 20;
    private int seconds = 30;
    private int burst = 2000;
    private int size = 8192;
    private String window = "50ms";
    private int connections;
    private long written;

    private Scale(String[] arguments) throws IOException {
        command = ("bench/scale " + String.join(" ", arguments)).strip();
        for (int i = 0; i < arguments.length; i += 2) {
            String value = i + 1 < arguments.length ? arguments[i + 1] : "";
            switch (arguments[i]) {
                case "--hosts" -> hosts = Stream.of(value.split(",")).map(Integer::valueOf).toList();
                case "--ways" -> ways = List.of(value.split(","));
                case "--rate" -> rate = Integer.parseInt(value);
                case "--seconds" -> seconds = Integer.parseInt(value);
                case "--burst" -> burst = Integer.parseInt(value);
                case "--size" -> size = Integer.parseInt(value);
                case "--window" -> window = value;
                case "--connections" -> connections = Integer.parseInt(value);
                default -> {
                    System.out.println(HELP);
                    System.exit(arguments[i].equals("--help") ? 0 : 2);
                }
            }
        }
    }

    public static void main(String[] arguments) throws Exception {
        Scale scale = new Scale(arguments);
        scale.run();
        System.exit(0);
    }

    private void run() throws Exception {
        for (String way : ways) {
            for (int count : hosts) {
                try (Scratch scratch = Scratch.create()) {
                    Thread cleaner = new Thread(scratch::close);
                    Runtime.getRuntime().addShutdownHook(cleaner);
                    Case each = new Case(way, count, scratch);
                    each.run();
                    cases.add(each);
                    Runtime.getRuntime().removeShutdownHook(cleaner);
                }
            }
        }
        report();
    }

    /** Seconds of CPU: of the source's Dromedary, of its rsyncs or its rsync daemon, of the broker, of all hosts. */
    private record Spent(long nanos, double dromedary, double rsync, double broker, double hosts) {

        Spent minus(Spent before) {
            return new Spent(nanos - before.nanos, dromedary - before.dromedary, rsync - before.rsync, broker - before.broker,
                    hosts - before.hosts);
        }
    }

    /** What has been counted since the start; the counting itself, between first and last, is nobody's. */
    private record Counted(Spent first, long runs, long sent, long records, long recordBytes, long toBroker, long fromBroker,
            Spent last) {

        Counted minus(Counted before) {
            Spent spent = first.minus(before.last);
            return new Counted(spent, runs - before.runs, sent - before.sent, records - before.records,
                    recordBytes - before.recordBytes, toBroker - before.toBroker, fromBroker - before.fromBroker, spent);
        }

        double seconds() {
            return first.nanos / 1e9;
        }

        double source() {
            return first.dromedary + first.rsync;
        }
    }

    /** One source and some hosts. */
    private final class Case {

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
        private Counted idle;
        private Counted steady;
        private Counted rushed;
        private double burstSeconds;
        private long[] lags = {};
        private Rsyncs rsyncs;
        private double sourceMemory;
        private double hostMemory;
        private double brokerMemory;

        Case(String way, int count, Scratch scratch) {
            this.way = way;
            this.pull = !way.equals("push");
            this.count = count;
            this.scratch = scratch;
            source = scratch.folder("source/www");
            targets = IntStream.range(0, count).mapToObj(i -> scratch.folder("host" + i + "/www")).toList();
        }

        void run() throws Exception {
            begin();
            say("has begun");
            load(WARM_UP_SECONDS, false);
            settle();
            Counted start = count();
            Thread.sleep(IDLE_SECONDS * 1000L);
            idle = count().minus(start);
            if (seconds > 0) {
                start = count();
                try (Rsyncs watched = new Rsyncs(sourceSide)) {
                    rsyncs = watched;
                    load(seconds, true);
                    awaitSame();
                }
                settle();
                steady = count().minus(start);
                say("steady: %.1f s of CPU at the source, %,d runs, %.1f MiB", steady.source(), steady.runs, steady.sent / MIB);
            }
            sourceMemory = memory(sourceSide.get(0));
            hostMemory = pull ? dromedaries.stream().skip(1).map(each -> ProcessHandle.of(each.pid()).orElseThrow())
                    .mapToDouble(Scale::memory).average().orElse(0) : 0;
            brokerMemory = pull ? memory(brokerSide.get(0)) : 0;
            start = count();
            burst();
            settle();
            rushed = count().minus(start);
            say("burst: %.1f s; %.1f s of CPU at the source, %,d runs, %.1f MiB", burstSeconds, rushed.source(), rushed.runs,
                    rushed.sent / MIB);
        }

        void begin() throws Exception {
            List<String> lines = new ArrayList<>(List.of("mirror.www.source = " + source, "mirror.www.window = " + window));
            if (pull) {
                broker = started(brokerSide, () -> KafkaBroker.start(scratch));
                broker.createTopic(TOPIC, 1, Map.of());
                daemons.add(started(sourceSide, () -> daemon(source)));
                lines.add("mirror.www.publish = kafka:" + TOPIC + "?brokers=" + broker.bootstrap());
            } else {
                for (int i = 0; i < count; i++) {
                    Path target = targets.get(i);
                    RsyncDaemon daemon = started(hostSide, () -> daemon(target));
                    daemons.add(daemon);
                    lines.add("mirror.www.target.host" + i + ".url = " + daemon.url("www"));
                }
            }
            sourceSide.add(0, start("source", lines));
            for (int i = 0; pull && i < count; i++) {
                hostSide.add(start("host" + i, agent(i)));
            }
            Files.write(source.resolve("first"), content());
            settle();
        }

        private List<String> agent(int i) {
            boolean tiers = way.equals("tiers");
            boolean next = tiers && i > 0;
            String mirror = next ? "mirror.next." : "mirror.www.";
            List<String> lines = new ArrayList<>(List.of(
                    mirror + "subscribe = kafka:" + (next ? NEXT_TOPIC : TOPIC) + "?brokers=" + broker.bootstrap()
                            + "&groupId=host" + i,
                    mirror + "source = " + daemons.get(next ? 1 : 0).url("www"), mirror + "window = " + window,
                    mirror + "target.here.url = " + targets.get(i)));
            if (tiers && i == 0) {
                daemons.add(started(hostSide, () -> daemon(targets.get(0))));
                broker.createTopic(NEXT_TOPIC, 1, Map.of());
                lines.addAll(List.of("mirror.next.source = " + targets.get(0), "mirror.next.window = " + window,
                        "mirror.next.publish = kafka:" + NEXT_TOPIC + "?brokers=" + broker.bootstrap()));
            }
            return lines;
        }

        private RsyncDaemon daemon(Path folder) {
            RsyncDaemon daemon = RsyncDaemon.in(scratch).module("www", folder).with("transfer logging = no")
                    .with("max connections = " + (pull ? connections : 0)).start();
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

        /** Changes files at an even pace. */
        private void load(int seconds, boolean measured) throws Exception {
            long start = System.nanoTime();
            try (Lags all = new Lags()) {
                for (int i = 0; i < seconds * rate; i++) {
                    for (long left; (left = start + i * 1_000_000_000L / rate - System.nanoTime()) > 0;) {
                        LockSupport.parkNanos(left);
                    }
                    String name = "file" + i % (rate * NAMES_PER_RATE);
                    byte[] content = content();
                    long at = System.nanoTime();
                    Files.write(source.resolve(name), content);
                    if (measured && i % MEASURED_OF == 0) {
                        long number = written;
                        targets.forEach(target -> all.await(target.resolve(name), number, at));
                    }
                }
                lags = all.all();
            }
        }

        private void burst() throws Exception {
            long start = System.nanoTime();
            Path folder = Files.createDirectory(source.resolve("burst"));
            for (int i = 0; i < burst; i++) {
                Files.write(folder.resolve("file" + i), content());
            }
            List<Path> left = new ArrayList<>(targets);
            while (!left.isEmpty()) {
                long from = System.nanoTime();
                // a file has its name when all of it is there
                left.removeIf(target -> files(target.resolve("burst")) == burst);
                inTime(start, "the burst");
                // at most a fifth of a processor
                LockSupport.parkNanos(Math.max(1_000_000, 4 * (System.nanoTime() - from)));
            }
            burstSeconds = (System.nanoTime() - start) / 1e9;
        }

        private void awaitSame() throws Exception {
            long start = System.nanoTime();
            Tree expected = Tree.of(source);
            for (Path target : targets) {
                while (!Tree.of(target).equals(expected)) {
                    inTime(start, target + " is not the same:\n" + Tree.differences(expected, Tree.of(target)));
                    Thread.sleep(50);
                }
            }
        }

        /** Waits until all trees are the same, and nobody owes or does anything. */
        private void settle() throws Exception {
            awaitSame();
            long start = System.nanoTime();
            Pattern busy = Pattern.compile("\"owed\":[1-9]|\"runs\":\\[\\{");
            for (Dromedary each : dromedaries) {
                while (busy.matcher(each.get("/api/status").body()).find()) {
                    inTime(start, "something is still owed");
                    Thread.sleep(50);
                }
            }
            // what a run of a daemon leaves behind is its line in the log
            Thread.sleep(500);
            awaitSame();
        }

        private void inTime(long start, String what) {
            if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
                throw new IllegalStateException("not in time: " + what + dromedaries.get(0).shownOutput()
                        + dromedaries.get(dromedaries.size() - 1).shownOutput());
            }
        }

        private Counted count() throws Exception {
            Spent first = spent();
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
            return new Counted(first, runs, sent, records[0], records[1], traffic[0], traffic[1], spent());
        }

        private Spent spent() {
            double[] dromedary = cpu(sourceSide.subList(0, 1));
            return new Spent(System.nanoTime(), dromedary[0],
                    dromedary[1] + sum(cpu(sourceSide.subList(1, sourceSide.size()))), sum(cpu(brokerSide)), sum(cpu(hostSide)));
        }

        private String name() {
            return way + ", " + count;
        }

        /** Nothing where there is no broker. */
        private String ofBroker(double value) {
            return pull ? digits(value) : "";
        }

        private double lag(int percent) {
            return lags.length == 0 ? Double.NaN : lags[Math.min(lags.length - 1, lags.length * percent / 100)] / 1e6;
        }

        private void say(String what, Object... values) {
            System.err.printf("%tT %s: %s%n", LocalTime.now(), name(), String.format(Locale.ROOT, what, values));
        }
    }

    /** Notes when what was written is at the hosts. */
    private static final class Lags implements AutoCloseable {

        private record Pending(Path there, long number, long start) {
        }

        private final Queue<Pending> added = new ConcurrentLinkedQueue<>();
        private final List<Long> took = new ArrayList<>();
        private final Thread thread = new Thread(this::poll);
        private volatile boolean ended;
        private volatile boolean left;

        Lags() {
            thread.setDaemon(true);
            thread.start();
        }

        void await(Path there, long number, long start) {
            left = true;
            added.add(new Pending(there, number, start));
        }

        private void poll() {
            List<Pending> pending = new ArrayList<>();
            while (!ended) {
                long now = System.nanoTime();
                for (Pending next; (next = added.poll()) != null;) {
                    pending.add(next);
                }
                pending.removeIf(next -> {
                    if (number(next.there) < next.number) {
                        return false;
                    }
                    took.add(System.nanoTime() - next.start);
                    return true;
                });
                left = !pending.isEmpty() || !added.isEmpty();
                LockSupport.parkNanos(Math.max(500_000, 4 * (System.nanoTime() - now)));
            }
        }

        /** Waits for those that are on their way; in nanoseconds, the shortest first. */
        long[] all() throws InterruptedException {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (left) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException("some changes have not arrived after " + PATIENCE_SECONDS + " s");
                }
                Thread.sleep(10);
            }
            close();
            thread.join();
            return took.stream().mapToLong(Long::longValue).sorted().toArray();
        }

        @Override
        public void close() {
            ended = true;
        }
    }

    /** Looks ten times a second at the rsyncs of the source's side. */
    private static final class Rsyncs implements AutoCloseable {

        private final List<ProcessHandle> roots;
        private final Thread thread = new Thread(this::poll);
        private volatile boolean ended;
        private volatile int looks;
        private volatile int seen;
        private volatile int most;
        private volatile double memory;

        Rsyncs(List<ProcessHandle> roots) {
            this.roots = roots;
            thread.setDaemon(true);
            thread.start();
        }

        private void poll() {
            while (!ended) {
                // what Java starts is a part of itself for a moment
                List<ProcessHandle> now = roots.stream().flatMap(ProcessHandle::children)
                        .filter(each -> read("/proc/" + each.pid() + "/comm").strip().equals("rsync")).toList();
                looks++;
                seen += now.size();
                most = Math.max(most, now.size());
                now.forEach(each -> memory = Math.max(memory, own(each)));
                LockSupport.parkNanos(100_000_000);
            }
        }

        double average() {
            return (double) seen / looks;
        }

        @Override
        public void close() {
            ended = true;
        }
    }

    // ---------------------------------------------------------------- what came of it

    /**
     * What there was to do, for all hosts together.
     *
     * @param alone the files that came by themselves, each of which wakes the source
     */
    private record Load(int hosts, double seconds, double runs, double files, double alone, double records, double recordBytes) {

        Load(Case of, Counted counted, int files) {
            this(of.count, counted.seconds(), counted.runs, files, counted == of.steady ? files : 0, counted.records,
                    counted.recordBytes);
        }
    }

    /**
     * A part of the costs: what is known beforehand, so much for each of two things, and so much each second for the source and
     * for each host.
     *
     * @param steady whether it is told by the steady load alone: in a burst, what Java does for a file is another thing
     */
    private record Part(String name, String per, String and, boolean steady, ToDoubleFunction<Counted> measured,
            ToDoubleFunction<Load> known, ToDoubleFunction<Load> one, ToDoubleFunction<Load> other) {

        List<Counted> of(Case each) {
            return steady ? List.of(each.steady) : List.of(each.steady, each.rushed);
        }
    }

    private record Cost(Part part, double one, double other, double idleOfSource, double idleOfHost) {

        double of(Load load) {
            return part.known.applyAsDouble(load) + one * part.one.applyAsDouble(load) + other * part.other.applyAsDouble(load)
                    + load.seconds * (idleOfSource + idleOfHost * load.hosts);
        }

        /** By least squares of the relative error. What CPU more of them take when idle is less than what chance adds. */
        static Cost fit(Part part, List<Case> cases, int files, int burst) {
            double[] idle = cases.stream()
                    .mapToDouble(each -> part.measured.applyAsDouble(each.idle) / each.idle.seconds()).toArray();
            int last = cases.size() - 1;
            double host = part.name.startsWith("CPU") ? 0
                    : Math.max(0, idle[last] - idle[0]) / (cases.get(last).count - cases.get(0).count);
            double source = Math.max(0, DoubleStream.of(idle).min().orElseThrow() - host * cases.get(0).count);
            Cost nothing = new Cost(part, 0, 0, source, host);
            double aa = 0;
            double ab = 0;
            double bb = 0;
            double av = 0;
            double bv = 0;
            for (Case each : cases) {
                for (Counted counted : part.of(each)) {
                    Load load = new Load(each, counted, counted == each.steady ? files : burst);
                    double all = part.measured.applyAsDouble(counted);
                    double value = (all - nothing.of(load)) / all;
                    double a = part.one.applyAsDouble(load) / all;
                    double b = part.other.applyAsDouble(load) / all;
                    aa += a * a;
                    ab += a * b;
                    bb += b * b;
                    av += a * value;
                    bv += b * value;
                }
            }
            if (bb == 0) {
                return new Cost(part, Math.max(0, av / aa), 0, source, host);
            }
            double by = aa * bb - ab * ab;
            double one = (av * bb - bv * ab) / by;
            double other = (bv * aa - av * ab) / by;
            // nothing costs less than nothing
            return new Cost(part, one < 0 ? 0 : other < 0 ? av / aa : one, other < 0 ? 0 : one < 0 ? bv / bb : other,
                    source, host);
        }
    }

    private List<Part> parts(boolean pull) {
        ToDoubleFunction<Load> none = load -> 0;
        ToDoubleFunction<Load> toHosts = load -> load.files * load.hosts;
        List<Part> parts = new ArrayList<>(List.of(
                new Part("sent by rsync, bytes", "a run", "a file to a host, besides its content", false, counted -> counted.sent,
                        load -> load.files * load.hosts * size, Load::runs, toHosts),
                new Part("CPU of the rsyncs, s", "a run", "a file to a host", false, counted -> counted.first.rsync, none,
                        Load::runs, toHosts),
                new Part("CPU of Dromedary, s", "a file that comes by itself", pull ? "" : "a run", true,
                        counted -> counted.first.dromedary, none, Load::alone, pull ? none : Load::runs)));
        if (pull) {
            parts.add(new Part("CPU of the broker, s", "a run", "", true, counted -> counted.first.broker, none, Load::runs, none));
            parts.add(new Part("to the broker, bytes", "a run", "a record, besides its content", false, Counted::toBroker,
                    Load::recordBytes, Load::runs, Load::records));
            parts.add(new Part("from the broker, bytes", "a run", "a record to a host, besides its content", false,
                    Counted::fromBroker, load -> load.recordBytes * load.hosts, Load::runs, load -> load.records * load.hosts));
        }
        return parts;
    }

    private void report() throws Exception {
        System.out.printf(Locale.ROOT, "`%s`, %s; load %s before and %s after. %s, %s, Java %s, Linux %s, %d × %s, scratch on %s.%n%n",
                command, LocalDate.now(), loadBefore, load(), line(DROMEDARY.toString(), "--version"), line("rsync", "--version"),
                System.getProperty("java.version"), System.getProperty("os.version"), Runtime.getRuntime().availableProcessors(), processor(),
                Files.isWritable(Path.of("/dev/shm")) ? "tmpfs" : "disk");
        if (seconds > 0) {
            table("steady, " + rate + " files a second, " + seconds + " s", each -> each.steady);
        }
        table("burst, " + burst + " files", each -> each.rushed);
        table("idle, " + IDLE_SECONDS + " s", each -> each.idle);
        memory();
        if (seconds > 0 && hosts.size() > 2) {
            for (String way : List.of("push", "pull")) {
                List<Case> all = cases.stream().filter(each -> each.way.equals(way)).toList();
                if (!all.isEmpty()) {
                    model(all);
                }
            }
        }
    }

    private void table(String title, Function<Case, Counted> part) {
        row(title, "runs", "sent by rsync, MiB", "CPU of Dromedary, s", "of its rsyncs, s", "of a host, s", "of the broker, s",
                "records", "to the broker, KiB", "from it, KiB", "p50, ms", "p99, ms", "until all have it, s");
        System.out.println("|---|" + "---:|".repeat(12));
        for (Case each : cases) {
            Counted counted = part.apply(each);
            boolean steady = counted == each.steady;
            row(each.name(), digits(counted.runs), digits(counted.sent / MIB), digits(counted.first.dromedary),
                    digits(counted.first.rsync), digits(counted.first.hosts / each.count), each.ofBroker(counted.first.broker),
                    each.ofBroker(counted.records), each.ofBroker(counted.toBroker / KIB), each.ofBroker(counted.fromBroker / KIB),
                    steady ? digits(each.lag(50)) : "", steady ? digits(each.lag(99)) : "", counted == each.rushed ? digits(each.burstSeconds) : "");
        }
        System.out.println();
    }

    private void memory() {
        row("memory, MiB", "source", "an agent", "broker", "an rsync at the source, its own", "rsyncs at once there, on average", "at most");
        System.out.println("|---|" + "---:|".repeat(6));
        for (Case each : cases) {
            boolean looked = each.rsyncs != null;
            row(each.name(), digits(each.sourceMemory), each.ofBroker(each.hostMemory), each.ofBroker(each.brokerMemory),
                    looked ? digits(each.rsyncs.memory) : "", looked ? digits(each.rsyncs.average()) : "",
                    looked ? digits(each.rsyncs.most) : "");
        }
        System.out.println();
    }

    private void model(List<Case> all) {
        List<Case> known = all.subList(0, all.size() - 1);
        Case last = all.get(all.size() - 1);
        int files = rate * seconds;
        Load second = expected(known, each -> each.steady, 1.0 / seconds, rate, rate);
        double stays = average(known, each -> each.rsyncs.average() * seconds / each.steady.runs);
        List<Cost> costs = parts(last.pull).stream().map(part -> Cost.fit(part, known, files, burst)).toList();

        String way = last.pull ? "pull" : "push";
        System.out.printf(Locale.ROOT, "%s: %s runs a second and host, each of which is there for %s ms%s.%n%n", way,
                digits(second.runs), digits(stays * 1000), !last.pull ? "" : "; " + digits(second.records) + " records a second, of "
                + digits(second.recordBytes / second.records) + " bytes");
        row(way + ", constants", "for each", "", "for each", "", "a second, source", "a second, each host");
        System.out.println("|---|---|---:|---|---:|---:|---:|");
        costs.forEach(cost -> row(cost.part.name, cost.part.per, digits(cost.one), cost.part.and, digits(cost.other),
                digits(cost.idleOfSource), digits(cost.idleOfHost)));
        System.out.println();
        row(way + ", " + last.count + " hosts", "measured", "model", "off by", "model with runs and records as counted", "off by");
        System.out.println("|---|" + "---:|".repeat(5));
        check(costs, last, last.steady, "steady, ", files, expected(known, each -> each.steady, 1, files, files));
        check(costs, last, last.rushed, "burst, ", burst, expected(known, each -> each.rushed, 1, burst, 0));
        System.out.println();
        row(way + ", a second of the steady load", Arrays.stream(MANY).mapToObj(each -> each + " hosts").toArray(String[]::new));
        System.out.println("|---|" + "---:|".repeat(MANY.length));
        many("runs", each -> second.runs * each);
        many("rsyncs at once at the source", each -> second.runs * each * stays);
        costs.forEach(cost -> many(cost.part.name, each -> cost.of(toHosts(second, each, 1))));
        System.out.println();
    }

    /** What is to be expected for one host, as the average of some cases, and so many times of that. */
    private static Load expected(List<Case> known, Function<Case, Counted> part, double times, double files,
            double alone) {
        return new Load(1, 1, times * average(known, each -> (double) part.apply(each).runs / each.count), files, alone,
                times * average(known, each -> part.apply(each).records),
                times * average(known, each -> part.apply(each).recordBytes));
    }

    private static Load toHosts(Load one, int hosts, double seconds) {
        return new Load(hosts, seconds, one.runs * hosts, one.files, one.alone, one.records, one.recordBytes);
    }

    private static void check(List<Cost> costs, Case last, Counted counted, String load, int files, Load one) {
        Load expected = toHosts(one, last.count, counted.seconds());
        check(load + "runs", counted.runs, expected.runs, Double.NaN);
        costs.stream().filter(cost -> cost.part.of(last).contains(counted)).forEach(cost -> check(load + cost.part.name, cost.part.measured.applyAsDouble(counted), cost.of(expected),
                cost.of(new Load(last, counted, files))));
    }

    private static double average(List<Case> cases, ToDoubleFunction<Case> what) {
        return cases.stream().mapToDouble(what).average().orElseThrow();
    }

    private static void check(String what, double measured, double model, double counted) {
        row(what, digits(measured), digits(model), percent(model / measured), digits(counted), percent(counted / measured));
    }

    private static void many(String what, IntToDoubleFunction of) {
        row(what, Arrays.stream(MANY).mapToObj(each -> digits(of.applyAsDouble(each))).toArray(String[]::new));
    }

    private static void row(String first, String... others) {
        System.out.println("| " + first + " | " + String.join(" | ", others) + " |");
    }

    private static String percent(double ratio) {
        return Double.isNaN(ratio) ? "" : String.format(Locale.ROOT, "%+.0f %%", (ratio - 1) * 100);
    }

    /** Three digits that say something; nothing of what is not known. */
    private static String digits(double value) {
        if (Double.isNaN(value)) {
            return "";
        }
        int magnitude = value == 0 ? 0 : (int) Math.floor(Math.log10(Math.abs(value)));
        return String.format(Locale.ROOT, "%,." + Math.max(0, 2 - magnitude) + "f", value)
                .replaceAll("(\\.\\d*?)0+$", "$1").replaceAll("\\.$", "");
    }

    // ---------------------------------------------------------------- files

    // a number that grows from write to write, and something behind it
    private byte[] content() {
        byte[] content = new byte[size];
        random.nextBytes(content);
        System.arraycopy(String.format("%019d%n", ++written).getBytes(StandardCharsets.US_ASCII), 0, content, 0, 20);
        return content;
    }

    private static long number(Path file) {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            byte[] head = new byte[19];
            in.readFully(head);
            return Long.parseLong(new String(head, StandardCharsets.US_ASCII));
        } catch (IOException e) {
            return -1;
        }
    }

    // those of rsync that are not whole begin with a dot
    private static int files(Path folder) {
        String[] names = folder.toFile().list((in, name) -> !name.startsWith("."));
        return names == null ? 0 : names.length;
    }

    // ---------------------------------------------------------------- processes

    /** Starts something of the tests' that does not say which process it is. */
    private static <T> T started(List<ProcessHandle> side, Supplier<T> start) {
        List<ProcessHandle> before = ProcessHandle.current().children().toList();
        T thing = start.get();
        side.addAll(ProcessHandle.current().children().filter(each -> !before.contains(each)).toList());
        return thing;
    }

    /** {@return seconds that some processes have worked by themselves, and those that their children have, also ended ones} */
    private static double[] cpu(List<ProcessHandle> roots) {
        double[] cpu = new double[2];
        for (ProcessHandle root : roots) {
            cpu[0] += worked(root, 11, 12);
            cpu[1] += worked(root, 13, 14) + root.descendants().mapToDouble(child -> worked(child, 11, 12, 13, 14)).sum();
        }
        return cpu;
    }

    private static double worked(ProcessHandle process, int... fields) {
        String stat = read("/proc/" + process.pid() + "/stat");
        String[] all = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
        return stat.isEmpty() ? 0 : Arrays.stream(fields).mapToDouble(field -> Double.parseDouble(all[field])).sum() / TICKS;
    }

    private static double sum(double[] values) {
        return DoubleStream.of(values).sum();
    }

    private static double memory(ProcessHandle process) {
        return facts("/proc/" + process.pid() + "/status", "VmRSS").sum() / KIB;
    }

    // what it shares with others is there but once
    private static double own(ProcessHandle process) {
        return facts("/proc/" + process.pid() + "/smaps_rollup", "Private_Clean", "Private_Dirty").sum() / KIB;
    }

    private static DoubleStream facts(String file, String... names) {
        return read(file).lines().filter(line -> Stream.of(names).anyMatch(name -> line.startsWith(name + ":")))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")));
    }

    private static String read(String file) {
        try {
            return new String(Files.readAllBytes(Path.of(file)), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // the process has ended meanwhile
            return "";
        }
    }

    /** {@return bytes that have come to a port and have gone from it, by the connections that are there now; these last} */
    private static long[] traffic(int port) throws IOException {
        long[] traffic = new long[2];
        Matcher bytes = SOCKET.matcher(said("ss", "-tinH", "sport = :" + port));
        while (bytes.find()) {
            traffic[bytes.group(1).equals("received") ? 0 : 1] += Long.parseLong(bytes.group(2));
        }
        return traffic;
    }

    private static String said(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static String line(String... command) throws IOException {
        return said(command).lines().findFirst().orElse("?").replaceAll(" +", " ").strip();
    }

    private static String load() throws IOException {
        return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
    }

    private static String processor() throws IOException {
        return Files.readAllLines(Path.of("/proc/cpuinfo")).stream().filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip()).findFirst().orElse("?");
    }
}
