package dev.dromedary;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.dromedary.start.CamelLauncher;
import dev.dromedary.testing.FreePort;
import dev.dromedary.testing.Scratch;
import org.apache.camel.ServiceStatus;
import org.apache.camel.cluster.CamelClusterService;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.test.main.junit5.CamelMainTestSupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The route files with a configuration in camel-main, without the program around them. */
class RoutesTest extends CamelMainTestSupport {

    // made before the test class, as its constructor already asks for the configuration
    @AutoClose
    private static final Scratch SCRATCH = Scratch.create();
    private final Path scratch = SCRATCH.root();

    @Override
    protected void configure(MainConfigurationProperties configuration) {
        configuration.setRoutesIncludePattern("classpath:routes/*.camel.yaml");
    }

    @Override
    protected Properties useOverridePropertiesWithPropertiesComponent() {
        Path scratch = SCRATCH.root();
        try {
            Files.createDirectories(scratch.resolve("source/folder"));
            Files.writeString(scratch.resolve("source/folder/before"), "before");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        Properties properties = new Properties();
        properties.setProperty("dromedary.state-dir", scratch.resolve("state").toString());
        properties.setProperty("camel.server.enabled", "true");
        properties.setProperty("camel.server.host", "127.0.0.1");
        properties.setProperty("camel.server.port", String.valueOf(FreePort.next()));
        properties.setProperty("mirror.www.source", scratch.resolve("source").toString());
        properties.setProperty("mirror.www.target.a.url", scratch.resolve("a").toString());
        properties.setProperty("mirror.www.target.b.url", scratch.resolve("b").toString());
        properties.setProperty("mirror.www.target.b.reconcile", "0 0 3 * * ?");
        return properties;
    }

    @Test
    void each_route_file_is_read_from_the_jar() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            assertThat(CamelLauncher.IN_THE_JAR.split(",")).containsExactlyInAnyOrderElementsOf(
                    files.map(file -> "classpath:routes/" + file.getFileName()).toList());
        }
    }

    @Test
    void a_route_is_made_for_each_step_of_each_mirror_and_target() {
        assertThat(context.getRoutes()).extracting(route -> route.getRouteId()).contains(
                "watch-www", "window-www", "dead-letter",
                "sync-www-a-changes", "sync-www-a-trees", "probe-www-a", "rsync-www-a-live", "rsync-www-a-attributes", "rsync-www-a-bulk",
                "replay-www-a", "reconcile-www-a", "sync-www-b-changes", "replay-www-b", "reconcile-by-quartz-www-b")
                .doesNotContain("reconcile-by-quartz-www-a");
        assertThat(context.getRoutes()).allSatisfy(route -> {
            assertThat(context.getRouteController().getRouteStatus(route.getRouteId())).isEqualTo(ServiceStatus.Started);
            assertThat(route.getDescription()).as(route.getRouteId()).isNotBlank();
        });
    }

    @Test
    void without_a_pair_nothing_of_a_cluster_is_there() {
        assertThat(context.getEndpoints()).extracting(endpoint -> endpoint.getEndpointUri())
                .noneMatch(uri -> uri.startsWith("master:"));
        assertThat(context.hasComponent("master")).isNull();
        assertThat(context.hasServices(CamelClusterService.class)).isEmpty();
        assertThat(context.getRoute("lead")).isNull();
    }

    @Test
    void what_was_there_and_what_comes_arrives_at_both_targets() throws IOException {
        Files.writeString(scratch.resolve("source/folder/after"), "after");

        for (String target : new String[] {"a", "b"}) {
            await().atMost(20, TimeUnit.SECONDS).untilAsserted(() -> {
                assertThat(scratch.resolve(target + "/folder/before")).hasContent("before");
                assertThat(scratch.resolve(target + "/folder/after")).hasContent("after");
            });
        }
    }
}
