package dev.dromedary.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

class FolderOverlapCheckTest {

    private static final String URL = "mirror.www.target.backup.url";

    @TempDir
    Path dir;
    private Configuration configuration;

    @BeforeEach
    void a_good_configuration() throws IOException {
        configuration = new Configuration(dir);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            source,             the target is the source itself
            source/.,           the target is the source itself
            link,               the target is the source itself
            source/mirror,      the target lies inside its own source DIR/source
            link/mirror/deep,   the target lies inside its own source DIR/source
            .,                  the source DIR/source lies inside this target
            ./x/..,             the source DIR/source lies inside this target
            """)
    void a_target_in_its_own_source_is_refused(String target, String text) throws Exception {
        Files.createSymbolicLink(dir.resolve("link"), dir.resolve("source"));
        configuration.with(URL, target).with("dromedary.state-dir", "/var/lib/dromedary-test");

        assertThat(configuration.told()).singleElement().asString().startsWith(URL + " = " + target + ": " + text);
    }

    @ParameterizedTest
    @CsvSource({"source2", "sourc", "other/source"})
    void a_target_of_a_similar_name_is_fine(String target) throws Exception {
        assertThat(configuration.with(URL, target).read().mirrors()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"b,b,source", "b/in,b,source/x", "b,b/in,source/x", "link,b,source"})
    void two_mirrors_that_feed_each_other_are_refused(String first, String second, String back) throws Exception {
        configuration.folder("b/in");
        Files.createSymbolicLink(dir.resolve("link"), dir.resolve("b"));
        configuration.with(URL, first).with("mirror.two.source", second).with("mirror.two.target.back.url", back);

        assertThat(configuration.told()).containsExactly(URL + " = " + first + ": the mirrors go round in a circle: this writes "
                + "into the source of two, which comes back to www; take one of the targets out");
    }

    @Test
    void a_circle_of_three_is_refused_once() throws Exception {
        configuration.folder("b");
        configuration.folder("c");
        configuration.with(URL, "b").with("mirror.two.source", "b").with("mirror.two.target.c.url", "c")
                .with("mirror.three.source", "c").with("mirror.three.target.a.url", "source");

        assertThat(configuration.faults()).singleElement().satisfies(f -> assertThat(f.problem()).contains("circle"));
    }

    @Test
    void a_chain_is_fine() throws Exception {
        configuration.folder("b/sub");
        configuration.with(URL, "b").with("mirror.two.source", "b").with("mirror.two.target.c.url", "c")
                .with("mirror.three.source", "b/sub").with("mirror.three.target.d.url", "d");

        assertThat(configuration.read().mirrors()).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            rsync://host/module/      | rsync://host/module          | this is also where www/backup is mirrored to
            rsync://a@host/module     | b@HOST::module/              | this is also where www/backup is mirrored to
            rsync://host:873/module   | rsync://Host/module/./       | this is also where www/backup is mirrored to
            rsync://host/module       | host::module/sub             | this lies inside the target www/backup
            rsync://host/module/sub   | host::module                 | the target www/backup lies inside this one
            rsync://[FE80::1]/module  | [fe80::1]::module            | this is also where www/backup is mirrored to
            ssh://me@host:22/data     | host:/data/                  | this is also where www/backup is mirrored to
            host:/data                | ssh://host//data/x/../www    | this lies inside the target www/backup
            host:/                    | host:/data                   | this lies inside the target www/backup
            target                    | ./target/                    | this is also where www/backup is mirrored to
            target                    | link                         | this is also where www/backup is mirrored to
            link/a                    | target/a/b                   | this lies inside the target www/backup
            target/a/b                | link/a                       | the target www/backup lies inside this one
            """)
    void two_targets_of_one_place_are_refused(String first, String second, String text) throws Exception {
        configuration.folder("db");
        Files.createSymbolicLink(dir.resolve("link"), configuration.folder("target"));
        configuration.with(URL, first).with("mirror.db.source", "db").with("mirror.db.target.copy.url", second);

        assertThat(configuration.told()).containsExactly(
                "mirror.db.target.copy.url = " + second + ": " + text + "; give each target a folder of its own");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            rsync://host/module       | rsync://host/module2
            rsync://host/module       | rsync://host:8873/module
            rsync://host/module       | rsync://other/module
            rsync://host/data         | host:/data
            host:/data                | ssh://host:2222/data
            host:/data/a              | host:/data/A
            target                    | target2
            """)
    void two_targets_side_by_side_are_fine(String first, String second) throws Exception {
        configuration.with(URL, first).with("mirror.www.target.second.url", second);

        assertThat(configuration.mirror().targets()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"target/state", "target", "link/state", "."})
    void a_state_folder_that_the_mirror_would_delete_is_refused(String state) throws Exception {
        Files.createSymbolicLink(dir.resolve("link"), configuration.folder("target"));
        configuration.with("dromedary.state-dir", state);

        assertThat(configuration.told().get(0)).startsWith("dromedary.state-dir = " + state
                + ": the state folder and the target www/backup lie inside each other");
    }

    @ParameterizedTest
    @CsvSource({"target/pair,lies inside the target www/backup", "target,lies inside the target www/backup",
        "source,is the source of www"})
    void a_folder_of_a_pair_that_the_mirror_would_empty_or_carry_is_refused(String folder, String text) throws Exception {
        configuration.folder("target/pair");

        assertThat(configuration.with("dromedary.pair", folder).told()).singleElement().asString()
                .startsWith("dromedary.pair = " + folder + ": the folder of the pair " + text);
    }

    @Test
    void a_target_inside_the_default_state_folder_is_refused_by_its_key() throws Exception {
        assertThat(configuration.with(URL, "state/copy").faults()).extracting(ConfigFault::key, ConfigFault::value)
                .containsExactly(tuple("dromedary.state-dir", "state"));
    }

    @ParameterizedTest
    @CsvSource({"source", "link"})
    void a_source_inside_the_state_folder_is_refused(String state) throws Exception {
        configuration.folder("source/www");
        Files.createSymbolicLink(dir.resolve("link"), dir.resolve("source"));
        configuration.with("mirror.www.source", "source/www").with("dromedary.state-dir", state);

        assertThat(configuration.told()).singleElement().asString().contains("the source of www lies inside the state folder");
    }
}
