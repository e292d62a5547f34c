package dev.dromedary;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import dev.dromedary.config.Mirror;
import dev.dromedary.config.Settings;
import dev.dromedary.testing.RsyncDaemon;
import dev.dromedary.testing.Scratch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

import static org.assertj.core.api.Assertions.assertThat;

/** What src/container says of the image, of the program and of itself is so. */
class ContainerFilesTest {

    private static final Path FOLDER = Path.of("src/container");
    private static final Pattern PLACE = Pattern.compile("(?<=[ =])/[^ /@]+/[^ ]*");

    @AutoClose
    private final Scratch scratch = Scratch.create();

    @ParameterizedTest
    @ValueSource(strings = {"sidecar.yaml", "deployment.yaml"})
    void the_configuration_is_accepted_and_what_it_names_is_mounted(String file) throws Exception {
        String configuration = text(of(file, "ConfigMap"), "data", "application.properties");
        List<String> mounted = maps(dromedary(file).get("volumeMounts")).map(mount -> mount.get("mountPath").toString()).toList();

        assertThat(accepted(configuration)).extracting(Mirror::name).containsExactly("www");
        assertThat(all(PLACE, configuration)).isNotEmpty().allMatch(place -> mounted.stream().anyMatch(place::startsWith));
        assertThat(mounted).contains("/dromedary/state", "/dromedary/config", "/tmp");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sidecar.yaml", "deployment.yaml"})
    void what_is_mounted_is_there(String file) throws IOException {
        Map<?, ?> pod = pod(file);
        List<String> volumes = maps(pod.get("volumes")).map(volume -> text(volume, "name")).toList();

        assertThat(Stream.of("containers", "initContainers").filter(pod::containsKey).flatMap(key -> maps(pod.get(key)))
                .flatMap(container -> maps(container.get("volumeMounts"))).map(mount -> text(mount, "name")).distinct().toList())
                .hasSameElementsAs(volumes);
        assertThat(maps(pod.get("volumes")).filter(volume -> volume.containsKey("configMap"))
                .map(volume -> text(volume, "configMap", "name")))
                .containsExactly(text(of(file, "ConfigMap"), "metadata", "name"));
        assertThat(maps(pod.get("volumes")).filter(volume -> volume.containsKey("secret"))
                .map(volume -> text(volume, "secret", "secretName")))
                .containsExactly(text(of(file, "Secret"), "metadata", "name"));
        assertThat(text(of(file, "Deployment"), "spec", "selector", "matchLabels"))
                .isEqualTo(text(of(file, "Deployment"), "spec", "template", "metadata", "labels"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sidecar.yaml", "deployment.yaml"})
    void it_runs_alone_and_without_privileges(String file) throws IOException {
        assertThat(text(of(file, "Deployment"), "spec", "replicas")).isEqualTo("1");
        assertThat(text(of(file, "Deployment"), "spec", "strategy", "type")).isEqualTo("Recreate");

        Map<Object, Object> security = new HashMap<>((Map<?, ?>) pod(file).get("securityContext"));
        security.putAll((Map<?, ?>) dromedary(file).get("securityContext"));
        assertThat(security).containsEntry("runAsNonRoot", true).containsEntry("readOnlyRootFilesystem", true)
                .containsEntry("allowPrivilegeEscalation", false).containsEntry("capabilities", Map.of("drop", List.of("ALL")));
        assertThat(Stream.of("runAsUser", "runAsGroup", "fsGroup").map(security::get)).containsOnly(Integer.valueOf(user()));
    }

    @Test
    void the_configuration_of_compose_is_accepted_and_its_targets_are_services() throws Exception {
        Map<?, ?> compose = documents("compose.yaml").get(0);
        String configuration = text(compose, "configs", "mirrors", "content");

        assertThat(accepted(configuration)).extracting(Mirror::name).containsExactly("www");
        assertThat(all(Pattern.compile("rsync://([^/]+)/"), configuration)).hasSize(2)
                .allMatch(map(compose, "services")::containsKey);
        assertThat(text(compose, "services", "dromedary", "volumes")).contains("www:/data/www:ro", "state:/dromedary/state");
    }

    @Test
    void all_speak_of_the_image_that_is_made() throws IOException {
        String image = "dromedary:" + first("<version>([^<]+)", Path.of("pom.xml"));

        for (String file : List.of("compose.yaml", "sidecar.yaml", "deployment.yaml")) {
            assertThat(all(Pattern.compile("image: (?!nginx)(.*)"), Files.readString(FOLDER.resolve(file)))).as(file).isNotEmpty()
                    .allMatch(name -> name.endsWith(image));
            assertThat(all(Pattern.compile("\\[(?:CMD, )?probe, (\\w+)]"), Files.readString(FOLDER.resolve(file)))).as(file)
                    .isNotEmpty().isSubsetOf("ready", "live");
        }
    }

    @Test
    void what_it_stands_on_is_the_same_with_docker_and_without() throws IOException {
        Path without = Path.of("bin/image");
        Path with = FOLDER.resolve("Dockerfile");

        assertThat(first("--include=(\\S+)", without).split(",")).containsExactly(
                first("--no-install-recommends (.*) \\\\", with).split(" "));
        assertThat(first("(useradd [^'\\\\]+)", without).strip()).isEqualTo(first("(useradd [^'\\\\]+)", with).strip())
                .contains("--uid " + user() + " ");
        assertThat(first("(install -d [^']+)'", without)).isEqualTo(first("(install -d .*)", with));
        assertThat(first("(?m)^ +(\\w+) \"\\$work/layer.tar\"$", without)).isEqualTo(first("FROM debian:(\\w+)", with));
    }

    private List<Mirror> accepted(String configuration) throws Exception {
        Path secret = RsyncDaemon.secret(scratch.root().resolve("secret"), "secret");
        Properties lines = new Properties();
        lines.load(new StringReader(configuration.replaceAll("/dromedary/(secret|config)/\\w+(\\.\\w+)?", secret.toString())
                .replace("/data/www\n", scratch.folder("source") + "\n")));
        return Settings.read(lines.stringPropertyNames().stream().collect(Collectors.toMap(key -> key, lines::getProperty)),
                scratch.root()).mirrors();
    }

    private static String user() throws IOException {
        return first("<user>(\\d+):\\d+</user>", Path.of("pom.xml"));
    }

    private static Map<?, ?> dromedary(String file) throws IOException {
        return maps(pod(file).get("containers")).filter(container -> "dromedary".equals(container.get("name")))
                .findFirst().orElseThrow();
    }

    private static Map<?, ?> pod(String file) throws IOException {
        return map(of(file, "Deployment"), "spec", "template", "spec");
    }

    private static Map<?, ?> of(String file, String kind) throws IOException {
        return documents(file).stream().filter(document -> kind.equals(document.get("kind"))).findFirst().orElseThrow();
    }

    private static List<Map<?, ?>> documents(String file) throws IOException {
        Iterable<Object> all = new Load(LoadSettings.builder().setAllowDuplicateKeys(false).build())
                .loadAllFromString(Files.readString(FOLDER.resolve(file)));
        return StreamSupport.stream(all.spliterator(), false).<Map<?, ?>>map(document -> (Map<?, ?>) document).toList();
    }

    private static Stream<Map<?, ?>> maps(Object list) {
        return ((List<?>) list).stream().map(each -> (Map<?, ?>) each);
    }

    private static Map<?, ?> map(Map<?, ?> from, String... keys) {
        Map<?, ?> found = from;
        for (String key : keys) {
            found = (Map<?, ?>) found.get(key);
        }
        return found;
    }

    private static String text(Map<?, ?> from, String... keys) {
        Object found = from;
        for (String key : keys) {
            found = ((Map<?, ?>) found).get(key);
        }
        return String.valueOf(found);
    }

    private static String first(String pattern, Path file) throws IOException {
        Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(file));
        assertThat(matcher.find()).as(file + " has " + pattern).isTrue();
        return matcher.group(1);
    }

    private static List<String> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(found -> found.group(found.groupCount() > 0 ? 1 : 0)).toList();
    }
}
