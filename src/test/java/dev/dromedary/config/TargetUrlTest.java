package dev.dromedary.config;

import java.nio.file.Files;
import java.nio.file.Path;

import dev.dromedary.config.TargetUrl.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class TargetUrlTest {

    private static final Path WORK = Path.of("/work dir");

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            rsync://host/module                   | DAEMON |       | host        |      | module           | rsync://host/module/
            rsync://host/module/                  | DAEMON |       | host        |      | module           | rsync://host/module/
            RSYNC://me@host:8873/module/a b/c//   | DAEMON | me    | host        | 8873 | module/a b/c     | rsync://me@host:8873/module/a b/c/
            rsync://me@[2001:db8::1]:8873/mod/p   | DAEMON | me    | 2001:db8::1 | 8873 | mod/p            | rsync://me@[2001:db8::1]:8873/mod/p/
            rsync://a@b@host/module               | DAEMON | a@b   | host        |      | module           | rsync://a@b@host/module/
            me@host::module                       | DAEMON | me    | host        |      | module           | rsync://me@host/module/
            host::module/a/b/                     | DAEMON |       | host        |      | module/a/b       | rsync://host/module/a/b/
            me@[::1]::module/p                    | DAEMON | me    | ::1         |      | module/p         | rsync://me@[::1]/module/p/
            ssh://host/data                       | SSH    |       | host        |      | /data            | host:/data/
            ssh://me@host:2222/data/www/          | SSH    | me    | host        | 2222 | /data/www        | me@host:/data/www/
            ssh://me@[fe80::1%eth0]:2222/data     | SSH    | me    | fe80::1%eth0| 2222 | /data            | me@[fe80::1%eth0]:/data/
            ssh://host/                           | SSH    |       | host        |      | /                | host:/
            me@host:/data/www                     | SSH    | me    | host        |      | /data/www        | me@host:/data/www/
            host:/data/my files/                  | SSH    |       | host        |      | /data/my files   | host:/data/my files/
            me@[::1]:/data                        | SSH    | me    | ::1         |      | /data            | me@[::1]:/data/
            192.168.31.95:/data                   | SSH    |       | 192.168.31.95 |    | /data            | 192.168.31.95:/data/
            /data/www                             | LOCAL  |       |             |      | /data/www        | /data/www/
            /data//./www/                         | LOCAL  |       |             |      | /data/www        | /data/www/
            /data/a:b                             | LOCAL  |       |             |      | /data/a:b        | /data/a:b/
            ./target                              | LOCAL  |       |             |      | /work dir/target | /work dir/target/
            target                                | LOCAL  |       |             |      | /work dir/target | /work dir/target/
            ./a:b                                 | LOCAL  |       |             |      | /work dir/a:b    | /work dir/a:b/
            ../target                             | LOCAL  |       |             |      | /target          | /target/
            /                                     | LOCAL  |       |             |      | /                | /
            """)
    void every_form_of_a_target_is_known(
            String text, Kind kind, String user, String host, Integer port, String path, String destination) {
        TargetUrl url = TargetUrl.parse(text, WORK);

        assertThat(url).isEqualTo(new TargetUrl(kind, user, host, port, path, text));
        assertThat(url.destination()).isEqualTo(destination);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                        | it is empty
            http://host/path          | cannot be reached by http://
            file:///data              | cannot be reached by file://
            rsync://host              | module is missing
            rsync://host/             | module is missing
            rsync:///module           | host is missing
            rsync://host:0/module     | port "0"
            rsync://host:65536/module | port "65536"
            rsync://host:ssh/module   | port "ssh"
            rsync://host:/module      | port ""
            rsync://::1/module        | port ":1"
            rsync://[::1/module       | cannot be read
            rsync://[host]/module     | host "[host]"
            rsync://me:pw@host/module | password does not belong here
            rsync://@host/module      | user ""
            ssh://-oProxyCommand=x/p  | host "-oProxyCommand=x"
            -oProxyCommand=x:/p       | host "-oProxyCommand=x"
            -l@host:/p                | user "-l"
            ho st:/path               | host "ho st"
            ssh://host                | path is not absolute
            ssh://host:22             | path is not absolute
            host:path                 | path is not absolute
            host:                     | path is not absolute
            host::                    | module is missing
            :/path                    | host is missing
            a[b]:/path                | form is not known
            ~/backup                  | ~ is not known
            /it's "here"              | both ' and "
            /data/{{name}}            | {{ or }}
            host:/data/}}             | {{ or }}
            """)
    void a_target_that_is_none_is_refused_with_the_forms_that_are_known(String text, String problem) {
        assertThatIllegalArgumentException().isThrownBy(() -> TargetUrl.parse(text, WORK))
                .withMessageContaining(problem)
                .withMessageContaining("rsync://[user@]host[:port]/module[/path], user@host::module[/path], "
                        + "ssh://[user@]host[:port]/path, user@host:/path and /local/path");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/da\nta", "host:/da\0ta", "rsync://host/mod\u007f/a"})
    void a_target_with_a_control_character_is_refused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> TargetUrl.parse(text, WORK))
                .withMessageContaining("control character");
    }

    @Test
    void a_line_separator_does_not_make_a_host_of_a_scheme() {
        assertThat(TargetUrl.parse("rsync://host/mod/a\u2028b", WORK).kind()).isEqualTo(Kind.DAEMON);
    }

    @Test
    void one_kind_of_quotation_mark_is_fine() {
        assertThat(TargetUrl.parse("/it's here", WORK).path()).isEqualTo("/it's here");
    }

    @Test
    void two_dots_behind_a_link_lead_where_the_system_goes(@TempDir Path dir) throws Exception {
        Path real = dir.toRealPath();
        Files.createDirectories(real.resolve("deep/down"));
        Files.createSymbolicLink(real.resolve("link"), real.resolve("deep/down"));

        assertThat(TargetUrl.parse("link/../target", real).path()).isEqualTo(real + "/deep/target");
    }
}
