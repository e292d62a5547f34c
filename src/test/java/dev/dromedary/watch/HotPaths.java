package dev.dromedary.watch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import com.sun.jna.Memory;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.filter.FilterRules;
import dev.dromedary.rsync.OverlongPaths;
import dev.dromedary.rsync.PushFilesFrom;
import dev.dromedary.rsync.ReceiverState;
import dev.dromedary.rsync.RsyncVersion;
import dev.dromedary.source.LargeFileFinder;
import dev.dromedary.source.SourceGuard;
import dev.dromedary.source.SourceTreeWalk;
import dev.dromedary.testing.Scratch;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** What each event and each path of a burst costs, in nanoseconds and in bytes allocated; {@code bench/hot} runs it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
// as bin/dromedary runs it
@Fork(value = 1, jvmArgs = {"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xms16m", "-XX:NewSize=8m", "-XX:MaxNewSize=32m"})
public class HotPaths {

    private static final int FILES = 1000;
    private static final int EVENTS = 2 * FILES;

    private final Scratch scratch = Scratch.create();
    private final Memory events = new Memory(EVENTS * 48L);
    private final ChangeSet changes = new ChangeSet();
    private long length;
    private Inotify inotify;
    private InotifyTree tree;
    private PushFilesFrom list;
    private LargeFileFinder large;
    private DefaultExchange exchange;

    /** A folder of files, and the events of their making: each is created and closed. */
    @Setup(Level.Trial)
    public void prepare() throws IOException {
        Path source = scratch.folder("source");
        inotify = Inotify.open();
        tree = new InotifyTree(inotify, source, FilterRules.NONE, 10_000);
        tree.watchAll();
        for (int i = 0; i < FILES; i++) {
            String name = "picture-%05d.jpeg".formatted(i);
            Files.createFile(source.resolve(name));
            event(LibC.IN_CREATE, name);
            event(LibC.IN_CLOSE_WRITE, name);
            changes.add(name, Extent.ENTRY);
        }
        list = new PushFilesFrom(new SourceGuard(source, null), FilterRules.NONE,
                new ReceiverState("t/a", RsyncVersion.probe()), new OverlongPaths());
        large = new LargeFileFinder(new SourceTreeWalk(source, FilterRules.NONE), 64 << 20);
        exchange = new DefaultExchange(new DefaultCamelContext());
    }

    // struct inotify_event; the name is padded
    private void event(int mask, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        events.setInt(length, 1);
        events.setInt(length + 4, mask);
        events.setInt(length + 8, 0);
        events.setInt(length + 12, 32);
        events.setMemory(length + 16, 32, (byte) 0);
        events.write(length + 16, bytes, 0, bytes.length);
        length += 48;
    }

    @TearDown(Level.Trial)
    public void end() throws Exception {
        inotify.close();
        scratch.close();
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void an_event_is_parsed(Blackhole sink) {
        Inotify.parse(events, length, sink::consume);
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public ChangeSet an_event_is_parsed_and_owed() {
        Inotify.parse(events, length, tree::event);
        return tree.takePending();
    }

    @Benchmark
    @OperationsPerInvocation(FILES)
    public ChangeSet a_path_is_merged_into_a_backlog() {
        return new ChangeSet().merge(changes);
    }

    @Benchmark
    @OperationsPerInvocation(FILES)
    public byte[] a_path_is_listed() throws IOException {
        return list.list(changes, exchange);
    }

    @Benchmark
    @OperationsPerInvocation(FILES)
    public ChangeSet a_path_is_looked_at_for_its_size() {
        return large.in(changes);
    }

    public static void main(String[] arguments) throws RunnerException {
        new Runner(new OptionsBuilder().include(HotPaths.class.getName()).addProfiler(GCProfiler.class).build()).run();
    }
}
