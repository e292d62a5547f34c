package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.FreePort;
import dev.dromedary.testing.Sh;
import dev.dromedary.testing.Tree;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** A configuration that cannot be meant is refused before anything is done, in words that name the key. */
class RefusalIT {

    @AutoClose
    private final Stage stage = new Stage();

    /** What is wrong, the whole configuration, and what the output must tell, as regular expressions. */
    record Fault(String name, Function<Stage, List<String>> lines, String... told) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Fault> faults() {
        return Stream.of(
                added("an option that is not known", "mirror.t.windw = 50ms", "mirror\\.t\\.windw", "\\bwindow\\b"),
                added("an option of a target that is not known", "mirror.t.target.a.pasword-file = x",
                        "mirror\\.t\\.target\\.a\\.pasword-file", "\\bpassword-file\\b"),
                added("a key of its own that is not known", "dromedary.state-dri = x",
                        "dromedary\\.state-dri\\b", "dromedary\\.state-dir"),
                added("a duration that is none", "mirror.t.window = soon", "mirror\\.t\\.window", "soon"),
                added("a cron that is none", "mirror.t.reconcile = every now and then", "mirror\\.t\\.reconcile"),
                added("a replay that is neither", "mirror.t.replay = sometimes", "mirror\\.t\\.replay", "sometimes"),
                added("a switch that is none", "mirror.t.delete = perhaps", "mirror\\.t\\.delete", "perhaps"),
                added("a number that is none", "mirror.t.max-delete = lots", "mirror\\.t\\.max-delete", "lots"),
                added("a password file that others can read", stage -> {
                    Sh.run(stage.home, "echo secret >pass; chmod 644 pass");
                    return "mirror.t.target.a.password-file = " + stage.home.resolve("pass");
                }, "mirror\\.t\\.target\\.a\\.password-file"),
                added("a password file that is not there", stage ->
                        "mirror.t.target.a.password-file = " + stage.home.resolve("nowhere"),
                        "mirror\\.t\\.target\\.a\\.password-file"),
                added("a state folder that everybody may write to", stage -> {
                    Sh.run(stage.home, "mkdir open; chmod 777 open");
                    return "dromedary.state-dir = open";
                }, "dromedary\\.state-dir = open: .*/open may be written to by everybody \\(owner .*mode rwxrwxrwx\\); chmod go-w .*/open"),
                added("a state folder that lies where everybody may put another", stage -> {
                    Sh.run(stage.home, "mkdir -p open/state; chmod 777 open");
                    return "dromedary.state-dir = open/state";
                }, "dromedary\\.state-dir = open/state: .*; chmod o-w .*/open"),
                added("a key of Camel's that is misspelt", "camel.server.prt = 8081",
                        "(?m)^dromedary: camel\\.server\\.prt = 8081: Camel has no such key; did you mean camel\\.server\\.port\\?$"),
                added("a key of Camel's in a group that is misspelt", "camel.servr.port = 8081",
                        "(?m)^dromedary: camel\\.servr\\.port = 8081: .* did you mean camel\\.server\\.port\\?$"),
                added("two mirrors with one target", stage -> "mirror.u.source = " + stage.scratch.folder("other")
                        + "\nmirror.u.target.b.url = " + stage.daemon.url("m"), "mirror\\.[tu]\\.target\\.[ab]\\.url"),

                whole("no source", stage -> List.of("mirror.t.target.a.url = " + stage.daemon.url("m")),
                        "mirror\\.t\\.source"),
                whole("no target", stage -> List.of("mirror.t.source = " + stage.source), "mirror\\.t\\."),
                mirror("a source that is not there", stage -> stage.scratch.root().resolve("nowhere"),
                        stage -> stage.daemon.url("m"), "mirror\\.t\\.source", "nowhere"),
                mirror("a source that is a file", stage -> {
                    Sh.run(stage.scratch.root(), "echo 1 >a-file");
                    return stage.scratch.root().resolve("a-file");
                }, stage -> stage.daemon.url("m"), "mirror\\.t\\.source", "a-file"),
                mirror("a target inside the source", stage -> stage.source,
                        stage -> stage.source.resolve("inside"), "mirror\\.t\\.(source|target\\.a\\.url)"),
                mirror("a target that is the source", stage -> stage.source,
                        stage -> stage.source, "mirror\\.t\\.(source|target\\.a\\.url)"),
                mirror("a source inside the target", stage -> stage.source,
                        stage -> stage.scratch.root(), "mirror\\.t\\.(source|target\\.a\\.url)"),
                mirror("a target inside the source by way of a link", stage -> stage.source, stage -> {
                    Sh.run(stage.scratch.root(), "mkdir source/in; ln -s source/in link");
                    return stage.scratch.root().resolve("link");
                }, "mirror\\.t\\.(source|target\\.a\\.url)"),
                mirror("a target in no known form", stage -> stage.source,
                        stage -> "ftp://backup.example/pub/", "mirror\\.t\\.target\\.a\\.url", "ftp://"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void is_refused(Fault fault) {
        Sh.run(stage.source, "echo 1 >file");
        Sh.run(stage.target, "echo 2 >kept");
        stage.configuredOnlyWith(fault.lines.apply(stage).toArray(String[]::new));
        Tree source = Tree.of(stage.source);
        Tree target = Tree.of(stage.target);

        Dromedary dromedary = stage.start();

        assertThat(dromedary.awaitExit()).as(dromedary.output()).isEqualTo(2);
        for (String told : fault.told) {
            assertThat(dromedary.output()).containsPattern(told);
        }
        assertThat(FreePort.accepts(dromedary.port())).isFalse();
        Tree.assertSame(source, Tree.of(stage.source));
        Tree.assertSame(target, Tree.of(stage.target));
    }

    @Test
    void all_faults_are_told_at_once() {
        stage.configured("mirror.t.windw = 50ms", "mirror.t.max-delay = soon", "mirror.t.target.a.password-file = nowhere");

        Dromedary dromedary = stage.start();

        assertThat(dromedary.awaitExit()).as(dromedary.output()).isEqualTo(2);
        assertThat(dromedary.output())
                .contains("mirror.t.windw")
                .contains("mirror.t.max-delay")
                .contains("mirror.t.target.a.password-file");
    }

    @Test
    void a_configuration_that_is_not_there_is_named() {
        Dromedary dromedary = stage.dromedary().start("--config", "nowhere.properties");

        assertThat(dromedary.awaitExit()).as(dromedary.output()).isEqualTo(2);
        assertThat(dromedary.output()).contains("nowhere.properties");
    }

    @Test
    void check_refuses_the_same() {
        stage.configured("mirror.t.windw = 50ms");

        Dromedary dromedary = stage.dromedary().start("check");

        assertThat(dromedary.awaitExit()).as(dromedary.output()).isEqualTo(2);
        assertThat(dromedary.output()).contains("mirror.t.windw");
    }

    @Test
    void all_faults_are_told_at_once_in_the_order_of_their_lines() {
        Dromedary dromedary = stage.configuredOnlyWith("mirror.t.source = " + stage.source, "camel.server.prt = 8081", "mirror.t.windw = 20ms",
                "mirro.t.target.a.url = " + stage.target, "mirror.t.on-failure = slak:ops", "mirror.t.max-delay = soon").dromedary().start("check");

        assertThat(dromedary.awaitExit()).isEqualTo(2);
        assertThat(dromedary.output().lines().filter(line -> line.startsWith("dromedary: ")).map(line -> line.split(" ")[1].replace(":", "")))
                .startsWith("camel.server.prt", "mirror.t.windw", "mirro.t.target.a.url", "mirror.t.max-delay");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "check", "once", "verify"})
    void a_misspelt_key_of_camel_starts_nothing(String command) {
        stage.configured("camel.server.prt = 8081");

        assertTold(stage.dromedary().start(command.isEmpty() ? new String[0] : new String[] {command}),
                "dromedary: camel.server.prt = 8081: Camel has no such key; did you mean camel.server.port?");
    }

    @Test
    void it_is_refused_from_the_command_line_and_the_environment_too() {
        stage.configured();

        assertTold(stage.dromedary().property("camel.server.prt", "8081").start(),
                "dromedary: camel.server.prt = 8081: Camel has no such key; did you mean camel.server.port?");
        assertTold(stage.dromedary().environment("CAMEL_SERVER_PRT", "8081").start(),
                "dromedary: CAMEL_SERVER_PRT = 8081: Camel has no such key; did you mean camel.server.port?");
    }

    private void assertTold(Dromedary dromedary, String line) {
        assertThat(dromedary.awaitExit()).as(dromedary.output()).isEqualTo(2);
        assertThat(dromedary.output().lines()).containsExactly(line);
        assertThat(stage.state).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            camel.component.quartz.nothing = 1         | "camel.component.quartz.nothing = 1: Camel has no such key; look"
            camel.main.shutdownTimeout = soon          | "camel.main.shutdownTimeout = soon: Camel can't take this value; look"
            """)
    void what_camel_alone_can_refuse_is_told_in_a_line(String key, String told) {
        stage.configured(key);

        Dromedary dromedary = stage.dromedary().start();

        assertThat(dromedary.awaitExit()).as(dromedary.output()).isEqualTo(2);
        assertThat(dromedary.output().lines().filter(line -> line.startsWith("dromedary: "))).singleElement().asString().contains(told);
        assertThat(dromedary.output()).doesNotContain("\tat ");
    }

    /** The first key is the one that the mark stands in front of. */
    @Test
    void a_byte_order_mark_and_line_ends_of_windows_change_nothing() throws IOException {
        Sh.run(stage.source, "echo 1 >file");
        Sh.run(stage.target, "echo 2 >kept");
        Files.writeString(stage.configured().home.resolve("config/application.properties"), "\uFEFFmirror.t.delete = false\r\n"
                + "mirror.t.source = " + stage.source + "\r\nmirror.t.target.a.url = " + stage.daemon.url("m") + "\r\n");

        Dromedary once = stage.dromedary().start("once");

        assertThat(once.awaitExit()).as(once.output()).isZero();
        assertThat(stage.target.resolve("file")).hasContent("1");
        assertThat(stage.target.resolve("kept")).hasContent("2");
    }

    @ParameterizedTest
    @CsvSource({"UTF-16LE,it is UTF-16; save it as UTF-8", "UTF-16BE,it is UTF-16; save it as UTF-8",
        "ISO-8859-1,line 2 is not UTF-8; save it as UTF-8"})
    void a_configuration_in_another_encoding_is_refused(String encoding, String told) throws IOException {
        Path file = Files.write(stage.configured().home.resolve("config/application.properties"), ((encoding.startsWith("UTF")
                ? "\uFEFF" : "") + "mirror.t.delete = false\n# münchen\n").getBytes(encoding));

        for (String command : new String[] {"check", "once"}) {
            assertTold(stage.dromedary().start(command, "--config", file.toString()),
                    "dromedary: the configuration " + file + " can't be read: " + told);
        }
    }

    @Test
    void a_port_that_is_in_use_is_named() throws IOException {
        Dromedary first = stage.configured().start().awaitReady();
        Path other = Files.createDirectory(stage.scratch.root().resolve("other-home"));
        Path source = stage.scratch.folder("other-source");
        Path target = stage.scratch.folder("other-target");

        Dromedary second = Dromedary.in(stage.scratch, other).port(first.port()).start(source.toString(), target.toString());

        assertThat(second.awaitExit()).as(second.output()).isNotZero();
        assertThat(second.output()).contains("camel.server.port");
        assertThat(first.isAlive()).isTrue();
    }

    private static Fault added(String name, String line, String... told) {
        return added(name, stage -> line, told);
    }

    private static Fault added(String name, Function<Stage, String> line, String... told) {
        return new Fault(name, stage -> List.of("mirror.t.source = " + stage.source,
                "mirror.t.target.a.url = " + stage.daemon.url("m"), line.apply(stage)), told);
    }

    private static Fault mirror(String name, Function<Stage, Object> source, Function<Stage, Object> target, String... told) {
        return whole(name, stage -> List.of("mirror.t.source = " + source.apply(stage),
                "mirror.t.target.a.url = " + target.apply(stage)), told);
    }

    private static Fault whole(String name, Function<Stage, List<String>> lines, String... told) {
        return new Fault(name, lines, told);
    }
}
