package dev.dromedary.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.StubRsync;
import dev.dromedary.testing.Tree;
import org.apache.camel.util.json.JsonObject;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.e2e.Settled.eventuallySettled;
import static dev.dromedary.e2e.Settled.eventuallyState;
import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

/** max-change: what is more is held until a person approves it. */
class ApprovalIT {

    private static final String TARGET = "/api/mirrors/t/targets/a/";

    @AutoClose
    private final Stage stage = new Stage();

    private Dromedary running(String limit, String... more) {
        // what one script does is to be one run, however slow the machine is
        configured(limit, more);
        return stage.start().awaitReady();
    }

    private void configured(String limit, String... more) {
        stage.configured(Stream.concat(Stream.of("mirror.t.max-change = " + limit, "mirror.t.window = 1500ms"), Stream.of(more))
                .toArray(String[]::new));
    }

    private static String held(int changes, int deleted) {
        return "held: " + changes + " files would change, " + deleted + " of them are deleted";
    }

    private static void eventuallyHeld(int changes, int deleted, Dromedary dromedary) {
        eventually(held(changes, deleted), dromedary, () -> dromedary.target().getString("state").equals("halted")
                && dromedary.target().getString("reason").startsWith(held(changes, deleted)));
    }

    @Test
    void more_than_may_change_is_held_listed_and_approved() {
        stage.inSource("seq 40 | xargs touch");
        Dromedary dromedary = running("10");
        eventuallySame(stage.source, stage.target, dromedary);
        eventuallyState("live", dromedary);
        Tree before = Tree.of(stage.target);

        stage.inSource("rm $(seq 12); echo 1 >20; echo 1 >new; chmod 600 30");
        eventuallyHeld(14, 12, dromedary);

        assertThat(Tree.differences(before, Tree.of(stage.target))).isEmpty();
        assertThat(dromedary.target().getString("ends")).contains("dromedary approve t/a");
        JsonObject pending = dromedary.json(TARGET + "pending?limit=1000");
        assertThat(pending.getBoolean("held")).isTrue();
        assertThat(pending.getInteger("total")).isEqualTo(14);
        assertThat(pending.getInteger("deleted")).isEqualTo(12);
        List<Object> paths = new ArrayList<>(pending.<List<?>>getCollection("paths"));
        assertThat(paths).hasSize(14).contains(change("7", "deleted"), change("20", "changed"), change("new", "created"));
        assertThat(dromedary.json(TARGET + "pending?limit=3&offset=1").<List<?>>getCollection("paths")).hasSize(3);
        assertThat(command(dromedary, "pending", "t/a", "--all")).contains("14 changes held, 12 of them deletions", "deleted  12\n",
                "created  new\n");
        assertThat(command(dromedary, "pending", "t", "--json")).contains("\"total\":14");

        assertThat(command(dromedary, "approve", "t/a")).contains("t/a: approved");
        eventuallySettled(stage, dromedary);
        eventuallyState("live", dromedary);
        // these, and no others after them
        stage.inSource("rm $(seq 20 40)");
        eventuallyHeld(21, 21, dromedary);
        assertThat(Tree.of(stage.target).has("33")).isTrue();
    }

    private static JsonObject change(String path, String what) {
        JsonObject json = new JsonObject();
        json.put("path", path);
        json.put("change", what);
        return json;
    }

    private String command(Dromedary running, String... arguments) {
        Dromedary asked = stage.dromedary().port(running.port()).start(arguments);
        assertThat(asked.awaitExit()).as(asked.output()).isZero();
        return asked.output();
    }

    @Test
    void what_has_come_to_it_since_it_was_counted_is_held_again() {
        stage.inSource("seq 60 | xargs touch");
        Dromedary dromedary = running("10");
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("rm $(seq 12)");
        eventuallyHeld(12, 12, dromedary);
        stage.inSource("rm $(seq 13 42)");
        eventually("it is known", dromedary, () -> dromedary.target().getInteger("pending") >= 42);

        assertThat(dromedary.post(TARGET + "approve").statusCode()).isEqualTo(200);
        eventuallyHeld(42, 42, dromedary);
        assertThat(Tree.of(stage.target).has("5")).isTrue();

        assertThat(dromedary.post(TARGET + "approve").statusCode()).isEqualTo(200);
        eventuallySettled(stage, dromedary);
    }

    @Test
    void a_whole_tree_is_held_over_kill_9_and_what_was_approved_too() {
        stage.inSource("mkdir folder; cd folder; seq 30 | xargs touch");
        Dromedary first = running("10");
        eventuallySame(stage.source, stage.target, first);
        eventuallyState("live", first);
        first.terminate();
        stage.inSource("rm folder/1? folder/2?");

        Dromedary second = stage.start().awaitReady();
        eventuallyHeld(20, 20, second);
        assertThat(second.json(TARGET + "pending").getCollection("paths").toString()).contains("folder/17");
        second.killNow();
        Dromedary third = stage.start().awaitReady();
        eventuallyHeld(20, 20, third);
        assertThat(Tree.of(stage.target).has("folder/17")).isTrue();

        stage.daemon.stop();
        assertThat(third.post(TARGET + "approve").statusCode()).isEqualTo(200);
        eventuallyState("away", third);
        third.killNow();
        stage.daemon.start();
        Dromedary fourth = stage.start().awaitReady();
        eventuallySettled(stage, fourth);
        eventuallyState("live", fourth);
    }

    @Test
    void what_was_brought_back_is_counted_anew_and_a_pause_goes_on() {
        stage.inSource("seq 30 | xargs touch");
        Dromedary dromedary = running("10");
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("mkdir ../aside; mv $(seq 15) ../aside");
        eventuallyHeld(15, 15, dromedary);
        assertThat(dromedary.post(TARGET + "resume").statusCode()).isEqualTo(200);
        eventuallyHeld(15, 15, dromedary);
        stage.inSource("mv ../aside/* .");
        assertThat(dromedary.post(TARGET + "resume").statusCode()).isEqualTo(200);
        eventuallySettled(stage, dromedary);
        eventuallyState("live", dromedary);
        assertThat(dromedary.target().<JsonObject>getMap("totals").getInteger("deletes")).isZero();

        dromedary.post(TARGET + "pause");
        stage.inSource("rm $(seq 15)");
        eventually("it is known", dromedary, () -> dromedary.target().getInteger("pending") >= 15);
        dromedary.post(TARGET + "resume");
        eventuallyHeld(15, 15, dromedary);
        dromedary.post(TARGET + "pause");
        assertThat(dromedary.post(TARGET + "approve").statusCode()).isEqualTo(200);
        eventuallyState("paused", dromedary);
        assertThat(Tree.of(stage.target).has("5")).isTrue();
        dromedary.post(TARGET + "resume");
        eventuallySettled(stage, dromedary);
    }

    @Test
    void what_gathered_while_the_target_was_away_is_counted_together_though_it_goes_in_parts() {
        stage.inSource("seq 30 | xargs touch");
        Dromedary dromedary = running("10");
        eventuallySame(stage.source, stage.target, dromedary);
        stage.daemon.stop();
        stage.inSource("echo 1 >1");
        eventuallyState("away", dromedary);
        stage.inSource("rm 2 3 4 5 6 7 8 9");
        eventually("it is on disk", dromedary, () -> dromedary.target().getInteger("deadLetters") >= 2);
        stage.inSource("for i in $(seq 10 20); do echo 2 >$i; done");
        eventually("it is known", dromedary, () -> dromedary.target().getInteger("pending") >= 20);

        JsonObject pending = dromedary.json(TARGET + "pending");
        assertThat(pending.getBoolean("held")).isFalse();
        assertThat(pending.getCollection("paths").toString()).contains("path=15,");
        stage.daemon.start();
        dromedary.post(TARGET + "replay");
        eventuallyHeld(20, 8, dromedary);
        dromedary.post(TARGET + "approve");
        eventuallySettled(stage, dromedary);
    }

    @Test
    void a_share_is_one_of_what_the_target_has() {
        stage.inSource("seq 99 | xargs touch; mkdir folder");
        Dromedary dromedary = running("5%", "mirror.t.reconcile-on-start = false");
        stage.inSource("touch first");
        dromedary.post(TARGET + "reconcile");
        eventuallySame(stage.source, stage.target, dromedary);

        stage.inSource("rm 1 2 3 4 5");
        eventuallySettled(stage, dromedary);
        stage.inSource("rm 6 7 8 9 10 11");
        eventuallyHeld(6, 6, dromedary);
        dromedary.post(TARGET + "approve");
        eventuallySettled(stage, dromedary);
    }

    @Test
    void large_files_count_and_other_permissions_do_not() {
        stage.inSource("for i in $(seq 20); do head -c 3000 /dev/zero >$i; done");
        Dromedary dromedary = running("10", "mirror.t.large-file = 2k");
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("chmod 600 *");
        eventuallySettled(stage, dromedary);
        eventuallyState("live", dromedary);

        stage.inSource("for i in $(seq 12); do head -c 3000 /dev/urandom >$i; done");
        eventuallyHeld(12, 0, dromedary);
        dromedary.post(TARGET + "approve");
        eventuallySettled(stage, dromedary);
    }

    @Test
    void no_more_is_run_where_no_more_is_pending_than_may_change() {
        StubRsync stub = StubRsync.in(stage.scratch);
        stage.inSource("seq 30 | xargs touch");
        configured("10", "mirror.t.warm = off");
        Dromedary dromedary = stage.dromedary().environment("PATH", stub.path()).start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        eventuallyState("live", dromedary);
        long before = stub.runs();

        stage.inSource("echo 1 >1");
        eventuallySettled(stage, dromedary);
        eventuallyState("live", dromedary);
        assertThat(stub.runs()).isEqualTo(before + 1);
    }

    @Test
    void approve_lets_through_what_max_delete_holds_and_says_so_where_nothing_is_held() {
        stage.inSource("seq 10 | xargs touch");
        Dromedary dromedary = running("100", "mirror.t.max-delete = 4");
        eventuallySame(stage.source, stage.target, dromedary);
        assertThat(dromedary.post(TARGET + "approve").statusCode()).isEqualTo(409);
        stage.inSource("rm 1 2 3 4 5 6");
        eventuallyState("halted", dromedary);

        assertThat(dromedary.post(TARGET + "approve").statusCode()).isEqualTo(200);
        eventuallySettled(stage, dromedary);
        eventuallyState("live", dromedary);
        assertThat(dromedary.get("/api/mirrors/t/targets/none/pending").statusCode()).isEqualTo(404);
        assertThat(dromedary.get(TARGET + "pending?limit=-1").statusCode()).isEqualTo(400);
    }
}
