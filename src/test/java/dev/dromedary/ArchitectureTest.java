package dev.dromedary;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The packages use each other as docs/architecture.md says: each only those on lower layers. */
class ArchitectureTest {

    private static final String ROOT = "dev.dromedary";
    private static final Pattern ROW = Pattern.compile("\\| `([a-z.]+)` \\| ([0-9]+) \\| .+ \\|");

    private static JavaClasses classes;
    private static Map<String, Integer> layers;

    @BeforeAll
    static void read() throws IOException {
        classes = new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages(ROOT);
        layers = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("docs/architecture.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                layers.put(row.group(1).equals(ROOT) ? ROOT : ROOT + '.' + row.group(1), Integer.valueOf(row.group(2)));
            }
        }
    }

    @Test
    void each_package_has_a_floor() {
        assertThat(layers.keySet()).containsExactlyInAnyOrderElementsOf(
                classes.stream().map(JavaClass::getPackageName).collect(Collectors.toSet()));
    }

    @Test
    void each_package_uses_only_those_on_lower_floors() {
        assertThat(classes.stream().flatMap(one -> one.getDirectDependenciesFromSelf().stream()).filter(ArchitectureTest::isUpwards)
                .map(Dependency::getDescription)).isEmpty();
    }

    private static boolean isUpwards(Dependency one) {
        String from = one.getOriginClass().getPackageName();
        String to = one.getTargetClass().getBaseComponentType().getPackageName();
        return !from.equals(to) && layers.containsKey(from) && layers.containsKey(to) && layers.get(to) >= layers.get(from);
    }
}
