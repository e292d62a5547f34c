package dev.dromedary.rsync;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import dev.dromedary.change.RawPath;
import dev.dromedary.testing.OtherRsync;
import dev.dromedary.testing.Sh;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ItemizedChangeTest {

    private static final String END = "\nNumber of deleted files: 0\nNumber of regular files transferred: 1\nTotal transferred file size: 7 bytes\n"
            + "Total bytes sent: 70\n";

    @TempDir
    private Path dir;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            change:<f+++++++++,12,12,a/b        | SENT a/b 12
            change:<f.st......,0,0,a            | SENT a 0
            change:>f..t......,5,5,pulled       | SENT pulled 5
            change:cf+++++++++,5,0,copied       | SENT copied 5
            change:hf+++++++++,5,0,linked       | SENT linked 5
            change:cd+++++++++,4096,0,new/      | SENT new -1
            change:cL+++++++++,3,0,link         | SENT link -1
            change:cLc.t......,3,0,link         | SENT link -1
            change:*deleting  ,0,0,gone         | DELETED gone -1
            change:*deleting,0,0,folder/        | DELETED folder -1
            change:.f...p.....,7,0,a            | ATTRIBUTES a 7
            change:.f..t......,7,0,a            | ATTRIBUTES a 7
            change:.d...po....,4096,0,d/        | ATTRIBUTES d -1
            change:.d...p.....,4096,0,./        | ATTRIBUTES  -1
            change:.d..t......,4096,0,./        | nothing
            change:.d..T......,4096,0,d/        | nothing
            change:.f         ,7,0,same         | nothing
            change:<f+++++++++,1,1,a,b,c        | SENT a,b,c 1
            change:<f+++++++++,1,1,./a          | SENT a 1
            change:                             | nothing
            change:<f+++++++++                  | nothing
            change:<f+++++++++,x,1,a            | nothing
            change:?f+++++++++,1,1,a            | nothing
            """)
    void a_line_says_what_was_done(String line, String said) {
        assertThat(ItemizedChange.of(line.stripTrailing()).map(change -> change.action() + " " + change.path() + " " + change.size()).orElse("nothing"))
                .isEqualTo(said);
    }

    @Test
    void what_is_no_text_is_bytes_again() {
        assertThat(ItemizedChange.of("change:<f+++++++++,1,1,a\\#012b\\#351\\#134#012 ")).get().extracting(ItemizedChange::path)
                .isEqualTo("a\nb\u00e9\\#012 ");
    }

    @Test
    void a_name_is_neither_a_figure_nor_how_far_it_is_nor_another_line() throws IOException {
        List<ItemizedChange> changes = new ArrayList<>();
        RunOutputParser figures = read(changes, Stream.of("Number of deleted files: 5", "Total bytes sent: 9", "  5 100%  1.00kB/s  0:00:01 (xfr#9, to-chk=0/9)",
                "change:*deleting  ,0,0,x", "\\#012Number of deleted files: 5", "").map(name -> "change:<f+++++++++,7,7," + name + "\n").reduce("", String::concat)
                + "\r  7 100%  1.00kB/s  0:00:00 (xfr#1, to-chk=0/2)" + END);

        assertThat(figures.figures()).isEqualTo(new RunStats(figures.figures().entries(), 1, 7, 70, figures.figures().received(), 0));
        assertThat(figures.advance().files()).isOne();
        assertThat(changes).extracting(ItemizedChange::path).containsExactly("Number of deleted files: 5", "Total bytes sent: 9",
                "  5 100%  1.00kB/s  0:00:01 (xfr#9, to-chk=0/9)", "change:*deleting  ,0,0,x", "\nNumber of deleted files: 5", "");
        assertThat(changes).allMatch(change -> change.action() == ItemizedChange.Action.SENT);
    }

    @Test
    void a_path_may_be_as_long_as_rsync_takes_one_and_all_of_it_escaped() throws IOException {
        List<ItemizedChange> changes = new ArrayList<>();
        read(changes, "change:<f+++++++++,7,7," + "\\#377".repeat(4093) + "\n" + "x".repeat(100_000) + "\n" + END);

        assertThat(changes).singleElement().extracting(ItemizedChange::path).isEqualTo("\u00ff".repeat(4093));
    }

    /** Names with everything in them that rsync writes in another way, by rsyncs of two ages; and a progress line may come in between. */
    @ParameterizedTest
    @ValueSource(strings = {"rsync", "bullseye"})
    void rsync_says_each_change_once_and_nothing_of_what_is_the_same(String which) throws IOException, InterruptedException {
        String rsync = which.equals("rsync") ? which : OtherRsync.of(which).toString();
        List<String> names = List.of("plain", "new\nline", "caf\u00e9 \u00ff", "back\\slash", "\\#012", "Number of deleted files: 5", "100%", "change:x",
                " lead", "trail ", "return\r", "a,b", "\u001b[31m");
        Sh.run(dir, "mkdir source target source/sub source/same; echo same >source/same/file; cp -a source/same target");
        for (String name : names) {
            Files.writeString(RawPath.toPath(dir.resolve("source/sub"), name), "1234567");
            Files.writeString(RawPath.toPath(dir.resolve("target"), name), "old");
        }
        Sh.run(dir, "ln -s plain source/link; echo 1 >source/rights; cp -a source/rights target; chmod 600 source/rights");

        List<ItemizedChange> changes = new ArrayList<>();
        RunOutputParser figures = run(changes, rsync, "source/", "target/");
        assertThat(changes).filteredOn(change -> change.action() == ItemizedChange.Action.DELETED).extracting(ItemizedChange::path)
                .containsExactlyInAnyOrderElementsOf(names);
        assertThat(changes).filteredOn(change -> change.size() == 7).extracting(ItemizedChange::path)
                .containsExactlyInAnyOrderElementsOf(names.stream().map(name -> "sub/" + name).toList());
        assertThat(changes).filteredOn(change -> change.action() == ItemizedChange.Action.ATTRIBUTES).extracting(ItemizedChange::path)
                .containsExactly("rights");
        assertThat(changes).extracting(ItemizedChange::path).contains("sub", "link").doesNotContain("same", "same/file", "");
        assertThat(changes).hasSize(2 * names.size() + 3);
        assertThat(figures.figures().files()).isEqualTo(names.size());
        assertThat(figures.figures().deleted()).isEqualTo(names.size());
        assertThat(figures.advance().files()).isEqualTo(names.size());

        changes.clear();
        run(changes, rsync, "source/", "target/");
        assertThat(changes).isEmpty();
        run(changes, rsync, "--dry-run", "--ignore-times", "source/", "target/");
        assertThat(changes).as("what would be done is said as well, so nobody follows a run that only tries").isNotEmpty();
    }

    private RunOutputParser run(List<ItemizedChange> changes, String... command) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(command[0], "--archive", "--delete", "--no-human-readable", "--stats", "--info=progress2",
                ItemizedChange.ARGUMENT));
        line.addAll(Arrays.asList(command).subList(1, command.length));
        ProcessBuilder builder = new ProcessBuilder(line).directory(dir.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        process.getOutputStream().close();
        RunOutputParser figures = new RunOutputParser(changes::add);
        figures.read(process.getInputStream());
        assertThat(process.waitFor()).isZero();
        return figures;
    }

    private static RunOutputParser read(List<ItemizedChange> changes, String output) throws IOException {
        RunOutputParser figures = new RunOutputParser(changes::add);
        figures.read(new ByteArrayInputStream(output.getBytes(StandardCharsets.ISO_8859_1)));
        return figures;
    }
}
