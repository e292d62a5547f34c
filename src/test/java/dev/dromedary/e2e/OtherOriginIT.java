package dev.dromedary.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Response;
import com.sun.net.httpserver.HttpServer;
import dev.dromedary.testing.Dromedary;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

/** A page of another origin, in a real Chromium, that would like to read what is here and to steer it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OtherOriginIT {

    private static final String SECRET = "<img src=x onerror=document.title='it-ran'>";

    @AutoClose
    private final Stage stage = new Stage();
    private HttpServer other;
    private Playwright playwright;
    private Browser browser;
    private Dromedary dromedary;

    @BeforeAll
    void open() throws IOException {
        Optional<Path> chromium = Stream.of("chromium", "chromium-browser", "google-chrome").map(name -> Path.of("/usr/bin", name))
                .filter(Files::isExecutable).findFirst();
        Assumptions.assumeTrue(chromium.isPresent(), "no chromium here");
        playwright = Playwright.create(new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright.chromium().launch(new BrowserType.LaunchOptions().setExecutablePath(chromium.get())
                .setArgs(List.of("--no-sandbox", "--host-resolver-rules=MAP evil.example 127.0.0.1")));
        other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext("/", exchange -> {
            byte[] page = "<!doctype html><title>other</title><a id=link>link</a>".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        other.start();

        stage.inSource("echo 1 >file");
        dromedary = stage.configured("mirror.t.target.a.replay = 1h").start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        stage.daemon.stop();
        stage.inSource("echo 2 >\"" + SECRET + "\"");
        eventually("a dead letter is kept", dromedary, () -> !stage.deadLetters().isEmpty());
    }

    @AfterAll
    void close() {
        if (playwright != null) {
            playwright.close();
        }
        if (other != null) {
            other.stop(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/status", "/api/history", "/api/dead-letters", "/observe/health", "/observe/metrics", "/"})
    void it_reads_nothing(String path) {
        Page page = page("http://127.0.0.1:" + other.getAddress().getPort() + "/");

        assertThat(fetched(page, here() + path + "?Access-Control-Allow-Origin=*", "{}")).isEqualTo("not readable");
        assertThat(fetched(page, here() + path + "?Access-Control-Allow-Origin=" + "http:%2F%2F127.0.0.1:" + other.getAddress().getPort()
                + "&Access-Control-Allow-Credentials=true", "{credentials: 'include'}")).isEqualTo("not readable");
    }

    /** A name of its own that leads here: to the browser that is the same origin. */
    @Test
    void it_reads_nothing_by_a_name_that_leads_here() {
        Page page = browser.newContext().newPage();

        for (String path : List.of("/", "/api/status", "/api/dead-letters", "/observe/health")) {
            assertThat(page.navigate("http://evil.example:" + dromedary.port() + path).status()).as(path).isEqualTo(403);
        }
        // by the policy of the refusal
        assertThat(fetched(page, "/api/status", "{}")).isEqualTo("not readable");
        assertThat(fetched(page, "/api/mirrors/t/targets/a/pause", "{method: 'POST', headers: {'X-Dromedary-Action': 'yes'}}")).isEqualTo("not readable");
        assertThat(dromedary.target().getString("state")).isNotEqualTo("paused");
    }

    @Test
    void it_steers_nothing() {
        Page page = page("http://127.0.0.1:" + other.getAddress().getPort() + "/");
        String pause = here() + "/api/mirrors/t/targets/a/pause";

        assertThat(fetched(page, pause, "{method: 'POST', mode: 'no-cors'}")).isEqualTo("0 ");
        assertThat(fetched(page, pause + "?X-Dromedary-Action=yes", "{method: 'POST', mode: 'no-cors', headers: {'Content-Type': 'text/plain'}}"))
                .isEqualTo("0 ");
        assertThat(fetched(page, pause, "{method: 'POST', headers: {'X-Dromedary-Action': 'yes'}}")).isEqualTo("not readable");
        Response answer = page.waitForNavigation(() -> page.evaluate("to => { const form = document.createElement('form');"
                + " form.method = 'POST'; form.action = to; document.body.append(form); form.submit(); }", pause + "?X-Dromedary-Action=yes"));

        assertThat(answer.status()).isEqualTo(403);
        assertThat(dromedary.target().getString("state")).isNotEqualTo("paused");
    }

    @Test
    void its_link_leads_to_nothing() {
        Page page = page("http://127.0.0.1:" + other.getAddress().getPort() + "/");

        Response answer = page.waitForNavigation(() -> page.evaluate("to => { const link = document.getElementById('link');"
                + " link.href = to; link.click(); }", here() + "/api/dead-letters?Content-Type=text/html"));

        assertThat(answer.status()).isEqualTo(403);
    }

    /** Whoever follows an address that somebody has sent has come from no page. */
    @Test
    void a_file_name_is_no_script_whatever_the_address_says() {
        Page page = browser.newContext().newPage();
        Response list = page.navigate(here() + "/api/dead-letters");
        String id = list.text().replaceAll("(?s).*\"id\":\"([^\"]+)\".*", "$1");

        Response letter = page.navigate(here() + "/api/dead-letters/" + id + "?Content-Type=text/html&content-type=text/html");

        assertThat(letter.status()).isEqualTo(200);
        assertThat(letter.text()).contains("onerror=document.title");
        assertThat(letter.headers()).containsEntry("content-type", "application/json").containsEntry("x-content-type-options", "nosniff");
        assertThat(page.locator("img").count()).isZero();
        assertThat(page.title()).isNotEqualTo("it-ran");
    }

    @Test
    void it_shows_the_page_in_no_frame() {
        Page page = page("http://127.0.0.1:" + other.getAddress().getPort() + "/");

        page.evaluate("to => new Promise(done => { const frame = document.createElement('iframe'); frame.onload = done;"
                + " frame.src = to; document.body.append(frame); })", here() + "/");

        assertThat(page.frames().get(1).locator("#sum").count()).isZero();
    }

    private Page page(String url) {
        Page page = browser.newContext().newPage();
        page.navigate(url);
        return page;
    }

    private String here() {
        return "http://127.0.0.1:" + dromedary.port();
    }

    // its code and text, as far as the page may know them
    private static String fetched(Page page, String url, String how) {
        return (String) page.evaluate("async to => { try { const answer = await fetch(to, " + how + ");"
                + " return answer.status + ' ' + await answer.text(); } catch (e) { return 'not readable'; } }", url);
    }
}
