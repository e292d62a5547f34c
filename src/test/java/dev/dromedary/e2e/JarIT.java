package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;
import org.apache.maven.artifact.versioning.ComparableVersion;
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
        List<String> carried = carried().stream()
                .map(each -> each.getString("group") + ":" + each.getString("name") + ":" + each.getString("version")).toList();

        assertThat(carried).anyMatch(name -> name.startsWith("org.apache.camel:camel-file-watch:"))
                .noneMatch(name -> name.startsWith("org.junit"));
        assertThat(entry("META-INF/THIRD-PARTY.txt").lines().filter(line -> line.contains(" * "))
                .map(line -> line.replaceAll(".* \\((\\S+) - .*", "$1")).distinct().toList()).hasSameElementsAs(carried);
    }

    /** Older ones have holes that are known, and are what Camel would bring by itself. */
    @Test
    void none_of_its_libraries_is_older_than_it_was_decided() throws Exception {
        Map<String, String> least = Map.of("io.netty", "4.1.137.Final", "io.vertx", "4.5.27",
                "com.fasterxml.jackson.core", "2.21", "com.fasterxml.jackson.dataformat", "2.21.8", "org.yaml", "2.5",
                "org.apache.kafka", "3.9.2", "org.apache.logging.log4j", "2.25.5", "net.java.dev.jna", "5.18.1",
                "org.xerial.snappy", "1.1.10.12", "at.yawk.lz4", "1.14.0");
        List<JsonObject> carried = carried();

        assertThat(carried).extracting(each -> each.getString("group")).containsAll(least.keySet());
        assertThat(carried.stream().filter(each -> least.containsKey(each.getString("group")))
                .filter(each -> new ComparableVersion(each.getString("version"))
                        .compareTo(new ComparableVersion(least.get(each.getString("group")))) < 0)
                .map(each -> each.getString("name") + ' ' + each.getString("version"))).isEmpty();
    }

    private static List<JsonObject> carried() throws Exception {
        JsonObject bill = (JsonObject) Jsoner.deserialize(Files.readString(JAR.resolveSibling("bom.json")));
        return bill.<List<?>>getCollection("components").stream().map(each -> (JsonObject) each).toList();
    }

    private static String entry(String name) throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            ZipEntry entry = jar.getEntry(name);
            assertThat(entry).as(name).isNotNull();
            return new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
