package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import dev.dromedary.testing.Dromedary;

import static org.assertj.core.api.Assertions.assertThat;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpIT {

    @AutoClose
    private final Stage stage = new Stage();

    private Dromedary dromedary;

    @BeforeAll
    void start() {
        dromedary = stage.configured().start().awaitReady();
    }

    @Test
    void health_is_told() {
        assertThat(dromedary.get("/observe/health/ready").statusCode()).isEqualTo(200);
        assertThat(dromedary.get("/observe/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void metrics_are_told() {
        assertThat(dromedary.get("/observe/metrics").statusCode()).isEqualTo(200);
        assertThat(dromedary.get("/observe/metrics").body()).contains("# TYPE");
    }

    @Test
    void the_page_and_its_json_are_there() {
        assertThat(dromedary.get("/").statusCode()).isEqualTo(200);
        assertThat(dromedary.get("/").body()).contains("<html");
        assertThat(dromedary.get("/api/status").statusCode()).isEqualTo(200);
        assertThat(dromedary.get("/api/status").body()).startsWith("{").contains("\"t\"").contains("\"a\"");
    }

    @Test
    void only_loopback_can_reach_it() throws IOException {
        List<String> listening = new ArrayList<>();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            Assumptions.assumeTrue(Files.exists(Path.of(table)), "no " + table);
            for (String line : Files.readAllLines(Path.of(table))) {
                String[] columns = line.strip().split("\\s+");
                if (columns[1].endsWith(":%04X".formatted(dromedary.port())) && columns[3].equals("0A")) {
                    listening.add(columns[1].substring(0, columns[1].indexOf(':')));
                }
            }
        }
        // 127.0.0.1 as the kernel writes it, by itself or in an address of IPv6.
        assertThat(listening).isNotEmpty().allMatch(address -> address.endsWith("0100007F"));
    }
}
