package dev.dromedary.e2e;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Mirrors;
import dev.dromedary.testing.RsyncDaemon;
import dev.dromedary.testing.Scratch;
import dev.dromedary.testing.Sh;

import static dev.dromedary.testing.Mirrors.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** One source, one daemon, and two processes that share a folder for their lock; each has a user of its own at the daemon. */
final class PairStage implements AutoCloseable {

    static final String ONE = "one";
    static final String TWO = "two";

    private static final Pattern BEGIN = Pattern.compile("\\[(\\d+)] rsync to m/\\S* from (\\w+)@");
    private static final Pattern END = Pattern.compile("\\[(\\d+)] (?:sent \\d+ bytes +received|rsync error: )");

    final Scratch scratch = Scratch.create();
    final Path source = scratch.folder("source");
    final Path target = scratch.folder("target");
    final Path shared = scratch.folder("shared");
    final RsyncDaemon daemon;
    private final Path secrets = RsyncDaemon.secret(scratch.root().resolve("secrets"), ONE + ":secret\n" + TWO + ":secret");
    private final Path password = RsyncDaemon.secret(scratch.root().resolve("password"), "secret");

    PairStage() {
        daemon = RsyncDaemon.in(scratch).module("m", target).with("auth users = " + ONE + ", " + TWO)
                .with("secrets file = " + secrets).start();
    }

    /** One of the two, by its user at the daemon. */
    Dromedary.Builder process(String name, String... more) {
        Path home = scratch.folder("home-" + name);
        List<String> lines = new ArrayList<>(List.of("mirror.t.source = " + source, "mirror.t.password-file = " + password,
                "dromedary.pair = " + shared));
        lines.addAll(Stage.quickTarget("a", daemon.url(name, "m")));
        lines.addAll(List.of(more));
        Mirrors.configure(home, lines.toArray(String[]::new));
        return Dromedary.in(scratch, home);
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

    /** The daemon's log tells, in its order, when a connection of whom begins and ends. */
    void assertNeverBothAtOnce() {
        String log = daemon.log();
        Map<String, String> open = new HashMap<>();
        for (String line : log.lines().toList()) {
            Matcher begin = BEGIN.matcher(line);
            Matcher end = END.matcher(line);
            if (begin.find()) {
                open.put(begin.group(1), begin.group(2));
                assertThat(new TreeSet<>(open.values())).as("who is connected at: " + line + "\n" + log).hasSize(1);
            } else if (end.find()) {
                open.remove(end.group(1));
            }
        }
    }

    @Override
    public void close() {
        scratch.close();
    }
}
