package dev.dromedary.status;

import io.vertx.core.net.SocketAddress;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConstants.AUTHENTICATED_USER;
import static org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConstants.REMOTE_ADDRESS;
import static org.assertj.core.api.Assertions.assertThat;

class GuardTest {

    private final Guard guard = new Guard();
    private final Exchange request = new DefaultExchange(new DefaultCamelContext());

    GuardTest() {
        header(REMOTE_ADDRESS, SocketAddress.inetSocketAddress(4711, "127.0.0.1"));
        askedFor("127.0.0.1:8080");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost:8080", "LOCALHOST:1", "127.0.0.1", "[::1]:8080", "10.0.0.7:8080"})
    void who_is_on_this_machine_may_look(String host) {
        askedFor(host);

        assertThat(looks()).isTrue();
    }

    /** A name of somebody else that leads to this machine. */
    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:8080", "127.0.0.1.evil.example", "localhost.evil.example", "", "[x", "1.2.3.4.5"})
    void nobody_is_let_in_by_the_name_of_somebody_else(String host) {
        askedFor(host);

        assertThat(looks()).isFalse();
    }

    @Test
    void nobody_is_let_in_without_a_name() {
        header(Exchange.HTTP_URL, null);

        assertThat(looks()).isFalse();
    }

    @Test
    void who_is_elsewhere_is_let_in_only_with_credentials() {
        header(REMOTE_ADDRESS, SocketAddress.inetSocketAddress(4711, "192.0.2.1"));
        askedFor("mirror.example.com");
        assertThat(looks()).isFalse();

        header(AUTHENTICATED_USER, "somebody");
        assertThat(looks()).isTrue();
    }

    @Test
    void what_may_be_the_form_of_somebody_else_wants_a_header() {
        assertThat(acts()).isTrue();
        header(Exchange.CONTENT_TYPE, "text/plain; charset=utf-8");
        assertThat(acts()).isFalse();
        header(Guard.ACTION, "yes");
        assertThat(acts()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://evil.example", "http://127.0.0.1:8081", "null", "http://127.0.0.1:8080.evil.example", "::"})
    void an_action_is_not_done_for_the_page_of_somebody_else(String origin) {
        header(Guard.ACTION, "yes");
        header("Origin", "http://127.0.0.1:8080");
        assertThat(acts()).isTrue();

        header("Origin", origin);
        assertThat(acts()).isFalse();
    }

    @Test
    void an_action_is_not_done_from_another_site_even_with_credentials() {
        header(Guard.ACTION, "yes");
        header(AUTHENTICATED_USER, "somebody");
        header("Sec-Fetch-Site", "same-origin");
        assertThat(acts()).isTrue();

        header("Sec-Fetch-Site", "same-site");
        assertThat(acts()).isFalse();
    }

    private boolean looks() {
        request.setRouteStop(false);
        guard.look(request);
        return !request.isRouteStop();
    }

    private boolean acts() {
        request.setRouteStop(false);
        guard.act(request);
        return !request.isRouteStop();
    }

    private void askedFor(String host) {
        header(Exchange.HTTP_URL, "http://" + host + "/api/status");
    }

    private void header(String name, Object value) {
        if (value == null) {
            request.getMessage().removeHeader(name);
        } else {
            request.getMessage().setHeader(name, value);
        }
    }
}
