package dev.dromedary.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.dromedary.watch.WatchMethod;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

class SettingsTest {

    private static final String HOLDING = "- .~dromedary~";

    @TempDir
    Path dir;
    private Configuration configuration;

    @BeforeEach
    void a_good_configuration() throws Exception {
        configuration = new Configuration(dir);
    }

    @Test
    void what_is_published_is_one_more_target_and_its_options_are_not_shown() throws Exception {
        configuration.with("mirror.www.publish", "kafka:www?brokers=h:1&saslJaasConfig=RAW(secret)")
                .with("mirror.www.target.topic.retries", "7");

        Mirror mirror = configuration.mirror();

        assertThat(mirror.targets()).extracting(Target::id).containsExactly("www/backup", "www/topic");
        Target topic = mirror.targets().get(1);
        assertThat(mirror.to(topic)).isEqualTo("kafka:www");
        assertThat(topic.retries()).isEqualTo(7);
        assertThat(mirror.compared()).containsExactly(mirror.targets().get(0));
    }

    @Test
    void it_is_taken_in_by_itself_only_where_that_is_asked_for() throws Exception {
        assertThat(configuration.read().reloads()).isFalse();
        assertThat(configuration.with("dromedary.reload", "manual").read().reloads()).isFalse();
        assertThat(configuration.with("dromedary.reload", "auto").read().reloads()).isTrue();
        assertThat(configuration.with("dromedary.reload", "atuo").told()).singleElement().asString()
                .isEqualTo("dromedary.reload = atuo: this is none of manual, auto; did you mean auto?");
    }

    @Test
    void a_source_may_be_published_alone() throws Exception {
        configuration.without("mirror.www.target.backup.url").with("mirror.www.publish", "kafka:www");

        assertThat(configuration.mirror().targets()).extracting(Target::id).containsExactly("www/topic");
    }

    @Test
    void an_agent_pulls_from_the_source_into_its_target() throws Exception {
        configuration.password("p", "rw-------");
        configuration.with("mirror.www.subscribe", "kafka:www?groupId=a").with("mirror.www.source", "rsync://me@h/www/")
                .with("mirror.www.password-file", "p");

        Mirror mirror = configuration.mirror();

        assertThat(mirror.isPulled()).isTrue();
        assertThat(mirror.source()).isEqualTo(configuration.dir.resolve("target"));
        assertThat(mirror.from()).isEqualTo("rsync://me@h/www/");
        assertThat(mirror.to(mirror.targets().get(0))).isEqualTo(configuration.dir.resolve("target").toString());
        assertThat(mirror.targets().get(0).passwordFile()).isEqualTo(configuration.dir.resolve("p"));
        assertThat(mirror.targets().get(0).warm()).as("of its source's connections it holds none").isZero();
        assertThat(mirror.targets().get(0).window()).as("nor does it take one as often as one that is pushed to").isEqualTo(Duration.ofMillis(50));
    }

    @Test
    void an_agent_that_publishes_is_one_mirror_more_of_a_folder_that_need_not_be_there() throws Exception {
        configuration.with("mirror.www.subscribe", "kafka:www?groupId=a").with("mirror.www.source", "rsync://h/www/")
                .with("mirror.www.publish", "kafka:next").with("mirror.www.poll", "1m").with("mirror.www.target.topic.retries", "7");
        Files.deleteIfExists(configuration.dir.resolve("target"));

        List<Mirror> mirrors = configuration.read().mirrors();

        assertThat(mirrors).extracting(Mirror::name).containsExactly("www", "www-next");
        Mirror next = mirrors.get(1);
        assertThat(next.source()).isEqualTo(mirrors.get(0).source());
        assertThat(next.tier()).isEqualTo(new CascadeLink("www/backup", "www"));
        assertThat(next.publishedAs()).isEqualTo("www");
        assertThat(next.poll()).isEqualTo(Duration.ofMinutes(1));
        assertThat(next.targets()).extracting(Target::id, Target::retries).containsExactly(tuple("www-next/topic", 7));
        configuration.with("mirror.www-next.source", "source").with("mirror.www-next.publish", "kafka:other");
        assertThat(configuration.told()).anySatisfy(told -> assertThat(told).contains("the configuration has a mirror of that name"));
    }

    @Test
    void a_mirror_that_publishes_what_another_one_pulls_knows_that() throws Exception {
        configuration.with("mirror.www.subscribe", "kafka:www?groupId=a").with("mirror.www.source", "rsync://h/www/")
                .with("mirror.eu.source", "target").with("mirror.eu.publish", "kafka:eu");
        Files.deleteIfExists(configuration.dir.resolve("target"));

        assertThat(configuration.read().mirrors()).filteredOn(mirror -> mirror.name().equals("eu")).singleElement()
                .satisfies(eu -> assertThat(eu.tier()).isEqualTo(new CascadeLink("www/backup", "eu")));
    }

    @Test
    void a_source_is_watched_as_is_wanted() throws Exception {
        assertThat(configuration.mirror().watch()).isEqualTo(WatchMethod.AUTO);
        assertThat(configuration.mirror().arrivedEverywhere()).isNull();
        configuration.with("mirror.www.arrived-everywhere", "log:x");
        assertThat(configuration.mirror().arrivedEverywhere()).isEqualTo("log:x");
        configuration.with("mirror.www.watch", "fanotify");
        assertThat(configuration.mirror().watch()).isEqualTo(WatchMethod.FANOTIFY);
    }

    @Test
    void the_transfer_log_is_on_has_a_size_or_is_off() throws Exception {
        assertThat(configuration.read().transferLog()).isEqualTo(100L << 20);
        assertThat(configuration.with("dromedary.transfer-log", "1.5g").read().transferLog()).isEqualTo(3L << 29);
        assertThat(configuration.with("dromedary.transfer-log", "1m").read().transferLog()).isEqualTo(1L << 20);
        assertThat(configuration.with("dromedary.transfer-log", "off").read().transferLog()).isZero();
    }

    @Test
    void two_lines_are_enough() throws Exception {
        Settings settings = configuration.read();

        assertThat(settings.stateDir()).isEqualTo(dir.resolve("state"));
        assertThat(settings.mirrors()).singleElement().satisfies(mirror -> {
            assertThat(mirror.name()).isEqualTo("www");
            assertThat(mirror.source()).isEqualTo(dir.resolve("source"));
            assertThat(mirror.targets()).singleElement().isEqualTo(new Target("www", "backup",
                    TargetUrl.parse("target", dir), null, "", List.of(), Duration.ofMillis(20),
                    Duration.ofSeconds(10), Duration.ofSeconds(60), true, Duration.ofSeconds(10), 100_000, 64L << 20,
                    List.of(HOLDING), List.of(), Deletion.TRUE, false, null, null, null, null, null, null,
                    Duration.ofSeconds(60), null, null, true,
                    new Schedule(Duration.ofSeconds(30), null), 3, Duration.ofSeconds(1), null, null, null, null, false, false));
        });
        assertThat(configuration.target().id()).isEqualTo("www/backup");
    }

    @Test
    void every_option_is_read() throws Exception {
        Path password = configuration.password("backup.pass", "rw-------");
        configuration.with("mirror.www.target.backup.url", "rsync://host/module")
                .with("mirror.www.target.backup.password-file", "backup.pass")
                .with("mirror.www.target.backup.rsync-options", "-z --inplace")
                .with("mirror.www.target.backup.window", "0")
                .with("mirror.www.target.backup.max-delay", "1m30s")
                .with("mirror.www.target.backup.exclude", "*.swp")
                .with("mirror.www.target.backup.delete", "reconcile")
                .with("mirror.www.target.backup.hooks-hold", "true")
                .with("mirror.www.target.backup.max-delete", "0")
                .with("mirror.www.target.backup.max-change", "5%")
                .with("mirror.www.target.backup.last", "index.html, *.m3u8")
                .with("mirror.www.target.backup.first-run", "delete")
                .with("mirror.www.target.backup.target-marker", ".marker")
                .with("mirror.www.target.backup.bandwidth-limit", "1.5m")
                .with("mirror.www.target.backup.timeout", "2m")
                .with("mirror.www.target.backup.reconcile", "0 0  3 * * ?")
                .with("mirror.www.target.backup.reconcile-on-start", "false")
                .with("mirror.www.target.backup.replay", "0 0/5 * * * ?")
                .with("mirror.www.target.backup.retries", "0")
                .with("mirror.www.target.backup.retry-delay", "250")
                .with("mirror.www.target.backup.poll", "5s")
                .with("mirror.www.target.backup.hard-links", "ignore")
                .with("mirror.www.target.backup.warm", "always")
                .with("mirror.www.target.backup.max-backlog", "1234")
                .with("mirror.www.target.backup.large-file", "1.5g")
                .with("mirror.www.target.backup.checksum-reconcile", "0 0 4 ? * SUN")
                .with("mirror.www.target.backup.before", "direct:before")
                .with("mirror.www.target.backup.after", "log:after?level=DEBUG")
                .with("mirror.www.target.backup.on-failure", "slack:#ops")
                .with("mirror.www.target.backup.lag-alarm", "5m")
                .with("dromedary.state-dir", "/var/lib/dromedary-test");

        assertThat(configuration.read().stateDir()).isEqualTo(Path.of("/var/lib/dromedary-test"));
        assertThat(configuration.target()).isEqualTo(new Target("www", "backup",
                TargetUrl.parse("rsync://host/module", dir), password, "", List.of("-z", "--inplace"),
                Duration.ZERO, Duration.ofSeconds(90), Duration.ofSeconds(5), false, Target.ALWAYS, 1234, 3L << 29, List.of(HOLDING, "- /.marker", "- *.swp"), List.of("- index.html", "- *.m3u8"), Deletion.RECONCILE, true, ".marker", 0, ChangeLimit.of("5%"), null, null, "1.5m",
                Duration.ofMinutes(2), "0 0 3 * * ?", "0 0 4 ? * SUN", false, new Schedule(null, "0 0/5 * * * ?"), 0,
                Duration.ofMillis(250), "direct:before", "log:after?level=DEBUG", "slack:#ops", Duration.ofMinutes(5), false, true));
    }

    @Test
    void what_travels_last_is_for_targets_that_are_live() throws Exception {
        configuration.with("mirror.www.last", "*.html").with("mirror.www.target.backup.releases", "5").with("mirror.www.target.live.url", "live")
                .with("mirror.www.max-change", "5%").with("mirror.www.target.backup.max-change", "");
        assertThat(configuration.mirror().targets()).extracting(Target::name, Target::last, Target::maxChange).containsExactlyInAnyOrder(
                tuple("backup", List.of(), null), tuple("live", List.of("- *.html"), ChangeLimit.of("5%")));
    }

    @Test
    void releases_are_of_a_target_or_of_all_of_a_mirror() throws Exception {
        assertThat(configuration.with("mirror.www.target.backup.releases", "5").target()).extracting(Target::releases, Target::quiet)
                .containsExactly(5, null);
        assertThat(configuration.with("mirror.www.quiet", "5s").target().quiet()).isEqualTo(Duration.ofSeconds(5));
        configuration.without("mirror.www.target.backup.releases").with("mirror.www.releases", "3").with("mirror.www.target.live.url", "live")
                .with("mirror.www.target.live.releases", "").with("mirror.www.max-delete", "10").with("mirror.www.publish", "kafka:www");
        assertThat(configuration.mirror().targets()).extracting(Target::name, Target::releases).containsExactlyInAnyOrder(
                tuple("backup", 3), tuple("live", null), tuple("topic", null));
    }

    @Test
    void what_one_target_wants_of_links_is_looked_for() throws Exception {
        configuration.with("mirror.www.target.dr.url", "dr:/data").with("mirror.www.hard-links", "ignore")
                .with("mirror.www.rsync-options", "-zH");
        assertThat(configuration.mirror().followsHardLinks()).isFalse();
        assertThat(configuration.mirror().joinsHardLinks()).as("ignored").isFalse();
        assertThat(configuration.mirror().copiesBehindLinks()).isFalse();

        configuration.with("mirror.www.target.dr.hard-links", "follow").with("mirror.www.target.dr.rsync-options", "-M-H -zM-L");
        assertThat(configuration.mirror().followsHardLinks()).isTrue();
        assertThat(configuration.mirror().joinsHardLinks()).as("at the receiver").isFalse();
        assertThat(configuration.mirror().copiesBehindLinks()).as("at the receiver").isFalse();

        configuration.with("mirror.www.target.dr.rsync-options", "--hard-links -zL");
        assertThat(configuration.mirror().joinsHardLinks()).isTrue();
        assertThat(configuration.mirror().copiesBehindLinks()).isTrue();
    }

    @Test
    void a_targets_option_wins_over_its_mirrors_each_by_itself() throws Exception {
        configuration.with("mirror.www.target.dr.url", "dr:/data")
                .with("mirror.www.window", "2s").with("mirror.www.exclude", ".git/").with("mirror.www.include", "keep.swp")
                .with("mirror.www.target.dr.window", "10ms").with("mirror.www.target.dr.exclude", "*.swp");
        Mirror mirror = configuration.mirror();

        assertThat(mirror.targets()).extracting(Target::name).containsExactly("backup", "dr");
        assertThat(mirror.targets()).extracting(Target::window)
                .containsExactly(Duration.ofSeconds(2), Duration.ofMillis(10));
        assertThat(mirror.targets().get(0).filter()).containsExactly(HOLDING, "+ keep.swp", "- .git/");
        assertThat(mirror.targets().get(1).filter()).containsExactly(HOLDING, "+ keep.swp", "- *.swp");
    }

    @Test
    void an_empty_value_takes_back_what_the_mirror_has_set() throws Exception {
        configuration.with("mirror.www.exclude", "*.swp").with("mirror.www.max-delete", "5")
                .with("mirror.www.target.backup.exclude", "").with("mirror.www.target.backup.max-delete", " ");

        assertThat(configuration.target().filter()).containsExactly(HOLDING);
        assertThat(configuration.target().maxDelete()).isNull();
    }

    @Test
    void a_mirror_waits_as_long_as_its_most_impatient_target() throws Exception {
        configuration.with("mirror.www.target.dr.url", "dr:/data")
                .with("mirror.www.target.backup.window", "2s").with("mirror.www.target.dr.window", "1s")
                .with("mirror.www.target.backup.max-delay", "5s").with("mirror.www.target.dr.max-delay", "6s");

        assertThat(configuration.mirror().window()).isEqualTo(Duration.ofSeconds(1));
        assertThat(configuration.mirror().maxDelay()).isEqualTo(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @CsvSource({"50ms,50", "2s,2000", "10m,600000", "1h30m,5400000", "1d,86400000", "1m5ms,60005", "1500,1500", "0,0"})
    void a_duration_is_read_as_camel_reads_it(String text, long millis) throws Exception {
        assertThat(configuration.with("mirror.www.window", text).target().window()).hasMillis(millis);
    }

    @Test
    void blanks_around_a_value_do_not_matter() throws Exception {
        configuration.with("mirror.www.source", " source\t").with("mirror.www.delete", " false ");

        assertThat(configuration.mirror().source()).isEqualTo(dir.resolve("source"));
        assertThat(configuration.target().delete()).isEqualTo(Deletion.FALSE);
    }

    @Test
    void keys_of_others_are_not_looked_at() throws Exception {
        assertThat(configuration.with("camel.server.port", "x").with("mirrors", "y").read().mirrors()).hasSize(1);
    }

    @Test
    void filter_rules_come_in_order_file_include_exclude() throws Exception {
        configuration.file("rules", "# comment\n\n; another\n- /cache/\r\ninclude *.html\nexclude *.tmp\n+ a # b \n");
        configuration.with("mirror.www.exclude", ".git/, ,*.swp,").with("mirror.www.include", " keep me ")
                .with("mirror.www.filter-from", "rules");

        assertThat(configuration.target().filter()).containsExactly(HOLDING,
                "- /cache/", "include *.html", "exclude *.tmp", "+ a # b ", "+ keep me", "- .git/", "- *.swp");
    }

    @ParameterizedTest
    @CsvSource({"source/state,- /state/", "source/a b/state,- /a b/state/", "source/x[1]*/st\\ate,- /x\\[1]\\*/st\\\\ate/",
            "source/st\\ate,- /st\\ate/"})
    void a_state_folder_in_the_source_is_left_out_before_all_else(String state, String rule) throws Exception {
        configuration.with("dromedary.state-dir", state).with("mirror.www.include", "*");

        assertThat(configuration.target().filter()).containsExactly(rule, HOLDING, "+ *");
    }

    @Test
    void a_pair_meets_in_a_folder_or_by_a_bean() throws Exception {
        assertThat(configuration.read().pair()).isNull();

        assertThat(configuration.with("dromedary.pair", dir.toString()).read().pair()).isEqualTo(new PairOptions(dir, null));
        assertThat(configuration.with("dromedary.pair", "#cluster").read().pair()).isEqualTo(new PairOptions(null, "cluster"));
    }

    @Test
    void a_folder_of_a_pair_in_the_source_is_left_out_too() throws Exception {
        configuration.folder("source/.pair");
        configuration.with("dromedary.pair", "source/.pair").with("dromedary.state-dir", "source/state");

        assertThat(configuration.target().filter()).containsExactly("- /state/", "- /.pair/", HOLDING);
    }

    @Test
    void a_state_folder_in_the_source_is_seen_through_a_link() throws Exception {
        Files.createSymbolicLink(dir.resolve("link"), dir.resolve("source"));
        configuration.with("mirror.www.source", "link").with("dromedary.state-dir", "source/.state");

        assertThat(configuration.mirror().source()).isEqualTo(dir.resolve("link"));
        assertThat(configuration.target().filter()).containsExactly("- /.state/", HOLDING);
    }

    @Test
    void a_mirrors_password_file_is_for_its_daemons_only() throws Exception {
        Path password = configuration.password("p", "rw-------");
        configuration.with("mirror.www.password-file", "p").with("mirror.www.ssh-options", "-i key")
                .with("mirror.www.target.dr.url", "dr:/data").with("mirror.www.target.nas.url", "nas::data");

        assertThat(configuration.mirror().targets()).extracting(Target::passwordFile).containsExactly(null, null, password);
        assertThat(configuration.mirror().targets()).extracting(Target::sshOptions).containsExactly("", "-i key", "");
    }

    @Test
    void defaults_are_those_that_are_documented() throws Exception {
        for (TargetKey option : TargetKey.values()) {
            if (option.defaultText() != null) {
                Target bare = new Configuration(dir).target();
                Target told = new Configuration(dir).with("mirror.www." + option.key(), option.defaultText()).target();

                assertThat(told).as(option.key()).isEqualTo(bare);
            }
        }
    }
}
