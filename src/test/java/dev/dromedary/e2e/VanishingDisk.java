package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import dev.dromedary.testing.Sh;

/** A file system that is unmounted by a hook, which runs between the check of a target and its rsync. */
final class VanishingDisk {

    /** Its content, wherever it is mounted. */
    final Path disk;
    /** Where a target sees it. */
    final Path point;
    private final Path flag;
    private final Path hook;

    VanishingDisk(Stage stage, String size) throws IOException {
        disk = stage.mounted("disk", "size=" + size);
        point = stage.scratch.folder("point");
        comesBack();
        stage.scratch.own(() -> Sh.run(Path.of("/"), "umount -l " + point + " 2>/dev/null || :"));
        flag = stage.scratch.root().resolve("flag");
        hook = Files.writeString(stage.scratch.root().resolve("hook"), "#!/bin/sh\n! rm '" + flag + "' 2>/dev/null || umount -l '" + point + "'\n");
        Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** The line that has the hook run. */
    String before() {
        return "mirror.t.before = exec:" + hook;
    }

    /** From here on the next run finds it unmounted. */
    void vanishes() throws IOException {
        Files.createFile(flag);
    }

    void comesBack() {
        Sh.run(Path.of("/"), "mount --bind " + disk + ' ' + point);
    }
}
