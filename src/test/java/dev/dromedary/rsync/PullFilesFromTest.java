package dev.dromedary.rsync;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.dromedary.backlog.BacklogEndpoint;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.filter.FilterRules;
import dev.dromedary.source.SourceGuard;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static dev.dromedary.change.Extent.ENTRY;
import static dev.dromedary.change.Extent.LEAF;
import static dev.dromedary.change.Extent.LEVEL;
import static dev.dromedary.change.Extent.TREE;
import static org.assertj.core.api.Assertions.assertThat;

class PullFilesFromTest {

    @TempDir
    private Path folder;
    private final ChangeSet changes = new ChangeSet();
    private final Exchange exchange = new DefaultExchange(new DefaultCamelContext());

    @Test
    void just_what_lies_directly_in_a_folder_is_listed_with_a_slash() throws IOException {
        changes.add("a", TREE);
        changes.add("b", LEVEL);
        changes.add("c", LEAF);
        changes.add("d/e", ENTRY);

        assertThat(list()).containsExactlyInAnyOrder("./a", "./b/", "./c", "./d/e");
    }

    @Test
    void below_a_link_here_nothing_is_listed_and_what_has_its_name_is_owed_once_more() throws IOException {
        Files.createSymbolicLink(folder.resolve("link"), Path.of("elsewhere"));
        changes.add("link/a/b", ENTRY);
        changes.add("link", LEVEL);
        changes.add("c", ENTRY);

        assertThat(list()).containsExactly("./c");
        ChangeSet instead = exchange.getProperty(BacklogEndpoint.INSTEAD, ChangeSet.class);
        assertThat(instead.pendingAt("link").size()).isEqualTo(1);
        assertThat(instead.pendingAt("c").isEmpty()).isTrue();
    }

    @Test
    void what_is_left_out_is_not_listed() throws IOException {
        changes.add("a/x.swp", ENTRY);
        changes.add(".git/config", ENTRY);
        changes.add("a/x", ENTRY);

        assertThat(list("- *.swp", "- .git/")).containsExactly("./a/x");
    }

    /** rsync holds what is gone for a file when it looks at the rules, and would leave a folder there. */
    @Test
    void where_the_rules_depend_on_what_it_is_the_folder_of_it_is_compared() throws IOException {
        Files.createDirectory(folder.resolve("album"));
        Files.createFile(folder.resolve("cache"));
        changes.add("album", LEAF);
        changes.add("cache", LEAF);
        changes.add("new", LEAF);

        assertThat(list("- cache/", "+ */", "- album")).containsExactlyInAnyOrder("./album", "./cache", "./new");
        ChangeSet compared = exchange.getProperty(BacklogEndpoint.COMPARED, ChangeSet.class);
        assertThat(compared.pendingAt("").size()).isEqualTo(1);
    }

    private List<String> list(String... rules) throws IOException {
        byte[] list = new PullFilesFrom(new SourceGuard(folder, null), FilterRules.of(List.of(rules)),
                new ReceiverState("t/a", RsyncVersion.parse("rsync  version 3.5.0  protocol version 32")), new OverlongPaths(), false)
                .list(changes, exchange);
        return List.of(new String(list, StandardCharsets.ISO_8859_1).split("\0"));
    }
}
