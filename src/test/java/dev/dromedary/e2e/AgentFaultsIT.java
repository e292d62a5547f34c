package dev.dromedary.e2e;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.KafkaBroker;
import dev.dromedary.testing.Scratch;
import dev.dromedary.testing.Sh;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * A pair publishes a source that changes without a pause, and three agents pull; one part after another is taken away and given back. For
 * ten minutes, each thirty seconds, with {@code -Ddromedary.churn.seeds}; else each once.
 */
class AgentFaultsIT {

    private static final long LONG_SECONDS = TimeUnit.MINUTES.toSeconds(10);
    private static final long EACH_SECONDS = 30;

    @AutoClose
    private final Scratch kafka = Scratch.create();
    private final KafkaBroker broker = KafkaBroker.start(kafka);
    @AutoClose
    private final Fan fan = new Fan(broker);
    private final Path disk = fan.scratch.folder("disk");
    private final Path shared = fan.scratch.folder("shared");
    private final List<Path> locks = List.of(fan.scratch.folder("lock-0"), fan.scratch.folder("lock-1"));
    private final List<Dromedary> pair = new ArrayList<>();
    private final List<Fan.Agent> agents = Stream.of("a", "b", "c").map(fan::agent).toList();
    private final List<Dromedary> running = new ArrayList<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private int hit;

    /** One part, how it is taken away, until that is seen, and how it is given back. */
    private record Fault(String name, Runnable away, Runnable back) {
    }

    @Test
    void nothing_is_lost_nobody_is_wiped_and_never_two_lead() throws InterruptedException {
        mount(disk, fan.source);
        locks.forEach(lock -> mount(shared, lock));
        Sh.run(disk, "mkdir churned kept; cd kept; for n in $(seq 50); do echo $n >$n; done");
        Churn churn = new Churn(disk.resolve("churned"), fan.scratch.folder("outside"), 1, 2);
        churn.operations(300);
        for (Path lock : locks) {
            pair.add(fan.publisherIn(fan.scratch.folder("home-" + lock.getFileName()), "dromedary.pair = " + lock).start().awaitReady());
        }
        agents.forEach(agent -> running.add(agent.start()));
        for (int i = 0; i < agents.size(); i++) {
            eventuallySame(fan.source, agents.get(i).folder, running.get(i));
        }

        TreeSet<String> wrong = new TreeSet<>();
        List<Thread> beside = List.of(new Thread(() -> look(wrong)), new Thread(() -> churn.until(over::get)));
        beside.forEach(Thread::start);
        try {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(ChurnStage.isLong() ? LONG_SECONDS : 0);
            do {
                for (Fault fault : faults()) {
                    happen(fault);
                }
            } while (System.nanoTime() - end < 0);
        } finally {
            over.set(true);
            for (Thread each : beside) {
                each.join();
            }
        }

        for (int i = 0; i < agents.size(); i++) {
            eventuallySame(disk, agents.get(i).folder, running.get(i));
        }
        assertThat(wrong).as(this::evidence).isEmpty();
    }

    private List<Fault> faults() {
        return List.of(
                new Fault("the broker", () -> {
                    broker.kill();
                    eventually("it is missed", running.get(0), () -> mirror(running.get(0)).get("topicFault") != null);
                }, () -> {
                    broker.start();
                    eventually("it is followed again", running.get(0), () -> mirror(running.get(0)).get("topicFault") == null);
                }),
                new Fault("an agent", () -> running.get(hit % agents.size()).killNow(), () -> {
                    running.set(hit % agents.size(), agents.get(hit % agents.size()).start().awaitReady());
                    hit++;
                }),
                new Fault("the source's disk", () -> {
                    umount(fan.source);
                    eventually("it is missed", leader(), () -> target(leader()).getString("state").equals("halted"));
                }, () -> {
                    mount(disk, fan.source);
                    eventually("it is back", leader(), () -> !target(leader()).getString("state").equals("halted"));
                }),
                new Fault("the lock", () -> {
                    int leading = leading();
                    umount(locks.get(leading));
                    eventually("the other one leads", pair.get(1 - leading), () -> leading() == 1 - leading);
                }, () -> {
                    int lost = 1 - leading();
                    mount(shared, locks.get(lost));
                    eventually("it has its folder again", pair.get(lost), () -> pair.get(lost).json("/api/status").get("pairFault") == null);
                }));
    }

    private static void happen(Fault fault) throws InterruptedException {
        long began = System.nanoTime();
        fault.away.run();
        if (ChurnStage.isLong()) {
            TimeUnit.SECONDS.sleep(EACH_SECONDS / 3);
        }
        fault.back.run();
        long rest = TimeUnit.SECONDS.toNanos(EACH_SECONDS) - (System.nanoTime() - began);
        if (ChurnStage.isLong() && rest > 0) {
            TimeUnit.NANOSECONDS.sleep(rest);
        }
    }

    // until it is over: does each agent have what never went, and does one at most lead
    private void look(TreeSet<String> wrong) {
        while (!over.get()) {
            for (Fan.Agent agent : agents) {
                IntStream.rangeClosed(1, 50).filter(n -> !Files.exists(agent.folder.resolve("kept/" + n)))
                        .forEach(n -> wrong.add("kept/" + n + " was gone at " + agent.name));
            }
            // the first one must have led before and after the other one was asked
            if (leads(0) && leads(1) && leads(0)) {
                wrong.add("both lead");
            }
        }
    }

    // what nobody could ask for afterwards
    private String evidence() {
        Stream<String> records = broker.records(fan.topic).stream().map(record -> new String(record.value(), StandardCharsets.UTF_8))
                .filter(record -> record.contains("\"kept"));
        return Stream.of(Stream.concat(pair.stream(), running.stream()).map(Dromedary::output), records).flatMap(each -> each)
                .collect(Collectors.joining("\n--\n"));
    }

    private boolean leads(int which) {
        return PairStage.role(pair.get(which)).equals("leader");
    }

    private int leading() {
        eventually("one leads", pair.get(0), () -> leads(0) != leads(1));
        return leads(0) ? 0 : 1;
    }

    private Dromedary leader() {
        return pair.get(leading());
    }

    private static JsonObject mirror(Dromedary dromedary) {
        return (JsonObject) ((JsonArray) dromedary.json("/api/status").get("mirrors")).get(0);
    }

    private static JsonObject target(Dromedary dromedary) {
        return (JsonObject) ((JsonArray) mirror(dromedary).get("targets")).get(0);
    }

    private void mount(Path folder, Path point) {
        try {
            Sh.run(Path.of("/"), "mount --bind " + folder + ' ' + point);
        } catch (AssertionError e) {
            Assumptions.abort("nothing may be mounted here");
        }
        fan.scratch.own(() -> Sh.run(Path.of("/"), "umount --lazy " + point + " 2>/dev/null || :"));
    }

    private static void umount(Path point) {
        Sh.run(Path.of("/"), "umount --lazy " + point);
    }
}
