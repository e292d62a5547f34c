package dev.dromedary.e2e;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import dev.dromedary.testing.Dromedary;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What somebody says has changed, at a source whose changes the kernel tells of to nobody. */
class ChangedIT {

    private static final String CHANGED = "/api/mirrors/t/changed";

    @AutoClose
    private final Stage stage = new Stage();

    @BeforeEach
    void assumeNamespaces() {
        assumeTrue(stage.works("unshare --user --map-root-user true"), "no user namespaces here");
    }

    @Test
    void a_file_a_folder_and_what_is_gone_are_carried_at_once() {
        stage.inSource("mkdir -p gone/deep folder; echo 1 >gone/deep/file; echo 1 >gone-file; echo 1 >folder/stale; echo 1 >file");
        Dromedary dromedary = blind();
        stage.inSource("rm -r gone gone-file folder/stale; echo 22 >file; mkdir -p folder/new/deep; echo 3 >folder/new/deep/file; mkdir -p a/b; echo 4 >a/b/c");

        changed(dromedary, "file", stage.source + "/folder", "gone", "gone-file", "./a//b/c");

        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void from_the_working_directory_on() {
        Dromedary dromedary = blind();
        stage.inSource("mkdir folder; echo 1 >folder/file");

        Dromedary asked = Dromedary.in(stage.scratch, stage.source.resolve("folder")).port(dromedary.port())
                .start("changed", "../folder/file");
        assertThat(asked.awaitExit()).as(asked.output()).isZero();

        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void what_is_left_out_stays_left_out() {
        Dromedary dromedary = blind("mirror.t.exclude = *.tmp, cache/");
        stage.inSource("echo 1 >a.tmp; mkdir -p cache/in; echo 1 >cache/in/file; echo 1 >b");

        Dromedary asked = changed(dromedary, "a.tmp", "cache/in/file", "gone.tmp", "cache", "b");

        assertThat(asked.output()).contains("t: 1 path pending, 4 left out of the mirror");
        eventually("b is there", dromedary, () -> Files.exists(stage.target.resolve("b")));
        assertThat(stage.target.resolve("a.tmp")).doesNotExist();
        assertThat(stage.target.resolve("cache")).doesNotExist();
    }

    @Test
    void what_lies_elsewhere_is_refused_with_the_sources_that_there_are() {
        Dromedary dromedary = blind();

        Dromedary asked = stage.dromedary().port(dromedary.port()).start("changed", "/etc/passwd");

        assertThat(asked.awaitExit()).as(asked.output()).isEqualTo(2);
        assertThat(asked.output()).contains("/etc/passwd: this is below no source", stage.source + " (t)");
    }

    /** What lies behind it is none of the source's, and is not to be brought to where a link of that name at the target leads. */
    @Test
    void nothing_is_carried_from_behind_a_link() {
        Path outside = stage.scratch.folder("outside");
        Dromedary dromedary = blind();
        stage.inSource("ln -s " + outside + " link; echo 1 >" + outside + "/file");

        changed(dromedary, "link/file");

        eventually("the link is there", dromedary, () -> Files.isSymbolicLink(stage.target.resolve("link")));
        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void names_are_bytes() {
        Dromedary dromedary = blind();
        byte[] names = (stage.source + "/b\u00e9\0" + stage.source + "/line\nbreak\0" + stage.source + "/back\\slash\0" + stage.source + "/-dash\0"
                + stage.source + "/\u00ff\u00fe *\0" + stage.source + "/\u00c3\u00a4/in\0").getBytes(StandardCharsets.ISO_8859_1);
        stage.inSource("d=$(printf '\\303\\244'); mkdir \"$d\"; for n in \"$(printf 'b\\351')\" 'line\nbreak' 'back\\slash' ./-dash \"$(printf '\\377\\376 *')\" \"$d/in\";"
                + " do echo 1 >\"$n\"; done");

        Dromedary asked = stage.dromedary().port(dromedary.port()).input(names).start("changed", "--from0", "-");
        assertThat(asked.awaitExit()).as(asked.output()).isZero();
        assertThat(asked.output()).contains("t: 6 paths pending");

        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void a_list_of_many_goes_in_parts() {
        Dromedary dromedary = blind();
        stage.inSource("mkdir many; cd many; seq 25000 | xargs touch");
        StringBuilder names = new StringBuilder();
        for (int i = 1; i <= 25_000; i++) {
            names.append(stage.source).append("/many/").append(i).append('\0');
        }

        Dromedary asked = stage.dromedary().port(dromedary.port()).input(names.toString().getBytes(StandardCharsets.UTF_8))
                .start("changed", "-0", "-");
        assertThat(asked.awaitExit()).as(asked.output()).isZero();
        assertThat(asked.output()).contains("t: 25000 paths pending");

        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void by_http_it_is_a_list_of_json_and_all_else_is_refused() {
        Dromedary dromedary = blind();
        stage.inSource("mkdir img; echo 1 >img/a.jpg; echo 1 >'b\\c'");
        assertThat(dromedary.post(CHANGED, "[\"img/a.jpg\", \"" + stage.source + "/b\\\\#134c\"]").body())
                .contains("\"version\":1", "\"taken\":2", "\"leftOut\":0");
        eventuallySame(stage.source, stage.target, dromedary);

        assertRefused(dromedary, "{}", 400, "not a list of paths in JSON");
        assertRefused(dromedary, "", 400, "not a list of paths in JSON");
        assertRefused(dromedary, "[1]", 400, "no path");
        assertRefused(dromedary, "[\"../x\"]", 400, "..");
        assertRefused(dromedary, "[\"a\\u0000b\"]", 400, "NUL");
        assertRefused(dromedary, "[\"/etc/passwd\"]", 400, "not below the source; the source of t is " + stage.source);
        assertRefused(dromedary, "[\"" + "x".repeat(9 << 20) + "\"]", 413, "8 MiB");
        assertRefused(dromedary, "[" + "\"\",".repeat(100_001) + "\"\"]", 413, "100000");
        assertThat(dromedary.post("/api/mirrors/nowhere/changed", "[]").statusCode()).isEqualTo(404);
        assertThat(stage.home.resolve("file-uploads")).doesNotExist();
        assertThat(dromedary.isReady()).isFalse();
    }

    @Test
    void whoever_waits_then_waits_for_it() {
        Dromedary dromedary = blind();
        stage.inSource("echo 1 >file");
        changed(dromedary, "file");

        assertThat(stage.dromedary().port(dromedary.port()).start("wait").awaitExit()).isZero();
        assertThat(stage.target.resolve("file")).exists();
    }

    // nothing is watched, and what is compared now and then is so in ten minutes
    private Dromedary blind(String... more) {
        Dromedary dromedary = stage.configured(Stream.concat(Stream.of(more), Stream.of("mirror.t.poll = 10m")).toArray(String[]::new)).dromedary().inotify(100, 0).start();
        eventuallySame(stage.source, stage.target, dromedary);
        eventually("it is in line", dromedary, () -> dromedary.output().contains("in line with its source"));
        return dromedary;
    }

    private Dromedary changed(Dromedary of, String... paths) {
        Stream<String> absolute = Stream.of(paths).map(path -> path.startsWith("/") ? path : stage.source + "/" + path);
        Dromedary asked = stage.dromedary().port(of.port()).start(Stream.concat(Stream.of("changed"), absolute).toArray(String[]::new));
        assertThat(asked.awaitExit()).as(asked.output()).isZero();
        return asked;
    }

    private static void assertRefused(Dromedary dromedary, String body, int code, String why) {
        HttpResponse<String> answer = dromedary.post(CHANGED, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(code);
        assertThat(answer.body().replace("\\/", "/")).contains(why);
    }
}
