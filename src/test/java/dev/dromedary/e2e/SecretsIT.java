package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dev.dromedary.config.TargetKey;
import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Sh;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.testing.Mirrors.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** A password that somebody writes where it does not belong is printed nowhere. */
class SecretsIT {

    private static final String SECRET = "S3CRET";
    private static final List<String> VALUES = List.of("rsync://me:S3CRET@host/m", "rsync://me:a/S3CRET b@host/m", "rsnyc://me:S3CRET@host/m",
            "me:S3CRET@host::m", "me:S3CRET@host/m", "smpt://me@example.org:S3CRET@host?x=y", "kaffka:x?brokers=h:1&saslPassword=S3CRET",
            "kaffka:x?brokers=h:1&pasword=S3CRET&y=z", "kafka:x?saslJaasConfig=RAW(a b=\"S3CRET\";)&y=z", "RSYNC_PASSWORD=S3CRET", "--password=S3CRET",
            "-e 'sshpass -p S3CRET ssh'");

    @AutoClose
    private final Stage stage = new Stage();

    @Test
    void a_secret_at_any_key_is_not_in_what_is_said_of_it() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < VALUES.size(); i++) {
            String value = " = " + VALUES.get(i).replace("\\", "\\\\");
            for (TargetKey option : TargetKey.values()) {
                lines.add("mirror.t.target.v" + i + '.' + option.key() + value);
                lines.add("mirror.t.target.v" + i + '.' + option.key().substring(1) + value);
                lines.add("mirror.m" + i + '.' + option.key() + value);
                lines.add("mirror.m" + i + '.' + option.key() + 'x' + value);
            }
            for (String key : new String[] {"source", "publish", "subscribe", "sorce", "target.url", "target.a.b.url", "x y"}) {
                lines.add("mirror.k" + i + '.' + key.replace(" ", "\\ ") + value);
            }
        }
        for (String key : new String[] {"password", "pasword", "passwd", "secret", "password-file"}) {
            lines.add("mirror.t.target.a." + key + " = " + SECRET);
        }
        lines.add("dromedary.state-dri = " + VALUES.get(0));
        for (String value : VALUES) {
            List<String> all = new ArrayList<>(lines);
            for (String key : new String[] {"state-dir", "max-runs", "pair", "log-format", "log-level"}) {
                all.add("dromedary." + key + " = " + value);
            }
            stage.configuredOnlyWith(all.toArray(String[]::new));
            Dromedary check = stage.dromedary().start("check");
            assertThat(check.awaitExit()).as(check.output()).isEqualTo(2);
            assertThat(lines(check)).hasSizeGreaterThan(400).noneMatch(line -> line.contains(SECRET));
        }
        for (String[] command : new String[][] {{}, {"once"}, {"verify"}, {"once", "--dry-run"}}) {
            Dromedary dromedary = stage.dromedary().start(command);
            assertThat(dromedary.awaitExit()).isEqualTo(2);
            assertThat(lines(dromedary)).hasSizeGreaterThan(400).noneMatch(line -> line.contains(SECRET));
        }
    }

    @Test
    void an_endpoint_that_is_none_is_told_without_its_secret() {
        for (String command : new String[] {"", "once"}) {
            stage.configured("mirror.t.before = kaffka:x?brokers=h:1&saslPassword=S3CRET&pasword=RAW(a&S3CRET)");
            Dromedary dromedary = command.isEmpty() ? stage.start() : stage.dromedary().start(command);
            assertThat(dromedary.awaitExit()).as(dromedary.output()).isEqualTo(2);
            assertThat(dromedary.output()).contains("kaffka").doesNotContain(SECRET);
        }
    }

    @Test
    void arguments_that_are_none_are_told_without_their_secret() {
        for (String place : VALUES) {
            Dromedary dromedary = stage.dromedary().start(stage.source.toString(), place);
            assertThat(dromedary.awaitExit()).as(dromedary.output()).isEqualTo(2);
            assertThat(dromedary.output()).doesNotContain(SECRET);
        }
    }

    @Test
    void a_run_that_fails_with_a_secret_in_its_words_tells_it_nowhere() {
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configured("mirror.t.hooks-hold = true", "dromedary.log-level = debug", "dromedary.log-format = json",
                "mirror.t.before = exec:/no/such/program?args=--password=S3CRET http://me:S3CRET@h/",
                "mirror.t.on-failure = exec:/no/such/program?args=http://me:S3CRET@h/?token=S3CRET").start().awaitReady();

        eventually("a reason", dromedary, () -> dromedary.get("/api/status").body().contains("ExecCommand"));
        eventually("a dead letter", dromedary, () -> !stage.deadLetters().isEmpty());
        for (String path : new String[] {"/api/status", "/api/dead-letters", "/api/history", "/api/events", "/observe/health", "/observe/metrics", "/"}) {
            assertThat(dromedary.get(path).body()).as(path).doesNotContain(SECRET);
        }
        assertThat(stage.deadLetters()).allSatisfy(letter -> assertThat(letter).content().doesNotContain(SECRET));
        for (String[] command : new String[][] {{"status"}, {"status", "--json"}, {"dead-letters"}}) {
            Dromedary other = stage.dromedary().port(dromedary.port()).start(command);
            other.awaitExit();
            assertThat(other.output()).isNotEmpty().doesNotContain(SECRET);
        }
        dromedary.terminate();
        assertThat(dromedary.output()).contains("/no/such/program").doesNotContain(SECRET);
        assertThat(Stream.of(dromedary.output().split("\n"))).allMatch(line -> line.startsWith("{") && line.endsWith("}"));
    }

    @Test
    void sersyncs_configuration_is_taken_over_without_its_secrets() throws IOException {
        Path file = Files.writeString(stage.home.resolve("confxml.xml"), """
                <head version="2.5"><host hostip="me:S3CRET@localhost" port="8008"/><debug start="password=S3CRET"/>
                <filter start="true"><exclude expression="http://me:S3CRET@host/(.*)"/></filter>
                <sersync><localpath watch="/data/www"><remote ip="me:S3CRET@192.0.2.1" name="www"/><remote ip="192.0.2.2" name="www"/>
                <remote ip="192.0.2.3" name="?password=S3CRET"/></localpath>
                <rsync><commonParams params="-artuz --password=S3CRET -e 'sshpass -p S3CRET ssh'"/>
                <auth start="true" users="me:S3CRET" passwordfile="/etc/rsync.pas"/><timeout start="true" time="password=S3CRET"/></rsync>
                <failLog path="ftp://me:S3CRET@host/log" timeToExecute="60"/><crontab start="true" schedule="password=S3CRET"/>
                <plugin start="true" name="command"/></sersync>
                <plugin name="command"><param prefix="curl http://me:S3CRET@host/" suffix="RSYNC_PASSWORD=S3CRET" ignoreError="true"/></plugin>
                <plugin name="refreshCDN"><localpath watch="/"><cdninfo domainname="x" port="80" username="u" passwd="S3CRET"/></localpath></plugin>
                <password>S3CRET</password></head>
                """);

        Dromedary dromedary = stage.dromedary().start("import-sersync", file.toString());

        assertThat(dromedary.awaitExit()).as(dromedary.output()).isEqualTo(1);
        assertThat(lines(dromedary)).hasSizeGreaterThan(10).noneMatch(line -> line.contains(SECRET));
    }

    /** What is told must not be told less of, for others. */
    @Test
    void what_is_no_secret_is_printed_as_it_is() {
        String script = Sh.run(stage.home, "java -jar " + Path.of("target/dromedary.jar").toAbsolutePath() + " generate-completion");
        assertThat(script).contains("complete").doesNotContain("***");
    }

    private static List<String> lines(Dromedary dromedary) {
        return dromedary.output().lines().toList();
    }
}
