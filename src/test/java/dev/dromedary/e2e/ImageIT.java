package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.FreePort;
import dev.dromedary.testing.Scratch;
import dev.dromedary.testing.Sh;
import org.apache.camel.util.json.DeserializationException;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The image: made by Maven upon a base that has no more than folders, unpacked, and run over the files of this machine, which
 * lend it Java and rsync, as a runtime of containers would: in namespaces of its own, unprivileged, upon a read-only root.
 */
class ImageIT {

    private static final String BASE = """
            mkdir -p layer/etc layer/data/source layer/data/target layer/dromedary/config layer/dromedary/state
            echo 'dromedary:x:10001:10001::/dromedary:/usr/sbin/nologin' >layer/etc/passwd
            tar -cf layer.tar -C layer .
            id=$(sha256sum layer.tar | cut -d ' ' -f 1)
            cat >config.json <<END
            {"architecture":"amd64","os":"linux","config":{"Env":["PATH=JAVA/bin:/usr/local/bin:/usr/bin:/bin"]},
            "rootfs":{"type":"layers","diff_ids":["sha256:$id"]}}
            END
            echo '[{"Config":"config.json","RepoTags":["base:latest"],"Layers":["layer.tar"]}]' >manifest.json
            tar -cf base.tar manifest.json config.json layer.tar
            """;
    private static final String UNPACK = """
            mkdir made files && tar -xf image.tar -C made
            for layer in $(grep -o '[0-9a-f]*\\.tar\\.gz' made/manifest.json); do
                tar -xzf made/$layer -C files
            done
            """;
    private static final String RUN = """
            mount -t overlay overlay -o "lowerdir=$PWD/files:/" root
            for folder in /data/source /data/target /dromedary/config /dromedary/state; do
                mount --bind "mounts$folder" "root$folder"
            done
            mount -o remount,bind,ro root/data/source
            mount -t tmpfs tmpfs root/tmp
            mount -t proc proc root/proc
            mount --bind /dev root/dev
            user=$1
            folder=$2
            shift 2
            exec chroot root setpriv --reuid="${user%:*}" --regid="${user#*:}" --clear-groups --no-new-privs \\
                --inh-caps=-all --bounding-set=-all env -i -C "$folder" "$@"
            """;

    private static Scratch scratch;
    private static Path here;
    private static JsonObject config;

    @BeforeAll
    static void make() throws IOException, DeserializationException {
        scratch = Scratch.create();
        here = scratch.root();
        Sh.run(here, BASE.replace("JAVA", System.getProperty("java.home")));
        Sh.run(Path.of("").toAbsolutePath(), "mvn -q -B jib:buildTar -Djib.disableUpdateChecks=true"
                + " -Djib.from.image=tar://" + here + "/base.tar -Djib.outputPaths.tar=" + here + "/image.tar </dev/null");
        Sh.run(here, UNPACK);
        JsonObject all = (JsonObject) Jsoner.deserialize(Files.readString(here.resolve("made/config.json")));
        config = (JsonObject) all.get("config");
    }

    @AfterAll
    static void clean() {
        scratch.close();
    }

    @Test
    void it_says_how_it_is_run() {
        assertThat(texts("Entrypoint")).containsExactly("tini", "--", "dromedary");
        assertThat(config.getString("User")).isEqualTo("10001:10001");
        assertThat(config.getString("WorkingDir")).isEqualTo("/dromedary");
        assertThat(texts("Env")).contains("LC_ALL=C.UTF-8");
        assertThat(((JsonObject) config.get("ExposedPorts")).keySet()).containsExactly("8080/tcp");
        assertThat(((JsonObject) config.get("Volumes")).keySet()).containsExactly("/dromedary/state");
    }

    @Test
    void it_has_what_speaks_to_kafka() {
        assertThat(here.resolve("files/app/jib-classpath-file")).content().contains("/camel-kafka-", "/kafka-clients-");
        assertThat(Sh.run(here, "ls files/app/libs")).contains("camel-kafka-", "kafka-clients-");
    }

    @Test
    void it_mirrors_without_privileges_upon_a_read_only_root_until_it_is_told_to_stop() throws IOException, InterruptedException {
        assumeTrue(works("command -v tini && command -v setpriv && [ $(id -u) -eq 0 ]"), "no tini, or not root");
        assumeTrue(works("mkdir root && unshare --mount --pid --fork sh -euc '"
                + "mount -t overlay overlay -o lowerdir=$PWD/files:/ root && [ -x root" + System.getProperty("java.home")
                + "/bin/java ]'"), "no file system may be laid over another here");
        Path mounts = here.resolve("mounts");
        Sh.run(here, "mkdir -p mounts/data/source mounts/data/target mounts/dromedary/config mounts/dromedary/state"
                + " && chmod 755 . && chown 10001:10001 mounts/data/target mounts/dromedary/state"
                + " && echo 1 >mounts/data/source/first");
        int port = FreePort.next();
        Files.write(mounts.resolve("dromedary/config/application.properties"), List.of("mirror.www.source = /data/source",
                "mirror.www.target.copy.url = /data/target", "camel.server.port = " + port));

        Process container = start();
        try {
            assertThat(probe("ready", port + 1)).isFalse();
            Path output = here.resolve("output");
            Awaitility.await().atMost(ofSeconds(60)).pollInterval(ofMillis(100)).until(() -> probe("ready", port)
                    || !container.isAlive());
            assertThat(probe("live", port)).as(Files.readString(output)).isTrue();

            Files.writeString(mounts.resolve("data/source/second"), "2\n");
            Path second = mounts.resolve("data/target/second");
            Awaitility.await().atMost(ofSeconds(60)).pollInterval(ofMillis(100)).until(() -> Files.exists(second)
                    && Files.exists(mounts.resolve("data/target/first")));

            assertThat(mounts.resolve("data/target/first")).hasContent("1\n");
            assertThat(Sh.run(mounts, "stat -c %u data/target/second")).isEqualTo("10001\n");
            assertThat(mounts.resolve("dromedary/state/source/www.json")).exists();
            // steered, it writes nothing beside its state
            assertThat(Dromedary.in(scratch, here).start("pause", "--all", "--url", "http://127.0.0.1:" + port).awaitExit()).isZero();
            assertThat(mounts.resolve("dromedary/state/paused/www/copy")).exists();

            Sh.run(here, "kill " + container.descendants().filter(each -> each.info().command().orElse("").endsWith("tini"))
                    .findFirst().orElseThrow().pid());
            assertThat(container.waitFor(30, TimeUnit.SECONDS)).as(Files.readString(output)).isTrue();
            assertThat(container.exitValue()).isEqualTo(143);
        } finally {
            container.descendants().forEach(ProcessHandle::destroyForcibly);
            container.destroyForcibly();
        }
    }

    private static Process start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder("unshare", "--mount", "--pid", "--fork", "--kill-child",
                "sh", "-euc", RUN, "sh", config.getString("User"), config.getString("WorkingDir")).directory(here.toFile())
                .redirectErrorStream(true).redirectOutput(here.resolve("output").toFile());
        builder.command().addAll(texts("Env"));
        builder.command().addAll(texts("Entrypoint"));
        return builder.start();
    }

    private static boolean probe(String which, int port) {
        return works("files/usr/local/bin/probe " + which + " " + port);
    }

    private static List<String> texts(String key) {
        return config.<List<?>>getCollection(key).stream().map(String::valueOf).toList();
    }

    private static boolean works(String command) {
        try {
            Sh.run(here, command);
            return true;
        } catch (AssertionError e) {
            return false;
        }
    }
}
