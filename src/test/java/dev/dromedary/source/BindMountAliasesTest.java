package dev.dromedary.source;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.mount.MountTable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BindMountAliasesTest {

    private static final String ROOT = "1 1 8:1 / / rw - ext4 a rw\n";

    @Test
    void a_folder_of_the_source_that_is_mounted_in_it_again_is_owed_at_both_places() {
        BindMountAliases aliases = aliases("2 1 8:1 /www/shared /www/twice rw - ext4 a rw\n", "twice");
        assertThat(pending(aliases, "shared/x")).containsExactlyInAnyOrder("shared/x", "twice/x");
        assertThat(pending(aliases, "other/x")).containsExactly("other/x");
        assertThat(pending(aliases, "sharedx")).containsExactly("sharedx");
        assertThat(aliases.excludes("twice/x", true)).isTrue();
        assertThat(aliases.excludes("shared", true)).isFalse();
    }

    @Test
    void so_is_one_of_another_disk_that_is_mounted_twice() {
        BindMountAliases aliases = aliases("2 1 8:2 / /www/disk rw - ext4 b rw\n3 1 8:2 /part /www/part rw - ext4 b rw\n", "disk", "part");
        assertThat(pending(aliases, "disk/part/x")).containsExactlyInAnyOrder("disk/part/x", "part/x");
        assertThat(pending(aliases, "disk/x")).containsExactly("disk/x");
    }

    @Test
    void the_source_in_itself_ends() {
        BindMountAliases aliases = aliases("2 1 8:1 /www /www/again rw - ext4 a rw\n", "again");
        assertThat(pending(aliases, "x")).containsExactlyInAnyOrder("x", "again/x");
        assertThat(pending(aliases, "again/x")).containsExactly("again/x");
    }

    @Test
    void what_lies_outside_of_the_source_is_no_other_place() {
        assertThat(aliases("2 1 8:1 /elsewhere /www/bound rw - ext4 a rw\n", "bound").pairs()).isEmpty();
        assertThat(aliases("2 1 8:2 / /www/disk rw - ext4 b rw\n", "disk").pairs()).isEmpty();
    }

    private static BindMountAliases aliases(String lines, String... mounted) {
        MountTable table = MountTable.parse(ROOT + lines);
        return BindMountAliases.of("/www", Set.of(mounted).stream().collect(Collectors.toMap(path -> path,
                path -> table.of("/www/" + path).orElseThrow())), table);
    }

    private static Set<String> pending(BindMountAliases aliases, String path) {
        ChangeSet changes = new ChangeSet();
        changes.add(path, Extent.ENTRY);
        Set<String> pending = new HashSet<>();
        aliases.expand(changes).forEach((each, extent) -> pending.add(each));
        return pending;
    }
}
