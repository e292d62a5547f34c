package dev.dromedary.e2e;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Mirrors;
import dev.dromedary.testing.Relay;
import dev.dromedary.testing.RsyncDaemon;
import dev.dromedary.testing.Scratch;
import dev.dromedary.testing.Sh;
import org.junit.jupiter.api.Assumptions;

import static dev.dromedary.testing.Mirrors.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** One source, one daemon, and two processes that share a folder for their lock; each has a user of its own at the daemon. */
final class PairStage implements AutoCloseable {

    static final String ONE = "one";
    static final String TWO = "two";

    private static final Pattern BEGIN = Pattern.compile("\\[(\\d+)] rsync to m/\\S* from (\\w+)@");
    private static final Pattern CONNECTION = Pattern.compile("^\\S+ \\S+ \\[(\\d+)]");

    final Scratch scratch = Scratch.create();
    final Path source = scratch.folder("source");
    final Path target = scratch.folder("target");
    final Path shared = scratch.folder("shared");
    final RsyncDaemon daemon;
    private Relay relay;
    private final Path secrets = RsyncDaemon.secret(scratch.root().resolve("secrets"), ONE + ":secret\n" + TWO + ":secret");
    private final Path password = RsyncDaemon.secret(scratch.root().resolve("password"), "secret");

    PairStage() {
        daemon = RsyncDaemon.in(scratch).module("m", target).with("auth users = " + ONE + ", " + TWO)
                .with("secrets file = " + secrets).start();
    }

    /** From now on the way of each to the daemon; what brings so many bytes is held up. */
    Relay relayHoldingAfter(long bytes) {
        relay = Relay.holdingAfter(bytes, daemon, scratch);
        return relay;
    }

    /** One of the two, by its user at the daemon. */
    Dromedary.Builder process(String name, String... more) {
        return processWith(shared, name, more);
    }

    /** The same, with the folder of the pair at another path. */
    Dromedary.Builder processWith(Path pair, String name, String... more) {
        Path home = scratch.folder("home-" + name);
        List<String> lines = new ArrayList<>(List.of("mirror.t.source = " + source, "mirror.t.password-file = " + password,
                "dromedary.pair = " + pair));
        lines.addAll(Stage.quickTarget("a", relay == null ? daemon.url(name, "m") : relay.url(name, "m")));
        lines.addAll(List.of(more));
        Mirrors.configure(home, lines.toArray(String[]::new));
        return Dromedary.in(scratch, home);
    }

    /** Mounts the folder of the pair once more, at a path that one of the two alone uses, so that it alone can lose it. */
    Path mountedFor(String name) {
        Path point = scratch.folder("mounted-for-" + name);
        mount(point);
        scratch.own(() -> Sh.run(Path.of("/"), "umount --lazy " + point + " 2>/dev/null || :"));
        return point;
    }

    /** Mounts it there again. */
    void mount(Path point) {
        try {
            Sh.run(Path.of("/"), "mount --bind " + shared + ' ' + point);
        } catch (AssertionError e) {
            Assumptions.abort("nothing may be mounted here");
        }
    }

    static void umount(Path point) {
        Sh.run(Path.of("/"), "umount --lazy " + point);
    }

    Path state(String name) {
        return scratch.folder("home-" + name).resolve("state");
    }

    void inSource(String script) {
        Sh.run(source, script);
    }

    static String role(Dromedary dromedary) {
        return dromedary.json("/api/status").getString("role");
    }

    static Dromedary eventuallyLeads(Dromedary dromedary) {
        eventually("it leads", dromedary, () -> role(dromedary).equals("leader"));
        return dromedary;
    }

    /** Who has connected so far. */
    TreeSet<String> users() {
        TreeSet<String> users = new TreeSet<>();
        BEGIN.matcher(daemon.log()).results().forEach(line -> users.add(line.group(2)));
        return users;
    }

    /**
     * The daemon's log tells, in its order, what it does for whom: once it has begun with one process, it does nothing any more
     * for a connection that the other one had made before. A connection that is cut off leaves no line about its end.
     */
    void assertNeverBothAtOnce() {
        String log = daemon.log();
        Map<String, String> users = new HashMap<>();
        Set<String> over = new HashSet<>();
        String last = null;
        for (String line : log.lines().toList()) {
            Matcher begin = BEGIN.matcher(line);
            if (begin.find()) {
                if (!begin.group(2).equals(last)) {
                    over.addAll(users.keySet());
                }
                last = begin.group(2);
                users.put(begin.group(1), last);
            } else {
                Matcher connection = CONNECTION.matcher(line);
                assertThat(connection.find() && over.contains(connection.group(1))).as("goes on: " + line + "\n" + log).isFalse();
            }
        }
    }

    @Override
    public void close() {
        scratch.close();
    }
}
