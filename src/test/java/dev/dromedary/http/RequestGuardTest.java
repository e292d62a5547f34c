package dev.dromedary.http;

import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class RequestGuardTest {

    private static final int LET_IN = 200;

    private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private String remote = "127.0.0.1";
    private String host = "127.0.0.1:8080";
    private boolean known;

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost:8080", "LOCALHOST:1", "127.0.0.1", "[::1]:8080", "10.0.0.7:8080"})
    void who_is_on_this_machine_may_look(String name) {
        host = name;

        assertThat(looks()).isEqualTo(LET_IN);
    }

    /** A name of somebody else that leads to this machine. */
    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:8080", "127.0.0.1.evil.example", "localhost.evil.example", "", "[x", "1.2.3.4.5"})
    void nobody_is_let_in_by_the_name_of_somebody_else(String name) {
        host = name;

        assertThat(looks()).isEqualTo(403);
        assertThat(acts()).isEqualTo(403);
    }

    @Test
    void who_is_elsewhere_is_let_in_only_with_credentials() {
        remote = "192.0.2.1";
        host = "mirror.example.com";
        assertThat(looks()).isEqualTo(401);
        assertThat(acts()).isEqualTo(401);

        known = true;
        assertThat(looks()).isEqualTo(LET_IN);
        assertThat(acts()).isEqualTo(LET_IN);

        known = false;
        remote = null;
        assertThat(looks()).isEqualTo(401);
    }

    @Test
    void what_may_be_the_form_of_somebody_else_wants_a_header() {
        assertThat(acts()).isEqualTo(LET_IN);
        headers.put("Content-Type", "text/plain; charset=utf-8");
        assertThat(acts()).isEqualTo(403);
        headers.put(RequestGuard.ACTION, "yes");
        assertThat(acts()).isEqualTo(LET_IN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://evil.example", "http://127.0.0.1:8081", "null", "http://127.0.0.1:8080.evil.example", "::"})
    void the_page_of_somebody_else_neither_acts_nor_looks(String origin) {
        headers.put(RequestGuard.ACTION, "yes");
        headers.put("Origin", "http://127.0.0.1:8080");
        assertThat(acts()).isEqualTo(LET_IN);
        assertThat(looks()).isEqualTo(LET_IN);

        headers.put("Origin", origin);
        assertThat(acts()).isEqualTo(403);
        assertThat(looks()).isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource({"same-origin,200", "none,200", "same-site,403", "cross-site,403"})
    void another_site_neither_acts_nor_looks_even_with_credentials(String site, int answer) {
        headers.put(RequestGuard.ACTION, "yes");
        headers.put("Sec-Fetch-Site", site);
        known = true;

        assertThat(acts()).isEqualTo(answer);
        assertThat(looks()).isEqualTo(answer);
    }

    private int looks() {
        return asks("GET");
    }

    private int acts() {
        return asks("POST");
    }

    private int asks(String method) {
        RequestGuard.Refusal refusal = RequestGuard.refusal(new RequestGuard.Request(method, remote, host, known, headers::get));
        return refusal == null ? LET_IN : refusal.code();
    }
}
