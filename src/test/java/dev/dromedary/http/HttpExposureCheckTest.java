package dev.dromedary.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Properties;

import dev.dromedary.config.ConfigurationException;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class HttpExposureCheckTest {

    @TempDir
    Path dir;
    private final Properties properties = new Properties();

    @BeforeEach
    void for_everybody_with_a_password() throws IOException {
        set("camel.server.enabled", "true");
        set("camel.server.host", "0.0.0.0");
        set("camel.server.port", "8080");
        set("camel.server.authenticationEnabled", "true");
        set("camel.server.basicPropertiesFile", users("rw-------").toString());
        set("camel.server.authenticationPath", "/*");
    }

    @Test
    void with_credentials_for_everything_it_is_well() {
        assertThat(told()).isEmpty();
    }

    @Test
    void without_credentials_only_this_machine_may_be_listened_to() {
        set("camel.server.authenticationEnabled", "false");
        assertThat(told()).startsWith("camel.server.host = 0.0.0.0: others than this machine").contains("camel.server.authenticationEnabled = true");

        set("camel.server.host", "127.0.0.1");
        assertThat(told()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"authenticationPath", "authentication-path"})
    void others_would_get_nothing_outside_of_a_narrower_path(String key) {
        set("camel.server." + key, "/api/*");
        assertThat(told()).startsWith("camel.server.authenticationPath = /api/*: ").contains("401", "leave it out");

        // a warning only
        set("camel.server.host", "127.0.0.1");
        assertThat(told()).isEmpty();
    }

    /** Camel counts the path twice then, and asks for credentials nowhere. */
    @Test
    void a_prefix_without_a_path_of_its_own_for_credentials_is_refused() {
        properties.remove("camel.server.authenticationPath");
        assertThat(told()).isEmpty();

        set("camel.server.path", "/mirror");
        assertThat(told()).startsWith("camel.server.path = /mirror: ").contains("set camel.server.authenticationPath = /*");
    }

    @Test
    void credentials_that_nobody_can_have_are_refused() {
        properties.remove("camel.server.basicPropertiesFile");

        assertThat(told()).startsWith("camel.server.authenticationEnabled = true: nothing says who is let in");
    }

    @ParameterizedTest
    @CsvSource({"basicPropertiesFile,rw-r-----", "basicPropertiesFile,rw----r--", "basic-properties-file,rw-----w-"})
    void passwords_that_others_can_read_are_refused(String key, String mode) throws IOException {
        properties.remove("camel.server.basicPropertiesFile");
        Path users = users(mode);
        set("camel.server." + key, users.toString());

        assertThat(told()).isEqualTo("camel.server.basicPropertiesFile = " + users + ": " + users + " is open to other users; chmod 600 " + users);
    }

    @Test
    void passwords_that_are_not_there_are_refused() {
        set("camel.server.basicPropertiesFile", dir.resolve("nowhere").toString());

        assertThat(told()).contains("nowhere does not exist", "user.NAME = PASSWORD");
    }

    /** At the same port there is but one server; at another one it has keys of its own. */
    @Test
    void management_at_a_port_of_its_own_is_looked_at_like_the_server() {
        set("camel.management.enabled", "true");
        set("camel.management.host", "0.0.0.0");
        set("camel.management.port", "8080");
        assertThat(told()).isEmpty();

        set("camel.management.port", "9090");
        assertThat(told()).startsWith("camel.management.host = 0.0.0.0: ").contains("camel.management.authenticationEnabled = true");
    }

    private String told() {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.getPropertiesComponent().setOverrideProperties(properties);
            HttpExposureCheck.check(context);
            return "";
        } catch (ConfigurationException e) {
            return e.getMessage();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void set(String key, String value) {
        properties.setProperty(key, value);
    }

    private Path users(String mode) throws IOException {
        Path file = Files.writeString(Files.createTempFile(dir, "users", ""), "user.ops = secret,admin\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }
}
