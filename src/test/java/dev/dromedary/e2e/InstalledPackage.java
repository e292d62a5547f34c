package dev.dromedary.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

import dev.dromedary.testing.Scratch;
import dev.dromedary.testing.Sh;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** This machine with the package for Debian installed, in a layer of its own: nothing of the machine is changed. */
final class InstalledPackage {

    private static final String FOLDERS_OF_THE_KERNEL = "proc sys dev";

    /** Where the root of its file system is. */
    final Path root;
    private final Path changes;
    private final Path work;

    /** Leaves the test out where that can't be. */
    InstalledPackage(Scratch scratch) {
        Path jar = Path.of(System.getProperty("dromedary.jar", "target/dromedary.jar")).toAbsolutePath();
        work = scratch.folder("machine");
        root = scratch.folder("machine/root");
        changes = scratch.folder("machine/changes");
        scratch.folder("machine/kernels");
        assumeTrue(works("[ $(id -u) = 0 ]; for each in dpkg adduser deb-systemd-invoke setpriv; do command -v $each; done"),
                "this is no Debian, or not root");
        assumeTrue(works("! dpkg -s dromedary"), "it is installed on this machine");
        assumeTrue(works("mount -t overlay overlay -o lowerdir=/,upperdir=changes,workdir=kernels root"),
                "no layer may be put over this machine's files");
        scratch.own(() -> Sh.run(work, "umount --lazy root"));
        // for reading only, so that no mishap reaches the machine
        Sh.run(work, "for each in " + FOLDERS_OF_THE_KERNEL
                + "; do mount --bind /$each root/$each; mount -o remount,bind,ro root/$each; done");
        scratch.own(() -> Sh.run(work, "for each in " + FOLDERS_OF_THE_KERNEL + "; do umount --lazy root/$each; done"));
        // what is installed now: no service of the machine is seen, no index of all its manuals is made
        Sh.run(root, "rm -rf run/systemd/system var/lib/man-db/auto-update");
        install(built(jar.getParent()));
    }

    private boolean works(String command) {
        try {
            Sh.run(work, command);
            return true;
        } catch (AssertionError e) {
            return false;
        }
    }

    private static Path built(Path folder) {
        try (DirectoryStream<Path> packages = Files.newDirectoryStream(folder, "dromedary_*_all.deb")) {
            return packages.iterator().next();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** However this machine has come by its Java and its rsync, they are there. */
    String install(Path deb) {
        Sh.run(root, "cp '" + deb + "' root/dromedary.deb");
        return run("dpkg --install --force-unsafe-io --force-depends /root/dromedary.deb");
    }

    /** Another build of the same, of a higher version. */
    String upgrade() {
        run("cd /root; dpkg-deb -R dromedary.deb new; sed -i 's/^Version: .*/&+1/' new/DEBIAN/control;"
                + " dpkg-deb -Znone -b new new.deb; rm -r new; mv new.deb dromedary.deb");
        return run("dpkg --install --force-unsafe-io --force-depends /root/dromedary.deb");
    }

    /** A few lines of shell, run as root on that machine. */
    String run(String script) {
        return Sh.run(root, "exec chroot . env -u JAVA_HOME sh -euc '" + script.replace("'", "'\\''") + "'");
    }

    /** What of a name is there that is not on the machine below; of its manual, man(1) may still know. */
    String left(String name) {
        return Sh.run(changes, "find . -name '*" + name + "*' ! -type c ! -path './root/*' ! -path './var/cache/man/*'");
    }

    /** The value of a key of its unit. */
    String unit(String key) {
        return Sh.run(root, "sed -n 's/^" + key + "=//p' usr/lib/systemd/system/dromedary.service").strip();
    }

    /** What systemd does to start the service, but for the walls that it puts around it. */
    List<String> service() {
        String rights = "-all,+" + unit("AmbientCapabilities").toLowerCase(Locale.ROOT).replace("cap_", "").replace(" ", ",+");
        return List.of("chroot", root.toString(), "setpriv", "--reuid", unit("User"), "--regid", unit("Group"), "--init-groups",
                "--inh-caps", rights, "--ambient-caps", rights, "--bounding-set", rights, "--no-new-privs", "env", "-u", "JAVA_HOME",
                "-C", unit("WorkingDirectory"), unit("Environment"), "HOME=/var/lib/dromedary", unit("ExecStart"));
    }
}
