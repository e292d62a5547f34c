package dev.dromedary.rsync;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DryRunChangeCounterTest {

    private final List<String> told = new ArrayList<>();
    private final DryRunChangeCounter changes = new DryRunChangeCounter((what, path) -> told.add(what + " " + path));

    @Test
    void each_kind_is_told_and_attributes_do_not_count() throws IOException {
        read("""
                *deleting   old/
                *deleting    a blank before
                .d..t...... ./
                cd+++++++++ new/
                <f+++++++++ new/file
                <f.st...... changed
                <f......... rewritten
                .f...p..... mode
                cL..t...... link
                hf+++++++++ other name
                """);

        assertThat(told).containsExactly("DELETED old", "DELETED  a blank before", "CREATED new", "CREATED new/file", "CHANGED changed",
                "CHANGED rewritten", "ATTRIBUTES mode", "CHANGED link", "CREATED other name");
        assertThat(changes.all()).isEqualTo(8);
        assertThat(changes.deleted()).isEqualTo(2);
    }

    @Test
    void names_are_read_as_rsync_writes_them() throws IOException {
        read("<f+++++++++ line\\#012end and \\ and \\#134#012\n>f+++++++++ \\#303\\#244\n");

        assertThat(told).containsExactly("CREATED line\nend and \\ and \\#012", "CREATED \u00c3\u00a4");
    }

    @Test
    void what_the_target_has_is_what_was_compared_without_what_is_new_and_with_what_would_go() throws IOException {
        read("""
                *deleting   gone
                <f+++++++++ new

                Number of files: 1,012 (reg: 1,000, dir: 12)
                Number of created files: 1 (reg: 1)
                Number of deleted files: 3 (reg: 3)
                """);

        assertThat(changes.deleted()).as("not each is named").isEqualTo(3);
        assertThat(changes.there()).isEqualTo(1013);
        assertThat(changes.entries()).isEqualTo(1012);
    }

    private void read(String output) throws IOException {
        changes.read(new ByteArrayInputStream(output.getBytes(StandardCharsets.ISO_8859_1)));
    }
}
