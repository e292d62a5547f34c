package dev.dromedary.kamelet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

import static org.assertj.core.api.Assertions.assertThat;

/** The kamelets say of themselves what those of the catalogue do. */
class KameletsTest {

    @ParameterizedTest
    @ValueSource(strings = {"directory-changes-source", "rsync-sink"})
    void every_parameter_has_a_title_a_description_and_a_default_unless_it_is_required(String name) throws IOException {
        Map<?, ?> spec = at(read(name), "spec");
        Map<?, ?> definition = at(spec, "definition");
        assertThat(definition.get("title")).isNotNull();
        assertThat(definition.get("description")).isNotNull();
        List<?> required = (List<?>) definition.get("required");
        at(definition, "properties").forEach((key, value) -> {
            Map<?, ?> property = (Map<?, ?>) value;
            assertThat(property.get("title")).as("%s: title", key).isNotNull();
            assertThat(property.get("description")).as("%s: description", key).isNotNull();
            assertThat(property.containsKey("default")).as("%s: default", key).isNotEqualTo(required.contains(key));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"directory-changes-source", "rsync-sink"})
    void the_dependency_is_this_version(String name) throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        String version = pom.replaceAll("(?s).*?<artifactId>dromedary</artifactId>\\s*<version>(.*?)</version>.*", "$1");
        assertThat((List<?>) at(read(name), "spec").get("dependencies"))
                .anyMatch(each -> each.equals("mvn:dev.dromedary:dromedary:" + version));
    }

    private static Map<?, ?> read(String name) throws IOException {
        Path file = Path.of("src/main/resources/kamelets", name + ".kamelet.yaml");
        return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
    }

    private static Map<?, ?> at(Map<?, ?> map, String key) {
        return (Map<?, ?>) map.get(key);
    }
}
