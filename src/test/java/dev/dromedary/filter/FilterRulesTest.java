package dev.dromedary.filter;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

class FilterRulesTest {

    /** A path that ends in a slash is a folder. */
    @ParameterizedTest(name = "{0} leaves out {1}: {2}")
    @CsvSource(quoteCharacter = '"', textBlock = """
            # the examples of rsync(1)
            *.o,                 main.o,                true
            *.o,                 src/main.o,            true
            *.o,                 main.ok,               false
            /foo,                foo,                   true
            /foo,                foo/,                  true
            /foo,                x/foo,                 false
            foo/,                foo/,                  true
            foo/,                x/foo/,                true
            foo/,                foo,                   false
            foo/*/bar,           foo/x/bar,             true
            foo/*/bar,           a/foo/x/bar/,          true
            foo/*/bar,           foo/bar,               false
            foo/*/bar,           foo/x/y/bar,           false
            /foo/**/bar,         foo/x/bar,             true
            /foo/**/bar,         foo/x/y/bar,           true
            /foo/**/bar,         foo/bar,               false
            /foo/**/bar,         a/foo/x/bar,           false
            foo,                 a/foo,                 true
            foo,                 a/food,                false
            foo/bar,             x/foo/bar,             true
            foo/bar,             xfoo/bar,              false
            dir_name/***,        dir_name/,             true
            dir_name/***,        dir_name,              false
            dir_name/***,        a/dir_name/b/c,        true
            dir_name/**,         dir_name/,             false
            foo\\bar,            foo\\bar,              true
            foo\\bar*,           foo\\bar,              false
            foo\\bar*,           foobarn,               true
            foo\\\\bar*,         foo\\barn,             true
            [a-z]x,              bx,                    true
            [[:alpha:]]x,        1x,                    false
            # what follows from its words
            ?x,                  a/x,                   false
            **/foo,              foo,                   true
            **/foo,              a/b/foo,               true
            a**b,                x/a/y/b,               true
            [!a-c]x,             dx,                    true
            [^a-c]x,             bx,                    false
            []-]x,               -x,                    true
            \\*x?,               *xy,                   true
            [a/b]x,              ax,                    false
            [a,                  a,                     false
            a*\\,                a,                     false
            [[:nothing:]],       n,                     false
            [[:],                [,                     true
            """)
    void a_pattern_matches_as_the_manual_says(String pattern, String path, boolean out) {
        boolean directory = path.endsWith("/");
        String plain = directory ? path.substring(0, path.length() - 1) : path;
        assertThat(FilterRules.of(List.of("- " + pattern)).excludesEntry(plain, directory)).isEqualTo(out);
    }

    @Test
    void the_first_rule_that_matches_decides() {
        FilterRules sources = FilterRules.of(List.of("+ */", "include *.c", "exclude *"));
        assertThat(sources.excludes("a/b", true)).isFalse();
        assertThat(sources.excludes("a/b/main.c", false)).isFalse();
        assertThat(sources.excludes("a/b/main.o", false)).isTrue();
    }

    @Test
    void what_lies_in_a_folder_that_is_left_out_is_left_out() {
        FilterRules rules = FilterRules.of(List.of("+ wanted", "- /a/b/"));
        assertThat(rules.excludes("a/b/c/wanted", false)).isTrue();
        assertThat(rules.excludesEntry("a/b/c/wanted", false)).isFalse();
        assertThat(rules.excludes("a/wanted", false)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"- *", "- **", "- ***", "- /", "- /***", "- /**"})
    void the_root_is_never_left_out(String rule) {
        assertThat(FilterRules.of(List.of(rule)).excludes("", true)).isFalse();
    }

    @Test
    void text_is_compared_as_its_utf8_bytes() {
        String resume = bytes("résumé");
        assertThat(FilterRules.of(List.of("- résumé")).excludes(resume, false)).isTrue();
        assertThat(FilterRules.of(List.of("- r?sum?")).excludes(resume, false)).isFalse();
        assertThat(FilterRules.of(List.of("- r??sum??")).excludes(resume, false)).isTrue();
        assertThat(FilterRules.of(List.of("- [[:alpha:]]*[!a-z]")).excludes(resume, false)).isTrue();
    }

    @Test
    void the_merge_file_holds_the_bytes_of_the_rules() {
        FilterRules rules = FilterRules.of(List.of("include é ", "- #a"));
        assertThat(rules.mergeFile()).isEqualTo("+ é \n- #a\n".getBytes(StandardCharsets.UTF_8));
        assertThat(rules.mergeFile0()).isEqualTo("+ é \0- #a\0".getBytes(StandardCharsets.UTF_8));
        assertThat(FilterRules.NONE.mergeFile()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "foo", "# a remark", "-", "- ", "-foo", "-_foo", "-! x", "-/ x", "-s x", "exclude,s x",
        "- a\nb", "- a\rb", "- a\0b", "- \ud800", "dir-merge .rules", ": .rules", ":n- .rules",
        "merge x", ". x", "P x", "H x", "S x", "R x", "protect x", "!", "clear", " - x", "\t- x", "excluded x"})
    void a_rule_of_another_kind_is_refused_by_name(String rule) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FilterRules.of(List.of("- ok", rule)))
                .withMessageStartingWith("Filter rule \"" + rule.replaceAll("\\p{Cntrl}", "?") + "\": ");
    }

    @Test
    void a_pattern_that_rsync_would_drop_is_refused() {
        assertThatCode(() -> FilterRules.of(List.of("- " + "x".repeat(4095)))).doesNotThrowAnyException();
        assertThatIllegalArgumentException().isThrownBy(() -> FilterRules.of(List.of("- " + "x".repeat(4096))));
    }

    @Test
    void no_rules_leave_nothing_out() {
        assertThat(FilterRules.of(List.of())).isSameAs(FilterRules.NONE);
        assertThat(FilterRules.NONE.isEmpty()).isTrue();
        assertThat(FilterRules.NONE.excludes("a/b", false)).isFalse();
    }

    @Test
    void several_filters_leave_out_what_all_of_them_leave_out() {
        FilterRules folder = FilterRules.of(List.of("- a/"));
        FilterRules file = FilterRules.of(List.of("- *.tmp"));
        PathFilter both = PathFilter.allOf(List.of(folder, file));
        assertThat(both.excludes("a", true)).isFalse();
        assertThat(both.excludes("b.tmp", false)).isFalse();
        assertThat(both.excludes("a/b.tmp", false)).isTrue();
        assertThat(both.excludesEntry("a/b.tmp", false)).isTrue();
        assertThat(both.excludes("a/b", false)).isFalse();
    }

    @Test
    void filters_that_say_the_same_are_asked_once() {
        FilterRules one = FilterRules.of(List.of("- x", "+ y"));
        FilterRules same = FilterRules.of(List.of("exclude x", "include y"));
        assertThat(one).isEqualTo(same).hasSameHashCodeAs(same);
        assertThat(PathFilter.allOf(List.of(one, same))).isSameAs(one);
        assertThat(PathFilter.allOf(List.of(one, FilterRules.NONE))).isSameAs(FilterRules.NONE);
        assertThat(PathFilter.allOf(List.of())).isSameAs(FilterRules.NONE);
    }

    @Test
    void many_stars_on_a_long_path_take_no_time() {
        String name = "a".repeat(255);
        String path = String.join("/", Collections.nCopies(15, name));
        List<String> hard = List.of("- " + "*a".repeat(60) + "b", "- " + "**a".repeat(60) + "b",
                "- " + "**a*/".repeat(12) + "*a*a*b", "- /**" + "*a*/".repeat(10) + "**[!a]");
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            FilterRules rules = FilterRules.of(hard);
            for (int times = 0; times < 20; times++) {
                assertThat(rules.excludes(path, false)).isFalse();
            }
        });
    }

    private static String bytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    @Test
    void what_may_be_deleted_is_no_pattern() {
        assertThat(new String(FilterRules.onlyDeletable0(List.of("a b", "d[e]*?\\", "f\\")), StandardCharsets.ISO_8859_1))
                .isEqualTo("risk /a b\0risk /d\\[e]\\*\\?\\\\\0risk /f\\\0protect *\0");
    }

    @Test
    void a_rule_that_rsync_would_drop_as_too_long_gets_wildcards() {
        String longest = "[".repeat(3000) + "a".repeat(1000);
        assertThat(new String(FilterRules.onlyDeletable0(List.of(longest)), StandardCharsets.ISO_8859_1))
                .isEqualTo("risk /" + "?".repeat(3000) + "a".repeat(1000) + "\0protect *\0");
    }

    @Test
    void what_is_left_out_besides_comes_first_and_is_no_pattern() {
        assertThat(new String(FilterRules.of(List.of("+ x")).mergeFile0(List.of("a b/c", "d[e]*?\\", "f\\")), StandardCharsets.ISO_8859_1))
                .isEqualTo("- /a b/c\0- /d\\[e]\\*\\?\\\\\0- /f\\\0+ x\0");
    }
}
