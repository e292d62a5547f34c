package dev.dromedary.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Relay;
import dev.dromedary.testing.StubRsync;
import dev.dromedary.testing.Tree;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.dromedary.e2e.Settled.eventuallyState;
import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

/** The page in a real Chromium; what it looks like is in target/screenshots. */
class PageIT {

    private static final int WIDE = 1280;
    private static final int NARROW = 390;
    private static final double SOON_MILLIS = 20_000;

    private static Playwright playwright;
    private static Browser browser;

    @AutoClose
    private final Stage stage = new Stage();
    private final List<String> complaints = new ArrayList<>();

    @BeforeAll
    static void open() {
        Optional<Path> chromium = Stream.of("chromium", "chromium-browser", "google-chrome").map(name -> Path.of("/usr/bin", name))
                .filter(Files::isExecutable).findFirst();
        Assumptions.assumeTrue(chromium.isPresent(), "no chromium here, so the page is not looked at");
        playwright = Playwright.create(new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        // a container's user may not have the rights for a sandbox, and the only page is ours
        browser = playwright.chromium().launch(new BrowserType.LaunchOptions().setExecutablePath(chromium.get())
                .setArgs(List.of("--no-sandbox")));
    }

    @AfterAll
    static void close() {
        if (playwright != null) {
            playwright.close();
        }
    }

    @Test
    void it_shows_each_state_and_follows_it_by_itself() {
        stage.inSource("mkdir img; echo 1 >img/logo; head -c 300000 /dev/zero >video; touch a1 a2 a3 a4 a5 a6");
        Dromedary dromedary = stage.configured("mirror.t.max-delete = 4").start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        Page page = page(dromedary, WIDE, ColorScheme.LIGHT);

        assertState(page, "live");
        assertThat(page.locator("#sum")).hasText("1 target live");
        shoot(dromedary, "live");

        stage.daemon.stop();
        stage.inSource("echo 2 >img/logo; echo '<img src=x onerror=alert(1)>' >'<img src=x onerror=alert(1)>'");
        assertState(page, "away");
        assertThat(page.locator(".why").first()).containsText("nobody listens there");
        assertThat(page.locator("#news")).hasText("t/a away");
        shoot(dromedary, "away");

        stage.daemon.start();
        assertState(page, "live");
        assertThat(page.locator("img")).hasCount(0);

        stage.inSource("rm a1 a2 a3 a4 a5 a6");
        assertState(page, "halted");
        assertThat(page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Resume"))).isVisible();
        assertThat(page).hasTitle("halted · Dromedary");
        shoot(dromedary, "halted");
        assertThat(complaints).isEmpty();
    }

    @Test
    void it_shows_how_far_a_large_run_is() {
        stage.inSource("head -c 6000000 /dev/urandom >large; mkdir many; cd many; touch $(seq 200)");
        Relay relay = Relay.holdingAfter(2_000_000, stage.daemon, stage.scratch);
        // the limit has rsync tell on its way how far it is
        List<String> lines = new ArrayList<>(List.of("mirror.t.source = " + stage.source, "mirror.t.bandwidth-limit = 400"));
        lines.addAll(Stage.quickTarget("a", relay.url("m")));
        Dromedary dromedary = stage.configuredOnlyWith(lines.toArray(String[]::new)).start().awaitReady();
        Page page = page(dromedary, WIDE, ColorScheme.LIGHT);

        assertState(page, "catching up");
        Locator run = page.locator(".run").first();
        assertThat(run).containsText(Pattern.compile("Comparing the whole tree.*[1-9]\\d? %.*iB/s"), new LocatorAssertions.ContainsTextOptions().setTimeout(SOON_MILLIS));
        shoot(dromedary, "catching-up");
        assertThat(complaints).isEmpty();
    }

    @Test
    void it_says_which_of_a_pair_it_is() {
        try (PairStage pair = new PairStage()) {
            pair.inSource("echo 1 >file");
            Dromedary leader = PairStage.eventuallyLeads(pair.process(PairStage.ONE).start().awaitReady());
            Dromedary standby = pair.process(PairStage.TWO).start().awaitReady();
            eventuallySame(pair.source, pair.target, leader);

            Page page = page(standby, WIDE, ColorScheme.LIGHT);
            assertState(page, "standby");
            assertThat(page.locator("#role")).containsText("standby of its pair for ");
            assertThat(page.locator("#sum")).hasText("1 standby");
            assertThat(page.locator(".why").first()).hasText("the other process of the pair leads and mirrors");
            assertThat(page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Pause"))).hasCount(0);
            shoot(standby, "standby");

            Page other = page(leader, WIDE, ColorScheme.LIGHT);
            assertState(other, "live");
            assertThat(other.locator("#role")).containsText("leader of its pair for ");
            other.screenshot(new Page.ScreenshotOptions().setPath(shot("leader")).setFullPage(true));
            assertThat(complaints).isEmpty();
        }
    }

    @Test
    void the_last_hour_is_drawn() {
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configured("mirror.t.target.b.url = " + stage.scratch.folder("other"),
                "mirror.t.target.c.url = " + stage.scratch.folder("third")).start().awaitReady();
        assertThat(dromedary.json("/api/history").<List<?>>getCollection("targets")).hasSize(3);
        BrowserContext context = context(WIDE, ColorScheme.LIGHT);
        Page page = context.newPage();
        String lags = IntStream.range(0, 120).mapToObj(i -> i > 40 && i < 60 ? i - 40 + ".5" : "0.0" + i % 9).collect(Collectors.joining(","));
        String bytes = IntStream.range(0, 120).mapToObj(i -> String.valueOf(i * 7919 % 1000 * 1000)).collect(Collectors.joining(","));
        page.route("**/api/history", route -> route.fulfill(new Route.FulfillOptions().setContentType("application/json").setBody(
                "{\"targets\":[{\"mirror\":\"t\",\"target\":\"a\",\"lagSeconds\":[%s],\"bytes\":[%s],\"files\":[%s]}]}"
                        .formatted(lags, bytes, bytes))));
        page.navigate(url(dromedary));

        assertThat(page.getByRole(AriaRole.IMG, new Page.GetByRoleOptions().setName("Lag, last hour: at most 20 s"))).isVisible();
        assertThat(page.getByRole(AriaRole.IMG, new Page.GetByRoleOptions().setName(Pattern.compile("Throughput, last hour: .*MiB"))))
                .isVisible();
        assertThat(page.locator("#sum")).hasText("all 3 targets live");
        page.screenshot(new Page.ScreenshotOptions().setFullPage(true).setPath(shot("history-wide-light")));
    }

    @Test
    void an_action_asks_first_and_then_does_it() {
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configured().start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        Page page = page(dromedary, WIDE, ColorScheme.LIGHT);

        // by keyboard alone
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Pause")).focus();
        page.keyboard().press("Enter");
        assertThat(page.getByRole(AriaRole.DIALOG)).containsText("Pause t/a?");
        page.keyboard().press("Escape");
        assertThat(page.getByRole(AriaRole.DIALOG)).isHidden();
        assertThat(dromedary.target().getString("state")).isEqualTo("live");

        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Pause")).click();
        page.locator("#yes").click();
        assertState(page, "paused");
        assertThat(page.locator("#told")).hasText("Pause: done");
        eventuallyState("paused", dromedary);

        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Resume")).click();
        page.locator("#yes").click();
        assertState(page, "live");
        assertThat(complaints).isEmpty();
    }

    @Test
    void what_can_not_be_carried_is_named() {
        StubRsync stub = StubRsync.in(stage.scratch);
        Dromedary dromedary = stage.configured("mirror.t.target.a.replay = 1h").dromedary().environment("PATH", stub.path()).start()
                .awaitReady();
        eventuallyState("live", dromedary);
        stub.plays("lists stuck && { bring \"$@\" --exclude=/stuck; echo 'rsync: [sender] send_files failed to open \"" + stage.source
                + "/stuck\": Permission denied (13)' >&2; exit 23; }");
        stage.inSource("echo 1 >stuck; echo 1 >other");
        eventuallyState("partial", dromedary);
        Page page = page(dromedary, WIDE, ColorScheme.LIGHT);
        assertState(page, "partial");
        assertThat(page.locator(".target > .paths li")).hasText("stuck");
        assertThat(page.locator(".target")).containsText("What to do: they are tried again by themselves");
        assertThat(page.locator("#sum")).hasText("1 partial");
        shoot(dromedary, "partial");
        assertThat(complaints).isEmpty();
    }

    @Test
    void dead_letters_are_shown_with_their_reason() {
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configured("mirror.t.target.a.replay = 1h").start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        stage.daemon.stop();
        stage.inSource("echo 2 >file");
        eventually("a dead letter is kept", dromedary, () -> !stage.deadLetters().isEmpty());
        Page page = page(dromedary, NARROW, ColorScheme.DARK);

        page.getByText("1 dead letter").click();
        assertThat(page.locator(".letter")).containsText("nobody listens there");
        page.getByText("Which").click();
        assertThat(page.locator(".paths .path")).hasText("file");
        page.screenshot(new Page.ScreenshotOptions().setFullPage(true).setPath(shot("dead-letters-narrow-dark")));
        assertThat(complaints).isEmpty();
    }

    @Test
    void it_says_when_it_has_lost_the_server_and_finds_it_again() {
        Dromedary dromedary = stage.configured().start().awaitReady();
        Page page = page(dromedary, WIDE, ColorScheme.DARK);
        assertState(page, "live");

        dromedary.suspend();
        assertThat(page.locator("#lost")).containsText("The server does not answer", new LocatorAssertions.ContainsTextOptions().setTimeout(SOON_MILLIS));
        page.screenshot(new Page.ScreenshotOptions().setFullPage(true).setPath(shot("lost-wide-dark")));
        assertThat(page.locator("#sum")).hasText("not known");
        dromedary.resume();
        assertThat(page.locator("#lost")).isHidden(new LocatorAssertions.IsHiddenOptions()
                .setTimeout(SOON_MILLIS));
    }

    @Test
    void it_asks_for_nothing_from_elsewhere_and_fits_a_phone() {
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configured().start().awaitReady();
        List<String> asked = new ArrayList<>();
        BrowserContext context = context(NARROW, ColorScheme.LIGHT);
        Page page = context.newPage();
        page.onRequest(request -> asked.add(request.url()));
        page.navigate(url(dromedary));
        assertState(page, "live");

        assertThat(asked).isNotEmpty().allMatch(url -> url.startsWith(url(dromedary)) || url.startsWith("data:"));
        assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(NARROW);
        assertThat(Tree.of(stage.target).has("file")).isTrue();
    }

    private static void assertState(Page page, String state) {
        assertThat(page.locator(".state").first()).hasText(state, new LocatorAssertions.HasTextOptions().setTimeout(SOON_MILLIS));
    }

    // at each width, light and dark; what is shown is that moment's, so it is let come first
    private void shoot(Dromedary dromedary, String name) {
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            for (int width : List.of(WIDE, NARROW)) {
                Page page = page(dromedary, width, scheme);
                assertState(page, name.replace('-', ' '));
                page.screenshot(new Page.ScreenshotOptions().setFullPage(true).setPath(shot(name + (width == WIDE ? "-wide-" : "-narrow-")
                        + scheme.name().toLowerCase(Locale.ROOT))));
                page.context().close();
            }
        }
    }

    private static Path shot(String name) {
        return Path.of("target/screenshots", name + ".png");
    }

    private Page page(Dromedary dromedary, int width, ColorScheme scheme) {
        Page page = context(width, scheme).newPage();
        page.onPageError(complaints::add);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") && !message.text().contains("ERR_CONNECTION")) {
                complaints.add(message.text());
            }
        });
        page.navigate(url(dromedary));
        return page;
    }

    private static BrowserContext context(int width, ColorScheme scheme) {
        return browser.newContext(new Browser.NewContextOptions().setViewportSize(width, 800).setColorScheme(scheme));
    }

    private static String url(Dromedary dromedary) {
        return "http://127.0.0.1:" + dromedary.port() + '/';
    }
}
