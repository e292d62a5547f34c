package dev.dromedary.hosts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.dromedary.config.HostSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Who names hosts, and what is no answer. */
class HostLookupTest {

    @TempDir
    Path folder;

    private static List<String> exec(String command) throws IOException, InterruptedException {
        return HostLookup.ask(new HostSource(HostSource.Kind.EXEC, command));
    }

    @Test
    void an_answer_has_hosts_in_words_and_lines() throws IOException {
        assertThat(HostLookup.read("# two\nweb1 web2.example.com\r\n\n 10.0.0.1 # the third\nfd00::1\nweb1\n"))
                .containsExactly("web1", "web2.example.com", "10.0.0.1", "fd00::1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        ''              | the answer names no host
        '# nobody'      | the answer names no host
        <html>          | is neither the name of a host nor an address
        -oProxyCommand  | is neither the name of a host nor an address
        ../etc          | is neither the name of a host nor an address
        a.b a-b         | a.b and a-b would both be the target a-b
        """)
    void what_is_no_list_of_hosts_is_no_answer(String answer, String why) {
        assertThatThrownBy(() -> HostLookup.read(answer)).isInstanceOf(IOException.class).hasMessageContaining(why);
    }

    @Test
    void a_command_is_believed_only_if_it_ends_well() throws Exception {
        assertThat(exec("printf 'web1\\nweb2\\n'; echo nothing >&2")).containsExactly("web1", "web2");
        assertThatThrownBy(() -> exec("echo web1; echo 'no cluster' >&2; exit 3")).isInstanceOf(IOException.class)
                .hasMessage("it ended with 3: no cluster");
        assertThatThrownBy(() -> exec("true")).isInstanceOf(IOException.class).hasMessage("the answer names no host");
    }

    @Test
    void a_file_and_the_dns_are_asked() throws Exception {
        Path file = Files.writeString(folder.resolve("hosts"), "web1\n");

        assertThat(HostLookup.ask(new HostSource(HostSource.Kind.FILE, file.toString()))).containsExactly("web1");
        assertThat(HostLookup.ask(new HostSource(HostSource.Kind.DNS, "localhost"))).contains("127.0.0.1");
        Files.delete(file);
        assertThatThrownBy(() -> HostLookup.ask(new HostSource(HostSource.Kind.FILE, file.toString()))).hasMessage("there is no such file");
        assertThatThrownBy(() -> HostLookup.ask(new HostSource(HostSource.Kind.DNS, "nowhere.invalid")))
                .hasMessage("the DNS has no address of that name");
    }
}
