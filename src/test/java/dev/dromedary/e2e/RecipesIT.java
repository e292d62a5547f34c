package dev.dromedary.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.sun.net.httpserver.HttpServer;
import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Scratch;
import dev.dromedary.testing.Sh;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

import static dev.dromedary.testing.Mirrors.deadLetters;
import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Each recipe beside the route files of the jar, with the lines of configuration that it asks for; a tag names the recipe that
 * a test is about.
 */
class RecipesIT {

    private static final Path RECIPES = Path.of("docs/recipes");
    private static final Pattern WANTED = Pattern.compile("(?:# {5})?([a-z][\\w.-]+) *= (.*)");
    private static Scratch components;

    @AutoClose
    private final Stage stage = new Stage();
    private final List<String> lines = new ArrayList<>(List.of(
            "mirror.www.source = " + stage.source,
            "mirror.www.target.backup.url = " + stage.daemon.url("m"),
            "mirror.www.target.backup.replay = 1s",
            "mirror.www.target.backup.retries = 1",
            "mirror.www.target.backup.retry-delay = 100ms"));

    @AfterAll
    static void close() {
        if (components != null) {
            components.close();
            components = null;
        }
    }

    @Test
    void each_recipe_has_a_test_and_a_line_on_the_page() throws IOException {
        List<String> recipes = recipes();

        assertThat(Arrays.stream(RecipesIT.class.getDeclaredMethods()).filter(method -> method.isAnnotationPresent(Test.class))
                .map(method -> method.getAnnotation(Tag.class)).filter(tag -> tag != null).map(Tag::value).distinct())
                .containsExactlyInAnyOrderElementsOf(recipes);
        assertThat(page().lines().filter(line -> line.startsWith("| [")).map(line -> line.substring(3, line.indexOf(']'))))
                .containsExactlyInAnyOrderElementsOf(recipes);
    }

    @Test
    void the_components_are_of_the_version_of_the_jar() throws IOException {
        Pattern version = Pattern.compile("<camel.version>.*</camel.version>");

        assertThat(version.matcher(Files.readString(RECIPES.resolve("pom.xml"))).results().map(found -> found.group()))
                .containsExactlyElementsOf(version.matcher(Files.readString(Path.of("pom.xml"))).results()
                        .map(found -> found.group()).toList());
    }

    @Test
    @Tag("alarm.camel.yaml")
    void slack_and_mail_hear_of_a_target_that_is_away_and_back(TestInfo recipe) throws IOException {
        try (Requests slack = new Requests(); Mails mails = new Mails()) {
            Dromedary dromedary = start(recipe, Map.of("alarm.slack", slack.url("/services/T/B/X"), "alarm.mail",
                    "smtp://127.0.0.1:" + mails.port() + "?from=dromedary@example.com&to=ops@example.com"));
            eventuallySame(stage.source, stage.target, dromedary);
            stage.daemon.stop();
            stage.inSource("echo 1 >file");
            eventually("slack is told", dromedary, () -> slack.has("POST /services/T/B/X \\{\"text\": \"www\\\\/backup: .*\"}"));
            eventually("a mail", dromedary, () -> mails.has("Subject: Dromedary: www/backup is away"));

            stage.daemon.start();
            eventually("a mail", dromedary, () -> mails.has("Subject: Dromedary: www/backup is back"));
            assertThat(mails.has("To: ops@example.com")).isTrue();
        }
    }

    @Test
    @Tag("alarm.camel.yaml")
    void mail_hears_of_it_though_slack_does_not_answer(TestInfo recipe) throws IOException {
        try (Mails mails = new Mails(); ServerSocket closed = new ServerSocket(0)) {
            closed.close();
            Dromedary dromedary = start(recipe, Map.of("alarm.slack", "http://127.0.0.1:" + closed.getLocalPort() + "/", "alarm.mail",
                    "smtp://127.0.0.1:" + mails.port() + "?from=dromedary@example.com&to=ops@example.com"));
            stage.daemon.stop();
            stage.inSource("echo 1 >file");
            eventually("a mail", dromedary, () -> mails.has("Subject: Dromedary: www/backup is away"));
        }
    }

    @Test
    @Tag("arrivals.camel.yaml")
    void all_that_arrived_is_told_to_a_server(TestInfo recipe) throws IOException {
        try (Requests server = new Requests()) {
            Dromedary dromedary = start(recipe, Map.of("arrivals.to", server.url("/arrived")));
            stage.inSource("echo 1 >'a file'");
            eventually("it is told", dromedary, () -> server.has("POST /arrived .*\"target\":\"backup\".*"
                    + "\\{\"path\":\"a file\",\"kind\":\"file\",\"extent\":\"entry\"}.*"));
            assertThat(stage.target.resolve("a file")).exists();
        }
    }

    @Test
    @Tag("purge.camel.yaml")
    void each_path_that_arrived_is_purged(TestInfo recipe) throws IOException {
        try (Requests cdn = new Requests()) {
            Dromedary dromedary = start(recipe, Map.of("purge.url", cdn.url("/purge/www.example.com")));
            eventually("all is purged", dromedary, () -> cdn.has("POST /purge/www.example.com/\\* "));
            stage.inSource("mkdir img; echo 1 >'ü b+c.txt'; echo 2 >'100%?#'; echo 3 >'\"null\"'");
            for (String path : List.of("%C3%BC%20b%2Bc.txt", "100%25%3F%23", "%22null%22", "img/*")) {
                eventually(path, dromedary, () -> cdn.has(Pattern.quote("POST /purge/www.example.com/" + path + " ")));
            }
            stage.inSource("rm '100%?#'; echo 4 >img/d");
            eventually("img/d", dromedary, () -> cdn.has("POST /purge/www.example.com/img/d "));
        }
    }

    @Test
    @Tag("scan.camel.yaml")
    void what_is_infected_is_not_sent_and_all_others_are(TestInfo recipe) throws IOException {
        Path quarantine = stage.scratch.folder("quarantine");
        Path scanner = scanner("""
                infected=0
                for option; do case $option in --move=*) quarantine=${option#--move=} ;; esac; done
                while IFS= read -r path || [ -n "$path" ]; do
                    find "$path" -type f -exec grep -q VIRUS {} ';' -exec mv {} "$quarantine" ';' -printf '%p: FOUND\\n' >found
                    [ ! -s found ] || { cat found; infected=1; }
                done
                exit $infected
                """);
        stage.inSource("echo VIRUS >from-before; echo 1 >clean-before");
        Dromedary dromedary = start(recipe, Map.of("scan.quarantine", quarantine.toString()), scanner);
        eventually("it is found", dromedary, () -> Files.exists(quarantine.resolve("from-before")));
        eventuallySame(stage.source, stage.target, dromedary);

        stage.inSource("echo VIRUS >alone");
        eventually("it is found", dromedary, () -> Files.exists(quarantine.resolve("alone")));
        stage.inSource("mkdir 'a folder'; echo VIRUS >'a folder/bäd'; echo 2 >'a folder/good'; echo VIRUS >\"$(printf 'new\\nline')\"");
        eventually("both are found", dromedary, () -> Files.exists(quarantine.resolve("bäd"))
                && Files.exists(quarantine.resolve("new\nline")));
        eventuallySame(stage.source, stage.target, dromedary);
        assertThat(stage.target.resolve("a folder/good")).exists();
        assertThat(stage.target.resolve("a folder/bäd")).doesNotExist();
        assertThat(dromedary.output()).contains("infected, and moved to");
    }

    @Test
    @Tag("scan.camel.yaml")
    void nothing_is_sent_while_the_scanner_fails(TestInfo recipe) throws IOException {
        Path clear = stage.home.resolve("clear");
        Path scanner = scanner("cat >/dev/null; [ -e " + clear + " ] || { echo no daemon >&2; exit 2; }");
        stage.inSource("echo 1 >file");
        Dromedary dromedary = start(recipe, Map.of("scan.quarantine", stage.scratch.folder("quarantine").toString()), scanner);
        eventually("it says why", dromedary, () -> dromedary.output().contains("clamdscan ended with 2"));
        assertThat(stage.target.resolve("file")).doesNotExist();

        Files.createFile(clear);
        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    @Tag("open-hours.camel.yaml")
    void a_target_gets_something_only_while_it_is_open(TestInfo recipe) throws IOException {
        Dromedary dromedary = start(recipe, Map.of("open-hours.open", "0/4 * * * * ?", "open-hours.close", "2/4 * * * * ?"));
        eventually("it closes", dromedary, () -> "paused".equals(dromedary.target().getString("state")));
        stage.inSource("echo 1 >file");
        eventuallySame(stage.source, stage.target, dromedary);
        eventually("it closes", dromedary, () -> "paused".equals(dromedary.target().getString("state")));
    }

    @Test
    @Tag("open-hours.camel.yaml")
    void a_target_that_is_not_there_is_named(TestInfo recipe) throws IOException {
        Dromedary dromedary = start(recipe, Map.of("open-hours.target", "nobody", "open-hours.close", "* * * * * ?"));
        eventually("it is said", dromedary, () -> dromedary.output().contains("open-hours: there is no target www/nobody"));
    }

    @Test
    @Tag("max-size.properties")
    void a_file_over_the_size_is_left_out(TestInfo recipe) throws IOException {
        stage.inSource("truncate -s 101m large; truncate -s 99m fits; echo 1 >grows");
        Dromedary dromedary = start(recipe, Map.of());
        eventually("what fits", dromedary, () -> Files.exists(stage.target.resolve("fits"))
                && Files.exists(stage.target.resolve("grows")));
        stage.inSource("truncate -s 101m grows; echo 2 >later");
        eventually("what comes later", dromedary, () -> Files.exists(stage.target.resolve("later"))
                && "live".equals(dromedary.target().getString("state")));

        assertThat(stage.target.resolve("large")).doesNotExist();
        assertThat(stage.target.resolve("grows")).hasContent("1");
        stage.inSource("rm large grows");
        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    @Tag("archive.properties")
    void an_archive_keeps_what_is_deleted(TestInfo recipe) throws IOException {
        Path archive = stage.scratch.folder("archive");
        Dromedary dromedary = start(recipe, Map.of("mirror.www.target.archive.url", archive.toString(),
                "mirror.www.target.archive.window", "1s"));
        stage.inSource("echo 1 >deleted; echo 1 >kept");
        eventuallySame(stage.source, stage.target, dromedary);
        eventually("the archive", dromedary, () -> Files.exists(archive.resolve("deleted")) && Files.exists(archive.resolve("kept")));
        stage.inSource("rm deleted; echo 2 >kept");
        eventuallySame(stage.source, stage.target, dromedary);
        eventually("the archive", dromedary, () -> Files.readString(archive.resolve("kept")).equals("2\n"));

        assertThat(archive.resolve("deleted")).exists();
    }

    @Test
    @Tag("store.camel.yaml")
    void an_object_store_gets_what_changes_and_loses_what_is_gone(TestInfo recipe) throws IOException {
        try (Store store = new Store()) {
            stage.inSource("mkdir -p a/b; echo 1 >a/b/before; ln -s a link");
            Dromedary dromedary = start(recipe, Map.of("store.url", store.url("/www"),
                    "mirror.www.target.store.url", stage.scratch.folder("store") + "/"));
            eventually("what was there", dromedary, () -> store.holds("/www/a/b/before", "1\n"));
            stage.inSource("echo 2 >'ü b+c'; echo 3 >'\"q\"'; echo 4 >a/b/before");
            eventually("what came", dromedary, () -> store.holds("/www/ü b+c", "2\n") && store.holds("/www/\"q\"", "3\n")
                    && store.holds("/www/a/b/before", "4\n"));
            stage.inSource("rm -r a 'ü b+c'");
            eventually("what went", dromedary, () -> store.objects.keySet().equals(Set.of("/www/\"q\"")));
        }
    }

    @Test
    @Tag("store.camel.yaml")
    void what_the_store_did_not_take_stays_owed(TestInfo recipe) throws IOException {
        try (Store store = new Store()) {
            Dromedary dromedary = start(recipe, Map.of("store.url", store.url("/www"),
                    "mirror.www.target.store.url", stage.scratch.folder("store") + "/"),
                    "mirror.www.target.store.replay = 1s", "mirror.www.target.store.retries = 0");
            store.refuses = true;
            stage.inSource("echo 1 >file");
            eventually("a dead letter", dromedary, () -> !deadLetters(stage.state, "www", "store").isEmpty());
            store.refuses = false;
            eventually("it arrives", dromedary, () -> store.holds("/www/file", "1\n"));
        }
    }

    @Test
    void a_recipe_without_the_route_files_of_the_jar_is_refused() throws IOException {
        Files.copy(RECIPES.resolve("arrivals.camel.yaml"), stage.scratch.folder("home/routes").resolve("arrivals.camel.yaml"));
        lines.add("arrivals.to = log:arrivals");

        Dromedary dromedary = stage.configuredOnlyWith(lines.toArray(String[]::new)).start();

        assertThat(dromedary.awaitExit()).isEqualTo(1);
        assertThat(dromedary.output()).contains("./routes").contains("sync, tidy, watch, window").contains("unzip -n ")
                .contains("dromedary.jar 'routes/*'").doesNotContain("\tat ");
    }

    @Test
    void a_component_that_the_jar_has_not_is_named() throws IOException {
        beside("arrivals.camel.yaml");
        lines.add("arrivals.to = http://127.0.0.1:1/");

        Dromedary dromedary = stage.configuredOnlyWith(lines.toArray(String[]::new)).start();

        assertThat(dromedary.awaitExit()).isEqualTo(1);
        assertThat(dromedary.output()).contains("arrivals").contains("http://127.0.0.1:1/").contains("docs/recipes/README.md")
                .doesNotContain("\tat ");
    }

    private Dromedary start(TestInfo recipe, Map<String, String> set, String... more) throws IOException {
        lines.addAll(List.of(more));
        return start(recipe, set, (Path) null);
    }

    /** Starts it as the recipe says, with some of its values set to what is here. */
    private Dromedary start(TestInfo recipe, Map<String, String> set, Path scanner) throws IOException {
        String name = recipe.getTags().iterator().next();
        Map<String, String> wanted = wanted(name);
        assertThat(wanted.keySet()).as("what the recipe asks for").containsAll(set.keySet());
        wanted.putAll(set);
        wanted.forEach((key, value) -> lines.add(key + " = " + value));
        if (name.endsWith(".yaml")) {
            beside(name);
        }
        Dromedary.Builder builder = stage.configuredOnlyWith(lines.toArray(String[]::new)).dromedary();
        if (needs(name).contains("`http`")) {
            builder.libraries(components());
        }
        if (scanner != null) {
            builder.environment("PATH", scanner.getParent() + ":" + System.getenv("PATH"));
        }
        return builder.start().awaitReady();
    }

    private void beside(String recipe) throws IOException {
        Path routes = stage.scratch.folder("home/routes");
        Sh.run(Path.of("").toAbsolutePath(), "cp routes/*.camel.yaml docs/recipes/" + recipe + " " + routes);
    }

    // of a route file those in its first lines
    private static Map<String, String> wanted(String recipe) throws IOException {
        Map<String, String> wanted = new TreeMap<>();
        for (String line : Files.readAllLines(RECIPES.resolve(recipe))) {
            Matcher matcher = WANTED.matcher(line);
            if (matcher.matches() && (recipe.endsWith(".properties") || line.startsWith("#"))) {
                wanted.put(matcher.group(1), matcher.group(2));
            }
        }
        assertThat(wanted).isNotEmpty();
        return wanted;
    }

    private static String needs(String recipe) throws IOException {
        return page().lines().filter(line -> line.startsWith("| [" + recipe)).map(line -> line.split("\\|")[3]).findFirst()
                .orElseThrow();
    }

    private static List<String> recipes() throws IOException {
        try (Stream<Path> files = Files.list(RECIPES)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.matches(".*\\.(yaml|properties)")).toList();
        }
    }

    private static String page() throws IOException {
        return Files.readString(RECIPES.resolve("README.md"));
    }

    /** The folder lib that the page's command makes. */
    private static Path components() throws IOException {
        if (components == null) {
            assumeTrue(Stream.of(System.getenv("PATH").split(":")).anyMatch(path -> Files.isExecutable(Path.of(path, "mvn"))),
                    "there is no mvn in the PATH");
            components = Scratch.create();
            Files.createSymbolicLink(components.root().resolve("docs"), Path.of("docs").toAbsolutePath());
            Sh.run(components.root(), page().lines().filter(line -> line.startsWith("    mvn ")).findFirst().orElseThrow());
        }
        return components.root().resolve("lib");
    }

    /** A program by the name of clamdscan, as one with a virus to find is not to be had. */
    private Path scanner(String script) throws IOException {
        Path file = stage.scratch.folder("bin").resolve("clamdscan");
        Files.writeString(file, "#!/bin/sh\ncd " + stage.scratch.root() + "\n" + script);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    /** A web server that notes what it is asked: method, path and body. */
    private static final class Requests implements AutoCloseable {

        private final List<String> all = new CopyOnWriteArrayList<>();
        private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);

        Requests() throws IOException {
            server.createContext("/", exchange -> {
                all.add(exchange.getRequestMethod() + " " + exchange.getRequestURI().getRawPath() + " "
                        + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                exchange.sendResponseHeaders(204, -1);
                exchange.close();
            });
            server.start();
        }

        String url(String path) {
            return "http://127.0.0.1:" + server.getAddress().getPort() + path;
        }

        boolean has(String regex) {
            return all.stream().anyMatch(one -> one.matches(regex));
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    /** A web server that keeps what is put, until it is deleted. */
    private static final class Store implements AutoCloseable {

        private final Map<String, String> objects = new ConcurrentHashMap<>();
        private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        private volatile boolean refuses;

        Store() throws IOException {
            server.createContext("/", exchange -> {
                String path = exchange.getRequestURI().getPath();
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                int code = refuses ? 503 : switch (exchange.getRequestMethod()) {
                    case "PUT" -> objects.put(path, body) == null ? 201 : 204;
                    case "DELETE" -> objects.remove(path) == null ? 404 : 204;
                    default -> 405;
                };
                exchange.sendResponseHeaders(code, -1);
                exchange.close();
            });
            server.start();
        }

        String url(String path) {
            return "http://127.0.0.1:" + server.getAddress().getPort() + path;
        }

        boolean holds(String path, String content) {
            return content.equals(objects.get(path));
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    /** As much of SMTP (RFC 5321) as it takes to be given mails. */
    private static final class Mails implements AutoCloseable {

        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

        Mails() throws IOException {
            Thread thread = new Thread(this::serve, "smtp");
            thread.setDaemon(true);
            thread.start();
        }

        int port() {
            return server.getLocalPort();
        }

        boolean has(String line) {
            return lines.contains(line);
        }

        private void serve() {
            while (!server.isClosed()) {
                try (Socket client = server.accept()) {
                    talk(client);
                } catch (IOException e) {
                    // the client is gone, or the test over
                    continue;
                }
            }
        }

        private void talk(Socket client) throws IOException {
            BufferedReader in = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
            say(client, "220 here");
            boolean inMail = false;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (inMail) {
                    inMail = !line.equals(".");
                    lines.add(line);
                    if (!inMail) {
                        say(client, "250 taken");
                    }
                } else if (line.equalsIgnoreCase("DATA")) {
                    inMail = true;
                    say(client, "354 go on");
                } else {
                    say(client, line.equalsIgnoreCase("QUIT") ? "221 bye" : "250 fine");
                }
            }
        }

        private static void say(Socket client, String line) throws IOException {
            client.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
