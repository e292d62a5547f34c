package dev.dromedary.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class CamelFreeConfigTest {

    @TempDir
    private Path folder;

    @AfterEach
    void forget() {
        System.clearProperty("camel.server.port");
    }

    @Test
    void a_value_is_what_camel_takes_it_for() throws IOException {
        CamelFreeConfig config = config(Map.of("PORT", "81", "CAMEL_SERVER_HOST", "10.0.0.1"), """
                camel.server.host = 127.0.0.1
                camel.server.authentication-enabled = true
                plain = 1
                from.environment = {{env:PORT}}
                with.default = {{env:NOTHING:82}}
                from.another = {{plain}}{{none:2}}{{?maybe}}
                nested = {{none:{{plain}}}}
                turns = {{turns}}
                """);

        assertThat(config.get("plain", "0")).isEqualTo("1");
        assertThat(config.get("missing", "0")).isEqualTo("0");
        assertThat(config.get("from.environment", "0")).isEqualTo("81");
        assertThat(config.get("with.default", "0")).isEqualTo("82");
        assertThat(config.get("from.another", "0")).isEqualTo("12");
        assertThat(config.get("nested", "0")).isEqualTo("1");
        assertThat(config.get("camel.server.authenticationEnabled", "false")).isEqualTo("true");
        assertThat(config.get("turns", "0")).isNotNull();
        // the environment wins over the file, and -D over both
        assertThat(config.get("camel.server.host", "0")).isEqualTo("10.0.0.1");
        System.setProperty("camel.server.port", "83");
        assertThat(config.get("camel.server.port", "0")).isEqualTo("83");
    }

    private CamelFreeConfig config(Map<String, String> environment, String text) throws IOException {
        return CamelFreeConfig.of(ConfigFile.read(Files.writeString(folder.resolve("application.properties"), text)), environment::get);
    }
}
