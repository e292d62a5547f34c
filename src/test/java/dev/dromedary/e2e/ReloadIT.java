package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.dromedary.testing.Dromedary;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

/** A route file that is edited while the program runs. */
class ReloadIT {

    private static final String RELOAD = "camel.main.routes-reload-enabled = true";
    private static final String PLACE_FOR_A_STEP = "# a step of your own that is to see what has arrived goes here";

    @AutoClose
    private final Stage stage = new Stage();

    @Test
    void routes_edited_under_load_are_taken_in_without_a_lost_change() throws Exception {
        Path routes = stage.routes();
        stage.inSource("mkdir a b");
        // what live runs have brought before the first whole one is not told from what was there
        Dromedary dromedary = stage.configured(RELOAD, "mirror.t.reconcile-on-start = false", "mirror.t.first-run = delete").start()
                .awaitReady();
        AtomicBoolean edited = new AtomicBoolean();
        Thread load = new Thread(() -> new Churn(stage.source, stage.scratch.folder("outside"), 1, 1).until(edited::get));
        load.start();
        try {
            edit(routes.resolve("sync.camel.yaml"), PLACE_FOR_A_STEP, "- log: HAS-ARRIVED");
            awaitTakenIn(dromedary, "sync");
            for (String name : new String[] {"watch", "window", "dead-letter", "apart", "reconcile"}) {
                Path file = routes.resolve(name + ".camel.yaml");
                save(file, "# Edited.\n" + Files.readString(file));
                awaitTakenIn(dromedary, name);
            }
        } finally {
            edited.set(true);
            load.join();
        }
        stage.inSource("echo 1 >last");

        eventuallySame(stage.source, stage.target, dromedary);
        assertThat(dromedary.output()).contains("HAS-ARRIVED");
        eventually("an end of what failed meanwhile", dromedary, () -> stage.deadLetters().isEmpty());
    }

    @Test
    void what_changes_while_a_watch_is_made_anew_arrives() throws IOException {
        Path watch = stage.routes().resolve("watch.camel.yaml");
        Dromedary dromedary = stage.configured(RELOAD, "mirror.t.reconcile-on-start = false", "mirror.t.first-run = delete").start()
                .awaitReady();
        // unseen: whatever the old watch is told of it, the target gets it from nobody else
        stage.inTarget("echo stale >stray");

        edit(watch, "Watches a source.", "Watches a source, as edited.");

        awaitTakenIn(dromedary, "watch");
        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void an_edit_that_is_no_route_keeps_the_old_one_and_says_the_line() throws IOException {
        Path sync = stage.routes().resolve("sync.camel.yaml");
        Dromedary dromedary = stage.configured(RELOAD).start().awaitReady();
        int line = Files.readAllLines(sync).indexOf("          - choice:") + 1;
        assertThat(line).isPositive();

        edit(sync, "- choice:", "- choise:");

        eventually("the line", dromedary, () -> dromedary.output().matches(
                "(?s).*sync.camel.yaml is NOT taken in, its routes are as they were: [^\n]*choise[^\n]*line " + line + ",.*"));
        stage.inSource("echo 1 >file");
        eventuallySame(stage.source, stage.target, dromedary);

        edit(sync, "- choise:", "- log: MENDED\n          - choice:");
        awaitTakenIn(dromedary, "sync");
        stage.inSource("echo 2 >file");
        eventuallySame(stage.source, stage.target, dromedary);
        eventually("the mended step", dromedary, () -> dromedary.output().contains("MENDED"));
    }

    @Test
    void an_edit_of_which_no_route_can_be_made_keeps_the_old_ones() throws IOException {
        Path sync = stage.routes().resolve("sync.camel.yaml");
        Dromedary dromedary = stage.configured(RELOAD).start().awaitReady();

        edit(sync, "ref: judge-{{name}}", "ref: jugde-{{name}}");

        eventually("the reason", dromedary, () -> dromedary.output().matches(
                "(?s).*sync.camel.yaml is NOT taken in, its routes are as they were: [^\n]*jugde-t-a.*"));
        stage.inSource("echo 1 >file");
        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void a_route_file_that_is_added_is_taken_in() throws IOException {
        Path routes = stage.routes();
        Dromedary dromedary = stage.configured(RELOAD).start().awaitReady();

        save(routes.resolve("mine.camel.yaml"), "- from:\n    uri: timer:mine?repeatCount=1\n    steps:\n      - log: MY-OWN\n");

        eventually("its words", dromedary, () -> dromedary.output().contains("MY-OWN"));
    }

    @Test
    void a_route_without_an_id_takes_the_place_of_its_former_self() throws IOException {
        Path mine = stage.routes().resolve("mine.camel.yaml");
        Files.writeString(mine, "- from:\n    uri: timer:mine?period=200\n    steps:\n      - log: FORMER-SELF\n");
        Dromedary dromedary = stage.configured(RELOAD).start().awaitReady();

        edit(mine, "FORMER-SELF", "SECOND-SELF");
        eventually("the second", dromedary, () -> dromedary.output().contains("SECOND-SELF"));
        edit(mine, "SECOND-SELF", "THIRD-SELF");
        eventually("the third, alone for a while", dromedary, () -> dromedary.output()
                .matches("(?s).*THIRD-SELF((?!FORMER-SELF|SECOND-SELF).)*THIRD-SELF((?!FORMER-SELF|SECOND-SELF).)*THIRD-SELF.*"));
    }

    @Test
    void a_copy_of_a_route_file_is_refused_and_the_routes_of_the_other_go_on() throws IOException {
        Path routes = stage.routes();
        Dromedary dromedary = stage.configured(RELOAD).start().awaitReady();

        save(routes.resolve("copy.camel.yaml"), Files.readString(routes.resolve("sync.camel.yaml"))
                .replace("judge-{{name}}", "jugde-{{name}}"));

        eventually("the reason", dromedary, () -> dromedary.output()
                .contains("copy.camel.yaml is NOT taken in, its routes are as they were: another file has a routeTemplate with the id sync"));
        stage.inSource("echo 1 >file");
        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void a_route_file_that_others_may_write_to_is_not_taken_in() throws IOException {
        Path routes = stage.routes();
        Dromedary dromedary = stage.configured(RELOAD).start().awaitReady();
        Path mine = routes.resolve("mine.camel.yaml");
        Path beside = Files.writeString(routes.resolve(".mine"), "- from:\n    uri: timer:mine?repeatCount=1\n    steps:\n      - log: NOT-MINE\n");
        Files.setPosixFilePermissions(beside, PosixFilePermissions.fromString("rw-rw-rw-"));
        Files.move(beside, mine, StandardCopyOption.ATOMIC_MOVE);

        eventually("the reason", dromedary, () -> dromedary.output().matches("(?s).*mine.camel.yaml is NOT taken in, its routes are as they were:"
                + " routes/mine.camel.yaml may be written to by everybody [^\n]*; chmod go-w routes/mine.camel.yaml, and save it once more.*"));
        save(mine, "- from:\n    uri: timer:mine?repeatCount=1\n    steps:\n      - log: MY-OWN\n");
        eventually("its words", dromedary, () -> dromedary.output().contains("MY-OWN"));
        assertThat(dromedary.output()).doesNotContain("NOT-MINE");
    }

    private static void awaitTakenIn(Dromedary dromedary, String name) {
        eventually(name + " to be taken in", dromedary,
                () -> dromedary.output().contains("routes/" + name + ".camel.yaml is taken in"));
    }

    private static void edit(Path file, String what, String instead) throws IOException {
        String text = Files.readString(file);
        assertThat(text).contains(what);
        save(file, text.replace(what, instead));
    }

    // as an editor does that leaves no half of a file
    private static void save(Path file, String text) throws IOException {
        Path beside = Files.writeString(file.resolveSibling("." + file.getFileName() + ".new"), text);
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
