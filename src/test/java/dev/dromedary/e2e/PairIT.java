package dev.dromedary.e2e;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Relay;
import dev.dromedary.testing.SettableClock;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.e2e.PairStage.ONE;
import static dev.dromedary.e2e.PairStage.TWO;
import static dev.dromedary.e2e.PairStage.eventuallyLeads;
import static dev.dromedary.e2e.PairStage.role;
import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

/** Two processes for one mirror: one carries, the other one takes over. */
class PairIT {

    private static final long LOOKS = 5_000;

    @AutoClose
    private final PairStage stage = new PairStage();

    @Test
    void one_of_two_carries_and_the_other_one_stands_by() {
        stage.inSource("mkdir folder; echo 1 >folder/before");
        Dromedary leader = eventuallyLeads(stage.process(ONE).start().awaitReady());
        Dromedary standby = stage.process(TWO).start().awaitReady();

        eventuallySame(stage.source, stage.target, leader);
        stage.inSource("echo 2 >folder/after");
        eventuallySame(stage.source, stage.target, leader);
        eventually("it has seen the change too", standby, () -> standby.json("/api/status").toJson().matches(".*\"events\":[1-9].*"));

        assertThat(stage.users()).containsExactly(ONE);
        assertThat(role(standby)).isEqualTo("standby");
        assertThat(standby.target()).containsEntry("state", "standby").containsEntry("reason", "the other process of the pair leads and mirrors");
        assertThat(standby.target().getInteger("pending")).isZero();
        assertThat(standby.get("/observe/health").statusCode()).isEqualTo(200);
        assertThat(standby.get("/observe/metrics").body()).contains("\ndromedary_leader 0", "state=\"standby\",target=\"a\"} 1");
        assertThat(leader.get("/observe/metrics").body()).contains("\ndromedary_leader 1");
        Dromedary said = Dromedary.in(stage.scratch, stage.scratch.folder("home-" + TWO)).port(standby.port()).start("status");
        assertThat(said.awaitExit()).isZero();
        assertThat(said.output()).containsPattern("(?m)^standby of its pair for ");
        assertThat(standby.output()).contains("It stands by");
        assertThat(leader.output()).contains("It leads its pair from now on");
    }

    @Test
    void one_that_stands_by_refuses_to_be_steered() {
        eventuallyLeads(stage.process(ONE).start().awaitReady());
        Dromedary standby = stage.process(TWO).start().awaitReady();

        for (String action : new String[] {"pause", "resume", "replay", "reconcile"}) {
            HttpResponse<String> answer = standby.post("/api/mirrors/t/targets/a/" + action);
            assertThat(answer.statusCode()).as(action).isEqualTo(409);
            assertThat(answer.body()).contains("this process stands by, the other process of the pair leads: ask that one");
        }
        assertThat(standby.post("/api/mirrors/t/targets/a/verify").statusCode()).isEqualTo(200);
    }

    @Test
    void a_leader_that_is_killed_while_everything_changes_is_taken_over_from_and_nothing_is_lost() {
        Churn churn = new Churn(stage.source, stage.scratch.folder("outside"), 1, 1);
        churn.operations(300);
        Dromedary first = eventuallyLeads(stage.process(ONE).start().awaitReady());
        Dromedary second = stage.process(TWO).start().awaitReady();
        churn.operations(300);

        first.killNow();
        during(churn, () -> eventuallyLeads(second));

        eventuallySame(stage.source, stage.target, second);
        churn.everywhere("probe");
        eventuallySame(stage.source, stage.target, second);
        Dromedary again = stage.process(ONE).start().awaitReady();
        churn.operations(100);
        second.killNow();
        during(churn, () -> eventuallyLeads(again));
        eventuallySame(stage.source, stage.target, again);

        assertThat(stage.users()).containsExactly(ONE, TWO);
        stage.assertNeverBothAtOnce();
    }

    @Test
    void no_run_of_a_leader_that_is_killed_goes_on() {
        Relay relay = stage.relayHoldingAfter(5_000_000);
        stage.inSource("head -c 30000000 /dev/urandom >file");
        Dromedary first = eventuallyLeads(stage.process(ONE).start().awaitReady());
        Dromedary second = stage.process(TWO).start().awaitReady();
        eventually("the file is on its way", first, () -> relay.held() == 1 && isRunning(ONE));
        assertThat(role(second)).isEqualTo("standby");

        // the other one does nothing meanwhile
        second.suspend();
        first.killNow();
        eventually("its rsync is gone", second, () -> !isRunning(ONE));
        second.resume();
        relay.open();

        eventuallySame(stage.source, stage.target, second);
        stage.assertNeverBothAtOnce();
    }

    @Test
    void a_leader_that_is_stopped_hands_over() {
        Churn churn = new Churn(stage.source, stage.scratch.folder("outside"), 2, 1);
        churn.operations(100);
        Dromedary first = eventuallyLeads(stage.process(ONE).start().awaitReady());
        Dromedary second = stage.process(TWO).start().awaitReady();

        during(churn, () -> {
            assertThat(first.terminate()).isEqualTo(143);
            eventuallyLeads(second);
        });

        eventuallySame(stage.source, stage.target, second);
        stage.assertNeverBothAtOnce();
    }

    @Test
    void a_leader_that_is_halted_for_a_while_keeps_the_lead() {
        Dromedary first = eventuallyLeads(stage.process(ONE).start().awaitReady());
        Dromedary second = stage.process(TWO).start().awaitReady();
        eventuallySame(stage.source, stage.target, first);

        first.suspend();
        stage.inSource("echo 1 >meanwhile");
        eventually("the other one has looked for the leader again and again", second,
                () -> System.currentTimeMillis() - lastSign() > LOOKS);
        assertThat(role(second)).isEqualTo("standby");
        first.resume();

        eventuallySame(stage.source, stage.target, first);
        assertThat(role(first)).isEqualTo("leader");
        assertThat(stage.users()).containsExactly(ONE);
    }

    @Test
    void a_lead_that_is_lost_ends_what_runs_and_it_is_carried_by_who_leads_next() throws IOException {
        Relay relay = stage.relayHoldingAfter(5_000_000);
        stage.inSource("head -c 20000000 /dev/urandom >file");
        Dromedary alone = eventuallyLeads(stage.process(ONE).start().awaitReady());
        eventually("the file is on its way", alone, () -> relay.held() == 1 && isRunning(ONE));

        Files.delete(stage.shared.resolve("dromedary"));

        eventually("it has noticed", alone, () -> alone.output().contains("It no longer leads its pair"));
        relay.open();
        eventually("it leads again", alone, () -> alone.output().split("It leads its pair from now on", -1).length == 3);
        eventuallySame(stage.source, stage.target, alone);
        assertThat(stage.daemon.log()).as("a run that was cut off").contains("rsync error");
        assertThat(alone.output()).doesNotContain("ERROR");
    }

    /** The mount point is left, as an empty folder in which a lock could be had. */
    @Test
    void one_that_stands_by_and_loses_the_mount_of_the_folder_does_not_lead() {
        Path mounted = stage.mountedFor(TWO);
        stage.inSource("echo 1 >file");
        Dromedary leader = eventuallyLeads(stage.process(ONE).start().awaitReady());
        Dromedary standby = stage.processWith(mounted, TWO).start().awaitReady();
        eventuallySame(stage.source, stage.target, leader);

        PairStage.umount(mounted);

        eventually("it says so", standby, () -> standby.json("/api/status").get("pairFault") != null);
        assertThat(standby.target().getString("reason")).contains("can't take over").contains("is its storage mounted?");
        assertThat(standby.get("/observe/health").statusCode()).isEqualTo(503);
        assertThat(standby.get("/observe/health").body()).contains("\"pair\"").contains("not the one that it was at the start");
        assertThat(standby.isReady()).isTrue();
        leader.killNow();
        stage.inSource("echo 2 >file");
        long looked = System.currentTimeMillis();
        eventually("it has had the time to take over", standby, () -> System.currentTimeMillis() - looked > LOOKS);
        assertThat(role(standby)).isEqualTo("standby");
        assertThat(mounted).isEmptyDirectory();
        assertThat(stage.users()).containsExactly(ONE);

        stage.mount(mounted);
        eventuallyLeads(standby);
        eventuallySame(stage.source, stage.target, standby);
        assertThat(standby.json("/api/status").get("pairFault")).isNull();
        assertThat(standby.output()).contains("can't lead its pair").contains("this process can lead");
    }

    @Test
    void a_leader_that_loses_the_mount_of_the_folder_hands_over() {
        Path mounted = stage.mountedFor(ONE);
        stage.inSource("echo 1 >file");
        Dromedary first = eventuallyLeads(stage.processWith(mounted, ONE).start().awaitReady());
        Dromedary second = stage.process(TWO).start().awaitReady();
        eventuallySame(stage.source, stage.target, first);

        PairStage.umount(mounted);

        eventuallyLeads(second);
        assertThat(role(first)).isEqualTo("standby");
        stage.inSource("echo 2 >file");
        eventuallySame(stage.source, stage.target, second);
        assertThat(mounted).isEmptyDirectory();
        stage.assertNeverBothAtOnce();
    }

    @Test
    void a_folder_that_is_another_one_than_at_the_last_start_is_refused() {
        Path mounted = stage.mountedFor(ONE);
        stage.processWith(mounted, ONE).start().awaitReady().terminate();

        PairStage.umount(mounted);

        Dromedary again = stage.processWith(mounted, ONE).start();
        assertThat(again.awaitExit()).isEqualTo(1);
        assertThat(again.output()).contains("dromedary.pair = " + mounted + ": this is another folder than at the last start");
        Dromedary check = stage.processWith(mounted, ONE).start("check");
        assertThat(check.awaitExit()).isEqualTo(1);
        assertThat(check.output()).contains("this is another folder than at the last start");
        assertThat(mounted).isEmptyDirectory();
    }

    @Test
    void clocks_have_no_say_in_who_leads() {
        SettableClock clock = SettableClock.in(stage.scratch);
        clock.set(Duration.ofHours(-1));
        Dromedary first = eventuallyLeads(stage.process(ONE).start().awaitReady());
        Dromedary.Builder behind = stage.process(TWO);
        clock.environment().forEach(behind::environment);
        Dromedary second = behind.start().awaitReady();
        assertThat(role(second)).isEqualTo("standby");

        first.killNow();

        eventuallyLeads(second);
        Dromedary again = stage.process(ONE).start().awaitReady();
        second.killNow();
        eventuallyLeads(again);
    }

    @Test
    void an_edited_route_of_the_leader_is_taken_in() throws IOException {
        Dromedary.Builder process = stage.process(ONE, "camel.main.routes-reload-enabled = true");
        Path routes = Stage.copyRoutesTo(stage.scratch.folder("home-" + ONE + "/routes"));
        Dromedary leader = eventuallyLeads(process.start().awaitReady());
        eventuallySame(stage.source, stage.target, leader);

        Path sync = routes.resolve("sync.camel.yaml");
        Files.writeString(sync, Files.readString(sync) + "# edited\n");
        eventually("it is taken in", leader, () -> leader.output().contains("sync.camel.yaml is taken in"));
        stage.inSource("echo 1 >file");

        eventuallySame(stage.source, stage.target, leader);
        assertThat(role(leader)).isEqualTo("leader");
    }

    @Test
    void a_cluster_service_of_another_kind_is_bound_by_keys_of_camel() {
        stage.inSource("echo 1 >file");
        String[] keys = {"dromedary.pair = #cluster",
            "camel.beans.cluster = #class:org.apache.camel.component.file.cluster.FileLockClusterService",
            "camel.beans.cluster.root = " + stage.shared, "camel.beans.cluster.acquireLockInterval = 1"};
        Dromedary first = eventuallyLeads(stage.process(ONE, keys).start().awaitReady());
        Dromedary second = stage.process(TWO, keys).start().awaitReady();
        eventuallySame(stage.source, stage.target, first);
        assertThat(role(second)).isEqualTo("standby");

        first.terminate();
        stage.inSource("echo 2 >file");
        eventuallySame(stage.source, stage.target, second);
    }

    @Test
    void a_pair_that_can_not_be_is_refused_at_the_start() {
        Dromedary nowhere = stage.process(ONE, "dromedary.pair = " + stage.scratch.root() + "/nowhere").start();
        assertThat(nowhere.awaitExit()).isEqualTo(2);
        assertThat(nowhere.output()).contains("dromedary.pair = " + stage.scratch.root() + "/nowhere: this folder does not exist")
                .contains("mkdir " + stage.scratch.root() + "/nowhere");

        Dromedary nobody = stage.process(TWO, "dromedary.pair = #cluster").start();
        assertThat(nobody.awaitExit()).isEqualTo(2);
        assertThat(nobody.output()).contains("dromedary.pair = #cluster: there is no cluster service of that name; bind one");
    }

    @Test
    void once_and_check_take_no_part() {
        stage.inSource("echo 1 >file");
        eventuallyLeads(stage.process(ONE).start().awaitReady());

        Dromedary check = stage.process(TWO).start("check");
        assertThat(check.awaitExit()).as(check.output()).isZero();
        assertThat(check.output()).contains("pair: files can be locked in " + stage.shared);
        Dromedary once = stage.process(TWO).start("once");
        assertThat(once.awaitExit()).as(once.output()).isZero();
        assertThat(stage.users()).contains(TWO);
    }

    private static void during(Churn churn, Runnable what) {
        AtomicBoolean over = new AtomicBoolean();
        Throwable[] failure = new Throwable[1];
        Thread happening = new Thread(() -> {
            try {
                what.run();
            } catch (Throwable e) {
                failure[0] = e;
            } finally {
                over.set(true);
            }
        });
        happening.start();
        churn.until(over::get);
        churn.operations(100);
        if (failure[0] != null) {
            throw new AssertionError("it did not come about", failure[0]);
        }
    }

    private boolean isRunning(String name) {
        String mark = "DROMEDARY_STATE=" + stage.state(name);
        return ProcessHandle.allProcesses().anyMatch(process -> {
            try {
                return Files.readString(Path.of("/proc", Long.toString(process.pid()), "environ")).contains(mark);
            } catch (IOException e) {
                return false;
            }
        });
    }

    // the leader writes it at each look
    private long lastSign() {
        try {
            return Files.getLastModifiedTime(stage.shared.resolve("dromedary.dat")).toMillis();
        } catch (NoSuchFileException e) {
            return Long.MAX_VALUE;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
