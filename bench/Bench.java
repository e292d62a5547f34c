import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The same work through Dromedary, lsyncd, a loop around inotifywait and plain rsync, side by side.
 *
 * <p>{@code bench/run} brings what it needs and starts it; {@code java bench/Bench.java --help}, in the project's folder, says what
 * can be chosen. Each contender has a source, a target and an rsync daemon on loopback of its own. In each round all of them do a
 * row's work, in an order that is drawn anew, and what the table says is the median of the rounds. A row's figures count only
 * if source and target are identical at its end.
 */
public final class Bench {

    private static final Path PROJECT = Path.of("").toAbsolutePath();
    private static final String SMALL_CHANGE = "From the write of a file of 1 KiB, new or rewritten in turn, to its whole content at the"
            + " target; %d changes a round (5 where one takes more than 5 s), the contenders in turn change by change, each after 100 to 150"
            + " ms of rest, from the sixth change after its start on. p99 and worst are of all rounds together.";
    /** What a byte takes each way to a target that is far away. */
    private static final Duration DISTANCE = Duration.ofMillis(25);
    private static final Path JAR = PROJECT.resolve("target/dromedary.jar");
    private static final String JAVA_HOME = System.getProperty("java.home");
    private static final HttpClient HTTP = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private static final double MIB = 1 << 20;
    private static final double TICKS = ticks();
    private static final Pattern RECEIVED = Pattern.compile("sent [\\d,.]+ bytes  received ([\\d,.]+) bytes");
    /** How many files of a tree are compared by content; what is beyond is compared by size and time. */
    private static final int READ = 25_000;
    private static final String HELP = """
            bench/run [--rows ROW,...] [--rounds N] [--scale F] [--on DIR,...] [--limit SECONDS] [--out FILE]

              --rows     of: latency, far, burst, churn, hot, large, rename, rm, tree, folders, others, targets, start (all of them)
              --rounds   how often each row is run; the table has the medians (5)
              --scale    what each row's size is multiplied by: 0.01 is a quick look at whether all works (1)
              --on       where sources and targets lie (/dev/shm,target/bench): the first for all rows, the others for latency,
                         burst, rename and rm, where the file system matters most
              --limit    how long anything may take (300)
              --out      the document that is written after each row (docs/benchmarks.md); its plot lies beside it

            One row in a minute or two, as a quick look while something is changed:
              bench/run --rows latency --rounds 1 --on /dev/shm --out /tmp/latency.md
              bench/run --rows churn --rounds 1 --scale 0.25 --on /dev/shm --out /tmp/churn.md""";

    enum Kind {
        DROMEDARY("dromedary"), NEWEST("dromedary, newest Java"), SSH("dromedary, over ssh"), LOCAL("dromedary, local target"),
        FANOTIFY("dromedary, by fanotify"), FAR("dromedary, far away"), TUNED("lsyncd tuned"), DIRECT("lsyncd direct, local target"), FAR_TUNED("lsyncd tuned, far away"), MANUAL("lsyncd manual"), LOOP("inotifywait loop"), FLOOR("floor");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        boolean ours() {
            return ordinal() <= FAR.ordinal();
        }

        boolean lsyncd() {
            return this == TUNED || this == DIRECT || this == FAR_TUNED || this == MANUAL;
        }
    }

    private static final List<Kind> ALL = List.of(Kind.DROMEDARY, Kind.TUNED, Kind.MANUAL, Kind.LOOP, Kind.FLOOR);
    /** Those whose figures are far from the others' anyway, and whose delays would be most of the time of all rounds. */
    private static final Set<Kind> ONCE = EnumSet.of(Kind.MANUAL, Kind.LOOP);
    private static final List<Kind> TWO = List.of(Kind.DROMEDARY, Kind.TUNED);
    private static final List<Kind> THREE = List.of(Kind.DROMEDARY, Kind.FANOTIFY, Kind.TUNED);
    private static final Path WATCHES = Path.of("/proc/sys/fs/inotify/max_user_watches");

    private final Deque<AutoCloseable> started = new ConcurrentLinkedDeque<>();
    private volatile boolean closing;
    // the same order and pauses in each run
    private final Random random = new Random(1);
    private final AtomicLong sequence = new AtomicLong();
    private final List<Table> tables = new ArrayList<>();
    private final Map<Kind, List<Long>> plotted = new EnumMap<>(Kind.class);
    private final String loadBefore;
    private final String command;
    private List<String> rows = List.of("latency", "far", "burst", "churn", "hot", "large", "rename", "rm", "tree", "folders", "others", "targets", "start");
    private List<Path> sites = List.of(Path.of("/dev/shm"), PROJECT.resolve("target/bench"));
    private int rounds = 5;
    private double scale = 1;
    private Duration limit = Duration.ofSeconds(300);
    private Path out = PROJECT.resolve("docs/benchmarks.md");
    private int round;
    private Path scratch;

    private Bench(String[] arguments) throws Exception {
        loadBefore = load();
        command = ("bench/run " + String.join(" ", arguments)).strip();
        List<String> known = rows;
        for (int i = 0; i < arguments.length; i += 2) {
            String value = i + 1 < arguments.length ? arguments[i + 1] : "";
            switch (arguments[i]) {
                case "--rows" -> rows = List.of(value.split(","));
                case "--rounds" -> rounds = Integer.parseInt(value);
                case "--scale" -> scale = Double.parseDouble(value);
                case "--on" -> sites = Stream.of(value.split(",")).map(each -> Path.of(each).toAbsolutePath()).toList();
                case "--limit" -> limit = Duration.ofSeconds(Long.parseLong(value));
                case "--out" -> out = Path.of(value).toAbsolutePath();
                default -> {
                    System.out.println(HELP);
                    System.exit(arguments[i].equals("--help") ? 0 : 2);
                }
            }
        }
        if (!known.containsAll(rows) || rounds < 1 || scale <= 0) {
            System.err.println(HELP);
            System.exit(2);
        }
    }

    public static void main(String[] arguments) throws Exception {
        Bench bench = new Bench(arguments);
        if (!Files.isRegularFile(JAR)) {
            System.err.println("There is no " + JAR + ": bench/run makes it");
            System.exit(1);
        }
        Thread cleaner = new Thread(bench::close);
        Runtime.getRuntime().addShutdownHook(cleaner);
        try {
            bench.run();
        } catch (IOException e) {
            if (!bench.closing) {
                throw e;
            }
        } finally {
            bench.close();
        }
        System.exit(bench.tables.stream().allMatch(Table::right) ? 0 : 1);
    }

    private void run() throws Exception {
        for (Path site : sites) {
            Files.createDirectories(site);
        }
        for (Path site : sites) {
            scratch = Files.createTempDirectory(site, "bench-").toRealPath();
            Path made = scratch;
            started.push(() -> remove(made));
            for (String row : rows) {
                if (site != sites.get(0) && !Set.of("latency", "burst", "rename", "rm").contains(row)) {
                    continue;
                }
                switch (row) {
                    case "latency" -> latency(table("latency", "One small change", SMALL_CHANGE + " `floor` is one plain rsync of that file."),
                            List.of(Kind.DROMEDARY, Kind.FANOTIFY, Kind.SSH, Kind.LOCAL, Kind.TUNED, Kind.DIRECT, Kind.MANUAL, Kind.LOOP, Kind.FLOOR), n(40, 5));
                    case "far" -> latency(table("far", "One small change, to a daemon 50 ms of round trip away", SMALL_CHANGE
                            + " A relay holds each byte for 25 ms each way."), List.of(Kind.FAR, Kind.FAR_TUNED), n(20, 5));
                    case "burst" -> {
                        burst(n(20_000, 20), 0);
                        burst(n(100_000, 100), 0);
                        burst(n(20_000, 20), n(2_000, 2));
                    }
                    case "churn" -> churn();
                    case "hot" -> hot();
                    case "large" -> large();
                    case "rename" -> rename();
                    case "rm" -> rm();
                    case "tree" -> tree();
                    case "folders" -> {
                        for (int count : List.of(110_000, 300_000, 1_000_000)) {
                            folders(n(count, 100));
                        }
                    }
                    case "others" -> others();
                    case "targets" -> targets();
                    default -> start();
                }
                // after each, so that a run of hours that is cut off leaves what it has measured
                new Report().write();
            }
        }
        say("written: " + relative(out));
    }

    // ---------------------------------------------------------------- rows

    private void latency(Table table, List<Kind> kinds, int samples) throws Exception {
        table.note = table.note.formatted(samples);
        Map<Kind, List<Long>> all = new EnumMap<>(Kind.class);
        for (round = 1; round <= rounds; round++) {
            Map<Kind, Contestant> running = new EnumMap<>(Kind.class);
            Map<Kind, List<Long>> took = new EnumMap<>(Kind.class);
            try {
                for (Kind kind : drawn(kinds)) {
                    guard(table, kind, () -> {
                        Contestant each = new Contestant(kind, 1);
                        running.put(kind, each);
                        each.begin();
                        each.warmUp(kind == Kind.MANUAL ? 1 : 5);
                        took.put(kind, new ArrayList<>());
                        return null;
                    });
                }
                for (int i = 0; i < samples; i++) {
                    for (Kind kind : drawn(List.copyOf(took.keySet()))) {
                        List<Long> so = took.get(kind);
                        if (so.size() >= 5 && Collections.max(so) > 5e9) {
                            continue;
                        }
                        if (!guard(table, kind, () -> {
                            so.add(running.get(kind).change());
                            return null;
                        })) {
                            took.remove(kind);
                        }
                    }
                }
                for (Kind kind : took.keySet()) {
                    guard(table, kind, () -> {
                        running.get(kind).settle();
                        all.computeIfAbsent(kind, key -> new ArrayList<>()).addAll(took.get(kind));
                        return parts("", took.get(kind), 50, 95);
                    });
                }
            } finally {
                running.values().forEach(Contestant::close);
            }
        }
        all.forEach((kind, took) -> parts("", took, 99, 100).forEach((figure, value) -> table.add(kind, figure, value)));
        if (table.row.equals("latency") && scratch.startsWith(sites.get(0).toRealPath())) {
            plotted.putAll(all);
        }
    }

    private void burst(int files, int folders) throws Exception {
        String where = folders == 0 ? "in one new folder" : String.format(Locale.ROOT, "in %,d new folders", folders);
        Table table = table(folders > 0 ? "burst folders" : files == n(20_000, 20) ? "burst" : "burst large",
                String.format(Locale.ROOT, "Burst: %,d new files %s", files, where), "Files of 1 KiB; from the first write until source"
                + " and target are identical. `floor` is the same writing and then one rsync of the finished list.");
        List<String> names = new ArrayList<>();
        for (int i = 0; i < files; i++) {
            names.add(folders == 0 ? "dburst/f" + i : "dburst/d" + i % folders + "/f" + i);
        }
        eachRound(table, folders > 0 || files > n(20_000, 20) ? ALL
                : Stream.concat(ALL.stream(), Stream.of(Kind.FANOTIFY)).toList(), 0, (kind, each) -> {
            each.begin();
            each.warmUp(5);
            Traffic before = each.traffic();
            double cpu = each.cpu();
            byte[] content = new byte[1024];
            random.nextBytes(content);
            long start = System.nanoTime();
            Files.createDirectories(each.source.resolve("dburst"));
            for (int i = 0; i < folders; i++) {
                Files.createDirectory(each.source.resolve("dburst/d" + i));
            }
            for (String name : names) {
                Files.write(each.source.resolve(name), content);
            }
            double wrote = (System.nanoTime() - start) / 1e9;
            if (kind == Kind.FLOOR) {
                Path list = Files.write(each.home.resolve("list"), names);
                each.rsync("--files-from=" + list, each.source + "/");
            }
            double time = each.identical(start, signs(each, names), null);
            Map<String, Double> figures = figures("time, s", time, "writing of that, s", wrote);
            each.spent(figures, before, cpu);
            return figures;
        });
    }

    private void churn() throws Exception {
        int files = n(5_000, 50);
        int seconds = n(60, 3);
        Table table = table("churn", String.format(Locale.ROOT, "Churn: 200 changes a second over %,d files, for %d s", files, seconds),
                "The lag is that of each tenth write: until the target has it or a later one. CPU is that of the contender with all"
                + " its children and its rsync daemon, until source and target are identical; the loop has thousands of rsyncs"
                + " ahead of it even then.");
        eachRound(table, List.of(Kind.DROMEDARY, Kind.FANOTIFY, Kind.TUNED, Kind.MANUAL, Kind.LOOP), 0, (kind, each) -> {
            List<String> names = new ArrayList<>();
            for (int i = 0; i < files; i++) {
                names.add("d" + i % 50 + "/f" + i);
            }
            each.fill(names, 1024);
            each.begin();
            each.warmUp(5);
            Traffic before = each.traffic();
            double cpu = each.cpu();
            List<Long> took;
            double wrote;
            long start = System.nanoTime();
            try (Lag lag = new Lag(each)) {
                for (int i = 0; i < seconds * 200; i++) {
                    pause(start + i * 5_000_000L);
                    // a stride without a common factor with the number of files: neighbours in time are none in the list
                    lag.write(names.get((int) (i * 1_009L % files)), 1024 + i / files % 64, i % 10 == 0);
                }
                wrote = (System.nanoTime() - start) / 1e9;
                took = lag.all();
            }
            each.settle();
            Map<String, Double> figures = parts("lag ", took, 50, 99, 100);
            figures.put("writing took, s", wrote);
            each.spent(figures, before, cpu);
            return figures;
        });
    }

    private void hot() throws Exception {
        int seconds = n(10, 3);
        Table table = table("hot", "A hot file: appended 50 times a second for " + seconds + " s", "From a small change elsewhere, one each"
                + " 500 ms, to its arrival. The hot file is opened, gets 1 KiB and is closed each time.");
        eachRound(table, TWO, 0, (kind, each) -> {
            each.begin();
            each.warmUp(5);
            Traffic before = each.traffic();
            double cpu = each.cpu();
            List<Long> took;
            long start = System.nanoTime();
            try (Lag lag = new Lag(each)) {
                for (int i = 0; i < seconds * 50; i++) {
                    pause(start + i * 20_000_000L);
                    Files.write(each.source.resolve("fhot"), new byte[1024], StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                    if (i % 25 == 12) {
                        lag.write("fsmall", 1024 + i / 25 % 64, true);
                    }
                }
                took = lag.all();
            }
            each.settle();
            Map<String, Double> figures = parts("", took, 50, 99, 100);
            each.spent(figures, before, cpu);
            return figures;
        });
    }

    private void large() throws Exception {
        long room = Files.getFileStore(scratch).getUsableSpace() / 4;
        long size = Math.min((long) Math.max(scale * (2L << 30), 8 << 20), room);
        Table table = table("large", String.format(Locale.ROOT, "A large file of %,d MiB", size >> 20), "How long it took from its first byte, and from"
                + " a small change beside it, one each 500 ms until the large file had arrived, to that one's arrival.");
        eachRound(table, TWO, 0, (kind, each) -> {
            each.begin();
            each.warmUp(5);
            List<Long> took;
            double time;
            long start = System.nanoTime();
            Thread writer = new Thread(() -> {
                byte[] block = new byte[1 << 20];
                new Random(2).nextBytes(block);
                try (OutputStream file = Files.newOutputStream(each.source.resolve("flarge"))) {
                    for (long at = 0; at < size; at += block.length) {
                        file.write(block, 0, (int) Math.min(block.length, size - at));
                    }
                } catch (IOException e) {
                    say("the large file could not be written: " + e);
                }
            });
            writer.setDaemon(true);
            writer.start();
            File there = each.targets.get(0).resolve("flarge").toFile();
            try (Lag lag = new Lag(each)) {
                for (int i = 0; ; i++) {
                    long next = start + (i + 1) * 500_000_000L;
                    lag.write("fsmall", 1024 + i % 64, true);
                    while (there.length() < size && System.nanoTime() < next) {
                        Thread.sleep(5);
                    }
                    if (there.length() >= size) {
                        break;
                    }
                    inTime(start);
                    each.alive();
                }
                time = (System.nanoTime() - start) / 1e9;
                took = lag.all();
            }
            writer.join();
            each.settle();
            Map<String, Double> figures = figures("time, s", time, "small changes", (double) took.size());
            figures.putAll(parts("", took, 50, 99, 100));
            return figures;
        });
    }

    private void rename() throws Exception {
        int files = n(10_000, 20);
        Table table = table("rename", String.format(Locale.ROOT, "A folder of %,d files of 10 KiB renamed", files), "Until source and target are"
                + " identical. `floor` is one plain `rsync -a --delete` of the whole tree.");
        List<String> names = numbered("dold/f", files);
        eachRound(table, ALL, 0, (kind, each) -> {
            each.fill(names, 10_240);
            each.begin();
            each.warmUp(5);
            Traffic before = each.traffic();
            double cpu = each.cpu();
            long start = System.nanoTime();
            Files.move(each.source.resolve("dold"), each.source.resolve("dnew"));
            if (kind == Kind.FLOOR) {
                each.rsync("--delete", each.source + "/");
            }
            double time = each.identical(start, signs(each, numbered("dnew/f", files)), each.targets.get(0).resolve("dold"));
            Map<String, Double> figures = figures("time, s", time);
            each.spent(figures, before, cpu);
            figures.put("sent, % of the content", figures.get("sent, MiB") * MIB * 100 / (files * 10_240.0));
            return figures;
        });
    }

    private void rm() throws Exception {
        int files = n(100_000, 100);
        Table table = table("rm", String.format(Locale.ROOT, "A folder of %,d files removed", files), "From the start of `rm -rf` until source and"
                + " target are identical. `floor` is that and then one plain `rsync -a --delete` of the whole tree.");
        List<String> names = numbered("dold/f", files);
        eachRound(table, ALL, 0, (kind, each) -> {
            each.fill(names, 64);
            each.begin();
            each.warmUp(5);
            Traffic before = each.traffic();
            double cpu = each.cpu();
            long start = System.nanoTime();
            remove(each.source.resolve("dold"));
            double removed = (System.nanoTime() - start) / 1e9;
            if (kind == Kind.FLOOR) {
                each.rsync("--delete", each.source + "/");
            }
            double time = each.identical(start, List.of(), each.targets.get(0).resolve("dold"));
            Map<String, Double> figures = figures("time, s", time, "rm of that, s", removed);
            each.spent(figures, before, cpu);
            return figures;
        });
    }

    private void tree() throws Exception {
        int folders = n(110_000, 110);
        int files = n(300_000, 300);
        Table table = table("tree", String.format(Locale.ROOT, "A tree of %,d folders and %,d files", folders, files), "Source and target are the same"
                + " before each start, and the contenders take turns at one such pair. Watching: ready is 200; lsyncd begins with"
                + " its first rsync. Compared: that one has ended, too. The heap is what is used after a collection, a folder's part of"
                + " it the difference to an empty source. Idle: " + n(20, 3) + " s in which nothing changes.");
        // readString begins with one byte, and gets just one: a file below /proc/sys gives all to the first read
        if (!mayWatch(folders, table)) {
            return;
        }
        Path home = Files.createDirectory(scratch.resolve("tree"));
        Path source = Files.createDirectory(home.resolve("source"));
        Path target = Files.createDirectory(home.resolve("target"));
        List<String> paths = new ArrayList<>();
        for (int i = 0; i < folders; i++) {
            // ten folders in each; of that many files just one more below some
            paths.add((i < 10 ? "" : paths.get(i / 10 - 1) + "/") + "d" + i);
            Files.createDirectory(source.resolve(paths.get(i)));
        }
        for (int i = 0; i < files; i++) {
            Files.write(source.resolve(paths.get(i % folders) + "/f" + i), new byte[64]);
        }
        copy(source, target);
        for (round = 1; round <= rounds; round++) {
            for (Kind kind : drawn(TWO)) {
                guard(table, kind, () -> {
                    double empty = 0;
                    if (kind.ours()) {
                        try (Contestant none = new Contestant(kind, 1)) {
                            none.begin();
                            none.samples(10);
                            empty = none.heap();
                        }
                    }
                    try (Contestant each = new Contestant(kind, Files.createTempDirectory(scratch, "tree-"), source, List.of(target))) {
                        each.prepare();
                        long start = System.nanoTime();
                        each.launch();
                        each.await(start, each::settled);
                        double first = (System.nanoTime() - start) / 1e9;
                        each.stop();
                        start = System.nanoTime();
                        each.launch();
                        each.await(start, each::watching);
                        double watching = (System.nanoTime() - start) / 1e9;
                        each.await(start, each::settled);
                        double compared = (System.nanoTime() - start) / 1e9;
                        Thread.sleep(3_000);
                        double cpu = each.cpu();
                        long wakes = each.wakes();
                        long from = System.nanoTime();
                        Thread.sleep(n(20, 3) * 1_000L);
                        double idle = (System.nanoTime() - from) / 1e9;
                        Map<String, Double> figures = figures("watching, s", watching, "compared, s", compared,
                                "at the first start, s", first, "idle CPU, %",
                                (each.cpu() - cpu) * 100 / idle, "wake-ups a second", (each.wakes() - wakes) / idle);
                        figures.putAll(parts("", each.samples(n(20, 5)), 50, 95));
                        figures.put("RSS, MiB", each.memory("VmRSS"));
                        figures.put("peak, MiB", each.memory("VmHWM"));
                        if (kind.ours()) {
                            double heap = each.heap();
                            figures.put("heap, MiB", heap / MIB);
                            figures.put("heap a folder, B", (heap - empty) / folders);
                        }
                        each.settle();
                        return figures;
                    }
                });
                // whatever one has left wrong is not the next one's fault
                copy(source, target);
            }
        }
        remove(home);
    }

    /** By what a source is watched: how long that takes, and what it costs, the more folders there are. */
    private void folders(int folders) throws Exception {
        Table table = table("folders " + folders, String.format(Locale.ROOT, "The watch of %,d folders", folders), "No file is in them, and nothing is"
                + " compared at the start (`reconcile-on-start = false`, and `init = false` of lsyncd). Watching: ready is 200; lsyncd has as many watches"
                + " as there are folders. Above an empty source: the difference to the same start with no folder in it. The changes are made in the deepest"
                + " folder.");
        if (!mayWatch(folders, table)) {
            return;
        }
        Path home = Files.createDirectory(scratch.resolve("folders"));
        Path source = Files.createDirectory(home.resolve("source"));
        Path target = Files.createDirectory(home.resolve("target"));
        for (int i = 0; i < folders; i++) {
            // a hundred in each, of three levels
            Files.createDirectories(source.resolve("d" + i / 10_000 + "/d" + i / 100 % 100 + "/d" + i % 100));
        }
        for (round = 1; round <= rounds; round++) {
            // of a million lsyncd would take minutes each time
            for (Kind kind : drawn(folders > n(300_000, 100) ? List.of(Kind.DROMEDARY, Kind.FANOTIFY) : THREE)) {
                guard(table, kind, () -> {
                    Map<String, Double> empty = watched(kind, Files.createDirectories(home.resolve("empty")), target, 1);
                    Map<String, Double> full = watched(kind, source, target, folders);
                    full.put("above an empty source, s", full.get("watching, s") - empty.get("watching, s"));
                    full.put("RSS above it, MiB", full.get("RSS, MiB") - empty.get("RSS, MiB"));
                    return full;
                });
            }
        }
        remove(home);
    }

    private Map<String, Double> watched(Kind kind, Path source, Path target, int folders) throws Exception {
        try (Contestant each = new Contestant(kind, Files.createTempDirectory(scratch, "folders-"), source, List.of(target))) {
            each.compares = false;
            each.prepare();
            long start = System.nanoTime();
            each.launch();
            each.await(start, () -> kind.ours() ? each.watching() : each.watches() >= folders);
            double watching = (System.nanoTime() - start) / 1e9;
            each.warmUp(5);
            List<Long> took = each.samples(n(10, 3));
            Map<String, Double> figures = figures("watching, s", watching);
            figures.putAll(parts("", took, 50));
            figures.put("RSS, MiB", each.memory("VmRSS"));
            return figures;
        }
    }

    /** What others do on the file system of a source, which fanotify tells of, too. */
    private void others() throws Exception {
        int seconds = n(10, 2);
        Table table = table("others", "Others on the same file system: 100,000 events a second for " + seconds + " s", "Two processes write and remove files"
                + " beside the source, as fast as that gives 50,000 changes a second. CPU is that of the contender with all its children and its rsync daemon; meanwhile there is a small change each 500 ms.");
        eachRound(table, List.of(Kind.DROMEDARY, Kind.FANOTIFY), 0, (kind, each) -> {
            each.begin();
            each.warmUp(5);
            Path beside = Files.createDirectories(each.home.resolve("beside"));
            double cpu = each.cpu();
            long begun = System.nanoTime();
            long changes = 0;
            List<Long> took;
            try (Lag lag = new Lag(each)) {
                for (int i = 0; System.nanoTime() - begun < seconds * 1_000_000_000L; i++) {
                    // open for writing and close, then remove: CREATE, CLOSE_WRITE and DELETE
                    for (int j = 0; j < 330; j++) {
                        Path file = beside.resolve("f" + j);
                        Files.write(file, new byte[0]);
                        Files.delete(file);
                        changes += 3;
                    }
                    pause(begun + (i + 1) * 10_000_000L);
                    if (i % 50 == 25) {
                        lag.write("fsmall", 1024 + i / 50 % 64, true);
                    }
                }
                took = lag.all();
            }
            double lasted = (System.nanoTime() - begun) / 1e9;
            Map<String, Double> figures = figures("events of others a second", changes / lasted, "CPU, % of a core", (each.cpu() - cpu) * 100 / lasted);
            figures.putAll(parts("", took, 50, 100));
            each.settle();
            return figures;
        });
    }

    // as long as the bench lasts, if it may
    private boolean mayWatch(int folders, Table table) throws Exception {
        // readString begins with one byte, and gets just one: a file below /proc/sys gives all to the first read
        long watches = Long.parseLong(line("cat", WATCHES.toString()));
        // those between the deepest ones and the source, and what other programs watch, too
        long wanted = folders + folders / 10 + 2_000;
        if (watches >= wanted) {
            return true;
        }
        try {
            Files.writeString(WATCHES, Long.toString(wanted));
            started.push(() -> Files.writeString(WATCHES, Long.toString(watches)));
            return true;
        } catch (IOException e) {
            table.note += " **Not measured**: fs.inotify.max_user_watches is " + watches + ".";
            say(table.row + ": not measured, as fs.inotify.max_user_watches is " + watches);
            return false;
        }
    }

    private void targets() throws Exception {
        for (int count : scale < 1 ? new int[] {1, 4, 16} : new int[] {1, 4, 16, 64}) {
            Table table = table("targets " + count, count + (count == 1 ? " target" : " targets of one source"), "From a small change until *all*"
                    + " targets have it, " + n(10, 5) + " changes a round; the targets are modules of one rsync daemon, and lsyncd has"
                    + " a sync for each.");
            eachRound(table, TWO, count, (kind, each) -> {
                each.begin();
                each.warmUp(5);
                List<Long> took = each.samples(n(10, 5));
                each.settle();
                return parts("", took, 50, 100);
            });
        }
    }

    private void start() throws Exception {
        Table table = table("start", "Start", String.format(Locale.ROOT, "From the start of the process until a file that is not at the target yet has"
                + " arrived there. dromedary.jar weighs %.1f MB.", Files.size(JAR) / 1e6));
        List<Kind> kinds = newestJava() == null ? TWO : List.of(Kind.DROMEDARY, Kind.NEWEST, Kind.TUNED);
        if (kinds.contains(Kind.NEWEST)) {
            // bench/run has seen to that of its own Java
            runs(newestJava() + "/bin/java", "-cp", JAR.toString(), "dev.dromedary.jvm.ArchiveMaker", JAR.toString());
        }
        eachRound(table, kinds, 0, (kind, each) -> {
            byte[] content = content(1024);
            Files.write(each.source.resolve("ffirst"), content);
            each.prepare();
            long start = System.nanoTime();
            each.launch();
            each.arrived("ffirst", content, start);
            double time = (System.nanoTime() - start) / 1e9;
            each.await(start, each::settled);
            each.settle();
            return figures("first change, s", time);
        });
    }

    // ---------------------------------------------------------------- how a row is run

    private interface Work {
        Map<String, Double> by(Kind kind, Contestant each) throws Exception;
    }

    private interface Body {
        Map<String, Double> run() throws Exception;
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    @SuppressWarnings("serial")
    private static final class Late extends Exception {
    }

    @SuppressWarnings("serial")
    private static final class Wrong extends Exception {
        Wrong(String difference) {
            super(difference);
        }
    }

    private void eachRound(Table table, List<Kind> kinds, int targets, Work work) throws Exception {
        for (round = 1; round <= rounds; round++) {
            for (Kind kind : drawn(kinds)) {
                guard(table, kind, () -> {
                    try (Contestant each = new Contestant(kind, Math.max(1, targets))) {
                        return work.by(kind, each);
                    }
                });
            }
        }
    }

    /** Runs a part of a row for one contender, whose faults are its own; what is measured counts only if there was none. */
    private boolean guard(Table table, Kind kind, Body body) throws Exception {
        String outcome;
        try {
            Map<String, Double> figures = body.run();
            if (figures == null) {
                return true;
            }
            figures.forEach((figure, value) -> table.add(kind, figure, value));
            table.outcome(kind, "right");
            say(table.row + " on " + relative(table.site) + ", round " + round + "/" + rounds + ", " + kind.label + ": " + figures.entrySet()
                    .stream().map(each -> each.getKey() + " " + format(each.getValue())).collect(Collectors.joining("; ")));
            return true;
        } catch (Late e) {
            outcome = "> " + limit.toSeconds() + " s";
            table.late(kind);
        } catch (Wrong e) {
            outcome = "WRONG: " + e.getMessage();
        } catch (IOException | RuntimeException e) {
            if (closing) {
                throw e;
            }
            outcome = "FAILED: " + e.getMessage();
        }
        table.outcome(kind, outcome);
        say(table.row + " on " + relative(table.site) + ", round " + round + "/" + rounds + ", " + kind.label + ": " + outcome);
        return false;
    }

    private List<Kind> drawn(List<Kind> kinds) {
        List<Kind> drawn = new ArrayList<>(kinds);
        if (round > 1) {
            drawn.removeAll(ONCE);
        }
        Collections.shuffle(drawn, random);
        return drawn;
    }

    private int n(int full, int least) {
        return (int) Math.max(least, Math.round(full * scale));
    }

    private void inTime(long start) throws Late {
        if (System.nanoTime() - start > limit.toNanos()) {
            throw new Late();
        }
    }

    private Table table(String row, String title, String note) {
        Table table = new Table(scratch.getParent(), row, title, note);
        tables.add(table);
        return table;
    }

    // ---------------------------------------------------------------- one contender at work

    private record Traffic(long runs, long ended, long received) {
    }

    /** A contender with a source, its targets and an rsync daemon of its own. */
    private final class Contestant implements AutoCloseable {

        private final Kind kind;
        private final Path home;
        private final Path source;
        private final List<Path> targets;
        private final int http = freePort();
        private final List<Process> processes = new CopyOnWriteArrayList<>();
        private Process process;
        private Relay relay;
        private List<String> urls;
        private int watched;
        private int count;

        /** Whether it compares the whole tree at its start. */
        private boolean compares = true;

        Contestant(Kind kind, int targets) throws IOException {
            this(kind, Files.createTempDirectory(scratch, kind.name().toLowerCase(Locale.ROOT) + "-"), null, null, targets);
        }

        Contestant(Kind kind, Path home, Path source, List<Path> targets) throws IOException {
            this(kind, home, source, targets, targets.size());
        }

        private Contestant(Kind kind, Path home, Path source, List<Path> targets, int count) throws IOException {
            this.kind = kind;
            this.home = home;
            this.source = source != null ? source : Files.createDirectory(home.resolve("source"));
            List<Path> made = new ArrayList<>();
            for (int i = 0; targets == null && i < count; i++) {
                made.add(Files.createDirectory(home.resolve("target" + i)));
            }
            this.targets = targets != null ? targets : made;
            started.push(this);
        }

        /** Starts it, and waits until source and target are compared. */
        void begin() throws Exception {
            long start = System.nanoTime();
            prepare();
            launch();
            await(start, this::watching);
            await(start, this::settled);
        }

        /** What it needs besides itself, and what takes none of its time. */
        void prepare() throws Exception {
            urls = kind == Kind.LOCAL || kind == Kind.DIRECT ? List.of(targets.get(0) + "/") : kind == Kind.SSH ? List.of(sshd()) : daemon();
            if (kind == Kind.LOOP) {
                try (Stream<Path> all = Files.walk(source)) {
                    watched = (int) all.filter(Files::isDirectory).count();
                }
            }
        }

        void launch() throws Exception {
            if (kind == Kind.FLOOR) {
                return;
            }
            if (kind.ours()) {
                List<String> lines = new ArrayList<>(List.of("mirror.b.source = " + source, "camel.server.port = " + http));
                for (int i = 0; i < urls.size(); i++) {
                    lines.add("mirror.b.target.t" + i + ".url = " + urls.get(i));
                }
                if (kind == Kind.FANOTIFY) {
                    lines.add("mirror.b.watch = fanotify");
                }
                if (!compares) {
                    lines.add("mirror.b.reconcile-on-start = false");
                }
                if (kind == Kind.SSH) {
                    lines.add("mirror.b.ssh-options = -F /dev/null -i " + home.resolve("user-key") + " -o IdentitiesOnly=yes -o"
                            + " StrictHostKeyChecking=no -o UserKnownHostsFile=" + home.resolve("known_hosts"));
                }
                String file = Files.write(home.resolve("application.properties"), lines).toString();
                // its state lies in the folder it is started in
                process = spawn("output", (kind == Kind.NEWEST ? newestJava() : Path.of(JAVA_HOME)).resolve("bin/java").toString(), "-jar",
                        JAR.toString(), "--config", file);
            } else if (kind.lsyncd()) {
                List<String> lines = new ArrayList<>(List.of("settings { logfile = \"" + home.resolve("log") + "\", nodaemon = true }"));
                for (String each : urls) {
                    lines.add("sync { default." + (kind == Kind.DIRECT ? "direct" : "rsync") + ", source = \"" + source + "\", target = \"" + each + "\""
                            + (kind == Kind.MANUAL ? "" : kind == Kind.DIRECT ? ", delay = 0"
                                    : ", delay = 0, rsync = { _extra = { \"--sockopts=TCP_NODELAY\" } }")
                            + (compares ? "" : ", init = false") + " }");
                }
                process = spawn("output", "lsyncd", "-nodaemon", Files.write(home.resolve("lsyncd.conf"), lines).toString());
            } else {
                String script = "inotifywait -m -r -q -e close_write,create,delete,move,attrib --format %w \"$1\" | while read -r line; do"
                        + " rsync -a --delete \"$1/\" \"$2\"; done";
                process = spawn("output", "sh", "-c", script, "sh", source.toString(), urls.get(0));
            }
        }

        private List<String> daemon() throws Exception {
            int port = freePort();
            // a host for each target would have a queue of its own; 5 places are few for all, and who finds none waits for 1 s
            List<String> lines = new ArrayList<>(List.of("use chroot = no", "munge symlinks = no", "socket options = TCP_NODELAY",
                    "listen backlog = 128", "log file = " + home.resolve("daemon-log"), "lock file = " + home.resolve("lock"), "reverse lookup = no"));
            if (isRoot()) {
                lines.addAll(List.of("uid = 0", "gid = 0"));
            }
            List<String> urls = new ArrayList<>();
            for (int i = 0; i < targets.size(); i++) {
                lines.addAll(List.of("[m" + i + "]", "path = " + targets.get(i), "read only = no"));
                urls.add("rsync://127.0.0.1:" + port + "/m" + i + "/");
            }
            spawn("daemon-output", "rsync", "--daemon", "--no-detach", "--address=127.0.0.1", "--port=" + port, "--config="
                    + Files.write(home.resolve("rsyncd.conf"), lines));
            await(System.nanoTime(), () -> accepts(port));
            if (kind == Kind.FAR || kind == Kind.FAR_TUNED) {
                relay = new Relay(port);
                return List.of("rsync://127.0.0.1:" + relay.port() + "/m0/");
            }
            return urls;
        }

        private String sshd() throws Exception {
            int port = freePort();
            for (String key : List.of("host-key", "user-key")) {
                runs("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", home.resolve(key).toString());
            }
            if (isRoot()) {
                // sshd wants its folder for the separation of privileges, which its service would have made
                Files.createDirectories(Path.of("/run/sshd"));
            }
            // with SHLVL bash reads no ~/.bashrc, which may take longer than all else
            Path file = Files.write(home.resolve("sshd_config"), List.of("ListenAddress 127.0.0.1", "Port " + port, "HostKey "
                    + home.resolve("host-key"), "AuthorizedKeysFile " + home.resolve("user-key.pub"), "PidFile none", "StrictModes no",
                    "UsePAM no", "PasswordAuthentication no", "PermitRootLogin yes", "SetEnv SHLVL=1"));
            String sshd = Stream.of("/usr/sbin/sshd", "/usr/bin/sshd", "/usr/local/sbin/sshd").filter(each -> Files.isExecutable(Path.of(each)))
                    .findFirst().orElseThrow(() -> new IOException("there is no sshd"));
            spawn("sshd-output", sshd, "-D", "-e", "-f", file.toString());
            await(System.nanoTime(), () -> accepts(port));
            return "ssh://" + System.getProperty("user.name") + "@127.0.0.1:" + port + targets.get(0) + "/";
        }

        private Process spawn(String output, String... command) throws IOException {
            ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile()).redirectErrorStream(true)
                    .redirectInput(Redirect.from(new File("/dev/null"))).redirectOutput(home.resolve(output).toFile());
            builder.environment().put("JAVA_HOME", JAVA_HOME);
            builder.environment().keySet().removeAll(List.of("RSYNC_PROXY", "RSYNC_CONNECT_PROG", "RSYNC_RSH", "JAVA_OPTS"));
            synchronized (started) {
                if (closing) {
                    throw new IOException("it is being ended");
                }
                Process process = builder.start();
                processes.add(0, process);
                return process;
            }
        }

        /** Ends the contender itself; what it needs besides stays. */
        void stop() throws IOException {
            end(process);
            processes.remove(process);
            Files.deleteIfExists(home.resolve("log"));
        }

        boolean watching() throws IOException {
            return switch (kind) {
                case FLOOR -> true;
                case LOOP -> watches() >= watched;
                case TUNED, DIRECT, FAR_TUNED, MANUAL -> logged("recursive startup rsync: ") >= targets.size();
                default -> get("/observe/health/ready") != null;
            };
        }

        /** Whether all that it knew of has been carried. */
        boolean settled() throws IOException {
            if (kind.lsyncd()) {
                return logged("Startup of .* finished") >= targets.size();
            }
            if (!kind.ours()) {
                return true;
            }
            String status = get("/api/status");
            return status != null && !Pattern.compile("\"owed\":[1-9]|\"runs\":\\[\\{|\"lastReconcile\":null").matcher(status).find();
        }

        private int logged(String what) throws IOException {
            Path log = home.resolve("log");
            return Files.exists(log) ? (int) Pattern.compile(what).matcher(Files.readString(log, StandardCharsets.ISO_8859_1)).results().count() : 0;
        }

        private int watches() throws IOException {
            int watches = 0;
            for (ProcessHandle each : Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList()) {
                File[] files = new File("/proc/" + each.pid() + "/fdinfo").listFiles();
                for (File file : files == null ? new File[0] : files) {
                    byte[] facts = read(file.toPath());
                    watches += facts == null ? 0 : (int) new String(facts, StandardCharsets.ISO_8859_1).lines()
                            .filter(line -> line.startsWith("inotify wd")).count();
                }
            }
            return watches;
        }

        private String get(String path) {
            try {
                HttpResponse<String> response = HTTP.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http + path))
                        .timeout(Duration.ofSeconds(10)).build(), HttpResponse.BodyHandlers.ofString());
                return response.statusCode() == 200 ? response.body() : null;
            } catch (IOException e) {
                return null;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
        }

        void await(long start, Condition condition) throws Exception {
            while (!condition.holds()) {
                alive();
                inTime(start);
                Thread.sleep(compares || kind.ours() ? 10 : 200);
            }
        }

        void alive() throws IOException {
            for (Process each : processes) {
                if (!each.isAlive()) {
                    throw new IOException("a process has ended with " + each.exitValue() + ": " + tail());
                }
            }
        }

        private String tail() throws IOException {
            StringBuilder tail = new StringBuilder();
            for (String name : List.of("output", "daemon-output", "sshd-output")) {
                byte[] said = read(home.resolve(name));
                List<String> lines = said == null ? List.of() : new String(said, StandardCharsets.UTF_8).lines().toList();
                tail.append(String.join(" ", lines.subList(Math.max(0, lines.size() - 3), lines.size())));
            }
            return tail.toString();
        }

        /** Files that source and target have before anything is started. */
        void fill(List<String> names, int size) throws Exception {
            byte[] content = new byte[size];
            Set<Path> folders = new LinkedHashSet<>();
            for (String name : names) {
                Path file = source.resolve(name);
                if (folders.add(file.getParent())) {
                    Files.createDirectories(file.getParent());
                }
                random.nextBytes(content);
                Files.write(file, content);
            }
            copy(source, targets.get(0));
        }

        void warmUp(int changes) throws Exception {
            long end = System.nanoTime() + 2_000_000_000L;
            for (int i = 0; i < changes && (i == 0 || System.nanoTime() < end); i++) {
                change();
            }
            if (kind == Kind.LOOP) {
                // it goes on for a while after the last one
                Thread.sleep(500);
            }
        }

        List<Long> samples(int changes) throws Exception {
            List<Long> took = new ArrayList<>();
            for (int i = 0; i < changes; i++) {
                took.add(change());
            }
            return took;
        }

        /** {@return how long a small change took to all targets, in nanoseconds} */
        long change() throws Exception {
            // longer than the window: each change finds the target idle
            Thread.sleep(100 + random.nextInt(50));
            count++;
            // of another size each time: rsync takes one of the same size and second for the same
            byte[] content = content(1024 + count % 64);
            String name = count % 2 == 0 ? "fnew-" + sequence.get() : "frewritten";
            Path file = source.resolve(name);
            long start = System.nanoTime();
            Files.write(file, content);
            Process rsync = kind != Kind.FLOOR ? null
                    : spawn("output", "rsync", "-a", "--sockopts=TCP_NODELAY", file.toString(), urls.get(0));
            arrived(name, content, start);
            long took = System.nanoTime() - start;
            if (rsync != null) {
                ended(rsync);
            }
            return took;
        }

        void arrived(String name, byte[] content, long start) throws Exception {
            for (Path target : targets) {
                Path there = target.resolve(name);
                File quick = there.toFile();
                while (quick.length() != content.length || !Arrays.equals(content, read(there))) {
                    inTime(start);
                    if (kind != Kind.FLOOR && !process.isAlive()) {
                        alive();
                    }
                    LockSupport.parkNanos(200_000);
                }
            }
        }

        /** The plain rsync of the floor. */
        void rsync(String... arguments) throws Exception {
            List<String> command = new ArrayList<>(List.of("rsync", "-a", "--sockopts=TCP_NODELAY"));
            command.addAll(List.of(arguments));
            command.add(urls.get(0));
            ended(spawn("output", command.toArray(String[]::new)));
        }

        private void ended(Process rsync) throws Exception {
            if (!rsync.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
                throw new Late();
            }
            processes.remove(rsync);
            if (rsync.exitValue() != 0) {
                throw new IOException("rsync has ended with " + rsync.exitValue() + ": " + tail());
            }
        }

        /**
         * {@return after how many seconds source and target were identical}
         *
         * @param signs files that the target must have; each is looked for only when the one before is there, which costs little
         * @param gone what it must have no more
         */
        double identical(long start, List<Path> signs, Path gone) throws Exception {
            File source = this.source.toFile();
            File target = targets.get(0).toFile();
            long files = files(source);
            long counted = 0;
            for (int next = 0; ; ) {
                if (next < signs.size() ? !signs.get(next).toFile().exists() : gone != null && gone.toFile().exists()) {
                    inTime(start);
                    alive();
                    LockSupport.parkNanos(1_000_000);
                } else if (next < signs.size()) {
                    next++;
                } else {
                    long at = System.nanoTime();
                    if (files(target) == files) {
                        // rsync gives a file its name when its content, size and time are right: what is counted is whole
                        String difference = differs(this.source, targets.get(0));
                        if (difference == null) {
                            return (at - start) / 1e9;
                        }
                        counted = counted == 0 ? at : counted;
                        if (at - counted > Math.min(limit.toNanos() / 2, Duration.ofSeconds(60).toNanos())) {
                            throw new Wrong(difference);
                        }
                    }
                    inTime(start);
                    alive();
                    // at most a fifth of a processor
                    LockSupport.parkNanos(Math.max(2_000_000, 4 * (System.nanoTime() - at)));
                }
            }
        }

        /** Waits until source and targets are identical, for a minute at most. */
        void settle() throws Exception {
            long start = System.nanoTime();
            for (Path target : targets) {
                String difference;
                while ((difference = differs(source, target)) != null) {
                    long now = System.nanoTime();
                    if (now - start > Duration.ofSeconds(60).toNanos()) {
                        throw new Wrong(difference);
                    }
                    alive();
                    Thread.sleep(20);
                }
            }
        }

        /** What its rsync daemon has seen, when the runs that are under way have ended: that is asked of all alike. */
        Traffic traffic() throws Exception {
            Traffic traffic;
            long end = System.nanoTime() + 3_000_000_000L;
            do {
                long runs = 0;
                long ended = 0;
                long received = 0;
                for (String line : Files.readAllLines(home.resolve("daemon-log"), StandardCharsets.ISO_8859_1)) {
                    runs += line.contains("] receiving file list") ? 1 : 0;
                    Matcher matcher = RECEIVED.matcher(line);
                    if (matcher.find()) {
                        ended++;
                        received += Long.parseLong(matcher.group(1).replace(",", "").replace(".", ""));
                    }
                }
                traffic = new Traffic(runs, ended, received);
                if (traffic.ended >= traffic.runs) {
                    break;
                }
                Thread.sleep(20);
            } while (System.nanoTime() < end);
            return traffic;
        }

        void spent(Map<String, Double> figures, Traffic before, double cpuBefore) throws Exception {
            double cpu = cpu() - cpuBefore;
            Traffic after = traffic();
            if (kind != Kind.LOOP) {
                // with what was just ending; the loop would go on and on
                Thread.sleep(100);
                cpu = cpu() - cpuBefore;
            }
            figures.put("runs", (double) after.runs - before.runs);
            figures.put("sent, MiB", (after.received - before.received) / MIB);
            if (kind != Kind.FLOOR) {
                figures.put("CPU, s", cpu);
            }
        }

        /** {@return seconds that it, its rsync daemon and all their children have worked, also those that have ended} */
        double cpu() throws IOException {
            long ticks = 0;
            for (Process root : processes) {
                for (ProcessHandle each : Stream.concat(Stream.of(root.toHandle()), root.descendants()).toList()) {
                    byte[] stat = read(Path.of("/proc/" + each.pid() + "/stat"));
                    if (stat != null) {
                        String text = new String(stat, StandardCharsets.ISO_8859_1);
                        String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
                        ticks += Stream.of(11, 12, 13, 14).mapToLong(i -> Long.parseLong(fields[i])).sum();
                    }
                }
            }
            return ticks / TICKS;
        }

        long wakes() throws IOException {
            long wakes = 0;
            File[] threads = new File("/proc/" + process.pid() + "/task").listFiles();
            for (File thread : threads == null ? new File[0] : threads) {
                wakes += fact(thread.toPath().resolve("status"), "voluntary_ctxt_switches");
            }
            return wakes;
        }

        double memory(String name) throws IOException {
            return fact(Path.of("/proc/" + process.pid() + "/status"), name) / 1024.0;
        }

        /** {@return bytes that are used after a collection} */
        double heap() throws Exception {
            String pid = Long.toString(process.pid());
            said(JAVA_HOME + "/bin/jcmd", pid, "GC.run");
            Matcher matcher = Pattern.compile("(?:generation|heap) .*?used (\\d+)K").matcher(said(JAVA_HOME + "/bin/jcmd", pid, "GC.heap_info"));
            double used = 0;
            while (matcher.find()) {
                used += Long.parseLong(matcher.group(1)) * 1024.0;
            }
            if (used == 0) {
                throw new IOException("jcmd says nothing of the heap");
            }
            return used;
        }

        @Override
        public void close() {
            started.remove(this);
            processes.forEach(Bench::end);
            if (relay != null) {
                relay.close();
            }
            try {
                remove(home);
            } catch (Exception e) {
                say("could not be removed: " + home + ": " + e);
            }
        }
    }

    /** Hands on what comes, byte by byte later: a distance, where the kernel has none to offer (tc-netem(8)). */
    private static final class Relay implements AutoCloseable {

        private record Held(byte[] bytes, long due) {
        }

        private final ServerSocket server;
        private final int port;
        private final List<Socket> sockets = new CopyOnWriteArrayList<>();

        Relay(int port) throws IOException {
            this.port = port;
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            thread(this::accept);
        }

        int port() {
            return server.getLocalPort();
        }

        private static void thread(Runnable what) {
            Thread thread = new Thread(what, "relay");
            thread.setDaemon(true);
            thread.start();
        }

        private void accept() {
            try {
                while (true) {
                    Socket here = server.accept();
                    sockets.add(here);
                    Socket there = new Socket(InetAddress.getLoopbackAddress(), port);
                    sockets.add(there);
                    here.setTcpNoDelay(true);
                    there.setTcpNoDelay(true);
                    hold(here, there);
                    hold(there, here);
                }
            } catch (IOException e) {
                close();
            }
        }

        private static void hold(Socket from, Socket to) {
            BlockingQueue<Held> held = new LinkedBlockingQueue<>();
            thread(() -> {
                byte[] buffer = new byte[65_536];
                int length;
                try {
                    while ((length = from.getInputStream().read(buffer)) >= 0) {
                        held.add(new Held(Arrays.copyOf(buffer, length), System.nanoTime() + DISTANCE.toNanos()));
                    }
                } catch (IOException e) {
                    // the end of it, too
                }
                held.add(new Held(null, System.nanoTime() + DISTANCE.toNanos()));
            });
            thread(() -> {
                try {
                    for (Held next; (next = held.take()).bytes != null; ) {
                        pause(next.due);
                        to.getOutputStream().write(next.bytes);
                    }
                    to.shutdownOutput();
                } catch (IOException | InterruptedException e) {
                    // nobody is there any more
                }
            });
        }

        @Override
        public void close() {
            try {
                server.close();
                for (Socket each : sockets) {
                    each.close();
                }
            } catch (IOException e) {
                say("a relay could not be closed: " + e);
            }
        }
    }

    /** Notes when what was written is at the target. */
    private final class Lag implements AutoCloseable {

        private record Pending(File there, long number, long start) {
        }

        private final Contestant each;
        private final Queue<Pending> added = new ConcurrentLinkedQueue<>();
        private final Queue<Long> took = new ConcurrentLinkedQueue<>();
        private final Thread thread = new Thread(this::poll);
        private volatile boolean ended;
        private int written;

        Lag(Contestant each) {
            this.each = each;
            thread.setDaemon(true);
            thread.start();
        }

        void write(String name, int size, boolean measured) throws IOException {
            byte[] content = content(size);
            long start = System.nanoTime();
            Files.write(each.source.resolve(name), content);
            if (measured) {
                written++;
                added.add(new Pending(each.targets.get(0).resolve(name).toFile(), sequence.get(), start));
            }
        }

        private void poll() {
            List<Pending> pending = new ArrayList<>();
            while (!ended) {
                long now = System.nanoTime();
                for (Pending next; (next = added.poll()) != null; ) {
                    pending.add(next);
                }
                pending.removeIf(next -> {
                    if (number(next.there) < next.number) {
                        return false;
                    }
                    took.add(System.nanoTime() - next.start);
                    return true;
                });
                // at most a fifth of a processor, however much is pending
                LockSupport.parkNanos(Math.max(250_000, 4 * (System.nanoTime() - now)));
            }
        }

        /** Waits for those that are on their way. */
        List<Long> all() throws Exception {
            long start = System.nanoTime();
            while (took.size() < written) {
                each.alive();
                inTime(start);
                Thread.sleep(1);
            }
            return List.copyOf(took);
        }

        @Override
        public void close() {
            ended = true;
        }
    }

    // a number that grows from write to write, and something behind it
    private byte[] content(int size) {
        byte[] content = Arrays.copyOf(String.format("%019d%n", sequence.incrementAndGet()).getBytes(StandardCharsets.US_ASCII), size);
        Arrays.fill(content, 20, size, (byte) ('a' + sequence.get() % 26));
        return content;
    }

    private static long number(File file) {
        if (file.length() < 20) {
            return -1;
        }
        try (RandomAccessFile in = new RandomAccessFile(file, "r")) {
            byte[] head = new byte[19];
            in.readFully(head);
            return head[0] < '0' || head[0] > '9' ? -1 : Long.parseLong(new String(head, StandardCharsets.US_ASCII));
        } catch (IOException | NumberFormatException e) {
            return -1;
        }
    }

    // ---------------------------------------------------------------- what came of it

    /** A row's figures on one site. */
    private final class Table {

        private final Path site;
        private final String row;
        private final String title;
        private String note;
        private final Map<Kind, Map<String, List<Double>>> values = new EnumMap<>(Kind.class);
        private final Map<Kind, List<String>> outcomes = new EnumMap<>(Kind.class);
        private final Map<Kind, Integer> late = new EnumMap<>(Kind.class);
        private final Set<String> figures = new LinkedHashSet<>();

        Table(Path site, String row, String title, String note) {
            this.site = site;
            this.row = row;
            this.title = title;
            this.note = note;
        }

        void add(Kind kind, String figure, double value) {
            figures.add(figure);
            values.computeIfAbsent(kind, key -> new LinkedHashMap<>()).computeIfAbsent(figure, key -> new ArrayList<>()).add(value);
        }

        void outcome(Kind kind, String outcome) {
            outcomes.computeIfAbsent(kind, key -> new ArrayList<>()).add(outcome);
        }

        void late(Kind kind) {
            late.merge(kind, 1, Integer::sum);
        }

        boolean right() {
            return outcomes.keySet().stream().filter(Kind::ours).allMatch(this::right);
        }

        boolean right(Kind kind) {
            return outcomes.getOrDefault(kind, List.of("none")).stream().allMatch("right"::equals);
        }

        /** In order; what was late took at least the limit in the first figure, which is always a time. */
        private List<Double> sorted(Kind kind, String figure) {
            List<Double> all = new ArrayList<>(values.getOrDefault(kind, Map.of()).getOrDefault(figure, List.of()));
            if (figure.equals(figures.stream().findFirst().orElse(""))) {
                all.addAll(Collections.nCopies(late.getOrDefault(kind, 0), most(figure)));
            }
            Collections.sort(all);
            return all;
        }

        private double most(String figure) {
            return limit.toSeconds() * (figure.endsWith("ms") ? 1e3 : 1.0);
        }

        double median(Kind kind, String figure) {
            List<Double> all = sorted(kind, figure);
            int size = all.size();
            return size == 0 ? Double.NaN : (all.get(size / 2) + all.get((size - 1) / 2)) / 2;
        }

        private boolean isLate(Kind kind, String figure) {
            return late.containsKey(kind) && median(kind, figure) >= most(figure);
        }

        private String cell(Kind kind, String figure) {
            List<Double> all = sorted(kind, figure);
            if (all.isEmpty()) {
                boolean first = figure.equals(figures.iterator().next());
                return first && !right(kind) ? "**" + outcomes.get(kind).get(0).replaceAll(":.*", "") + "**" : "–";
            }
            String median = (isLate(kind, figure) ? "> " : "") + format(median(kind, figure));
            String least = format(all.get(0));
            String most = format(all.get(all.size() - 1));
            return all.size() == 1 || least.equals(most) ? median : median + " (" + least + "–" + most + ")";
        }

        private String outcome(Kind kind) {
            List<String> all = outcomes.get(kind);
            List<String> faults = all.stream().filter(each -> !each.equals("right")).toList();
            String first = faults.isEmpty() ? "" : faults.get(0).replace(site + "/", "");
            return faults.isEmpty() ? "right"
                    : "**" + escaped(first.substring(0, Math.min(150, first.length()))) + "**, " + faults.size() + " of " + all.size();
        }

        void markdown(StringBuilder text) {
            text.append("### ").append(title).append(", ").append(relative(site)).append("\n\n").append(note).append("\n\n");
            if (outcomes.isEmpty()) {
                return;
            }
            text.append("| |").append(figures.stream().map(each -> " " + each + " |").collect(Collectors.joining())).append(" outcome |\n|---|")
                    .append("---:|".repeat(figures.size())).append("---|\n");
            for (Kind kind : outcomes.keySet()) {
                text.append("| ").append(kind.label).append(" |");
                figures.forEach(figure -> text.append(' ').append(cell(kind, figure)).append(" |"));
                text.append(' ').append(outcome(kind)).append(" |\n");
            }
            for (Kind other : List.of(Kind.TUNED, Kind.FLOOR)) {
                if (values.containsKey(Kind.DROMEDARY) && outcomes.containsKey(other) && figures.stream().anyMatch(each -> !sorted(other, each).isEmpty())) {
                    text.append("| *dromedary : ").append(other.label).append("* |");
                    figures.forEach(figure -> text.append(' ').append(ratio(figure, other)).append(" |"));
                    text.append(" |\n");
                }
            }
            text.append('\n');
        }

        private String ratio(String figure, Kind other) {
            double ratio = median(Kind.DROMEDARY, figure) / median(other, figure);
            // what the benchmark itself has done is no one's merit
            boolean own = figure.startsWith("writing") || figure.startsWith("rm of") || figure.startsWith("small changes");
            String beyond = isLate(other, figure) ? "< " : isLate(Kind.DROMEDARY, figure) ? "> " : "";
            return own ? "" : Double.isNaN(ratio) || Double.isInfinite(ratio) ? "–" : beyond + format(ratio);
        }
    }

    /** The document and its plot. */
    private final class Report {

        private final StringBuilder text = new StringBuilder();

        void write() throws Exception {
            Path plot = out.resolveSibling(out.getFileName().toString().replaceAll("\\.md$", "") + ".svg");
            head();
            goals();
            if (plot(plot)) {
                text.append("![Latency of a small change, and bursts](").append(plot.getFileName()).append(")\n\n");
            }
            text.append("## Figures\n\n");
            tables.forEach(table -> table.markdown(text));
            Files.createDirectories(out.getParent());
            Files.writeString(out, text.toString().stripTrailing() + "\n");
        }

        private void head() throws Exception {
            String memory = Files.readAllLines(Path.of("/proc/meminfo")).get(0).replaceAll("\\D", "");
            text.append("# Benchmarks\n\n`").append(command).append("`, ").append(LocalDate.now()).append(", a scale of ").append(scale)
                    .append("; load ").append(loadBefore).append(" before and ").append(load()).append(" after. This document holds what that one run"
                    + " has measured, and nothing else.\n\n");
            List<String> facts = new ArrayList<>(List.of(line(JAVA_HOME + "/bin/java", "-jar", JAR.toString(), "--version"), line("rsync", "--version"),
                    "lsyncd " + line("lsyncd", "-version").replaceAll(".*: ", ""), line("inotifywait", "--help"),
                    "Java " + System.getProperty("java.version"), "Linux " + System.getProperty("os.version"),
                    Runtime.getRuntime().availableProcessors() + " × " + processor(), format(Long.parseLong(memory) / 1048576.0) + " GiB of memory"));
            for (Path site : sites) {
                facts.add(relative(site) + " on " + Files.getFileStore(site).type());
            }
            text.append(String.join(", ", facts)).append(".\n\n");
            text.append("""
                    | contender | what it is |
                    |---|---|
                    | dromedary | `java -jar target/dromedary.jar` with a source and a target in its configuration, all else as it is by default |
                    | lsyncd tuned | `default.rsync` with `delay = 0` and `rsync = { _extra = {"--sockopts=TCP_NODELAY"} }` |
                    | lsyncd direct | `default.direct` with `delay = 0` |
                    | lsyncd manual | `default.rsync` as its manual has it, with its delay of 15 s |
                    | inotifywait loop | `inotifywait -m -r … \\| while read -r line; do rsync -a --delete …; done` |
                    | floor | one plain `rsync -a --sockopts=TCP_NODELAY` that is told what to do |

                    Each has a source, a target and an rsync daemon (`use chroot = no`, `socket options = TCP_NODELAY`, `listen backlog =
                    128`) on loopback of its own. In each round they do the same, in an order that is drawn anew; lsyncd by its manual and the loop take part in the
                    first round only. Figures are the median of the rounds (and the least and most of them); those of latencies are of each
                    round's changes first. They count only if source and target were identical at the end: the same paths, types and sizes, and the same content (beyond %,d files: the same time); modes are
                    not compared, as lsyncd carries none by default. Runs and bytes are what the rsync daemon has logged, CPU is that of
                    contender, daemon and all their children.

                    """.formatted(READ));
        }

        private void goals() throws Exception {
            StringBuilder lines = new StringBuilder();
            for (Path site : tables.stream().map(table -> table.site).distinct().toList()) {
                String ms = "p50, ms";
                goal(lines, site, "latency", "p50, to lsyncd tuned", 0.4, table -> ratio(table, ms, Kind.TUNED));
                goal(lines, site, "latency", "p99, to its own p50", 3, table -> table.median(Kind.DROMEDARY, "p99, ms") / table.median(Kind.DROMEDARY, ms));
                goal(lines, site, "latency", "local, p50, to lsyncd direct", 0.7, table -> table.median(Kind.LOCAL, ms) / table.median(Kind.DIRECT, ms));
                goal(lines, site, "far", "p50, to lsyncd tuned", 0.3, table -> table.median(Kind.FAR, ms) / table.median(Kind.FAR_TUNED, ms));
                goal(lines, site, "burst", "time, to lsyncd tuned", 0.17, table -> ratio(table, "time, s", Kind.TUNED));
                goal(lines, site, "burst", "time, to floor", 1, table -> ratio(table, "time, s", Kind.FLOOR));
                goal(lines, site, "churn", "lag p99, to lsyncd tuned", 0.5, table -> ratio(table, "lag p99, ms", Kind.TUNED));
                goal(lines, site, "churn", "CPU, to lsyncd tuned", 0.9, table -> ratio(table, "CPU, s", Kind.TUNED));
                goal(lines, site, "hot", "p99, to lsyncd tuned", 0.6, table -> ratio(table, "p99, ms", Kind.TUNED));
                goal(lines, site, "large", "time, to lsyncd tuned", 1, table -> ratio(table, "time, s", Kind.TUNED));
                goal(lines, site, "rename", "sent, % of the content", 1, table -> table.median(Kind.DROMEDARY, "sent, % of the content"));
                goal(lines, site, "tree", "watching, to lsyncd tuned", 0.8, table -> ratio(table, "watching, s", Kind.TUNED));
                goal(lines, site, "tree", "compared, to lsyncd tuned", 1, table -> ratio(table, "compared, s", Kind.TUNED));
                goal(lines, site, "tree", "RSS, MiB", 140, table -> table.median(Kind.DROMEDARY, "RSS, MiB"));
                goal(lines, site, "tree", "heap a folder, B", 300, table -> table.median(Kind.DROMEDARY, "heap a folder, B"));
                goal(lines, site, "tree", "idle CPU, %", 0.1, table -> table.median(Kind.DROMEDARY, "idle CPU, %"));
                goal(lines, site, "folders 300000", "by fanotify, watching, to lsyncd tuned", 0.35, table -> table.median(Kind.FANOTIFY, "watching, s") / table.median(Kind.TUNED, "watching, s"));
                goal(lines, site, "folders 1000000", "by fanotify, above an empty source, s", 0.3, table -> table.median(Kind.FANOTIFY, "above an empty source, s"));
                goal(lines, site, "folders 1000000", "by fanotify, RSS above it, MiB", 15, table -> table.median(Kind.FANOTIFY, "RSS above it, MiB"));
                goal(lines, site, "latency", "by fanotify, p50, to inotify", 1.1, table -> table.median(Kind.FANOTIFY, ms) / table.median(Kind.DROMEDARY, ms));
                goal(lines, site, "burst", "by fanotify, time, to inotify", 1.05, table -> table.median(Kind.FANOTIFY, "time, s") / table.median(Kind.DROMEDARY, "time, s"));
                goal(lines, site, "churn", "by fanotify, lag p99, to inotify", 1.05, table -> table.median(Kind.FANOTIFY, "lag p99, ms") / table.median(Kind.DROMEDARY, "lag p99, ms"));
                goal(lines, site, "others", "by fanotify, CPU, % of a core", 25, table -> table.median(Kind.FANOTIFY, "CPU, % of a core"));
                for (int count : List.of(1, 4)) {
                    goal(lines, site, "targets " + count, "p50, to lsyncd tuned", 0.5, table -> ratio(table, ms, Kind.TUNED));
                }
                for (int count : List.of(16, 64)) {
                    goal(lines, site, "targets " + count, "p50, to lsyncd tuned", 0.85, table -> ratio(table, ms, Kind.TUNED));
                }
                goal(lines, site, "start", "first change, s", 1.6, table -> table.median(Kind.DROMEDARY, "first change, s"));
                goal(lines, site, "start", "first change by the newest Java, s", 1, table -> table.median(Kind.NEWEST, "first change, s"));
            }
            if (lines.length() > 0) {
                text.append("## Goals\n\n| | | goal, at most | measured | |\n|---|---|---:|---:|---|\n").append(lines).append('\n');
            }
        }

        private double ratio(Table table, String figure, Kind other) {
            return table.median(Kind.DROMEDARY, figure) / table.median(other, figure);
        }

        // one that cannot be told, or that a wrong answer was given for, is missed
        private void goal(StringBuilder lines, Path site, String row, String what, double most, ToDoubleFunction<Table> measured) throws IOException {
            for (Table table : tables) {
                if (table.site.equals(site) && table.row.equals(row)) {
                    double value = measured.applyAsDouble(table);
                    boolean right = table.right();
                    lines.append("| ").append(table.title).append(", ").append(relative(site)).append(" | ").append(what).append(" | ").append(format(most))
                            .append(" | ").append(Double.isNaN(value) ? "–" : format(value)).append(" | ")
                            .append(table.outcomes.isEmpty() ? "**not measured**" : !right ? "**missed**, not right in each round"
                                    : value <= most ? "met" : "**missed**").append(" |\n");
                }
            }
        }

        private boolean plot(Path file) throws IOException {
            List<Kind> shown = Stream.of(Kind.DROMEDARY, Kind.TUNED, Kind.FLOOR).filter(plotted::containsKey).toList();
            List<Table> bursts = tables.stream().filter(table -> table.row.startsWith("burst") && table.site.equals(tables.get(0).site)
                    && !table.figures.isEmpty()).toList();
            if (shown.isEmpty() && bursts.isEmpty()) {
                return false;
            }
            StringBuilder svg = new StringBuilder();
            int y = 20;
            if (!shown.isEmpty()) {
                y = distributions(svg, shown, y);
            }
            for (Table table : bursts) {
                y = bars(svg, table, y);
            }
            String style = """
                    <style>
                    svg { font: 13px system-ui, sans-serif; }
                    .back { fill: #ffffff; } text { fill: #1f2328; } .small { fill: #59636e; font-size: 11px; } .title { font-weight: 600; }
                    .grid { stroke: #d1d9e0; stroke-width: 1; } .line { fill: none; stroke-width: 2; }
                    .DROMEDARY { --is: #c2410c; } .TUNED { --is: #2563eb; } .MANUAL { --is: #93b4f5; } .LOOP { --is: #8250df; } .FLOOR { --is: #6e7781; }
                    .line { stroke: var(--is); } .bar { fill: var(--is); }
                    @media (prefers-color-scheme: dark) {
                    .back { fill: #0d1117; } text { fill: #e6edf3; } .small { fill: #9198a1; } .grid { stroke: #30363d; }
                    .DROMEDARY { --is: #fb923c; } .TUNED { --is: #60a5fa; } .MANUAL { --is: #3b5f99; } .LOOP { --is: #b392f0; } .FLOOR { --is: #9aa4af; }
                    }
                    </style>
                    """;
            Files.createDirectories(file.getParent());
            Files.writeString(file, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 860 " + (y + 10) + "\" role=\"img\">\n<title>Latency of a small"
                    + " change, and bursts</title>\n" + style + "<rect class=\"back\" width=\"860\" height=\"" + (y + 10) + "\"/>\n" + svg + "</svg>\n");
            return true;
        }

        /** The part of changes that has arrived after a time, which is logarithmic. */
        private int distributions(StringBuilder svg, List<Kind> shown, int y) {
            double least = shown.stream().mapToDouble(kind -> Collections.min(plotted.get(kind)) / 1e6).min().orElse(1) * 0.9;
            double most = shown.stream().mapToDouble(kind -> Collections.max(plotted.get(kind)) / 1e6).max().orElse(1) * 1.1;
            int left = 60;
            int width = 770;
            int top = y + 46;
            int height = 220;
            ToDoubleFunction<Double> x = ms -> left + width * Math.log(ms / least) / Math.log(most / least);
            words(svg, "title", 20, y, "", "A small change: part that has arrived after a time, " + relative(tables.get(0).site));
            for (int part = 0; part <= 100; part += 25) {
                double at = top + height - height * part / 100.0;
                grid(svg, left, at, left + width, at);
                words(svg, "small", left - 8, at + 4, "end", part + " %");
            }
            for (double power = Math.pow(10, Math.floor(Math.log10(least))); power < most; power *= 10) {
                for (int by : new int[] {1, 2, 3, 5, 7}) {
                    double ms = power * by;
                    if (ms > least && ms < most) {
                        grid(svg, x.applyAsDouble(ms), top, x.applyAsDouble(ms), top + height);
                        words(svg, "small", x.applyAsDouble(ms), top + height + 16, "middle", format(ms) + " ms");
                    }
                }
            }
            int key = left;
            for (Kind kind : shown) {
                List<Long> took = plotted.get(kind).stream().sorted().toList();
                StringBuilder path = new StringBuilder();
                for (int i = 0; i < took.size(); i++) {
                    double at = x.applyAsDouble(took.get(i) / 1e6);
                    path.append(String.format(Locale.ROOT, i == 0 ? "M%.1f,%.1f" : "H%.1f", at, (double) top + height))
                            .append(String.format(Locale.ROOT, "V%.1f", top + height - height * (i + 1.0) / took.size()));
                }
                svg.append("<path class=\"line ").append(kind).append("\" d=\"").append(path).append("\"/>\n");
                svg.append("<rect class=\"bar ").append(kind).append("\" x=\"").append(key).append("\" y=\"").append(y + 16)
                        .append("\" width=\"14\" height=\"10\" rx=\"2\"/>\n");
                words(svg, "", key + 20, y + 25, "", kind.label + ", p50 " + format(part(took, 50) / 1e6) + " ms");
                key += 220;
            }
            return top + height + 50;
        }

        private int bars(StringBuilder svg, Table table, int y) {
            String figure = table.figures.iterator().next();
            double most = table.outcomes.keySet().stream().mapToDouble(kind -> table.median(kind, figure)).filter(value -> value > 0).max().orElse(1);
            words(svg, "title", 20, y, "", table.title + ": seconds until all are there");
            for (Kind kind : table.outcomes.keySet()) {
                y += 24;
                double median = table.median(kind, figure);
                double width = Double.isNaN(median) ? 0 : Math.max(1, 540 * median / most);
                words(svg, "", 150, y, "end", kind.label);
                svg.append(String.format(Locale.ROOT, "<rect class=\"bar %s\" x=\"160\" y=\"%d\" width=\"%.1f\" height=\"16\" rx=\"2\"/>%n", kind, y - 12, width));
                words(svg, "", 168 + width, y, "", table.cell(kind, figure).replace("*", ""));
            }
            return y + 40;
        }

        private void grid(StringBuilder svg, double x1, double y1, double x2, double y2) {
            svg.append(String.format(Locale.ROOT, "<path class=\"grid\" d=\"M%.1f,%.1fL%.1f,%.1f\"/>%n", x1, y1, x2, y2));
        }

        private void words(StringBuilder svg, String type, double x, double y, String anchor, String words) {
            svg.append(String.format(Locale.ROOT, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\"%s>%s</text>%n", type, x, y,
                    anchor.isEmpty() ? "" : " text-anchor=\"" + anchor + "\"", words.replace("&", "&amp;").replace("<", "&lt;")));
        }
    }

    private static Map<String, Double> figures(Object... pairs) {
        Map<String, Double> figures = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            figures.put((String) pairs[i], (Double) pairs[i + 1]);
        }
        return figures;
    }

    private static Map<String, Double> parts(String prefix, List<Long> took, int... percents) {
        Map<String, Double> parts = new LinkedHashMap<>();
        for (int percent : percents) {
            parts.put(prefix + (percent == 100 ? "worst, ms" : "p" + percent + ", ms"), part(took, percent) / 1e6);
        }
        return parts;
    }

    private static double part(List<Long> took, int percent) {
        List<Long> sorted = took.stream().sorted().toList();
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }

    /** Three digits that say something. */
    private static String format(double value) {
        double size = Math.abs(value);
        return String.format(Locale.ROOT, size == Math.rint(size) || size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 0.1 ? "%.2f" : "%.4f", value);
    }

    private static String escaped(String words) {
        return words.replaceAll("\\s+", " ").replace("|", "\\|").replace("*", "\\*");
    }

    private static void say(String line) {
        System.out.println(String.format("%tT %s", LocalTime.now(), line));
    }

    // the project's own folders without where it lies
    private static String relative(Path path) {
        return path.startsWith(PROJECT) ? PROJECT.relativize(path).toString() : path.toString();
    }

    // ---------------------------------------------------------------- files

    private static List<String> numbered(String name, int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(name + i);
        }
        return names;
    }

    /** Some of the files all over a list, and the last by name, which rsync sends last. */
    private static List<Path> signs(Contestant each, List<String> names) {
        List<String> sorted = names.stream().sorted().toList();
        List<Path> signs = new ArrayList<>();
        for (int i = 1; i <= 32; i++) {
            signs.add(each.targets.get(0).resolve(sorted.get(Math.max(0, sorted.size() * i / 32 - 1))));
        }
        return signs;
    }

    /** Counts by name alone, which is quick: all folders here are called d..., all files f..., and rsync's unfinished ones neither. */
    private static long files(File folder) {
        String[] names = folder.list();
        long files = 0;
        for (String name : names == null ? new String[0] : names) {
            files += name.startsWith("f") ? 1 : name.startsWith("d") ? files(new File(folder, name)) : 0;
        }
        return files;
    }

    /** {@return what is not the same in two trees, or {@code null}} */
    private static String differs(Path source, Path target) throws IOException {
        String[] difference = {null};
        long[] entries = new long[2];
        class Comparing extends SimpleFileVisitor<Path> {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes facts) throws IOException {
                return visitFile(path, facts);
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes facts) throws IOException {
                difference[0] = differs(path, facts, target.resolve(source.relativize(path)), entries[0]++ < READ);
                return difference[0] == null ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
            }
        }
        Files.walkFileTree(source, new Comparing());
        if (difference[0] != null) {
            return source.relativize(Path.of(difference[0].substring(difference[0].indexOf('/')))) + difference[0].substring(0, difference[0].indexOf('/'));
        }
        Files.walkFileTree(target, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes facts) {
                return visitFile(path, facts);
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes facts) {
                entries[1]++;
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path path, IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
        return entries[0] == entries[1] ? null : entries[1] + " entries instead of " + entries[0];
    }

    private static String differs(Path path, BasicFileAttributes facts, Path there, boolean read) throws IOException {
        BasicFileAttributes other;
        try {
            other = Files.readAttributes(there, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return " is missing" + path;
        }
        if (facts.isDirectory() != other.isDirectory() || facts.isRegularFile() != other.isRegularFile()) {
            return " has another type" + path;
        }
        try {
            return !facts.isRegularFile() ? null : facts.size() != other.size() ? " has another size" + path
                    : read ? Files.mismatch(path, there) < 0 ? null : " has another content" + path
                    : facts.lastModifiedTime().equals(other.lastModifiedTime()) ? null : " has another time" + path;
        } catch (NoSuchFileException e) {
            return " is missing" + path;
        }
    }

    private static void copy(Path from, Path to) throws Exception {
        runs("rsync", "-a", "--delete", "--modify-window=-1", from + "/", to + "/");
    }

    private static void remove(Path folder) throws Exception {
        runs("rm", "-rf", folder.toString());
    }

    // of a file below /proc, the first read gives all
    private static byte[] read(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            if (file.startsWith("/proc")) {
                // the process has ended meanwhile
                return null;
            }
            throw e;
        }
    }

    private static long fact(Path file, String name) throws IOException {
        byte[] facts = read(file);
        return facts == null ? 0 : new String(facts, StandardCharsets.ISO_8859_1).lines().filter(line -> line.startsWith(name + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElse(0);
    }

    // ---------------------------------------------------------------- processes

    // with all that it has started, also what that has started meanwhile
    private static void end(Process process) {
        try {
            List<ProcessHandle> children = process.descendants().toList();
            process.destroy();
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                children = Stream.concat(children.stream(), process.descendants()).toList();
                process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            }
            for (ProcessHandle child : children) {
                List<ProcessHandle> further = child.descendants().toList();
                child.destroyForcibly();
                further.forEach(ProcessHandle::destroyForcibly);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void close() {
        synchronized (started) {
            closing = true;
        }
        for (AutoCloseable each; (each = started.poll()) != null; ) {
            try {
                each.close();
            } catch (Exception e) {
                say("could not be put away: " + e);
            }
        }
    }

    /** {@return the home of the newest Java that has an AOT cache; null if there is none} */
    private static Path newestJava() throws IOException {
        Path newest = null;
        int version = 24;
        Path all = Path.of("/usr/lib/jvm");
        if (Files.isDirectory(all)) {
            try (Stream<Path> homes = Files.list(all)) {
                for (Path home : homes.filter(each -> Files.isExecutable(each.resolve("bin/java")) && Files.isReadable(each.resolve("release"))).toList()) {
                    Matcher found = Pattern.compile("JAVA_VERSION=\"(\\d+)").matcher(Files.readString(home.resolve("release")));
                    if (found.find() && Integer.parseInt(found.group(1)) > version) {
                        version = Integer.parseInt(found.group(1));
                        newest = home;
                    }
                }
            }
        }
        return newest;
    }

    private static void runs(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(Redirect.DISCARD).start();
        if (!process.waitFor(600, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(command[0] + " did not end");
        }
        if (process.exitValue() != 0) {
            throw new IOException(command[0] + " has ended with " + process.exitValue());
        }
    }

    private static String said(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor(10, TimeUnit.SECONDS);
        return said;
    }

    private static String line(String... command) throws Exception {
        return said(command).lines().findFirst().orElse("?").replaceAll(" +", " ").strip();
    }

    private static void pause(long until) {
        for (long left; (left = until - System.nanoTime()) > 0; ) {
            LockSupport.parkNanos(left);
        }
    }

    private static double ticks() {
        try {
            return Double.parseDouble(line("getconf", "CLK_TCK"));
        } catch (Exception e) {
            return 100;
        }
    }

    // below the range that outgoing connections take theirs from
    private static int freePort() {
        Random random = new Random();
        while (true) {
            int port = 15_000 + random.nextInt(16_000);
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (IOException e) {
                continue;
            }
        }
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isRoot() throws Exception {
        return line("id", "-u").equals("0");
    }

    private static String load() throws IOException {
        return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
    }

    private static String processor() throws IOException {
        return Files.readAllLines(Path.of("/proc/cpuinfo")).stream().filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip()).findFirst().orElse("?");
    }
}
