package dev.dromedary.config;

import java.util.List;
import java.util.Map;
import java.util.Properties;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class CamelKeyCheckTest {

    @ParameterizedTest
    @CsvSource(textBlock = """
            camel.server.prt,                camel.server.port
            camel.servr.port,                camel.server.port
            camel.main.shutdown-timout,      camel.main.shutdownTimeout
            camel.main.routesReloadEnable,   camel.main.routesReloadEnabled
            camel.health.exposureLvl,        camel.health.exposureLevel
            camel.server.port.x,             camel.server.port
            camel.mian.name,                 camel.main.name
            """)
    void a_misspelt_key_of_camel_is_refused_with_the_nearest_one(String key, String nearest) {
        assertThat(told(properties(key), Map.of()))
                .containsExactly(key + " = 8081: Camel has no such key; did you mean " + nearest + "?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"camel.server.port", "camel.server.file-upload-enabled", "camel.server.fileUploadEnabled",
        "camel.server.FILEUPLOADENABLED", "camel.rest.api-properties.title", "camel.rest.apiProperties[title]",
        "camel.threadpool.config[one].pool-size", "camel.main.globalOptions.x", "camel.beans.cluster", "camel.beans.cluster[x].y",
        "camel.component.kafka.brokers", "camel.component.quartz.properties[org.quartz.threadPool.class]", "camel.cli.enabled",
        "camel.vault.aws.region", "camel.variable.greeting", "camel.jbang.dependencies", "camel.routeTemplate[0].template-id",
        "camel.main.initial-properties-location", "camel.opentelemetry2.enabled", "camel.telemetryDev.enabled", "camelot.king",
        "mirror.www.source", "mine"})
    void what_camel_has_or_is_not_known_to_camel_main_is_passed_over(String key) {
        assertThat(told(properties(key), Map.of())).isEmpty();
    }

    @Test
    void a_misspelt_variable_of_the_environment_is_refused_by_its_name() {
        assertThat(told(new Properties(), Map.of("CAMEL_SERVER_PRT", "8081")))
                .containsExactly("CAMEL_SERVER_PRT = 8081: Camel has no such key; did you mean camel.server.port?");
        assertThat(told(new Properties(), Map.of("CAMEL_SERVER_FILE_UPLOAD_ENABLED", "true", "CAMEL_SERVER_FILEUPLOADENABLED", "true",
                "CAMEL_REST_API_PROPERTIES_TITLE", "x", "CAMEL_HOME", "/opt", "CAMEL_COMPONENT_KAFKA_BROKERS", "x", "PATH", "/bin")))
                .isEmpty();
    }

    @Test
    void of_what_may_be_a_password_the_value_is_not_told() {
        assertThat(told(properties("camel.ssl.keystorePasword"), Map.of()))
                .containsExactly("camel.ssl.keystorePasword = ***: Camel has no such key; did you mean camel.ssl.keystorePassword?");
    }

    @Test
    void where_camel_main_tells_nothing_no_key_is_refused() {
        assertThat(new CamelKeyCheck("").faults(Map.of("camel.server.prt", "1"))).isEmpty();
    }

    @Test
    void it_looks_at_the_configuration_and_at_what_java_was_told() {
        assertThat(CamelKeyCheck.faults(properties("camel.server.prt"))).extracting(ConfigFault::remedy).containsExactly("did you mean camel.server.port?");
        assertThat(CamelKeyCheck.faults(properties("camel.server.port"))).isEmpty();
        System.setProperty("camel.server.hots", "x");
        try {
            assertThat(CamelKeyCheck.faults(new Properties())).extracting(ConfigFault::key).containsExactly("camel.server.hots");
        } finally {
            System.clearProperty("camel.server.hots");
        }
    }

    private static List<String> told(Properties configuration, Map<String, String> environment) {
        return keys().faults(CamelKeyCheck.keys(configuration, new Properties(), environment)).stream().map(ConfigFault::toString).toList();
    }

    private static CamelKeyCheck keys() {
        return CamelKeyCheck.ofCamel().orElseThrow();
    }

    private static Properties properties(String key) {
        Properties properties = new Properties();
        properties.setProperty(key, "8081");
        return properties;
    }
}
