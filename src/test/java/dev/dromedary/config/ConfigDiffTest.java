package dev.dromedary.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ConfigDiffTest {

    @TempDir
    Path dir;
    private Configuration configuration;
    private Settings before;

    @BeforeEach
    void two_mirrors() throws Exception {
        configuration = new Configuration(dir).with("mirror.www.target.other.url", "other").with("mirror.mail.source", "mail")
                .with("mirror.mail.target.backup.url", "backup");
        configuration.folder("mail");
        before = configuration.read();
    }

    private ConfigDiff with(String key, String value) throws ConfigurationException {
        return ConfigDiff.of(before, configuration.with(key, value).read());
    }

    private static ConfigDiff.OfMirror only(ConfigDiff difference) {
        assertThat(difference.mirrors()).hasSize(1);
        return difference.mirrors().get(0);
    }

    private static List<String> names(List<Target> targets) {
        return targets.stream().map(Target::name).toList();
    }

    @Test
    void what_is_the_same_is_left_alone() throws Exception {
        ConfigDiff none = with("mirror.www.window", "20ms");

        assertThat(none.mirrors()).isEmpty();
        assertThat(none.unchanged()).isEqualTo(3);
        assertThat(none.added()).isEmpty();
        assertThat(none.removed()).isEmpty();
        assertThat(none.changed()).isEmpty();
    }

    @Test
    void a_target_that_is_new_concerns_no_other() throws Exception {
        ConfigDiff difference = with("mirror.www.target.new.url", "new");

        assertThat(difference.added()).containsExactly("www/new");
        assertThat(difference.unchanged()).isEqualTo(3);
        assertThat(only(difference).watchedOtherwise()).isFalse();
        assertThat(names(only(difference).beginning())).containsExactly("new");
        assertThat(only(difference).ending()).isEmpty();
        assertThat(only(difference).comparing()).isEmpty();
    }

    @Test
    void one_that_gets_releases_in_place_of_a_live_tree_is_another_one() throws Exception {
        ConfigDiff difference = with("mirror.www.target.other.releases", "3");

        assertThat(difference.changed()).containsExactly("www/other");
        assertThat(names(only(difference).leaving())).containsExactly("other");
        assertThat(names(only(difference).comparing())).containsExactly("other");
    }

    @Test
    void another_time_without_a_change_leaves_a_target_where_it_is() throws Exception {
        before = configuration.with("mirror.www.target.other.releases", "3").read();

        ConfigDiff difference = with("mirror.www.target.other.quiet", "1m");

        assertThat(difference.changed()).containsExactly("www/other");
        assertThat(only(difference).leaving()).isEmpty();
        assertThat(only(difference).comparing()).isEmpty();
    }

    @Test
    void somebody_else_is_told_and_no_target_notices() throws Exception {
        ConfigDiff difference = with("mirror.www.arrived-everywhere", "log:everywhere");

        assertThat(only(difference).toldOtherwise()).isTrue();
        assertThat(only(difference).watchedOtherwise()).isFalse();
        assertThat(only(difference).ending()).isEmpty();
    }

    @Test
    void a_target_that_is_gone_concerns_no_other() throws Exception {
        ConfigDiff difference = ConfigDiff.of(before, configuration.without("mirror.www.target.other.url").read());

        assertThat(difference.removed()).containsExactly("www/other");
        assertThat(difference.unchanged()).isEqualTo(2);
        assertThat(only(difference).watchedOtherwise()).isFalse();
        assertThat(names(only(difference).ending())).containsExactly("other");
        assertThat(names(only(difference).leaving())).containsExactly("other");
        assertThat(only(difference).beginning()).isEmpty();
    }

    @Test
    void an_option_of_one_target_concerns_no_other_and_what_it_is_owed_stays() throws Exception {
        ConfigDiff difference = with("mirror.www.target.backup.bandwidth-limit", "1m");

        assertThat(difference.changed()).containsExactly("www/backup");
        assertThat(difference.unchanged()).isEqualTo(2);
        assertThat(only(difference).watchedOtherwise()).isFalse();
        assertThat(names(only(difference).beginning())).containsExactly("backup");
        assertThat(only(difference).leaving()).isEmpty();
        assertThat(only(difference).comparing()).isEmpty();
    }

    @Test
    void a_target_that_is_elsewhere_is_another_one_and_is_compared() throws Exception {
        ConfigDiff difference = with("mirror.www.target.backup.url", "elsewhere");

        assertThat(difference.changed()).containsExactly("www/backup");
        assertThat(names(only(difference).leaving())).containsExactly("backup");
        assertThat(names(only(difference).comparing())).containsExactly("backup");
    }

    @ParameterizedTest
    @CsvSource({"window, 10ms, true", "window, 50ms, false", "exclude, *.tmp, true", "max-delay, 5s, true", "max-delay, 20s, false",
        "poll, 10s, true", "max-delete, 7, true", "rsync-options, -L, true", "rsync-options, -z, false", "retries, 9, false"})
    void what_holds_for_the_watch_has_it_begin_anew_and_no_other_target(String option, String value, boolean anew) throws Exception {
        ConfigDiff difference = with("mirror.www.target.backup." + option, value);

        assertThat(only(difference).watchedOtherwise()).isEqualTo(anew);
        assertThat(names(only(difference).beginning())).containsExactly("backup");
        assertThat(difference.unchanged()).isEqualTo(2);
    }

    @Test
    void another_way_to_watch_ends_no_target() throws Exception {
        ConfigDiff difference = with("mirror.www.watch", "inotify");

        assertThat(difference.changed()).containsExactly("www/backup", "www/other");
        assertThat(only(difference).watchedOtherwise()).isTrue();
        assertThat(only(difference).anew()).isFalse();
        assertThat(only(difference).ending()).isEmpty();
    }

    @Test
    void another_source_is_another_mirror() throws Exception {
        configuration.folder("second");
        ConfigDiff difference = with("mirror.www.source", "second");

        assertThat(difference.changed()).containsExactly("www/backup", "www/other");
        assertThat(difference.unchanged()).isEqualTo(1);
        assertThat(only(difference).anew()).isTrue();
        assertThat(names(only(difference).leaving())).containsExactly("backup", "other");
        assertThat(names(only(difference).comparing())).containsExactly("backup", "other");
    }

    @Test
    void a_mirror_comes_and_another_goes() throws Exception {
        configuration.folder("third");
        ConfigDiff difference = ConfigDiff.of(before, configuration.without("mirror.mail.source").without("mirror.mail.target.backup.url")
                .with("mirror.third.source", "third").with("mirror.third.target.backup.url", "third-backup").read());

        assertThat(difference.added()).containsExactly("third/backup");
        assertThat(difference.removed()).containsExactly("mail/backup");
        assertThat(difference.unchanged()).isEqualTo(2);
        assertThat(difference.mirrors()).allMatch(ConfigDiff.OfMirror::anew);
    }

    @Test
    void the_order_of_targets_is_no_difference() throws IOException, ConfigurationException {
        Configuration turned = new Configuration(dir).without("mirror.www.target.backup.url").with("mirror.mail.target.backup.url", "backup")
                .with("mirror.mail.source", "mail").with("mirror.www.target.other.url", "other").with("mirror.www.target.backup.url", "target");

        assertThat(ConfigDiff.of(before, turned.read()).mirrors()).isEmpty();
    }
}
