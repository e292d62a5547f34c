package dev.dromedary.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;

import dev.dromedary.testing.Sh;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class StateFolderTest {

    private static final int SOMEBODY = 12_345;

    @TempDir
    private Path dir;
    private Path state;

    @BeforeEach
    void make() throws IOException {
        state = Files.createDirectory(dir.resolve("state"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"700", "755", "750", "775"})
    void a_folder_that_nobody_else_may_write_to_is_taken(String mode) {
        sh("chmod " + mode + " state");

        assertThat(StateFolder.fault(state)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"702, everybody", "777, everybody", "1777, everybody", "770, the group 12345", "2730, the group 12345"})
    void a_folder_that_others_may_write_to_is_refused_with_the_way_out(String mode, String who) {
        asRoot();
        sh("chgrp " + SOMEBODY + " state; chmod " + mode + " state");

        assertThat(StateFolder.fault(state)).hasValueSatisfying(fault -> {
            assertThat(fault.problem()).startsWith(state + " may be written to by " + who + " (owner ").contains("mode rwx");
            assertThat(fault.remedy()).isEqualTo("chmod go-w " + state);
        });
        sh("chmod go-w state");
        assertThat(StateFolder.fault(state)).isEmpty();
    }

    @Test
    void a_folder_or_a_link_of_another_user_is_refused() {
        asRoot();
        sh("mkdir other; chown " + SOMEBODY + " other; ln -s state link; ln -s state mine; chown -h " + SOMEBODY + " link");

        assertThat(StateFolder.fault(dir.resolve("other"))).hasValueSatisfying(fault -> {
            assertThat(fault.problem()).contains("other belongs to another user (owner 12345");
            assertThat(fault.remedy()).startsWith("chown ");
        });
        assertThat(StateFolder.fault(dir.resolve("link"))).hasValueSatisfying(fault ->
                assertThat(fault.problem()).contains("link is a link of another user (owner 12345)"));
        assertThat(StateFolder.fault(dir.resolve("link/below"))).as("below it").isPresent();
        assertThat(StateFolder.fault(dir.resolve("mine"))).as("a link of our own").isEmpty();
    }

    @Test
    void a_folder_that_others_could_put_another_in_the_place_of_is_refused() {
        sh("mkdir -p open/state open/sticky/state; chmod 777 open; chmod 1777 open/sticky");

        assertThat(StateFolder.fault(dir.resolve("open/state"))).hasValueSatisfying(fault ->
                assertThat(fault.remedy()).isEqualTo("chmod o-w " + dir.resolve("open")));
        assertThat(StateFolder.fault(dir.resolve("open/to/be/made"))).isPresent();
        sh("chmod 755 open");
        assertThat(StateFolder.fault(dir.resolve("open/sticky/state"))).as("as in /tmp").isEmpty();
        assertThat(StateFolder.fault(dir.resolve("open/sticky/to/be/made"))).isEmpty();
    }

    @Test
    void the_folders_of_a_version_before_are_closed_and_what_links_lead_to_is_left_alone() throws IOException {
        sh("mkdir -p state/cookie/www state/dead-letter/www/backup outside; chmod -R 755 state outside;"
                + " ln -s ../outside state/source; echo 1 >state/dead-letter/www/backup/letter");

        StateFolder.close(state);

        assertThat(mode(state)).as("its own is the user's").isEqualTo("rwxr-xr-x");
        for (String each : new String[] {"cookie", "cookie/www", "dead-letter", "dead-letter/www", "dead-letter/www/backup"}) {
            assertThat(mode(state.resolve(each))).as(each).isEqualTo("rwx------");
        }
        assertThat(mode(dir.resolve("outside"))).isEqualTo("rwxr-xr-x");
        assertThat(mode(state.resolve("dead-letter/www/backup/letter"))).isEqualTo("rw-r--r--");
    }

    @Test
    void a_folder_in_it_that_is_a_link_is_named() throws IOException {
        sh("mkdir -p elsewhere state/filter state/dead-letter/www; ln -s ../../../elsewhere state/dead-letter/www/backup; ln -s file state/link");

        assertThat(StateFolder.close(state)).hasValueSatisfying(fault -> assertThat(fault.problem())
                .startsWith(state + "/dead-letter/www/backup is a link to a folder"));
        sh("rm state/dead-letter/www/backup");
        assertThat(StateFolder.close(state)).isEmpty();
    }

    @Test
    void a_lock_that_is_a_link_is_refused_and_its_end_stays_as_it_is() throws IOException {
        sh("echo precious >precious; ln -s ../precious state/lock");

        assertThatThrownBy(() -> StateLock.take(state)).isInstanceOf(IOException.class)
                .hasMessageContaining("dromedary.state-dir = ").hasMessageContaining("lock is a link").hasMessageContaining("remove it");
        assertThat(dir.resolve("precious")).hasContent("precious");

        sh("rm state/lock; ln -s ../nothing state/lock");
        assertThatThrownBy(() -> StateLock.take(state)).hasMessageContaining("lock is a link");
        assertThat(dir.resolve("nothing")).doesNotExist();
    }

    @Test
    void nothing_is_written_through_a_link() throws IOException {
        sh("echo precious >precious; mkdir state/paused state/paused/t; ln -s ../../../precious state/paused/t/a");

        assertThatThrownBy(() -> new PauseFlag(state, "t/a").begin(Instant.now())).isInstanceOf(IOException.class);

        assertThat(dir.resolve("precious")).hasContent("precious");
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo +1000000000-12-31T23:59:59.999999999Z", "echo -1000000000-01-01T00:00:00Z", "echo nonsense",
        "printf '\\377\\376'", "true"})
    void a_pause_counts_whatever_its_file_holds(String command) {
        sh("mkdir -p state/paused/t; " + command + " >state/paused/t/a");
        Instant before = Instant.now();

        assertThat(new PauseFlag(state, "t/a").since()).hasValueSatisfying(since ->
                assertThat(since).isBetween(before, Instant.now()));
        assertThat(new PauseFlag(state, "t/b").since()).isEmpty();
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static void asRoot() {
        assumeTrue(WritableByOthers.isRoot(), "only root can give files away");
    }

    private void sh(String script) {
        Sh.run(dir, script);
    }
}
