package dev.dromedary.kamelet;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PathLinesCodecTest {

    @Test
    void files_and_folders_are_lines() {
        ChangeSet changes = new ChangeSet();
        changes.add("a/file", Extent.ENTRY);
        changes.add("new", Extent.LEVEL);
        assertThat(PathLinesCodec.write(changes).lines()).containsExactlyInAnyOrder("a/file", "new/");
    }

    @Test
    void the_whole_is_one_line() {
        assertThat(PathLinesCodec.write(ChangeSet.ofWholeTree())).isEqualTo("./");
        assertThat(PathLinesCodec.isWhole(PathLinesCodec.read("a\n./\n"))).isTrue();
    }

    @Test
    void any_name_comes_back() {
        ChangeSet changes = new ChangeSet();
        changes.add("a\nb\\ \u00ff/x", Extent.ENTRY);
        assertThat(PathLinesCodec.write(PathLinesCodec.read(PathLinesCodec.write(changes)))).isEqualTo(PathLinesCodec.write(changes));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../etc/passwd", "a/../../b", "/etc/passwd", "a//b", ".", "..", "a/\\#000"})
    void what_leads_out_of_the_folder_is_refused(String line) {
        assertThatThrownBy(() -> PathLinesCodec.read("good\n" + line)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(line);
    }
}
