package dev.dromedary.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** What documents say of each key, made from the lists in the code. With {@code -Dupdate=true} it is written into them. */
public final class KeyTables {

    private KeyTables() {
    }

    /** Refuses a document of which a part, between the lines {@code keys: PART, made by ...} and {@code end}, is not as it is made. */
    public static void check(Path document, Map<String, List<String>> parts) throws IOException {
        List<String> lines = Files.readAllLines(document);
        List<String> made = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        boolean copies = true;
        for (String line : lines) {
            boolean begins = line.matches("\\W*keys: [a-z]+, made .*");
            copies |= line.matches("\\W*end\\W*");
            if (copies) {
                made.add(line);
            }
            if (begins) {
                String part = line.replaceAll(".*keys: ([a-z]+).*", "$1");
                assertThat(parts).containsKey(part);
                made.addAll(parts.get(part));
                seen.add(part);
                copies = false;
            }
        }
        assertThat(copies).as("each part has an end").isTrue();
        assertThat(seen).containsExactlyInAnyOrderElementsOf(parts.keySet());
        if (Boolean.getBoolean("update")) {
            Files.write(document, made);
            return;
        }
        assertThat(lines).as("bin/test %s -Dupdate=true writes %s", "ConfigurationDocTest ManPageTest", document).isEqualTo(made);
    }

    /** {@return the parts of docs/configuration.md} */
    public static Map<String, List<String>> markdown() {
        Map<String, List<String>> parts = new LinkedHashMap<>();
        all().forEach((part, keys) -> parts.put(part, Stream.of(
                Stream.of("", "| key | type | default | example | what it does |", "|---|---|---|---|---|"),
                keys.stream().map(KeyTables::row), Stream.of("")).flatMap(lines -> lines).toList()));
        return parts;
    }

    /** {@return the parts of dromedary(1)} */
    public static Map<String, List<String>> manual() {
        Map<String, List<String>> parts = new LinkedHashMap<>();
        all().forEach((part, keys) -> parts.put(part, keys.stream().flatMap(key -> Stream.of(".TP",
                ".BR " + roff(key.key()) + " \" (" + roff(key.type().replace("`", ""))
                        + (key.defaultText() == null ? "" : "; default " + roff(key.defaultText())) + ")\"",
                roff(key.description()).replaceAll("`([^`]*)`", "\\\\fI$1\\\\fR"))).toList()));
        return parts;
    }

    private static Map<String, List<KeyDescription>> all() {
        Map<String, List<KeyDescription>> all = new LinkedHashMap<>();
        all.put("program", Stream.of(ProgramKey.values()).map(ProgramKey::text).toList());
        all.put("mirror", Stream.of(MirrorKey.values()).map(MirrorKey::text).toList());
        all.put("target", Stream.of(TargetKey.values()).map(TargetKey::text).toList());
        return all;
    }

    private static String row(KeyDescription key) {
        ConfigLine pulled = TargetKey.of(key.key()) == null ? null : SettingsReader.PULLED.get(TargetKey.of(key.key()));
        String defaultText = key.defaultText() == null ? "" : " `" + key.defaultText() + "`"
                + (pulled == null ? "" : "; at an [agent](agents.md) `" + pulled.value() + "`");
        return "| `%s` | %s |%s | `%s` | %s |".formatted(key.key(), key.type(), defaultText, key.example(), key.description());
    }

    private static String roff(String text) {
        return text.replace("\\", "\\\\").replace("-", "\\-");
    }
}
