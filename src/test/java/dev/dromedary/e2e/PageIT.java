package dev.dromedary.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
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
import dev.dromedary.testing.Sh;
import dev.dromedary.testing.StubRsync;
import dev.dromedary.testing.Tree;
import org.apache.camel.util.json.JsonArray;
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
        assertThat(page.locator("#verdict")).hasText("All is well");
        assertThat(page.locator("#sum")).hasText("1 target live");
        assertThat(page.locator("#host")).hasText(dromedary.json("/api/status").getString("host"));
        assertThat(page.locator("#config")).hasText(stage.home.resolve("config/application.properties").toString());
        assertThat(page.locator("#up")).containsText("up ");
        shoot(dromedary, "live");

        stage.daemon.stop();
        stage.inSource("echo 2 >img/logo; echo '<img src=x onerror=alert(1)>' >'<img src=x onerror=alert(1)>'");
        assertState(page, "away");
        assertThat(page.locator("#verdict")).hasText("t/a is away");
        assertThat(page.locator(".strip")).containsText(Pattern.compile("Since .*: nobody listens there.*Do: bring 127.0.0.1 back"));
        // rsync's own words only for who asks for them
        assertThat(page.locator(".words pre")).isHidden();
        page.getByText("rsync’s own words").click();
        assertThat(page.locator(".words pre")).containsText("rsync ended with 10");
        assertThat(page.locator("#news")).hasText("t/a away");
        shoot(dromedary, "away");

        stage.daemon.start();
        assertState(page, "live");
        assertThat(page.locator("img")).hasCount(0);
        assertThat(page.locator("#happened li").first()).containsText(Pattern.compile("t/aaway"), new LocatorAssertions.ContainsTextOptions().setTimeout(SOON_MILLIS));

        stage.inSource("rm a1 a2 a3 a4 a5 a6");
        assertState(page, "halted");
        assertThat(button(page, "Resume")).isVisible();
        assertThat(page).hasTitle(Pattern.compile("halted · .* · Dromedary"));
        // what is not carried is not known to be nothing
        assertThat(page.locator(".lag").first()).containsText("up to");
        assertThat(page.locator(".main .pending")).hasText(Pattern.compile("not known|.* and more"));
        assertThat(page.locator(".strip")).containsText("Do: look which deletions these are");
        shoot(dromedary, "halted");
        assertThat(complaints).isEmpty();
    }

    @Test
    void a_link_leads_to_what_is_to_be_done() {
        Dromedary dromedary = stage.configured().start().awaitReady();
        stage.daemon.stop();
        stage.inSource("echo 2 >file");
        Page page = page(dromedary, WIDE, ColorScheme.LIGHT);
        assertState(page, "away");

        page.locator(".do a").click();
        assertThat(page).hasURL(Pattern.compile(".*/docs/operating.md.*"));
        assertThat(page.locator("body")).containsText("bring the target back");
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
        assertThat(page.locator(".main .now progress")).isVisible();
        shoot(dromedary, "catching-up");
        assertThat(complaints).isEmpty();
    }

    @Test
    void a_file_that_goes_by_itself_is_named() {
        Relay relay = Relay.holdingAfter(2_000_000, stage.daemon, stage.scratch);
        List<String> lines = new ArrayList<>(List.of("mirror.t.source = " + stage.source, "mirror.t.large-file = 1m"));
        lines.addAll(Stage.quickTarget("a", relay.url("m")));
        Dromedary dromedary = stage.configuredOnlyWith(lines.toArray(String[]::new)).start().awaitReady();
        eventuallyState("live", dromedary);
        stage.inSource("mkdir video; head -c 6000000 /dev/urandom >video/film.mkv");
        Page page = page(dromedary, WIDE, ColorScheme.LIGHT);

        assertThat(page.locator(".run .path")).hasText("video/film.mkv", new LocatorAssertions.HasTextOptions().setTimeout(SOON_MILLIS));
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
            assertThat(page.locator(".strip")).hasText("the other process of the pair leads and mirrors.");
            menu(page, "t/a");
            assertThat(button(page, "Verify")).isVisible();
            assertThat(button(page, "Pause")).hasCount(0);
            shoot(standby, "standby");

            Page other = page(leader, WIDE, ColorScheme.LIGHT);
            assertState(other, "live");
            assertThat(other.locator("#role")).containsText("leader of its pair for ");
            other.screenshot(new Page.ScreenshotOptions().setPath(shot("leader")).setFullPage(true));
            assertThat(complaints).isEmpty();
        }
    }

    @Test
    void agents_are_listed_the_worst_first() {
        Dromedary dromedary = stage.configured().start().awaitReady();
        PageData data = PageData.live(1).agent("eu1", "live", 0, null).agent("eu2", "catching up", 12, null).agent("us1", "silent", 4000, "nobody listens there");
        Page page = page(dromedary, data, WIDE, ColorScheme.LIGHT);

        assertThat(page.locator("#verdict")).hasText("The agent us1 is silent");
        Locator agents = page.locator("#agents li");
        assertThat(agents.locator(".name")).hasText(new String[] {"us1", "eu2", "eu1"});
        assertThat(agents.first()).containsText("67 min behind");
        assertThat(agents.first()).containsText("nobody listens there");
        page.screenshot(new Page.ScreenshotOptions().setPath(shot("agents")).setFullPage(true));
    }

    @Test
    void the_last_hour_and_the_last_day_are_drawn_with_what_they_mean() {
        Dromedary dromedary = stage.configured().start().awaitReady();
        Page page = page(dromedary, PageData.live(3), WIDE, ColorScheme.LIGHT);
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("www/web2")).click();

        Locator lag = page.getByRole(AriaRole.IMG, new Page.GetByRoleOptions().setName(Pattern.compile("^Lag, last hour: at most 20 s")));
        assertThat(lag).isVisible();
        assertThat(page.getByRole(AriaRole.IMG, new Page.GetByRoleOptions().setName(Pattern.compile("Throughput, last hour: at most .*KiB.*MiB in all"))))
                .isVisible();
        Locator chart = page.locator(".chart").first();
        assertThat(chart.locator(".ys span")).hasText(new String[] {"20 s", "10 s", "0"});
        assertThat(chart.locator(".xs span")).hasCount(5);
        // under the pointer, and by the keyboard
        lag.hover();
        assertThat(chart.locator("output")).hasText(Pattern.compile(".*:.* · .* m?s"));
        page.mouse().move(0, 0);
        lag.focus();
        page.keyboard().press("ArrowLeft");
        assertThat(chart.locator("output")).hasText(Pattern.compile(".*:.* · .* m?s"));
        // a time in which it did not run is no lag of nought
        for (int i = 0; i < 10; i++) {
            page.keyboard().press("PageUp");
        }
        page.keyboard().press("ArrowRight");
        assertThat(chart.locator("output")).hasText(Pattern.compile(".*it did not run"));
        page.screenshot(new Page.ScreenshotOptions().setFullPage(true).setPath(shot("history-wide-light")));

        button(page, "Day").click();
        assertThat(chart.locator("figcaption")).containsText("Lag, last day");
        assertThat(complaints).isEmpty();
    }

    @Test
    void what_is_wrong_comes_first_among_many_and_states_filter() {
        stage.inSource("echo 1 >file");
        List<String> lines = new ArrayList<>();
        for (int i = 1; i < 25; i++) {
            lines.add("mirror.t.target.web%02d.url = %s".formatted(i, stage.scratch.folder("web" + i)));
        }
        lines.addAll(Stage.quickTarget("zz", stage.daemon.url("m")));
        lines.add("mirror.t.source = " + stage.source);
        Dromedary dromedary = stage.configuredOnlyWith(lines.toArray(String[]::new)).start().awaitReady();
        eventually("all live", dromedary, () -> dromedary.get("/api/status").body().split("\"state\":\"live\"", -1).length == 26);
        Page page = page(dromedary, WIDE, ColorScheme.LIGHT);
        assertThat(page.locator("#sum")).hasText("all 25 targets live", new LocatorAssertions.HasTextOptions().setTimeout(SOON_MILLIS));
        assertThat(page.locator(".target")).hasCount(25);

        stage.daemon.stop();
        stage.inSource("echo 2 >file");
        assertThat(page.locator("#verdict")).hasText("1 of 25 targets needs attention", new LocatorAssertions.HasTextOptions().setTimeout(SOON_MILLIS));
        assertThat(page.locator(".target .open").first()).hasText("t/zz");
        assertThat(page.locator(".target .state").first()).hasText("away");
        assertThat(page.locator(".strip:visible")).hasCount(1);
        page.screenshot(new Page.ScreenshotOptions().setFullPage(true).setPath(shot("25-one-away-wide-light")));

        page.locator(".chip", new Page.LocatorOptions().setHasText("away")).click();
        assertThat(page.locator(".target:visible")).hasCount(1);
        page.locator(".chip", new Page.LocatorOptions().setHasText("all")).click();
        page.getByRole(AriaRole.SEARCHBOX).fill("t/web2");
        assertThat(page.locator(".target:visible")).hasCount(5);
        page.getByRole(AriaRole.SEARCHBOX).fill("nowhere");
        assertThat(page.locator("#none")).isVisible();
        assertThat(complaints).isEmpty();
    }

    @Test
    void two_hundred_are_changed_in_place() {
        Dromedary dromedary = stage.configured().start().awaitReady();
        PageData data = PageData.live(200);
        Page page = page(dromedary, data, WIDE, ColorScheme.LIGHT);
        assertThat(page.locator("#sum")).hasText("all 200 targets live");
        assertThat(page.locator(".target .open").nth(9)).hasText("www/web10");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("www/web7").setExact(true)).press("Enter");
        assertThat(page.locator(".target .since").nth(199)).not().isEmpty();
        page.evaluate("window.changed = []; new MutationObserver(all => window.changed.push(...all.map(m => m.target.closest?.('tbody')?.ariaLabel)))"
                + ".observe(document.getElementById('targets'), {childList: true, subtree: true}); document.querySelectorAll('.target').forEach(t => t.mine = true)");

        data.with("web150", "away", 1, "nobody listens there (rsync ended with 10: error)", null);
        assertThat(page.locator(".target .open").first()).hasText("www/web150");
        assertThat(page.evaluate("[...document.querySelectorAll('.target')].every(t => t.mine)")).isEqualTo(true);
        assertThat((List<?>) page.evaluate("[...new Set(window.changed.filter(Boolean))].filter(id => id != 'www/web7')")).isEqualTo(List.of("www/web150"));
        assertThat(page.locator(".open[aria-expanded=true]")).hasText("www/web7");
        assertThat(page.evaluate("document.activeElement.textContent")).isEqualTo("www/web7");
        assertThat(complaints).isEmpty();
    }

    @Test
    void when_all_are_away_they_still_fit() {
        Dromedary dromedary = stage.configured().start().awaitReady();
        PageData data = PageData.live(25);
        for (int i = 1; i <= 25; i++) {
            data.with("web" + i, "away", 3, "nobody listens there (rsync ended with 10: " + "words ".repeat(60) + ")", null).pending("web" + i, i, 3);
        }
        Page page = page(dromedary, data, WIDE, ColorScheme.LIGHT);
        assertThat(page.locator("#verdict")).hasText("25 of 25 targets need attention");
        assertThat(page.locator(".strip:visible")).hasCount(6);
        assertThat((Integer) page.evaluate("document.documentElement.scrollHeight")).isLessThan(2600);
        page.screenshot(new Page.ScreenshotOptions().setFullPage(true).setPath(shot("25-all-away-wide-light")));
    }

    @Test
    void a_source_that_is_gone_is_one_trouble_however_many_targets_it_has() {
        Dromedary dromedary = stage.configured().start().awaitReady();
        PageData data = PageData.live(25);
        for (int i = 1; i <= 25; i++) {
            data.with("web" + i, "halted", 3, "/data/www is not there, or can't be read (no such folder)", "it goes on by itself when the source is back;"
                    + " if what is there now is the right one: dromedary resume --new-source www/web" + i);
        }
        Page page = page(dromedary, data, WIDE, ColorScheme.LIGHT);
        assertThat(page.locator("#verdict")).hasText("The source of www needs attention");
        assertThat(page.locator(".strip:visible")).hasCount(1);
        assertThat(page.locator(".strip:visible")).containsText(Pattern.compile("is not there.*So it is at 24 more targets of www.*Do: mount the source /data/www"));
        page.screenshot(new Page.ScreenshotOptions().setFullPage(true).setPath(shot("25-source-gone-wide-light")));
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("www/web9").setExact(true)).click();
        assertThat(page.locator(".strip:visible")).hasCount(2);
    }

    @Test
    void what_was_carried_last_is_listed_where_the_server_tells_it() {
        Dromedary dromedary = stage.configured().start().awaitReady();
        Page page = page(dromedary, PageData.live(2).lately(), WIDE, ColorScheme.LIGHT);
        assertThat(page.locator("#carried li")).hasCount(20);
        assertThat(page.locator("#carried li").first()).containsText(Pattern.compile("www/web1deleted.*img/photo-24.jpg"));

        Page without = page(dromedary, PageData.live(2), WIDE, ColorScheme.LIGHT);
        assertThat(without.locator("#sum")).hasText("all 2 targets live");
        assertThat(without.locator("#carried")).isHidden();
    }

    @Test
    void an_action_asks_first_and_then_does_it() {
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configured().start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        Page page = page(dromedary, WIDE, ColorScheme.LIGHT);
        assertState(page, "live");

        // by keyboard alone
        page.getByLabel("More actions for t/a").focus();
        page.keyboard().press("Enter");
        button(page, "Pause").focus();
        page.keyboard().press("Enter");
        assertThat(page.getByRole(AriaRole.DIALOG)).containsText("Pause t/a?");
        page.keyboard().press("Escape");
        assertThat(page.getByRole(AriaRole.DIALOG)).isHidden();
        assertThat(dromedary.target().getString("state")).isEqualTo("live");
        menu(page, "t/a");
        page.keyboard().press("Escape");
        assertThat(button(page, "Pause")).isHidden();

        menu(page, "t/a");
        button(page, "Pause").click();
        page.locator("#yes").click();
        assertState(page, "paused");
        assertThat(page.locator("#told")).hasText("t/a: Pause: done");
        assertThat(page.locator("#verdict")).hasText("t/a is paused");
        eventuallyState("paused", dromedary);
        shoot(dromedary, "paused");

        // what does no harm is done at once
        button(page, "Resume").click();
        assertState(page, "live");
        assertThat(page.locator("#told")).hasText("t/a: Resume: done");
        assertThat(complaints).isEmpty();
    }

    @Test
    void what_is_held_is_shown_before_it_is_approved() {
        stage.inSource("touch $(seq 20)");
        Dromedary dromedary = stage.configured("mirror.t.max-change = 5", "mirror.t.window = 1500ms").start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("rm 1 2 3 4 5 6; echo 1 >new");
        eventuallyState("halted", dromedary);
        Page page = page(dromedary, WIDE, ColorScheme.LIGHT);
        assertState(page, "halted");
        assertThat(page.locator(".strip")).containsText(Pattern.compile("held: 7 files would change, 6 of them are deleted.*Do: look which these are: Approve lists them"));
        shoot(dromedary, "halted");

        page.locator(".acts .go").click();
        assertThat(page.getByRole(AriaRole.DIALOG)).containsText(Pattern.compile("Send what is held for t/a\\?.*7 changes, 6 deletions among them.*deleted 1.*created new", Pattern.DOTALL));
        page.screenshot(new Page.ScreenshotOptions().setFullPage(true).setPath(shot("approve-wide-light")));
        page.locator("#yes").click();
        assertThat(page.locator("#told")).hasText("t/a: Approve: done");
        assertState(page, "live");
        eventuallySame(stage.source, stage.target, dromedary);
        assertThat(button(page, "Approve")).hasCount(0);
        assertThat(complaints).isEmpty();
    }

    @Test
    void releases_are_made_and_earlier_ones_shown_by_a_button() {
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configured("mirror.t.releases = 5").start().awaitReady();
        Page page = page(dromedary, WIDE, ColorScheme.LIGHT);
        assertState(page, "catching up");
        for (String number : List.of("1", "2")) {
            stage.inSource("echo " + number + " >file");
            button(page, "Release").click();
            assertThat(page.getByRole(AriaRole.DIALOG)).containsText("Make a release for t/a?");
            page.locator("#yes").click();
            assertThat(page.locator("#told")).hasText("t/a: Release: done");
            assertState(page, "live");
        }
        page.locator(".open").click();
        assertThat(page.locator(".facts").first()).containsText(Pattern.compile("Release2 is shown.*kept: 1, 2"));
        menu(page, "t/a");
        assertThat(button(page, "Release")).isVisible();
        assertThat(button(page, "Show release 2")).hasCount(0);
        page.screenshot(new Page.ScreenshotOptions().setFullPage(true).setPath(shot("releases-wide-light")));
        button(page, "Show release 1").click();
        assertThat(page.getByRole(AriaRole.DIALOG)).containsText("Show release 1 of t/a?");
        page.locator("#yes").click();
        assertThat(page.locator("#told")).hasText("t/a: Show release 1: done");
        assertThat(page.locator(".facts").first()).containsText("Release1 is shown");
        assertThat(Tree.of(stage.target).has("releases/2/file")).isTrue();

        stage.inSource("echo 3 >file");
        assertState(page, "catching up");
        assertThat(page.locator(".acts .go")).hasText("Release");
        assertThat(complaints).isEmpty();
    }

    @Test
    void an_action_that_is_refused_says_why_and_of_which_target() {
        Dromedary dromedary = stage.configured().start().awaitReady();
        eventuallyState("live", dromedary);
        Page page = page(dromedary, WIDE, ColorScheme.LIGHT);
        assertState(page, "live");
        page.route("**/targets/a/replay", route -> route.fulfill(new Route.FulfillOptions().setStatus(409).setContentType("application/json")
                .setBody("{\"error\":\"the other process leads\"}")));
        menu(page, "t/a");
        button(page, "Replay now").click();
        assertThat(page.locator("#told")).hasText("t/a: Replay now: not done: the other process leads");
    }

    @Test
    void a_source_that_is_gone_is_no_reason_to_take_another_one() {
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configured().start().awaitReady();
        eventuallyState("live", dromedary);
        stage.inSource("mv ../source ../moved");
        Page page = page(dromedary, WIDE, ColorScheme.LIGHT);
        assertState(page, "halted");

        assertThat(page.locator(".do")).containsText("mount the source " + stage.source);
        assertThat(page.locator(".acts .go")).hasCount(0);
        page.locator(".do button").click();
        assertThat(page.getByRole(AriaRole.DIALOG)).containsText("everything that is not in it is deleted at the targets");
        page.keyboard().press("Escape");
        Sh.run(stage.scratch.root(), "mv moved source");
        assertState(page, "live");
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
        assertThat(page.locator(".strip .paths li")).hasText("stuck");
        assertThat(page.locator(".strip")).containsText(Pattern.compile("Since .*1 path could not be transferred, all else is. They may not be read; .*Do: mend that"));
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

        page.locator(".open").click();
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
        assertThat(page.locator("#lost")).containsText(Pattern.compile("The server does not answer since \\d.*Do: look whether it runs"),
                new LocatorAssertions.ContainsTextOptions().setTimeout(SOON_MILLIS));
        page.screenshot(new Page.ScreenshotOptions().setFullPage(true).setPath(shot("lost-wide-dark")));
        assertThat(page.locator("#verdict")).hasText("not known");
        assertThat(page.locator("#sum")).containsText("as of");
        dromedary.resume();
        assertThat(page.locator("#lost")).isHidden(new LocatorAssertions.IsHiddenOptions()
                .setTimeout(SOON_MILLIS));
        assertThat(page.locator("#verdict")).hasText("All is well");
    }

    @Test
    void it_says_when_a_login_is_needed_and_asks_no_more_until_then() {
        Dromedary dromedary = stage.configured().start().awaitReady();
        Page page = page(dromedary, WIDE, ColorScheme.LIGHT);
        assertState(page, "live");

        List<String> asked = new ArrayList<>();
        page.route("**/api/**", route -> {
            asked.add(route.request().url());
            route.fulfill(new Route.FulfillOptions().setStatus(401).setBody("Unauthorized"));
        });
        assertThat(page.locator("#lost")).containsText(Pattern.compile("Login needed since \\d.*Do: log in"));
        assertThat(page.locator("#verdict")).hasText("not known");
        assertThat(page.locator(".target")).hasCount(1);
        page.screenshot(new Page.ScreenshotOptions().setFullPage(true).setPath(shot("login-wide-light")));
        page.unroute("**/api/**");
        button(page, "Log in").click();
        assertState(page, "live");
        assertThat(page.locator("#lost")).isHidden();
        // a browser would ask for a password each time
        assertThat(asked).hasSizeLessThan(5);
    }

    @Test
    void it_works_below_another_path() {
        Dromedary dromedary = stage.configured("camel.server.path = /m").start();
        eventually("its page", dromedary, () -> dromedary.answers("/m/api/status", 200));
        Page page = context(WIDE, ColorScheme.LIGHT).newPage();
        page.navigate("http://127.0.0.1:" + dromedary.port() + "/m/");
        assertState(page, "live");
    }

    @Test
    void it_asks_for_nothing_from_elsewhere_and_fits_a_phone() {
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configured().start().awaitReady();
        List<String> asked = new ArrayList<>();
        for (int width : List.of(380, NARROW, 1800)) {
            BrowserContext context = context(width, ColorScheme.LIGHT);
            Page page = context.newPage();
            page.onRequest(request -> asked.add(request.url()));
            page.navigate(url(dromedary));
            assertState(page, "live");
            page.locator(".open").click();
            assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(width);
        }
        assertThat(asked).isNotEmpty().allMatch(url -> url.startsWith(url(dromedary)) || url.startsWith("data:"));
        assertThat(Tree.of(stage.target).has("file")).isTrue();
    }

    /** The two that the documents show; target/screenshots has them. */
    @Test
    void it_is_shown_in_the_documents() {
        Dromedary dromedary = stage.configured().start().awaitReady();
        PageData live = PageData.live(6).named("backup", "ssh://sync@backup.example.com/srv/www/").named("disk", "/mnt/backup/www").lately()
                .happened("web3", "away", 700, 672, "nobody listens there (rsync ended with 10: error)");
        Page page = page(dromedary, live, WIDE, ColorScheme.LIGHT);
        assertThat(page.locator("#verdict")).hasText("All is well");
        assertThat(page.locator("#carried li")).hasCount(20);
        assertThat(page.locator(".spark path[d]")).hasCount(8);
        page.screenshot(new Page.ScreenshotOptions().setPath(shot("page-live")));

        Page other = page(dromedary, inTrouble(), WIDE, ColorScheme.LIGHT);
        assertThat(other.locator("#verdict")).hasText("3 of 8 targets need attention");
        assertThat(other.locator(".spark path[d]")).hasCount(8);
        other.screenshot(new Page.ScreenshotOptions().setPath(shot("page-trouble")));
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            Page narrow = page(dromedary, inTrouble(), 380, scheme);
            assertThat(narrow.locator(".strip:visible")).hasCount(4);
            narrow.screenshot(new Page.ScreenshotOptions().setFullPage(true).setPath(shot("trouble-narrow-" + scheme.name().toLowerCase(Locale.ROOT))));
        }
        assertThat(complaints).isEmpty();
    }

    private static PageData inTrouble() {
        PageData data = PageData.live(6).named("backup", "ssh://sync@backup.example.com/srv/www/").named("dr", "rsync://dr.example.com/www/").lately();
        return data.with("dr", "away", 28, "nobody listens there (rsync ended with 10: rsync: [sender] failed to connect to dr.example.com (192.0.2.17): Connection refused (111); "
                        + "rsync error: error in socket IO (code 10) at clientserver.c(139) [sender=3.5.0])", null).pending("dr", 214, 28)
                .with("backup", "full", 4, "the target has no room left (rsync ended with 11: rsync: [receiver] write failed on \"/srv/www/video/film.mkv\": No space left on device (28))", null)
                .pending("backup", 12, 4)
                .with("web3", "partial", 95, "rsync could not write there: Permission denied (rsync ended with 23: rsync: [receiver] mkstemp \"/img/.a.jpg.Xy12\" (in www) failed: Permission denied (13))",
                        "they are tried again by themselves, and now by: dromedary replay www/web3")
                .set("web3", "failed", PageData.read("{\"paths\":2,\"since\":\"" + data.ago(95) + "\",\"some\":[\"img/a.jpg\",\"img/b.jpg\"],\"reason\":\"x\"}"))
                .set("web5", "state", "catching up").set("web5", "runs", new JsonArray(List.of(PageData.read("{\"way\":\"large\",\"wholeTrees\":false,\"paths\":1,\"path\":\"video/film.mkv\",\"started\":\""
                        + data.ago(1) + "\",\"files\":0,\"bytes\":88120334,\"percent\":41,\"bytesPerSecond\":1204224,\"secondsLeft\":92,\"bytesLeft\":126807797,\"checked\":0,\"known\":0}"))))
                .happened("web2", "paused", 300, 240, "paused by hand");
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static void menu(Page page, String target) {
        page.getByLabel("More actions for " + target).click();
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
                assertThat(page.evaluate("document.documentElement.scrollWidth")).as("%s, %d wide", name, width).isEqualTo(width);
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
        return page(dromedary, null, width, scheme);
    }

    // with other figures than its server has, if there are any
    private Page page(Dromedary dromedary, PageData data, int width, ColorScheme scheme) {
        Page page = context(width, scheme).newPage();
        if (data != null) {
            data.answers(page);
        }
        page.onPageError(complaints::add);
        page.onConsoleMessage(message -> {
            // a server need not have a log of what was carried
            if (message.type().equals("error") && !message.text().contains("ERR_CONNECTION") && !message.location().contains("/api/log")) {
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
