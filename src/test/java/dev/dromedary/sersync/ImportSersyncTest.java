package dev.dromedary.sersync;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;

import dev.dromedary.config.Mirror;
import dev.dromedary.config.Settings;
import dev.dromedary.config.Target;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

/** The command on a file that is the one that sersync ships but for what a test alters in it. */
class ImportSersyncTest {

    @TempDir
    Path dir;
    private Path source;
    private String conf;
    private int exit;
    private String out;
    private List<String> told;

    @BeforeEach
    void the_file_that_sersync_ships() throws IOException {
        source = Files.createDirectories(dir.resolve("tongbu"));
        conf = new String(getClass().getResourceAsStream("/sersync/confxml.xml").readAllBytes(), StandardCharsets.ISO_8859_1)
                .replace("<localpath watch=\"/opt/tongbu\">\n            <remote", "<localpath watch=\"" + source
                        + "\">\n            <remote");
    }

    @Test
    void the_file_that_sersync_ships_becomes_a_configuration() throws Exception {
        run();

        assertThat(facts()).containsExactlyInAnyOrderEntriesOf(Map.of(
                "mirror.tongbu.source", source.toString(),
                "mirror.tongbu.target.127-0-0-1.url", "rsync://127.0.0.1/tongbu1/",
                "mirror.tongbu.rsync-options", "-z",
                "mirror.tongbu.delete", "true"));
        assertThat(exit).isEqualTo(1);
        assertThat(told("NOT taken over")).singleElement().asString().contains("line 29: <commonParams -u>",
                "leaves files at the target that differ from the source");
        assertThat(out).contains("\n# line 29: <commonParams -u>: NOT taken over: ");
        assertThat(told.get(told.size() - 1)).endsWith("1 NOT taken over (comments in the output)");
        settings();
    }

    @Test
    void all_that_can_be_switched_on_becomes_a_configuration() throws Exception {
        Path password = Files.writeString(dir.resolve("pass"), "secret\n");
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
        with("<filter start=\"false\">\n        <exclude", "<filter start=\"true\">\n        <exclude");
        with("name=\"tongbu1\"/>", "name=\"tongbu1\"/><remote ip=\"192.168.8.39\" name=\"a/b/\"/>"
                + "<remote ip=\"192.168.8.39\" name=\"c\"/><remote ip=\"fe80::1\" name=\"d\"/>");
        with("-artuz", "-artz --bwlimit=200 --exclude='*.tmp' --delete -vP --chmod=F644");
        with("<auth start=\"false\" users=\"root\" passwordfile=\"/etc/rsync.pas\"/>",
                "<auth start=\"true\" users=\"root\" passwordfile=\"" + password + "\"/>");
        with("<userDefinedPort start=\"false\"", "<userDefinedPort start=\"true\"");
        with("<timeout start=\"false\"", "<timeout start=\"true\"");
        with("<crontab start=\"false\"", "<crontab start=\"true\"");

        run();

        assertThat(told("NOT taken over")).isEmpty();
        assertThat(exit).isZero();
        Mirror mirror = settings().mirrors().get(0);
        assertThat(mirror.targets()).extracting(Target::name)
                .containsExactlyInAnyOrder("127-0-0-1", "192-168-8-39", "192-168-8-39-c", "fe80-1");
        assertThat(mirror.targets()).extracting(t -> t.url().destination()).containsExactlyInAnyOrder("rsync://root@127.0.0.1:874/tongbu1/",
                "rsync://root@192.168.8.39:874/a/b/", "rsync://root@192.168.8.39:874/c/", "rsync://root@[fe80::1]:874/d/");
        assertThat(mirror.targets()).allSatisfy(target -> {
            assertThat(target.passwordFile()).isEqualTo(password);
            assertThat(target.filter()).containsExactly("- .~dromedary~", "- *.tmp", "- *.svn", "- *.gz", "- /info", "- /static");
            assertThat(target.rsyncOptions()).containsExactly("-z", "--partial", "--chmod=F644");
            assertThat(target.bandwidthLimit()).isEqualTo("200");
            assertThat(target.timeout()).isEqualTo(Duration.ofSeconds(100));
            assertThat(target.reconcile()).isEqualTo("0 0 0/10 * * ?");
            assertThat(target.replay().every()).isEqualTo(Duration.ofSeconds(30));
        });
    }

    @Test
    void with_ssh_the_name_is_a_folder() throws Exception {
        with("<ssh start=\"false\"/>", "<ssh start=\"true\"/>").with("name=\"tongbu1\"", "name=\"/data/www/\"");
        with("<auth start=\"false\"", "<auth start=\"true\"");

        run();

        assertThat(facts()).containsEntry("mirror.tongbu.target.127-0-0-1.url", "ssh://root@127.0.0.1/data/www/")
                .doesNotContainKey("mirror.tongbu.password-file");
        assertThat(told("passwordfile")).singleElement().asString().contains("not needed here", "ssh needs a key");
        settings();
    }

    @Test
    void a_port_for_ssh_did_nothing_in_sersync() throws Exception {
        with("<ssh start=\"false\"/>", "<ssh start=\"true\"/>").with("name=\"tongbu1\"", "name=\"/data\"");
        with("<userDefinedPort start=\"false\" port=\"874\"", "<userDefinedPort start=\"true\" port=\"2222\"");

        run();

        assertThat(facts()).containsEntry("mirror.tongbu.target.127-0-0-1.url", "ssh://127.0.0.1:2222/data/");
        assertThat(told("userDefinedPort")).singleElement().asString().contains("NOT taken over", "does nothing with ssh");
    }

    @Test
    void each_mirror_has_a_name_of_its_own() throws Exception {
        Path other = Files.createDirectories(dir.resolve("x/tongbu"));
        Path strange = Files.createDirectories(dir.resolve("媒体 (neu)"));
        with("ISO-8859-1", "UTF-8").with("<rsync>", "<localpath watch=\"" + other + "/\"><remote ip=\"h\" name=\"m\"/></localpath>"
                + "<localpath watch=\"" + strange + "\"><remote ip=\"h\" name=\"n\"/></localpath><rsync>");

        run();

        assertThat(settings().mirrors()).extracting(Mirror::name).containsExactlyInAnyOrder("tongbu", "tongbu-2", "neu");
        assertThat(settings().mirrors()).extracting(Mirror::source).containsExactlyInAnyOrder(source, other, strange);
        assertThat(told("first <localpath> only")).hasSize(2);
        assertThat(out.chars()).allMatch(c -> c < 128);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            <delete start="true"/>       | <delete start="false"/>       | <delete start="false">: taken over: delete = false
            <createFolder start="true"/> | <createFolder start="false"/> | <createFolder start="false">: NOT taken over: a new folder is mirrored at once
            <createFile start="false"/>  | <createFile start="true"/>    | <createFile start="true">: not needed here: a new file is sent once it is closed
            <closeWrite start="true"/>   | <closeWrite start="false"/>   | <closeWrite start="false">: NOT taken over: a written file is always mirrored
            <moveFrom start="true"/>     | <moveFrom start="false"/>     | <moveFrom start="false">: NOT taken over: what is moved away is gone
            <moveTo start="true"/>       | <x/>                          | <moveTo (not there)>: NOT taken over: what is moved in is mirrored
            <moveTo start="true"/>       | <x/>                          | <x>: NOT taken over: sersync 2.5 has no such element in <inotify>
            <attrib start="false"/>      | <attrib start="true"/>        | <attrib start="true">: not needed here: a mirror has the source's attributes
            <modify start="false"/>      | <modify start="true"/>        | <modify start="true">: not needed here: what is written to
            <modify start="false"/>      | <modify start="ture"/>        | <modify start="ture">: NOT taken over: this is neither true nor false
            <debug start="false"/>       | <debug start="true"/>         | <debug start="true">: not needed here
            <debug start="false"/>       | <debug start="true"/><debug start="false"/> | <debug>: NOT taken over: it is there a second time
            xfs="false"                  | xfs="true"                    | <fileSystem xfs="true">: not needed here
            hostip="localhost"           | hostip="x" hostname="y"       | <host hostname>: NOT taken over: sersync 2.5 has no such attribute
            hostip="localhost"           | hostip="é"                    | <host hostip="é">: NOT taken over: it was read in the encoding
            -artuz                       | -artz --port=1                | <commonParams --port=1>: NOT taken over: --port sets the port; write it in the url
            -artuz                       | -n                            | <commonParams -n>: NOT taken over: -n sends nothing
            -artuz                       | -e 'ssh -p 22'                | <commonParams -e'ssh -p 22'>: NOT taken over:
            -artuz                       | --log-file=$HOME/x            | NOT taken over: a shell would change it
            -artuz                       | -z /tmp                       | <commonParams /tmp>: NOT taken over: it is not an option
            -artuz                       | -rlptgoDR --archive           | <commonParams -r -l -p -t -g -o -D -R --archive>: not needed here: Dromedary always gives --archive
            -artuz                       | -rtz                          | <commonParams without -l -p -g -o -D>: NOT taken over: Dromedary always gives --archive, and with it these; if the target is to do without, add to rsync-options --no-links --no-perms
            -artuz                       | -v --stats                    | <commonParams -v --stats>: not needed here: rsync's output
            -artuz                       | -zH -T/tmp                    | <commonParams -z -H -T/tmp>: taken over: rsync-options
            timeToExecute="60"           | timeToExecute="5"             | not needed here: an unreachable target is asked again within replay = 30s
            path="/tmp/rsync_fail_log.sh" | path="/x"                    | <failLog path="/x">: not needed here: what failed is kept as dead letters
            <timeout start="false" time="100"/> | <timeout start="true" time="0"/> | <timeout time="0">: NOT taken over: it is not a number of seconds
            <crontab start="false" schedule="600"> | <crontab start="true" schedule="x"> | <crontab schedule="x">: NOT taken over: it is not a number of minutes
            <crontab start="false" schedule="600"> | <crontab start="true" schedule="30"> | <crontab schedule="30">: taken over: reconcile = 0 0/30 * * * ?
            <plugin start="false" name="command"/> | <plugin start="true" name="x"/> | NOT taken over: there is no <plugin name="x">
            <plugin name="http"/>        | <plugin name="smoke"/>        | <plugin name="smoke">: NOT taken over: sersync has no such plugin
            name="tongbu1"               | name=""                       | NOT taken over: sersync needs both
            ip="127.0.0.1"               | ip="a b"                      | NOT taken over: its host "a b" is none
            """)
    void each_part_is_told_what_became_of_it(String from, String to, String text) throws Exception {
        with(from, to);

        run();

        assertThat(String.join("\n", told)).contains(text);
        if (!facts().isEmpty()) {
            settings();
        }
    }

    @Test
    void what_is_renamed_away_stays_with_delete_off_as_in_sersync() throws Exception {
        with("<delete start=\"true\"/>", "<delete start=\"false\"/>").with("<moveFrom start=\"true\"/>", "<moveFrom start=\"false\"/>");

        run();

        assertThat(told("<moveFrom")).singleElement().asString().contains("not needed here");
        assertThat(out).doesNotContain("DELETED");
    }

    @Test
    void an_expression_that_has_no_exact_pattern_is_told_and_left_out() throws Exception {
        with("<filter start=\"false\">\n        <exclude expression=\"(.*)\\.svn\"",
                "<filter start=\"true\">\n        <exclude expression=\"(.*).svn\"");

        run();

        assertThat(facts()).containsEntry("mirror.tongbu.exclude", "*.gz, /info, /static");
        assertThat(told("expression=\"(.*).svn\"")).singleElement().asString().contains("line 8", "NOT taken over", "write \\.");
        settings();
    }

    @Test
    void a_backslash_and_blanks_within_survive_the_properties() throws Exception {
        with("<filter start=\"false\">\n        <exclude expression=\"(.*)\\.svn\"",
                "<filter start=\"true\">\n        <exclude expression=\"(.*)\\[1\\] a\\\\é\"").with("ISO-8859-1", "UTF-8");

        run();

        assertThat(settings().mirrors().get(0).targets().get(0).filter()).contains("- *\\[1] a\\\\é");
    }

    @Test
    void the_patterns_of_crontab_are_told_if_they_differ_from_those_of_the_filter() throws Exception {
        with("<filter start=\"false\">\n        <exclude", "<filter start=\"true\">\n        <exclude");
        with("<crontab start=\"false\"", "<crontab start=\"true\"").with("<crontabfilter start=\"false\"", "<crontabfilter start=\"true\"");
        with("<exclude expression=\"*.php\"></exclude>", "<exclude expression=\"*.gz\"></exclude>");

        run();

        assertThat(told("expression=\"*.gz\"")).singleElement().asString().contains(": taken over");
        assertThat(told("expression=\"info/*\"")).singleElement().asString().contains("NOT taken over", "add info/* to exclude");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            command    | sersync ran: /bin/sh PATH, without its output | after-sync
            socket     | TCP 192.168.138.20:8009                       | tell-192-168-138-20
            refreshCDN | asked cdn.example.com:80 as xxxx              | purge-cdn-example-com
            http       | by name only                                  | tell-by-http
            """)
    void a_plugin_becomes_a_comment_that_names_the_way(String name, String text, String program) throws Exception {
        with("<plugin start=\"false\" name=\"command\"/>", "<plugin start=\"true\" name=\"" + name + "\"/>");

        run();

        assertThat(exit).isEqualTo(1);
        assertThat(told("NOT taken over")).anySatisfy(line -> assertThat(line).contains(text));
        assertThat(out).contains("\n#mirror.tongbu.after = exec:/usr/local/bin/" + program).doesNotContain("secret-of-the-cdn");
        assertThat(told("")).noneMatch(line -> line.contains("secret-of-the-cdn"));
        conf = conf.replaceAll("-artuz", "-art");
        run();
        Settings.read(Map.copyOf(withWayIn()), dir);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tongbu", "./tongbu", ""})
    void a_folder_that_is_not_absolute_is_not_mirrored(String watch) throws Exception {
        with("<localpath watch=\"" + source + "\"", "<localpath watch=\"" + watch + "\"");

        run();

        assertThat(exit).isEqualTo(1);
        assertThat(facts()).isEmpty();
        assertThat(told("NOT taken over")).anySatisfy(line -> assertThat(line).contains("not an absolute path"));
        assertThat(out).contains("There is no mirror in it");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            <head version="2.5"> | <!DOCTYPE head [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><head>     | document type
            <head version="2.5"> | <head> &x;                                                          | entity
            </head>              | </heads>                                                            | not XML (line
            <localpath watch     | <local watch                                                        | not XML
            """)
    void a_file_that_is_refused_prints_nothing_but_the_reason(String from, String to, String text) throws Exception {
        with(from, to.replace("<!DOCTYPE", "\n<!DOCTYPE"));

        run();

        assertThat(exit).isEqualTo(2);
        assertThat(out).isEmpty();
        assertThat(told).singleElement().asString().startsWith("dromedary: " + dir.resolve("confxml.xml") + ": it ").contains(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html/>", "<head/>", "<head><sersync/></head>"})
    void a_file_of_another_kind_is_refused(String text) throws Exception {
        conf = text;

        run();

        assertThat(exit).isEqualTo(2);
        assertThat(out).isEmpty();
        assertThat(told).singleElement().asString().contains("; name ");
    }

    @Test
    void a_file_that_is_not_there_is_refused() {
        StringWriter err = new StringWriter();
        StringWriter printed = new StringWriter();

        assertThat(command(printed, err).execute(dir.resolve("nowhere").toString())).isEqualTo(2);
        assertThat(printed.toString()).isEmpty();
        assertThat(err.toString()).contains("nowhere: there is no such file; name sersync's configuration");
    }

    @Test
    void what_could_steer_a_terminal_or_end_a_comment_is_escaped() throws Exception {
        with("hostip=\"localhost\"", "hostip=\"localhost\" x=\"1\"").with("<exclude expression=\"(.*)\\.gz\">",
                "<exclude expression=\"&#10;mirror.evil.source = /&#x9b;31m\">").with("<filter start=\"false\">\n        <exclude",
                        "<filter start=\"true\">\n        <exclude");

        run();

        assertThat(facts().keySet()).noneMatch(key -> key.contains("evil"));
        assertThat(String.join("", told) + out).doesNotContain("\u009b");
    }

    private ImportSersyncTest with(String from, String to) {
        assertThat(conf).contains(from);
        conf = conf.replace(from, to);
        return this;
    }

    private void run() throws IOException {
        Path file = Files.writeString(dir.resolve("confxml.xml"), conf,
                conf.contains("ISO-8859-1") ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
        StringWriter printed = new StringWriter();
        StringWriter err = new StringWriter();
        exit = command(printed, err).execute(file.toString());
        out = printed.toString();
        told = err.toString().lines().toList();
    }

    private static CommandLine command(StringWriter out, StringWriter err) {
        return new CommandLine(new ImportSersync()).setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    }

    private List<String> told(String text) {
        return told.stream().filter(line -> line.contains(text) && !line.matches("\\d+ taken over.*")).toList();
    }

    private Map<String, String> facts() throws IOException {
        return properties(out);
    }

    private Map<String, String> withWayIn() throws IOException {
        return properties(out.replace("\n#mirror.", "\nmirror."));
    }

    private static Map<String, String> properties(String text) throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(text));
        return properties.stringPropertyNames().stream().collect(Collectors.toMap(k -> k, properties::getProperty));
    }

    private Settings settings() throws Exception {
        return Settings.read(new TreeMap<>(facts()), dir);
    }
}
