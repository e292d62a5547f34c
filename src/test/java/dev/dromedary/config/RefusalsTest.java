package dev.dromedary.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

class RefusalsTest {

    @TempDir
    Path dir;
    private Configuration configuration;

    @BeforeEach
    void a_good_configuration() throws IOException {
        configuration = new Configuration(dir);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            mirror.www.widnow,                   mirror.www.window
            mirror.www.sorce,                    mirror.www.source
            mirror.www.Exclude,                  mirror.www.exclude
            mirror.www.target.backup.wndow,      mirror.www.target.backup.window
            mirror.www.target.backup.passwordfile, mirror.www.target.backup.password-file
            mirror.www.targt.backup.url,         mirror.www.target.backup.url
            mirror.www.target.backup.url.x,      mirror.www.target.backup.url
            dromedary.statedir,                  dromedary.state-dir
            dromedary.maxruns,                   dromedary.max-runs
            dromedary.pairs,                     dromedary.pair
            dromedary.transferlog,               dromedary.transfer-log
            dromedary.relaod,                    dromedary.reload
            """)
    void a_misspelt_key_is_refused_with_the_nearest_one(String key, String nearest) {
        assertThat(configuration.with(key, "50ms").told())
                .containsExactly(key + " = 50ms: this key is not known; did you mean " + nearest + "?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "", "0", "1", "1000k", "-1m", "100 m", "OFF"})
    void a_transfer_log_that_is_too_small_or_no_size_is_refused(String value) {
        assertThat(configuration.with("dromedary.transfer-log", value).told()).singleElement().asString()
                .contains("this is neither a size of 1m or more nor off; write how much room it may take, such as 100m");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            mirror.www                    | names a mirror, but no option of it; write mirror.www.<option>
            mirror.www.target             | does not name an option of a target; write mirror.www.target.<target>.url
            mirror.www.target.backup      | does not name an option of a target; write mirror.www.target.backup.url
            mirror.www.target.url         | does not name the target; write mirror.www.target.<target>.url
            mirror.www.url                | each of its targets has one; write mirror.www.target.<target>.url
            mirror.www.target.backup.source | its mirror has one; write mirror.www.source
            """)
    void a_key_that_is_not_whole_is_refused(String key, String text) {
        assertThat(configuration.with(key, "x").told()).singleElement().asString().startsWith(key + " = x: ").contains(text);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            mirror.my site.window,             "my site" cannot be the name of a mirror
            mirror..window,                    "" cannot be the name of a mirror
            mirror.münchen.window,             "münchen" cannot be the name of a mirror
            mirror.www.target.a/b.window,      "a/b" cannot be the name of a target
            """)
    void a_name_has_letters_digits_and_two_signs_only(String key, String text) {
        assertThat(configuration.with(key, "1s").told())
                .containsExactly(key + " = 1s: " + text + "; a name has letters, digits, - and _ only");
    }

    @Test
    void a_name_is_refused_once() {
        configuration.with("mirror.my site.source", "source").with("mirror.my site.target.x.url", "x");

        assertThat(configuration.faults()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            window             | fast         | not a duration
            window             | -50ms        | not a duration
            window             | -1           | too short; write 0ms or more
            window             | 1.5s         | not a duration
            window             | 5s later     | not a duration
            window             | 10 s         | not a duration
            window             | 99999999999d | not a duration
            window             | ``           | not a duration
            max-delay          | 999ms        | too short; write 1s or more
            timeout            | 0            | too short; write 1s or more
            retry-delay        | 0            | too short; write 1ms or more
            replay             | 500ms        | too short; write 1s or more
            replay             | often        | not a duration
            replay             | 0 0 25 * * ? | not a Quartz cron expression: Hour values must be between 0 and 23; write a
            reconcile          | nightly      | not a Quartz cron expression: Illegal
            reconcile          | 0 3 * * *    | not a Quartz cron expression: Unexpected end of expression; write a
            reconcile          | 0 0 0 1 1 ? 2001 | that time never comes
            delete             | yes          | none of true, false, live and reconcile
            hard-links         | true         | neither follow nor ignore
            reconcile-on-start | 1            | neither true nor false
            retries            | -1           | not a number of 0 or more
            retries            | three        | not a number of 0 or more
            max-delete         | -1           | not a number of 0 or more
            max-delete         | 99999999999  | not a number of 0 or more
            last               | ,            | there is no pattern
            max-change         | some         | neither a number of files nor a percentage
            max-change         | 0%           | neither a number of files nor a percentage
            max-change         | 100%         | neither a number of files nor a percentage
            max-change         | -1           | neither a number of files nor a percentage
            bandwidth-limit    | fast         | not a bandwidth
            bandwidth-limit    | -5           | not a bandwidth
            bandwidth-limit    | 5x           | not a bandwidth
            before             | hello        | not a Camel endpoint
            after              | direct:      | not a Camel endpoint
            on-failure         | :x           | not a Camel endpoint
            lag-alarm          | soon         | not a duration
            lag-alarm          | 100ms        | too short
            filter-from        | nowhere      | DIR/nowhere cannot be read
            exclude            | `a
            + b`               | control character
            """)
    void a_value_that_means_nothing_is_refused(String option, String value, String text) {
        for (String key : new String[] {"mirror.www." + option, "mirror.www.target.backup." + option}) {
            configuration.with(key, value);
            assertThat(configuration.faults()).singleElement()
                    .satisfies(fault -> assertThat(fault.key()).isEqualTo(key))
                    .satisfies(fault -> assertThat(fault.value()).isEqualTo(value));
            assertThat(configuration.told().get(0)).contains(text);
            configuration.without(key);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            releases      | 0         | not a number of 1 to 9999
            releases      | many      | not a number of 1 to 9999
            quiet         | 50ms      | too short
            delete        | false     | set delete = true
            delete        | live      | set delete = true
            max-delete    | 5         | this is without use where there are releases
            large-file    | 1g        | this is without use where there are releases
            first-run     | delete    | this is without use where there are releases
            warm          | off       | this is without use where there are releases
            max-backlog   | 10        | this is without use where there are releases
            last          | *.html    | this is without use where there are releases
            max-change    | 5%        | a release is not counted before it is shown
            hooks-hold    | true      | set hooks-hold = false
            rsync-options | -z --inplace | which share their files with the next one
            """)
    void what_makes_no_sense_with_releases_is_refused(String option, String value, String text) {
        configuration.with("mirror.www.target.backup.releases", "5").with("mirror.www.target.backup." + option, value);

        assertThat(configuration.told()).singleElement().asString().startsWith("mirror.www.target.backup." + option + " = " + value + ": ")
                .contains(text);
    }

    @Test
    void quiet_is_for_those_that_get_releases() {
        assertThat(configuration.with("mirror.www.target.backup.quiet", "5s").told()).singleElement().asString()
                .contains("this is without use at a target that gets no releases");
        configuration.without("mirror.www.target.backup.quiet");
        assertThat(configuration.with("mirror.www.quiet", "5s").told()).singleElement().asString()
                .contains("no target of the mirror www gets releases");
    }

    @Test
    void who_is_told_of_what_is_everywhere_is_an_endpoint_and_a_matter_of_the_mirror() {
        assertThat(configuration.with("mirror.www.arrived-everywhere", "hello").told()).containsExactly("mirror.www.arrived-everywhere = hello:"
                + " this is not a Camel endpoint; write its URI, such as direct:purge or log:mirror");
        configuration.without("mirror.www.arrived-everywhere");
        assertThat(configuration.with("mirror.www.target.backup.arrived-everywhere", "log:x").told().get(0))
                .contains("a target has no arrived-everywhere, its mirror has one");
    }

    @Test
    void a_source_is_watched_by_what_there_is() {
        assertThat(configuration.with("mirror.www.watch", "fannotify").told())
                .containsExactly("mirror.www.watch = fannotify: this is none of auto, inotify, fanotify; did you mean fanotify?");
        configuration.without("mirror.www.watch");
        assertThat(configuration.with("mirror.www.target.backup.watch", "auto").told())
                .containsExactly("mirror.www.target.backup.watch = auto: a target has no watch, its mirror has one; write mirror.www.watch");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "500", "500k", "1.5m", ".5m", "2MB", "2MiB", "1000b", "1G"})
    void every_bandwidth_of_rsync_is_taken(String limit) throws Exception {
        assertThat(configuration.with("mirror.www.bandwidth-limit", limit).target().bandwidthLimit()).isEqualTo(limit);
    }

    @Test
    void a_mirrors_bad_value_is_told_even_if_every_target_has_its_own() {
        configuration.with("mirror.www.window", "fast").with("mirror.www.target.backup.window", "1s");

        assertThat(configuration.faults()).extracting(ConfigFault::key).containsExactly("mirror.www.window");
    }

    @Test
    void everything_is_told_at_once() {
        configuration.with("mirror.www.source", "nowhere").with("mirror.www.target.backup.url", "http://x/")
                .with("mirror.www.widnow", "1").with("mirror.www.delete", "no").with("mirror.www.target.dr.window", "-")
                .with("mirror.db.source", "source").with("dromedary.x", "1").with("dromedary.state-dir", "");

        assertThat(configuration.faults()).extracting(ConfigFault::key).containsExactlyInAnyOrder(
                "mirror.www.source", "mirror.www.target.backup.url", "mirror.www.widnow", "mirror.www.delete",
                "mirror.www.target.dr.url", "mirror.www.target.dr.window", "mirror.db.target.<target>.url", "dromedary.x",
                "dromedary.state-dir");
    }

    @Test
    void nothing_to_mirror_is_refused() {
        configuration.without("mirror.www.source").without("mirror.www.target.backup.url");

        assertThat(configuration.told()).singleElement().asString().contains("there is no mirror");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  "})
    void a_mirror_without_a_source_is_refused(String source) {
        assertThat(configuration.with("mirror.www.source", source).told()).containsExactly(
                "mirror.www.source: the mirror www has no source; name the folder to be mirrored");
    }

    @Test
    void a_mirror_without_targets_and_a_target_without_a_url_are_refused() throws Exception {
        configuration.with("mirror.db.source", "source").with("mirror.www.target.dr.window", "1s");

        assertThat(configuration.faults()).extracting(ConfigFault::key, ConfigFault::problem).containsExactly(
                tuple("mirror.www.target.dr.url", "the target dr has no url"),
                tuple("mirror.db.target.<target>.url", "the mirror db has no target"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nowhere   | does not exist
            file      | is not a folder
            file/x    | does not exist
            {{here}}  | {{ or }}
            a'b"c     | both ' and "
            a)&b      | holds )&
            a%20b     | holds )& or % and two digits
            """)
    void a_source_that_cannot_be_mirrored_is_refused(String source, String text) throws Exception {
        configuration.file("file", "");

        assertThat(configuration.with("mirror.www.source", source).told()).singleElement().asString()
                .startsWith("mirror.www.source = " + source + ": ").contains(text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            publish   | www                                | this is not the endpoint of a topic
            publish   | log:x                              | this is not the endpoint of a topic
            subscribe | kafka:www?brokers=h:1              | has no groupId
            """)
    void a_topic_that_is_none_is_refused(String key, String uri, String text) {
        assertThat(configuration.with("mirror.www." + key, uri).told()).anySatisfy(told ->
                assertThat(told).startsWith("mirror.www." + key + " = " + uri + ": ").contains(text));
    }

    @Test
    void an_agent_that_does_not_say_what_it_pulls_and_whither_is_refused() {
        configuration.with("mirror.www.subscribe", "kafka:www?groupId=a").with("mirror.www.target.other.url", "elsewhere")
                .with("mirror.www.poll", "1m");

        assertThat(configuration.told()).containsExactlyInAnyOrder(
                "mirror.www.poll = 1m: this is without use where a folder is pulled; leave it out",
                "mirror.www.source = source: a mirror that subscribes pulls from another machine; say where it is pulled from, such as"
                        + " rsync://host/module/, or leave mirror.www.subscribe out",
                "mirror.www.target.<target>.url: a mirror that subscribes has one target, and this one has 2; name the folder that it"
                        + " pulls into");
    }

    @Test
    void what_needs_the_source_at_hand_is_refused_where_it_is_pulled_or_published() {
        configuration.with("mirror.www.subscribe", "kafka:www?groupId=a").with("mirror.www.source", "rsync://h/www")
                .with("mirror.www.last", "index.html").with("mirror.www.target.backup.max-change", "5%");
        assertThat(configuration.told()).containsExactlyInAnyOrder(
                "mirror.www.last = index.html: what is pulled has no order: the source goes on changing while it is read from here; leave it"
                        + " out, and mirror to this machine from where the source is",
                "mirror.www.target.backup.max-change = 5%: what is pulled is not counted before; leave it out; max-delete works here too");
    }

    @Test
    void what_is_published_is_neither_ordered_nor_counted() {
        configuration.with("mirror.www.publish", "kafka:www").with("mirror.www.last", "index.html").with("mirror.www.max-change", "5%");
        assertThat(configuration.told()).hasSize(2).allSatisfy(told -> assertThat(told).contains("mirror.www.target.<target>."));

        configuration.with("mirror.www.last", null).with("mirror.www.max-change", null).with("mirror.www.target.backup.last", "index.html");
        assertThat(configuration.told()).isEmpty();
    }

    @Test
    void an_agent_pulls_into_a_folder_of_its_own() {
        configuration.with("mirror.www.subscribe", "kafka:www?groupId=a").with("mirror.www.source", "rsync://h/www")
                .with("mirror.www.target.backup.url", "rsync://h/elsewhere");
        assertThat(configuration.told()).containsExactly("mirror.www.target.backup.url = rsync://h/elsewhere: a mirror that subscribes"
                + " pulls into a folder of this machine; name one");

        configuration.with("mirror.www.target.backup.url", "here").with("mirror.db.subscribe", "kafka:www?groupId=a")
                .with("mirror.db.source", "rsync://h/db").with("mirror.db.target.backup.url", "here/below");
        assertThat(configuration.told()).singleElement().asString().contains("this lies inside the target www/backup");
    }

    @Test
    void the_name_of_what_is_published_is_taken() {
        assertThat(configuration.with("mirror.www.publish", "kafka:www").with("mirror.www.target.topic.url", "elsewhere").told())
                .containsExactly("mirror.www.target.topic.url = elsewhere: of this name is what mirror.www.publish publishes; give the"
                        + " target another name");
    }

    @Test
    void a_target_that_is_a_file_is_refused() throws Exception {
        configuration.file("file", "");

        assertThat(configuration.with("mirror.www.target.backup.url", "file").told())
                .containsExactly("mirror.www.target.backup.url = file: this is a file; name a folder");
    }

    @Test
    void a_target_of_an_unknown_form_is_refused_with_the_forms() {
        assertThat(configuration.with("mirror.www.target.backup.url", "http://x/y").told()).containsExactly(
                "mirror.www.target.backup.url = http://x/y: a target cannot be reached by http://; " + TargetUrl.FORMS);
    }

    @ParameterizedTest
    @CsvSource({"rw-r-----", "rw--w----", "rw----r--", "rw-----w-", "rw-rw-rw-"})
    void a_password_file_that_others_can_reach_is_refused(String mode) throws Exception {
        configuration.password("p", mode);
        configuration.with("mirror.www.target.backup.url", "host::data").with("mirror.www.target.backup.password-file", "p");

        assertThat(configuration.told()).containsExactly(
                "mirror.www.target.backup.password-file = p: DIR/p is open to other users; chmod 600 DIR/p");
    }

    @ParameterizedTest
    @CsvSource({"nowhere,does not exist", "source,is not a file", "'{{p}}',{{ or }}"})
    void a_password_file_that_is_none_is_refused(String file, String text) {
        configuration.with("mirror.www.target.backup.url", "host::data").with("mirror.www.target.backup.password-file", file);

        assertThat(configuration.told()).singleElement().asString().contains(text);
    }

    @Test
    void an_option_of_another_kind_of_target_is_refused() throws Exception {
        configuration.password("p", "rw-------");
        configuration.with("mirror.www.target.backup.password-file", "p").with("mirror.www.target.backup.ssh-options", "-4");

        assertThat(configuration.faults()).extracting(ConfigFault::problem).containsExactly(
                "this target is not reached by an rsync daemon", "this target is not reached by ssh");
    }

    @Test
    void a_filter_rule_that_is_none_is_refused_by_file_and_line() throws Exception {
        configuration.file("rules", "- ok\nmerge other\n-\n- \n-! x\n!\n *.swp\ninclude\n");
        configuration.with("mirror.www.filter-from", "rules");

        assertThat(configuration.told()).hasSize(7).allSatisfy(f -> assertThat(f).endsWith("write \"+ PATTERN\" or \"- PATTERN\""));
        assertThat(configuration.told().get(0)).startsWith("mirror.www.filter-from = rules: "
                + "line 2 of DIR/rules is not a rule of a mirror: merge other;");
    }

    @Test
    void a_filter_file_in_another_encoding_is_refused() throws Exception {
        Files.write(dir.resolve("rules"), "- münchen\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(configuration.with("mirror.www.filter-from", "rules").told()).singleElement().asString()
                .contains("DIR/rules: line 1 is not UTF-8; save it as UTF-8");
    }

    @Test
    void a_byte_order_mark_is_no_part_of_the_first_rule() throws Exception {
        configuration.file("rules", "\uFEFF- *.tmp\r\n+ /in\r\n");

        assertThat(configuration.with("mirror.www.filter-from", "rules").target().filter()).contains("- *.tmp", "+ /in");
    }

    @Test
    void a_byte_order_mark_in_a_password_file_is_refused() throws Exception {
        configuration.with("mirror.www.target.backup.url", "rsync://host/m")
                .with("mirror.www.target.backup.password-file", "pass");
        Path file = configuration.password("pass", "rw-------");
        assertThat(configuration.told()).isEmpty();
        for (String encoding : List.of("UTF-8", "UTF-16LE", "UTF-16BE")) {
            Files.write(file, "\uFEFFsecret\n".getBytes(encoding));

            assertThat(configuration.told()).singleElement().asString()
                    .contains("password-file = pass: DIR/pass begins with a byte order mark").doesNotContain("secret");
        }
        Files.writeString(file, "secret\r\n");
        assertThat(configuration.told()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"file,DIR/file is not a folder", "file/state,DIR/file is not a folder", "'{{x}}',{{ or }}", "'',no name"})
    void a_state_folder_that_cannot_be_made_is_refused(String state, String text) throws Exception {
        configuration.file("file", "");

        assertThat(configuration.with("dromedary.state-dir", state).told()).singleElement().asString()
                .startsWith("dromedary.state-dir = " + state + ": ").contains(text);
    }

    @ParameterizedTest
    @CsvSource({"nowhere,this folder does not exist", "file,this is not a folder", "'',the folder has no name", "'{{x}}',{{ or }}",
        "'#',this folder does not exist"})
    void a_folder_of_a_pair_that_is_not_there_is_refused_and_not_made(String folder, String text) throws Exception {
        configuration.file("file", "");

        assertThat(configuration.with("dromedary.pair", folder).told()).singleElement().asString()
                .startsWith("dromedary.pair = " + folder + ": ").contains(text);
        assertThat(dir.resolve("nowhere")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        targets-from = hosts                | this does not say who names the hosts; write file:PATH, dns:NAME or exec:COMMAND
        targets-from = dns:                 | this does not say who names the hosts
        targets-from = dns:a b              | this does not say who names the hosts
        targets-from = http://x             | this does not say who names the hosts
        forget = soon                       | this is not a duration
        target.*.url =                      | it does not say where the host belongs, so that all targets would be one
        target.*.url = rsync://host/m/      | it does not say where the host belongs, so that all targets would be one
        target.*.wndow = 1s                 | this key is not known; did you mean mirror.www.target.*.window?
        target.*.window = x                 | this is not a duration
        """)
    void targets_that_come_and_go_have_to_be_said_right(String line, String problem) {
        String[] parts = line.split(" = ?", 2);
        configuration.with("mirror.www.targets-from", "file:hosts").with("mirror.www.target.*.url", "rsync://{host}/m/");
        assertThat(configuration.told()).isEmpty();

        assertThat(configuration.with("mirror.www." + parts[0], parts[1]).told()).singleElement().asString()
                .startsWith("mirror.www." + parts[0]).contains(problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        forget       | 1h                | this is without use where no targets come and go; leave it out, or set mirror.www.targets-from
        target.*.url | rsync://{host}/m/ | nobody names the hosts that this is for; set mirror.www.targets-from
        targets-from | file:hosts        | it is not said where the targets of targets-from are; write one such as rsync://{host}/module/
        """)
    void one_half_of_targets_that_come_and_go_is_refused(String key, String value, String problem) {
        assertThat(configuration.with("mirror.www." + key, value).told()).singleElement().asString().contains(problem);
    }

    @Test
    void an_agent_has_no_targets_that_come_and_go() {
        configuration.with("mirror.www.source", "rsync://host/m/").with("mirror.www.subscribe", "kafka:t?brokers=b:1&groupId=g")
                .with("mirror.www.targets-from", "file:hosts");

        assertThat(configuration.told()).singleElement().asString().contains("an agent pulls into one folder, so no targets come and go");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        rsync://host/m/ | mirror.www.target.backup.heal | this target is on another machine, where nothing can be watched from here; leave it out; an agent
        user@host:/w    | mirror.www.heal               | leave it out for this target: heal = false; an agent there can heal its folder
        """)
    void only_what_is_on_this_machine_heals(String url, String key, String problem) {
        configuration.with("mirror.www.target.backup.url", url);

        assertThat(configuration.with(key, "true").told()).singleElement().asString().startsWith(key + " = true: ").contains(problem);
    }

    @Test
    void what_gets_releases_does_not_heal() {
        configuration.with("mirror.www.target.backup.releases", "5").with("mirror.www.heal", "true");

        assertThat(configuration.told()).singleElement().asString().contains("a target with releases is no copy of the source");
    }

    @Test
    void a_null_value_is_an_empty_one() {
        assertThat(configuration.with("mirror.www.window", null).told()).singleElement().asString().contains("not a duration");
    }

    @Test
    void nothing_at_all_is_refused_in_words() {
        assertThat(catchThrowable(() -> Settings.read(Map.of(), dir)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("mirror.<mirror>.source: there is no mirror");
    }
}
