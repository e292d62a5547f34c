package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Random;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.RsyncDaemon;
import dev.dromedary.testing.Scratch;
import dev.dromedary.testing.Sh;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;

/** All on one running mirror, each test in a folder of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LiveIT {

    @AutoClose
    private final Stage stage = new Stage();

    private Dromedary dromedary;
    private Path here;
    private Path there;
    private int tests;
    private int writes;

    @BeforeAll
    void start() {
        dromedary = stage.configured().start().awaitReady();
    }

    @BeforeEach
    void folder(TestInfo test) throws IOException {
        String name = test.getTestMethod().orElseThrow().getName() + "-" + ++tests;
        here = Files.createDirectory(stage.source.resolve(name));
        there = stage.target.resolve(name);
    }

    private void sh(String script) {
        Sh.run(here, script);
    }

    private void arrives() {
        eventuallySame(here, there, dromedary);
    }

    private void afterwards(String before, String change) {
        sh(before);
        arrives();
        sh(change);
        arrives();
    }

    @Test
    void a_new_file_arrives() {
        sh("echo hello >file");
        arrives();
    }

    @Test
    void an_empty_file_arrives() {
        sh(": >file");
        arrives();
    }

    @Test
    void an_empty_folder_arrives() {
        sh("mkdir -p folder/in/folder");
        arrives();
    }

    @Test
    void a_change_arrives() {
        afterwards("echo 1 >file", "echo 2 and more >file");
    }

    @Test
    void an_append_arrives() {
        afterwards("echo 1 >file", "echo 2 >>file");
    }

    @Test
    void a_file_cut_short_arrives() {
        afterwards("echo 12345 >file", ": >file");
    }

    @Test
    void a_file_written_in_place_arrives() {
        afterwards("echo 12345 >file", "printf x | dd of=file bs=1 seek=2 conv=notrunc 2>/dev/null");
    }

    @Test
    void a_large_file_arrives() {
        afterwards("head -c 20000000 /dev/urandom >file", "printf x | dd of=file bs=1 seek=9999999 conv=notrunc 2>/dev/null");
    }

    @Test
    void a_deletion_arrives() {
        afterwards("echo 1 >file; echo 2 >other", "rm file");
    }

    @Test
    void a_deleted_empty_folder_goes() {
        afterwards("mkdir -p a/b", "rmdir a/b");
    }

    @Test
    void permissions_arrive() {
        afterwards("echo 1 >file; mkdir folder", "chmod 640 file; chmod 2750 folder");
    }

    @Test
    void a_time_arrives() {
        afterwards("echo 1 >file; mkdir folder; ln -s file link", """
                touch -m -d '2001-02-03 04:05:06.123456789' file
                touch -m -d '2002-03-04 05:06:07.1' folder
                touch -h -m -d '2003-04-05 06:07:08.2' link
                """);
    }

    @Test
    void links_arrive() {
        sh("echo 1 >file; ln -s file link; ln -s nowhere/at/all dangling; ln -s .. up");
        arrives();
    }

    @Test
    void links_that_leave_the_source_arrive() {
        Assumptions.assumeTrue(RsyncDaemon.keepsLinksThatLeave(), "only root can start a daemon that keeps such links");
        sh("ln -s /etc/passwd absolute; ln -s ../../../../../etc outside");
        arrives();
    }

    @Test
    void a_link_that_points_elsewhere_arrives() {
        afterwards("ln -s one link; mkdir f; ln -s f folder-link", "ln -sfn two link; ln -sfn .. folder-link");
    }

    @Test
    void a_link_to_itself_is_a_link() {
        sh("ln -s loop loop; ln -s . dot");
        arrives();
    }

    @Test
    void a_second_name_of_a_file_arrives() {
        afterwards("echo 1 >file", "ln file second");
    }

    @Test
    void a_renamed_file_arrives() {
        afterwards("echo 1 >old; echo two >replaced", "mv old new; mv new replaced");
    }

    @Test
    void a_file_in_the_place_of_another_of_the_same_size_and_time_arrives() {
        afterwards("echo 1 >old; echo 2 >replaced; touch -m -r old replaced", "mv old replaced");
    }

    @Test
    void a_renamed_folder_arrives_with_its_content() {
        afterwards("""
                mkdir -p old/a/b; for i in 1 2 3 4 5 6 7 8 9; do echo $i >old/a/b/$i; done; echo 0 >old/file
                """, "mv old new");
        afterwards("echo changed >new/a/b/5; rm new/a/b/6; echo more >new/a/more", "mv new old");
    }

    @Test
    void a_folder_renamed_again_and_again_arrives() {
        afterwards("mkdir -p a/in; echo 1 >a/in/file",
                "mv a b; mv b c; mkdir -p a/in; echo 2 >a/in/other; mv c/in d; mv d a/in/deeper");
    }

    @Test
    void a_change_in_a_folder_just_renamed_arrives() {
        afterwards("mkdir -p a/in; echo 1 >a/in/file", "mv a b; echo 2 >b/in/file; echo 3 >b/in/new");
        afterwards(":", "echo 4 >b/in/file; rm b/in/new");
    }

    @Test
    void two_folders_that_change_places_arrive() {
        afterwards("mkdir -p a/x b/y; echo 1 >a/x/file; echo 2 >b/y/file; echo 3 >a/same; echo four >b/same",
                "mv a t; mv b a; mv t b");
    }

    @Test
    void a_folder_moved_into_another_arrives() {
        afterwards("mkdir -p a/in b; echo 1 >a/in/file", "mv a b/a");
        afterwards(":", "mv b/a/in in; rm -r b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "folder", "link", "folder-link"})
    void one_kind_takes_the_place_of_another(String before) {
        for (String after : new String[] {"file", "folder", "link", "folder-link"}) {
            sh("mkdir -p aim; echo 1 >aim/in; rm -rf it; " + make(before));
            arrives();
            sh("rm -rf it; " + make(after));
            arrives();
        }
    }

    private static String make(String kind) {
        return switch (kind) {
            case "file" -> "echo file >it";
            case "folder" -> "mkdir -p it/deep; echo 1 >it/in; echo 2 >it/deep/in";
            case "link" -> "ln -s nowhere it";
            default -> "ln -s aim it";
        };
    }

    @Test
    void a_folder_that_becomes_a_link_leaves_what_it_points_to_alone() {
        afterwards("mkdir -p a/in b/in; echo a >a/in/file; echo a >a/only; echo b >b/in/file; echo b >b/only",
                "rm a/in/file a/only; rmdir a/in a; ln -s b a");
        afterwards(":", "rm b/only");
    }

    @Test
    void an_editor_that_keeps_a_backup_while_it_saves_arrives() {
        afterwards("echo 1 >file", """
                : >.file.swp; echo 4 >4913; rm 4913
                mv file file~; echo 2 >file; chmod 644 file; rm file~; rm .file.swp
                """);
    }

    @Test
    void an_editor_that_writes_beside_and_renames_arrives() {
        for (int i = 0; i < 5; i++) {
            afterwards("echo 1 >file", "echo " + i + "2 >.file.new; chmod 600 .file.new; mv .file.new file");
        }
    }

    @Test
    void a_file_in_deep_folders_just_made_arrives() {
        sh("for i in $(seq 50); do mkdir -p a$i/b/c/d && echo $i >a$i/b/c/d/file; done");
        arrives();
        sh("i=0; d=.; while [ $i -lt 60 ]; do i=$((i + 1)); d=$d/n; mkdir $d; echo $i >$d/file; done");
        arrives();
    }

    @Test
    void a_folder_moved_in_arrives() {
        Path outside = stage.scratch.folder("outside-in");
        Sh.run(outside, "mkdir -p x/y/z x/empty; echo 1 >x/file; echo 2 >x/y/z/file; ln -s nowhere x/link");
        sh("mv '" + outside + "/x' x");
        arrives();
        sh("echo 3 >x/y/z/file; echo 4 >x/y/new; rmdir x/empty");
        arrives();
    }

    @Test
    void a_folder_moved_out_goes() {
        Path outside = stage.scratch.folder("outside-out");
        afterwards("mkdir -p x/y/z; echo 1 >x/file; echo 2 >x/y/z/file", "mv x '" + outside + "/x'");
        // What happens there is no concern of the mirror any more.
        Sh.run(outside, "echo 3 >x/file; echo 4 >x/y/new");
        afterwards("echo 5 >file", "mkdir x; echo 6 >x/file");
    }

    @Test
    void a_deep_folder_removed_goes() {
        afterwards("""
                for a in 1 2 3; do for b in 1 2 3; do for c in 1 2 3; do
                mkdir -p x/$a/$b/$c; echo 1 >x/$a/$b/$c/file; ln -s file x/$a/$b/$c/link; done; done; done
                """, "rm -rf x");
    }

    @Test
    void a_folder_removed_and_made_again_arrives() {
        afterwards("mkdir -p x/y; echo 1 >x/y/file; echo 1 >x/y/gone", "rm -rf x; mkdir -p x/y; echo 2 >x/y/file");
        afterwards(":", "echo 3 >x/y/file");
    }

    @Test
    void what_comes_and_goes_at_once_leaves_nothing() {
        sh("for i in $(seq 50); do mkdir -p t/$i; echo $i >t/$i/file; rm -r t; done; echo 1 >last");
        arrives();
    }

    @Test
    void a_rewrite_of_the_same_size_within_a_second_arrives() throws IOException {
        Path file = here.resolve("file");
        Instant second = Instant.parse("2024-05-06T07:08:09Z");
        for (int i = 10; i < 20; i++) {
            Files.writeString(file, Integer.toString(i));
            Files.setLastModifiedTime(file, FileTime.from(second.plusMillis(i)));
            arrives();
        }
        for (int i = 20; i < 40; i++) {
            String content = Integer.toString(i);
            Files.writeString(file, content);
            eventually("the content", dromedary,
                    () -> Files.exists(there.resolve("file")) && Files.readString(there.resolve("file")).equals(content));
        }
        arrives();
    }

    /** A thousand small changes of every kind to a few names, while rsync runs again and again in between. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void a_storm_of_changes_ends_the_same(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 10; round++) {
            long runs = stage.daemon.connections();
            for (int i = 0; i < 100; i++) {
                change(random);
            }
            // So that there is surely something to send.
            sh("echo " + round + " >round");
            eventually("rsync runs", dromedary, () -> stage.daemon.connections() > runs);
        }
        arrives();
    }

    private void change(Random random) {
        Path path = somewhere(random);
        try {
            switch (random.nextInt(9)) {
                case 0, 1 -> write(path, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
                case 2 -> write(path, StandardOpenOption.APPEND);
                case 3 -> Files.createDirectories(path);
                case 4 -> Files.createSymbolicLink(path, somewhere(random).getFileName());
                case 5 -> Scratch.delete(path);
                case 6 -> Files.move(path, somewhere(random), StandardCopyOption.REPLACE_EXISTING);
                case 7 -> Files.move(path, somewhere(random), StandardCopyOption.ATOMIC_MOVE);
                default -> Files.setPosixFilePermissions(path,
                        PosixFilePermissions.fromString(random.nextBoolean() ? "rwx------" : "rwxr-xr-x"));
            }
        } catch (IOException e) {
            // Not every change can be made at every place.
        }
    }

    /** With a time of its own: many a change here falls into one tick of the clock that files get theirs from. */
    private void write(Path path, OpenOption... how) throws IOException {
        Files.writeString(path, "write " + ++writes + "\n", how);
        Files.setLastModifiedTime(path, FileTime.from(Instant.EPOCH.plusSeconds(writes)));
    }

    private Path somewhere(Random random) {
        Path path = here.resolve("storm");
        for (int depth = random.nextInt(3); depth >= 0; depth--) {
            path = path.resolve(String.valueOf((char) ('a' + random.nextInt(4))));
        }
        return path;
    }

    @Test
    void the_whole_is_the_same_in_the_end() {
        sh("echo 1 >file; mkdir folder");
        arrives();
        sh("rm -r file folder; cd ..; rmdir " + here.getFileName());
        eventuallySame(stage.source, stage.target, dromedary);
    }
}
