package dev.dromedary.e2e;

import dev.dromedary.testing.Dromedary;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static dev.dromedary.testing.Mirrors.eventuallySame;

/** What the churn has found, each by itself: names that have changed hands by the time their events are read. */
class ChurnFindingsIT {

    @AutoClose
    private final Stage stage = new Stage();

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "two folders swapped in a folder that was moved, mv a b; mv b/x t; mv b/y b/x; mv t b/y",
        "two folders swapped in a folder that came up, mkdir n; mv a/x a/y n; mv n/x t; mv n/y n/x; mv t n/y",
        "a chain, mv a t; mv q a; mv q2 q; mv t q2",
        "a link in the place of a folder with a new folder, mkdir a/c; mv a b; ln -s q a",
        "a link in the place of a folder with a moved folder, mv r a/c; mv a b; ln -s q a",
        "a link up in the place of a folder, mkdir a/q; mv a b; ln -s . a",
        "a link in the place of a folder that is gone, mkdir a/c; rm -r a; ln -s q a",
        "a folder in the place of another, mkdir a/c; rm -r a; mv q a",
        "a folder that was made and replaced, mkdir n; mv n o; mv a n"})
    void what_changes_afterwards_in_any_folder_arrives(String what, String script) {
        stage.inSource("mkdir -p a/x a/y q/c/d q2/c r; for folder in . a a/x a/y q q/c q/c/d r; do echo 1 >$folder/file; done");
        Dromedary dromedary = stage.configured().start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);

        dromedary.suspend();
        stage.inSource(script);
        dromedary.resume();
        eventuallySame(stage.source, stage.target, dromedary);

        stage.inSource("find . -type d | while read -r folder; do echo 2 >\"$folder/probe\"; done");
        eventuallySame(stage.source, stage.target, dromedary);
    }
}
