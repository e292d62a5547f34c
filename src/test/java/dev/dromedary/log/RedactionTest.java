package dev.dromedary.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.apache.camel.util.SensitiveUtils;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class RedactionTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            rsync://me:S3CRET@host/m                      | rsync://me:***@host/m
            rsync://:S3CRET@host/m                        | rsync://:***@host/m
            rsync://me%3AS3CRET@host/m                    | rsync://me%3A***@host/m
            rsync://me:a@S3CRET@host:873/m                | rsync://me:***@host:873/m
            rsync://me:a/S3CRET@host/m                    | rsync://me:***@host/m
            rsync://me:S3CRET@[::1]/m                     | rsync://me:***@[::1]/m
            smtp://me@example.org:S3CRET@mail.example.org | smtp://me@example.org:***@mail.example.org
            rsnyc://me:S3CRET@host/m                      | rsnyc://me:***@host/m
            me:S3CRET@host::m                             | me:***@host::m
            me:S3CRET@host:/m                             | me:***@host:/m
            me:S3CRET@host/m                              | me:***@host/m
            "url":"rsync://me:S3CRET@host/m"              | "url":"rsync://me:***@host/m"
            "a":"rsync:\\/\\/me:S3CRET@h","b":"x@y"       | "a":"rsync:\\/\\/me:***@h","b":"x@y"
            kafka:www?brokers=h:1&saslPassword=S3CRET&x=1 | kafka:www?brokers=h:1&saslPassword=***&x=1
            kaffka:www?passwrod=S3CRET                    | kaffka:www?passwrod=***
            kaffka:www?pasword=S3CRET                     | kaffka:www?pasword=***
            slack:x?webhookUrl=y&token=RAW(a&S3CRET)&z=1  | slack:x?webhookUrl=y&token=***&z=1
            x:y?clientSecret=RAW{S3CRET}                  | x:y?clientSecret=***
            RSYNC_PASSWORD=S3CRET rsync a b               | RSYNC_PASSWORD=*** rsync a b
            --password=S3CRET is not known                | --password=*** is not known
            required username="u" password="S3 CRET";     | required username="u" password=***;
            password = 'S3 CRET', and more                | password = ***, and more
            sshpass -p S3CRET ssh                         | sshpass -p *** ssh
            -esshpass -pS3CRET ssh                        | -esshpass -p*** ssh
            """)
    void a_secret_is_taken_out_of_a_text(String text, String shown) {
        assertThat(Redaction.of(text)).isEqualTo(shown);
        assertThat(Redaction.of("No such place: " + text)).isEqualTo("No such place: " + shown);
        assertThat(Redaction.of(shown)).as("once more").isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsync://host:873/m/a@b", "rsync://me@host:873/m/a@b", "ssh://me@host/a:b/c", "host:/a/b@c", "me@host::m/a@b",
        "rsync://me@[::1]:873/m/a@b", "2026-11-24 11:37:16.123 INFO  www/backup: live", "www/backup: could not be transferred, tell me@example.org",
        "mirror.www.target.a.password-file = /etc/web2.pass: it is open to other users; chmod 600 /etc/web2.pass",
        "--password-file=/etc/x", "passwordFile=/etc/x", "{\"at\":\"11:37:16\",\"to\":\"me@host\"}", "write them as user.NAME = PASSWORD", ""})
    void what_is_no_secret_stays(String text) {
        assertThat(Redaction.of(text)).isEqualTo(text);
    }

    @Test
    void a_value_is_known_to_end_where_it_ends() {
        assertThat(Redaction.ofValue("url", "rsync://me:S3 CRET/@host/m")).isEqualTo("rsync://me:***@host/m");
        assertThat(Redaction.ofValue("url", "me:S3 CRET@host::m")).isEqualTo("me:***@host::m");
        assertThat(Redaction.ofValue("publish", "kaffka:x?sasljaasconfig=a b=\"S3CRET\";&y=1")).isEqualTo("kaffka:x?sasljaasconfig=***&y=1");
        assertThat(Redaction.ofValue("mirror.t.target.a.pasword", "S3CRET")).isEqualTo("***");
        assertThat(Redaction.ofValue("mirror.t.target.a.password-file", "/etc/x")).isEqualTo("/etc/x");
        assertThat(Redaction.ofValue("url", "host:/a/b@c")).isEqualTo("host:/a/b@c");
        assertThat(Redaction.about("url", "rsync://me:S3 CRET@host", "its user \"S3 CRET\" is none")).isEqualTo("its user \"***\" is none");
    }

    @Test
    void every_name_that_camel_knows_as_a_secret_is_one() {
        assertThat(SensitiveUtils.getSensitiveKeys()).isNotEmpty().allSatisfy(name -> {
            assertThat(Redaction.of("Failed: kaffka:x?a=1&" + name + "=S3CRET&b=2")).isEqualTo("Failed: kaffka:x?a=1&" + name + "=***&b=2");
            assertThat(Redaction.ofValue("before", "kaffka:x?" + name + "=S3 CRET")).doesNotContain("S3").doesNotContain("CRET");
        });
    }

    @Property(tries = 300)
    void no_password_is_left_of_a_url(@ForAll @StringLength(min = 4, max = 20) @Chars({'a', 'Z', '/', '@', ':', '%', '"', '\'', '&', '?', '='})
            String password, @ForAll @AlphaChars @StringLength(min = 1, max = 9) String user) {
        String secret = "S3CRET" + password + "S3CRET";

        assertThat(Redaction.ofValue("url", "rsync://" + user + ':' + secret + "@host/m")).doesNotContain("S3CRET");
        assertThat(Redaction.about("url", "rsync://" + user + ':' + secret + "@host/m", "its host " + secret + " is none"))
                .doesNotContain("S3CRET");
    }

    @Property(tries = 300)
    void json_stays_json(@ForAll String text, @ForAll @AlphaChars String word) throws Exception {
        JsonObject json = new JsonObject();
        json.put("url", "rsync://me:" + word + "@host/m");
        json.put("message", word + "?password=" + word);
        json.put("more", text);

        assertThat(((JsonObject) Jsoner.deserialize(Redaction.of(json.toJson()))).keySet()).isEqualTo(json.keySet());
    }

    @Test
    void a_stream_is_redacted_line_by_line_and_byte_for_byte() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(new RedactedStream(out), false, StandardCharsets.UTF_8);
        stream.print("rsync://me:S3");
        assertThat(out.size()).isZero();
        stream.println("CRET@host/m, münchen");
        stream.write(new byte[] {(byte) 0xff, '\n'});
        stream.print("\ra bar");
        stream.flush();
        stream.write('x');
        stream.write('\n');

        byte[] written = out.toByteArray();
        byte[] first = "rsync://me:***@host/m, münchen\n".getBytes(StandardCharsets.UTF_8);
        assertThat(Arrays.copyOf(written, first.length)).isEqualTo(first);
        assertThat(Arrays.copyOfRange(written, first.length, written.length)).isEqualTo(
                new byte[] {(byte) 0xff, '\n', '\r', 'a', ' ', 'b', 'a', 'r', 'x', '\n'});
    }

    @Test
    void long_texts_take_no_time() {
        String names = "a".repeat(200_000);
        assertThat(Redaction.of(names + ":" + names + "=" + names)).hasSize(600_002);
        assertThat(Redaction.of("://" + "a:".repeat(2000))).isNotEmpty();
    }
}
