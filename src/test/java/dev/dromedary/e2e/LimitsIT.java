package dev.dromedary.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Sh;
import org.apache.camel.util.json.JsonObject;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

/** The kernel's limits of inotify, lowered for the program alone in a user namespace. */
class LimitsIT {

    @AutoClose
    private final Stage stage = new Stage();

    @BeforeEach
    void assumeNamespaces() {
        Assumptions.assumeTrue(works("unshare --user --map-root-user true"), "no user namespaces here");
    }

    @Test
    void folders_beyond_the_limit_of_watches_are_polled_and_watched_when_it_is_raised() {
        stage.inSource("for i in 1 2 3 4 5 6 7 8 9 10; do mkdir -p $i/a/b; echo 1 >$i/a/b/file; done");
        Dromedary dromedary = stage.configured("mirror.t.poll = 1s").dromedary().inotify(12, 16).start();
        eventuallySame(stage.source, stage.target, dromedary);
        eventually("the number to raise the limit to", dromedary, () -> dromedary.output()
                .contains("sysctl fs.inotify.max_user_watches="));
        eventually("not ready, and by how many folders", dromedary, () -> dromedary.get("/observe/health/ready").body()
                .matches(".*\\d+ folders of .* are not watched.*"));

        String folder = notWatched(dromedary).getString("path");
        assertThat(explained(dromedary, folder)).contains("\"state\":\"not known\"",
                folder + " is not watched: the limit of inotify watches is reached, so it is compared now and then instead");
        assertThat(explained(dromedary, "nowhere")).contains("\"state\":\"in line\"");

        stage.inSource("for i in 1 2 3 4 5 6 7 8 9 10; do echo 2 >$i/a/b/file; mkdir $i/a/new; echo 3 >$i/a/new/file; done");
        eventuallySame(stage.source, stage.target, dromedary);

        Sh.run(stage.scratch.root(), "nsenter --user --target " + dromedary.pid()
                + " sh -c 'echo 1000 >/proc/sys/user/max_inotify_watches'");
        eventually("ready once the limit is raised", dromedary, dromedary::isReady);
        stage.inSource("for i in 1 2 3 4 5 6 7 8 9 10; do echo 4 >$i/a/b/file; done");
        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void without_any_inotify_the_whole_is_polled() {
        stage.inSource("mkdir -p a/b; echo 1 >a/b/file");
        Dromedary dromedary = stage.configured("mirror.t.poll = 1s").dromedary().inotify(100, 0).start();
        eventuallySame(stage.source, stage.target, dromedary);
        eventually("what to raise", dromedary, () -> dromedary.output().contains("fs.inotify.max_user_instances"));

        stage.inSource("echo 2 >a/b/file; rm -r a/b; mkdir c");
        eventuallySame(stage.source, stage.target, dromedary);

        Sh.run(stage.scratch.root(), "nsenter --user --target " + dromedary.pid()
                + " sh -c 'echo 100 >/proc/sys/user/max_inotify_instances'");
        eventually("ready once the limit is raised", dromedary, dromedary::isReady);
    }

    @Test
    void where_no_library_may_be_run_the_whole_is_polled_and_the_way_out_is_said() {
        Path noexec = stage.mounted("noexec", "noexec");
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configured("mirror.t.poll = 1s").dromedary().property("jna.tmpdir", noexec.toString()).start();
        eventuallySame(stage.source, stage.target, dromedary);
        eventually("the way out", dromedary, () -> dromedary.output().contains("-Djna.tmpdir=FOLDER"));

        stage.inSource("echo 2 >file");
        eventuallySame(stage.source, stage.target, dromedary);
    }

    /** In a user namespace, root may not read what belongs to a user that is not in there. */
    @Test
    void a_folder_that_may_not_be_read_is_named() {
        stage.inSource("mkdir -p open secret/below; echo 1 >open/file; chmod 700 secret; chown 1234 secret");
        Dromedary dromedary = stage.configured().dromedary().inotify(100, 16).start();
        eventually("it answers", dromedary, () -> dromedary.output().contains("The status page is at "));
        eventually("it is known that it is not watched", dromedary, () -> notWatched(dromedary) != null);
        eventually("the rest is there", dromedary, () -> Files.exists(stage.target.resolve("open/file")));

        assertThat(notWatched(dromedary).getString("path")).isEqualTo("secret");
        assertThat(notWatched(dromedary).getString("reason")).startsWith("this user may not read it");
        eventually("it is explained", dromedary, () -> explained(dromedary, "secret/below")
                .matches(".*secret.*(is not watched: this user may not read it|Permission denied).*"));
    }

    private String explained(Dromedary dromedary, String path) {
        return dromedary.get("/api/explain?path=" + stage.source.resolve(path)).body().replace("\\/", "/");
    }

    // the first; null if there is none
    private static JsonObject notWatched(Dromedary dromedary) {
        JsonObject mirror = (JsonObject) dromedary.json("/api/status").<List<?>>getCollection("mirrors").get(0);
        return Objects.<List<?>>requireNonNullElse(mirror.getCollection("notWatched"), List.of()).stream().map(JsonObject.class::cast)
                .findFirst().orElse(null);
    }

    private boolean works(String command) {
        try {
            Sh.run(stage.scratch.root(), command);
            return true;
        } catch (AssertionError | IllegalStateException e) {
            return false;
        }
    }
}
