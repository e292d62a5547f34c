package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What the jar says of its license and of what it carries. */
class JarIT {

    private static final Path JAR = Path.of(System.getProperty("dromedary.jar", "target/dromedary.jar"));

    @Test
    void it_has_its_license_and_a_notice() throws IOException {
        assertThat(entry("META-INF/LICENSE")).isEqualTo(Files.readString(Path.of("LICENSE")));
        assertThat(entry("META-INF/NOTICE")).contains("Dromedary", "Apache Camel");
    }

    @Test
    void it_names_all_that_it_carries_and_so_does_the_bill_of_materials() throws Exception {
        JsonObject bill = (JsonObject) Jsoner.deserialize(Files.readString(JAR.resolveSibling("bom.json")));
        List<String> carried = bill.<List<?>>getCollection("components").stream().map(each -> (JsonObject) each)
                .map(each -> each.getString("group") + ":" + each.getString("name") + ":" + each.getString("version")).toList();

        assertThat(carried).anyMatch(name -> name.startsWith("org.apache.camel:camel-file-watch:"))
                .noneMatch(name -> name.startsWith("org.junit"));
        assertThat(entry("META-INF/THIRD-PARTY.txt").lines().filter(line -> line.contains(" * "))
                .map(line -> line.replaceAll(".* \\((\\S+) - .*", "$1")).distinct().toList()).hasSameElementsAs(carried);
    }

    private static String entry(String name) throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            ZipEntry entry = jar.getEntry(name);
            assertThat(entry).as(name).isNotNull();
            return new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
