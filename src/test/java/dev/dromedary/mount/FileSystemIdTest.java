package dev.dromedary.mount;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.dromedary.testing.Sh;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class FileSystemIdTest {

    @TempDir
    private Path dir;

    /** Two disks in one place, one after the other, are never taken for each other: what is not certain is not known. */
    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs", "btrfs"})
    void the_next_disk_in_a_place_is_another_one(String type) throws IOException {
        Path folder = Files.createDirectory(dir.resolve("folder"));
        List<String> ids = new ArrayList<>();
        for (String disk : List.of("one", "two", "one")) {
            Assumptions.assumeTrue(works("[ -e " + disk + " ] || { truncate -s 400M " + disk + " && mkfs." + type + " -q " + disk + "; }"),
                    "no mkfs." + type + " here");
            Assumptions.assumeTrue(works("mount -o loop " + disk + " folder"), "no " + type + " may be mounted here");
            try {
                ids.add(FileSystemId.of(folder));
            } finally {
                Sh.run(dir, "umount folder");
            }
        }
        assertThat(ids.get(0) == null || !ids.get(0).equals(ids.get(1))).as(ids.toString()).isTrue();
        assertThat(ids.get(2)).isEqualTo(ids.get(0));
        assertThat(type.equals("xfs") || ids.get(0) != null).as("%s: %s", type, ids).isTrue();
    }

    private boolean works(String command) {
        try {
            Sh.run(dir, command);
            return true;
        } catch (AssertionError e) {
            return false;
        }
    }
}
