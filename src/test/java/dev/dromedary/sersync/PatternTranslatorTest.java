package dev.dromedary.sersync;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.dromedary.filter.FilterRules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** The patterns against java.util.regex, over all paths of some telling names. A folder ends in a slash here. */
class PatternTranslatorTest {

    private static final List<String> NAMES = List.of("info", "infos", "xinfo", "a", "ab", ".svn", "x.svn", "x.svnx", "xsvn",
            "b.gz", "static", "a.b", "[x]*", "a\\b");
    private static final List<String> PATHS = paths();

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(delimiter = ';', quoteCharacter = '"', textBlock = """
            (.*)\\.svn           ; *.svn
            .*\\.gz$             ; *.gz
            ^info/*              ; /info
            ^static/*            ; /static
            ^info                ; /info
            info/                ; /info/
            ^info/(.*)           ; /info/
            ^info/.*             ; /info/
            ^info.*              ; /info*
            ^a/info/(.*)         ; /a/info/
            ^a/info/*            ; /a/info/
            ^a/info.*            ; /a/info*/
            ^/info/.*            ; /info/*
            ^/info.*             ; /info*/*
            ^/a/info             ; /a/info
            ^/a/info.*           ; /a/info*
            (.*)/info            ; */info
            (.*)/info/           ; */info/
            (.*)/info.*          ; */info*,/info*/*
            (.*)/info/(.*)       ; */info/,/info/*
            (.*)/a/info          ; a/info
            (.*)/a/info.*        ; a/info*
            (.*)/a/info/(.*)     ; */a/info/,/a/info/*
            (.*)info(.*)         ; *info*
            (.*)info/(.*)        ; *info/
            (.*)info/*           ; *info
            (.*)o/info           ; *o/info
            (.*)o/in(.*)         ; *o/in*
            (.*)\\.(gz|svn)      ; *.gz,*.svn
            ^(info|static)/*     ; /info,/static
            .*\\.svnx?           ; *.svnx,*.svn
            [ab].*               ; /[ab]*
            .*/[^/]*\\.svn       ; */*.svn
            ^/a/[^/]+\\.svn      ; /a/?*.svn
            .*\\[x\\]\\*         ; *\\[x]\\*
            a\\\\b               ; /a\\b
            a\\\\b.*             ; /a\\\\b*
            """)
    void an_expression_becomes_patterns_that_leave_out_exactly_the_same(String expression, String patterns) throws Exception {
        assertThat(PatternTranslator.patterns(expression)).containsExactlyInAnyOrder(patterns.split(","));
        assertSame(expression);
    }

    @ParameterizedTest
    @ValueSource(strings = {"^a/info", "/info", "/info/", "info//x", "^a/b$", ""})
    void an_expression_that_fits_no_path_makes_no_pattern(String expression) throws Exception {
        if (expression.isEmpty()) {
            assertThatExceptionOfType(InexactConversionException.class).isThrownBy(() -> PatternTranslator.patterns(expression));
        } else {
            assertThat(PatternTranslator.patterns(expression)).isEmpty();
            assertSame(expression);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            *.php            | no regular expression
            (a               | no regular expression
            (.*).svn         | if a dot was meant, write \\.
            .+\\.gz          | any one character
            .*               | has no name in it
            .*/.*            | has no name in it
            ^info/.*\\.php   | .* in its middle
            a*b              | repetition a*
            [0-9]+           | repetition [0-9]+
            (ab)*            | repeats a group
            a{2}             | counts repetitions
            (?i)a            | (? has no counterpart
            \\d              | has no counterpart
            [^a]             | matches a slash too
            [[:alpha:]]      | has no counterpart
            a$b              | in its middle
            a,b              | filter-from
            "a "             | exclude cannot hold
            [^/]*            | any name
            a*+              | possessively
            """)
    void an_expression_of_which_no_pattern_is_exactly_the_same_is_refused_with_the_reason(String expression, String why) {
        assertThatExceptionOfType(InexactConversionException.class).isThrownBy(() -> PatternTranslator.patterns(expression)).withMessageContaining(why);
    }

    @Test
    void whatever_an_expression_is_made_of_its_patterns_leave_out_exactly_the_same() {
        List<String> parts = List.of("info", "a", "b", "\\.svn", "x", "/", "/", "/*", ".*", "(.*)", "[^/]*", "[^/]", "[ab]",
                "(info|a)", "s?", "(?:b/)?", "\\[x\\]\\*", "\\\\", "^", "$");
        Random random = new Random(20240229);
        int exact = 0;
        for (int i = 0; i < 2000; i++) {
            String expression = Stream.generate(() -> parts.get(random.nextInt(parts.size()))).limit(1 + random.nextInt(5))
                    .collect(Collectors.joining());
            try {
                assertSame(expression);
                exact++;
            } catch (InexactConversionException e) {
                assertThat(e).hasMessageMatching("(?s).+");
            }
        }
        assertThat(exact).isGreaterThan(500);
    }

    @Test
    void an_endless_expression_is_refused() {
        assertThatExceptionOfType(InexactConversionException.class).isThrownBy(() -> PatternTranslator.patterns("(".repeat(100_000)));
        assertThatExceptionOfType(InexactConversionException.class).isThrownBy(() -> PatternTranslator.patterns("(a|b)".repeat(50)))
                .withMessageContaining("alternatives");
    }

    private static void assertSame(String expression) throws InexactConversionException {
        Set<String> patterns = PatternTranslator.patterns(expression);
        FilterRules rules = FilterRules.of(patterns.stream().map(p -> "- " + p).toList());
        Pattern regex = Pattern.compile(expression, Pattern.DOTALL);
        for (String path : PATHS) {
            boolean folder = path.endsWith("/");
            String plain = folder ? path.substring(0, path.length() - 1) : path;
            assertThat(rules.excludes(plain, folder)).as("%s as %s of %s", expression, patterns, path)
                    .isEqualTo(sersyncLeavesOut(regex, plain, folder));
        }
    }

    /** Does the expression fit the path or a folder above it, in one of the texts that sersync holds it to? */
    private static boolean sersyncLeavesOut(Pattern regex, String path, boolean folder) {
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            if (fits(regex, path.substring(0, slash), true)) {
                return true;
            }
        }
        return fits(regex, path, folder);
    }

    private static boolean fits(Pattern regex, String path, boolean folder) {
        String event = path.contains("/") ? "/" + path : path;
        return regex.matcher(event).matches() || folder && regex.matcher(path + "/").matches();
    }

    private static List<String> paths() {
        List<String> all = new ArrayList<>();
        List<String> last = List.of("");
        for (int depth = 0; depth < 3; depth++) {
            last = last.stream().flatMap(above -> NAMES.stream().map(name -> above + name + "/")).toList();
            all.addAll(last);
        }
        List<String> both = new ArrayList<>(all);
        all.forEach(folder -> both.add(folder.substring(0, folder.length() - 1)));
        return both;
    }
}
