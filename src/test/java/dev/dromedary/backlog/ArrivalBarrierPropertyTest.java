package dev.dromedary.backlog;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.RawPath;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever happens in whatever order: when a barrier is over, the target has of each path what was there when it was noted, or what came
 * later; and it gets over, however often something else changes.
 */
@Timeout(60)
class ArrivalBarrierPropertyTest {

    private static final List<String> PATHS = List.of("a", "b", "folder/c", "folder/d", "large-e", "folder/large-f", "last", "folder/last");
    private static final List<Set<TransferClass>> TAKES = List.of(EnumSet.of(TransferClass.LIVE, TransferClass.MOVED, TransferClass.ATTRIBUTES), EnumSet.of(TransferClass.BULK),
            EnumSet.of(TransferClass.LARGE, TransferClass.LARGE_ATTRIBUTES), EnumSet.of(TransferClass.LAST), EnumSet.of(TransferClass.GONE));

    /** A run that is under way, and the versions of what it has read. */
    private record Under(TransferRun run, Map<String, Integer> read) {
    }

    private record Noted(ArrivalBarrier barrier, Map<String, Integer> versions) {
    }

    static IntStream seeds() {
        return IntStream.range(0, 300);
    }

    private final Map<String, Integer> source = new TreeMap<>();
    private final Map<String, Integer> target = new TreeMap<>();
    private final Map<Integer, Under> underWay = new HashMap<>();
    private final List<ChangeSet> letters = new ArrayList<>();
    private final List<Noted> noted = new ArrayList<>();
    private int count;
    private boolean ordered;

    private final Backlog backlog = new Backlog("m/t", 0, 100, new ExponentialBackoff(100, 1000), new BacklogPolicy() {
        @Override
        public ChangeSet large(ChangeSet changes) {
            ChangeSet large = new ChangeSet();
            PATHS.stream().filter(path -> path.contains("large") && changes.covers(path, Extent.ATTRIBUTES))
                    .forEach(path -> large.add(path, Extent.ENTRY));
            return large;
        }

        @Override
        public boolean mayMove() {
            return !ordered;
        }

        @Override
        public boolean travelsLast(String path) {
            return ordered && path.contains("last");
        }

        @Override
        public boolean tidies() {
            return false;
        }

        @Override
        public boolean deadLettersWait() {
            return !letters.isEmpty();
        }

        @Override
        public ChangeSet onDisk(Set<String> held) {
            ChangeSet all = new ChangeSet();
            letters.forEach(all::merge);
            return all;
        }
    });

    @ParameterizedTest
    @MethodSource("seeds")
    void what_was_there_when_it_was_noted_is_at_the_target_when_it_is_over(int seed) throws Exception {
        Random random = new Random(seed);
        PATHS.forEach(path -> source.put(path, 0));
        target.putAll(source);
        for (int step = 0; step < 150; step++) {
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> write(PATHS.get(random.nextInt(PATHS.size())));
                case 3 -> note();
                case 4 -> {
                    if (random.nextInt(3) == 0) {
                        backlog.add(tree(random.nextBoolean() ? "" : "folder"));
                    }
                }
                case 5 -> replay();
                default -> {
                    int lane = random.nextInt(TAKES.size());
                    if (underWay.containsKey(lane)) {
                        end(lane, random);
                    } else {
                        begin(lane);
                    }
                }
            }
            check();
        }
        note();
        for (int round = 0; round < 20; round++) {
            write("a");
            replay();
            for (int lane = 0; lane < TAKES.size(); lane++) {
                begin(lane);
                if (underWay.containsKey(lane)) {
                    arrive(lane, new ChangeSet());
                }
            }
            check();
        }
        assertThat(noted).as("of seed %d", seed).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void so_is_what_travels_last_and_what_was_gone_is_gone(int seed) throws Exception {
        ordered = true;
        what_was_there_when_it_was_noted_is_at_the_target_when_it_is_over(seed);
    }

    // where there is an order, files come and go
    private boolean isGone(int version) {
        return ordered && version % 3 == 2;
    }

    private void write(String path) {
        source.merge(path, 1, Integer::sum);
        ChangeSet changes = new ChangeSet();
        changes.add(path, Extent.ENTRY);
        backlog.add(changes);
    }

    private static ChangeSet tree(String path) {
        ChangeSet changes = new ChangeSet();
        changes.add(path, Extent.TREE);
        return changes;
    }

    private void note() throws Exception {
        ArrivalBarrier barrier = backlog.barrier();
        barrier.noted().get(10, TimeUnit.SECONDS);
        noted.add(new Noted(barrier, new TreeMap<>(source)));
    }

    private void begin(int lane) throws InterruptedException {
        if (underWay.containsKey(lane) || backlog.isIdle(TAKES.get(lane)) || lane == 1 && isHeldUp()) {
            return;
        }
        TransferRun taken = backlog.take(TAKES.get(lane));
        if (taken.changes().isWholeTree()) {
            underWay.put(lane, new Under(taken, new TreeMap<>(source)));
            backlog.enqueueLarge(taken);
            return;
        }
        TransferRun run = backlog.setApart(taken);
        if (!run.changes().isEmpty()) {
            underWay.put(lane, new Under(run, new TreeMap<>(source)));
        }
    }

    // a bulk run waits for one of these that was under way when it came to be owed
    private boolean isHeldUp() {
        return underWay.containsKey(0);
    }

    private void end(int lane, Random random) {
        Under under = underWay.get(lane);
        switch (random.nextInt(6)) {
            case 0 -> {
                underWay.remove(lane);
                backlog.failed(under.run);
            }
            case 1 -> {
                underWay.remove(lane);
                keep(under.run.changes());
                backlog.kept(under.run);
            }
            case 2 -> {
                // one of its paths can't be read
                ChangeSet left = new ChangeSet();
                PATHS.stream().filter(path -> carries(under.run, path)).findFirst().ifPresent(path -> left.add(path, Extent.ENTRY));
                keep(left);
                arrive(lane, left);
            }
            default -> arrive(lane, new ChangeSet());
        }
    }

    private void arrive(int lane, ChangeSet left) {
        Under under = underWay.remove(lane);
        ChangeSet again = new ChangeSet();
        ChangeSet gone = new ChangeSet().since(1);
        PATHS.stream().filter(path -> carries(under.run, path) && !left.covers(path, Extent.ENTRY)).forEach(path -> {
            int version = under.read.get(path);
            if (isGone(version) == (under.run.lane() == TransferClass.GONE)) {
                target.put(path, version);
            } else {
                (isGone(version) ? gone : again).add(path, Extent.ENTRY);
            }
        });
        backlog.add(again);
        DeferredChanges followUp = new DeferredChanges(new ChangeSet(), followsLast(under.run), gone.merge(goneIn(under.run)));
        backlog.follow(followUp);
        backlog.arrived(under.run, left.merge(again), followUp);
    }

    // of a run through folders another one says afterwards which of those that it has passed over differ, and what is to go
    private ChangeSet followsLast(TransferRun run) {
        ChangeSet last = new ChangeSet();
        PATHS.stream().filter(path -> ordered && path.contains("last") && isInFolder(run, path) && !isGone(source.get(path))
                && !source.get(path).equals(target.get(path))).forEach(path -> last.add(path, Extent.ENTRY));
        return last;
    }

    private ChangeSet goneIn(TransferRun run) {
        ChangeSet gone = new ChangeSet();
        PATHS.stream().filter(path -> isInFolder(run, path) && isGone(source.get(path)) && !source.get(path).equals(target.get(path)))
                .forEach(path -> gone.add(path, Extent.ENTRY));
        return gone;
    }

    private static boolean isInFolder(TransferRun run, String path) {
        return run.lane() != TransferClass.GONE && run.lane() != TransferClass.LAST && run.changes().covers(RawPath.parent(path), Extent.TREE);
    }

    // rsync leaves large files in folders alone
    private boolean carries(TransferRun run, String path) {
        boolean large = EnumSet.of(TransferClass.LARGE, TransferClass.LARGE_ATTRIBUTES).contains(run.lane());
        boolean named = EnumSet.of(TransferClass.LAST, TransferClass.GONE).contains(run.lane());
        return run.changes().covers(path, Extent.ATTRIBUTES)
                && (named || (large || !path.contains("large")) && (!ordered || !path.contains("last")));
    }

    private void keep(ChangeSet changes) {
        if (!changes.isEmpty()) {
            ChangeSet kept = new ChangeSet();
            changes.forEach(kept::add);
            letters.add(kept);
        }
    }

    private void replay() {
        List<ChangeSet> due = List.copyOf(letters);
        due.forEach(each -> backlog.add(each.letter(String.valueOf(++count))));
        letters.clear();
    }

    private void check() {
        backlog.lookAgain();
        noted.removeIf(each -> {
            if (each.barrier.over().isDone()) {
                each.versions.forEach((path, version) -> assertThat(target.get(path)).as(path).isGreaterThanOrEqualTo(version));
                return true;
            }
            return false;
        });
    }
}
