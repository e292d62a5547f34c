package dev.dromedary.topic;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.filter.FilterRules;
import dev.dromedary.testing.Sh;
import org.apache.camel.util.json.DeserializationException;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class TreeDigestTest {

    @TempDir
    Path dir;

    private Path source;
    private Path copy;

    @BeforeEach
    void folders() throws IOException {
        source = Files.createDirectory(dir.resolve("source"));
        copy = dir.resolve("copy");
        Sh.run(source, "mkdir -p a/sub b; echo 1 >a/sub/f; echo 1 >b/f; echo 1 >top; ln -s a link; echo 1 >\"$(printf 'n\\nl\\377')\"");
        Sh.run(dir, "cp -a source copy");
    }

    @Test
    void who_has_the_same_lacks_nothing() throws IOException, DeserializationException {
        assertThat(differing("true")).isEmpty();

        TreeDigest told = TreeDigest.of(((JsonObject) Jsoner.deserialize(TreeDigest.of(source, FilterRules.NONE).orElseThrow().json().toJson())));
        assertThat(TreeDigest.of(copy, FilterRules.NONE).orElseThrow().differing(told, true, 1).isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            touch -d 2001-01-01 a/sub/f | a
            chmod 600 b/f               | b
            ln -sfn b link; touch -r ../source . | link
            mv a/sub/f a/sub/g          | a
            """)
    void what_is_another_one_is_named_by_the_name_above_it(String script, String name) throws IOException {
        assertThat(differing(script)).containsExactly(Map.entry(name, Extent.TREE));
    }

    @Test
    void what_has_come_and_gone_is_named_and_the_folder_itself() throws IOException {
        assertThat(differing("rm top; echo 1 >other; touch -d 2001-01-01 .")).isEqualTo(Map.of("top", Extent.TREE, "other", Extent.TREE,
                "", Extent.ATTRIBUTES));
    }

    @Test
    void what_is_left_out_does_not_count() throws IOException {
        Sh.run(copy, "echo 1 >a/x.tmp; touch -r ../source/a a");
        FilterRules rules = FilterRules.of(List.of("- *.tmp"));

        assertThat(TreeDigest.of(copy, rules).orElseThrow().differing(TreeDigest.of(source, rules).orElseThrow(), true, 1).isEmpty()).isTrue();
    }

    @Test
    void of_too_many_names_none_is_made() throws IOException {
        Sh.run(source, "touch $(seq 1001)");

        assertThat(TreeDigest.of(source, FilterRules.NONE)).isEmpty();
    }

    private Map<String, Extent> differing(String script) throws IOException {
        Sh.run(copy, script);
        ChangeSet differing = TreeDigest.of(copy, FilterRules.NONE).orElseThrow().differing(TreeDigest.of(source, FilterRules.NONE).orElseThrow(), true, 1);
        Map<String, Extent> pending = new LinkedHashMap<>();
        differing.forEach(pending::put);
        return pending;
    }
}
