package dev.dromedary.mount;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MountTableTest {

    private static final String TABLE = """
            1 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
            20 1 8:2 / /srv rw - xfs /dev/sdb1 rw
            21 20 0:40 / /srv/www/a\\040disk rw,noatime shared:3 master:2 - tmpfs tmpfs rw
            22 1 8:1 /home/site /mnt/bind rw - ext4 /dev/sda1 rw
            23 1 8:3 / /data rw - ext4 /dev/sdc1 rw
            24 23 8:4 / /data/old/below rw - ext4 /dev/sdd1 rw
            25 23 8:5 / /data/old rw - ext4 /dev/sde1 rw
            26 20 0:41 / /srv/twice rw - tmpfs tmpfs rw
            27 26 0:42 / /srv/twice rw - tmpfs tmpfs rw
            this is no line of it
            """;

    private final MountTable table = MountTable.parse(TABLE);

    @Test
    void a_path_lies_on_the_nearest_mount_above_it() {
        assertThat(table.of("/srv/www/file")).map(Mount::device).contains("8:2");
        assertThat(table.of("/srvx")).map(Mount::device).contains("8:1");
        assertThat(table.of("/srv/www/a disk")).map(Mount::type).contains("tmpfs");
        assertThat(table.of("/")).map(Mount::id).contains(1);
    }

    @Test
    void what_another_mount_hides_is_not_seen() {
        assertThat(table.of("/data/old/below")).map(Mount::device).contains("8:5");
        assertThat(table.isPoint("/data/old/below")).isFalse();
        assertThat(table.isPoint("/data/old")).isTrue();
        assertThat(table.of("/srv/twice")).map(Mount::device).contains("0:42");
        assertThat(points("/data")).containsExactly("/data/old");
    }

    @Test
    void what_lies_below_a_folder_is_seen_once() {
        assertThat(points("/srv")).containsExactlyInAnyOrder("/srv/www/a disk", "/srv/twice");
        assertThat(points("/srv/www")).containsExactly("/srv/www/a disk");
        assertThat(points("/srv/www/a disk")).isEmpty();
        assertThat(points("/")).contains("/srv", "/mnt/bind", "/data");
    }

    @Test
    void a_bind_mount_shows_a_place_by_another_path() {
        MountTable.Place bound = table.place("/mnt/bind/x").orElseThrow();
        assertThat(bound).isEqualTo(table.place("/home/site/x").orElseThrow());
        assertThat(table.place("/home").orElseThrow().holds(bound)).isTrue();
        assertThat(table.place("/mnt/bind").orElseThrow().holds(table.place("/home/site").orElseThrow())).isTrue();
        assertThat(table.place("/home/sitex").orElseThrow().holds(bound)).isFalse();
        assertThat(table.place("/srv").orElseThrow().holds(bound)).isFalse();
        assertThat(table.place("/").orElseThrow().holds(bound)).isTrue();
    }

    @Test
    void without_a_table_nothing_is_known() {
        assertThat(MountTable.parse("").of("/srv")).isEmpty();
        assertThat(MountTable.parse("").below("/")).isEmpty();
        assertThat(MountTable.parse("").place("/srv")).isEmpty();
    }

    @Test
    void the_one_of_this_machine_is_read() throws IOException {
        Assumptions.assumeTrue(Files.exists(MountTable.FILE), "no /proc here");
        MountTable now = MountTable.read();
        assertThat(now.isPoint("/")).isTrue();
        assertThat(now.of("/proc/self")).map(Mount::type).contains("proc");
    }

    private List<String> points(String folder) {
        return table.below(folder).stream().map(Mount::point).toList();
    }
}
