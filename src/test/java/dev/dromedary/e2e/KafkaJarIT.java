package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.dromedary.testing.Dromedary;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What speaks to Kafka lies in a jar of its own, beside the one that is run, and costs nothing who does not use it. */
class KafkaJarIT {

    private static final Path JAR = Path.of(System.getProperty("dromedary.jar", "target/dromedary.jar")).toAbsolutePath();
    private static final Path KAFKA = JAR.resolveSibling("dromedary-kafka.jar");

    private static final Pattern OF_KAFKA = Pattern.compile(" (org\\.apache\\.kafka|org\\.apache\\.camel\\.component\\.kafka)\\.");
    private static final String SAID = "dromedary " + System.getProperty("dromedary.version") + "\n";

    @AutoClose
    private final Stage stage = new Stage();

    @Test
    void the_two_jars_have_no_class_in_common() throws IOException {
        assertThat(classes(KAFKA)).contains("org/apache/camel/component/kafka/KafkaComponent.class",
                "org/apache/kafka/clients/consumer/KafkaConsumer.class", "net/jpountz/lz4/LZ4Factory.class",
                "com/github/luben/zstd/Zstd.class", "org/xerial/snappy/Snappy.class")
                .doesNotContainAnyElementsOf(classes(JAR));
    }

    @Test
    void without_an_endpoint_of_kafka_none_of_its_classes_is_loaded() throws IOException {
        Path loaded = stage.scratch.root().resolve("loaded");
        stage.inSource("echo 1 >file");

        Dromedary once = stage.configured().dromedary()
                .launcher(List.of("-Xlog:class+load:file=" + loaded, "-jar", JAR.toString())).start("once");

        assertThat(once.awaitExit()).as(once.output()).isZero();
        assertThat(stage.target.resolve("file")).exists();
        assertThat(Files.readAllLines(loaded)).anyMatch(line -> line.contains(" org.apache.camel.impl.DefaultCamelContext "))
                .filteredOn(OF_KAFKA.asPredicate()).isEmpty();
    }

    @Test
    void camel_finds_the_component_where_the_second_jar_lies_beside_the_first_and_only_there() throws IOException {
        Path alone = Files.copy(JAR, stage.scratch.folder("alone").resolve("dromedary.jar"));
        stage.configured();
        Files.writeString(stage.routes().resolve("told.camel.yaml"),
                "- route: {id: told, from: {uri: 'direct:told', steps: [{to: 'kafka:told?brokers=127.0.0.1:1&lazyStartProducer=true'}]}}");

        Dromedary both = stage.dromedary().start().awaitReady();
        both.terminate();
        assertThat(both.output()).doesNotContain("Exception");

        Dromedary first = stage.dromedary().launcher(List.of("-jar", alone.toString())).start();
        assertThat(first.awaitExit()).isNotZero();
        assertThat(first.output()).contains("No endpoint could be found for: kafka:");
    }

    private static Set<String> classes(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream().map(entry -> entry.getName().replaceAll("^META-INF/versions/\\d+/", ""))
                    .filter(name -> name.endsWith(".class")).collect(Collectors.toSet());
        }
    }
}
