package dev.dromedary;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

import static org.assertj.core.api.Assertions.assertThat;

/** What docs/features.md says of Dromedary, a test shows. */
class FeaturesTest {

    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w*(?:\\.[A-Z]\\w*)*)(?:\\.([a-z]\\w*))?`");
    private static final int COLUMNS = 5;

    @ParameterizedTest
    @MethodSource("rows")
    void each_row_names_a_test_that_is_there(String row) throws IOException {
        assertThat(problem(row)).isEmpty();
    }

    @Test
    void the_table_has_rows() throws IOException {
        assertThat(rows()).hasSizeGreaterThan(90);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            | a | b | c | d | `FeaturesTest.the_table_has_rows` |; ''
            | a | b | c | **no** | |; ''
            | a | b | c | d | |; it names no test
            | a | b | c | nothing | |; it names no test
            | a | b | c | d |; it has 4 columns
            | a | b | c | d | `FeaturesTest` |; FeaturesTest names no method
            | a | b | c | d | `NowhereIT.a_test` |; there is no class NowhereIT
            | a | b | c | d | `FeaturesTest.no_such_test` |; no test FeaturesTest.no_such_test
            | a | b | c | d | `FeaturesTest.rows` |; no test FeaturesTest.rows
            | a | b | c | d | `OutcomeIT.EachCode.is_outlived_and_nothing_is_lost` |; ''
            """)
    void a_row_that_shows_nothing_is_noticed(String row, String problem) throws IOException {
        assertThat(problem(row)).isEqualTo(problem);
    }

    static Stream<String> rows() throws IOException {
        return Files.readAllLines(Path.of("docs/features.md")).stream().filter(line -> line.startsWith("|")
                && !line.startsWith("|---") && !line.startsWith("| | sersync | lsyncd | Dromedary |"));
    }

    /** {@return what is wrong with a row; empty if nothing is} */
    private static String problem(String row) throws IOException {
        // a bar that is part of a cell is written with a backslash
        String[] cells = row.strip().replaceAll("^\\||\\|$", "").split("(?<!\\\\)\\|", -1);
        if (cells.length != COLUMNS) {
            return "it has " + cells.length + " columns";
        }
        List<String> problems = new ArrayList<>();
        Matcher named = NAMED.matcher(cells[COLUMNS - 1]);
        boolean any = false;
        while (named.find()) {
            any = true;
            problems.add(problem(named.group(1), named.group(2)));
        }
        if (!any && !cells[COLUMNS - 2].strip().startsWith("**no**")) {
            problems.add("it names no test");
        }
        return problems.stream().filter(problem -> !problem.isEmpty()).collect(Collectors.joining("; "));
    }

    private static String problem(String name, String method) throws IOException {
        Class<?> type = type(name);
        if (type == null) {
            return "there is no class " + name;
        }
        if (method == null) {
            return name + " names no method";
        }
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            if (Stream.of(each.getDeclaredMethods()).anyMatch(found -> isTest(found, method))) {
                return "";
            }
        }
        return "no test " + name + "." + method;
    }

    private static boolean isTest(Method found, String name) {
        return found.getName().equals(name) && AnnotationSupport.isAnnotated(found, Testable.class);
    }

    // in whatever package, and one in another if the name has dots
    private static Class<?> type(String name) throws IOException {
        Path classes = classes();
        String file = name.replace('.', '$') + ".class";
        try (Stream<Path> all = Files.walk(classes)) {
            Path found = all.filter(path -> path.getFileName().toString().equals(file)).findFirst().orElse(null);
            return found == null ? null : Class.forName(classes.relativize(found).toString()
                    .replaceFirst("\\.class$", "").replace('/', '.'), false, FeaturesTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path classes() {
        try {
            return Path.of(FeaturesTest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
