package dev.dromedary.deadletter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.dromedary.backlog.ExponentialBackoff;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

/** Whatever lies in the folder of the dead letters: what can't be used is set aside, and no other letter waits for it. */
class DeadLetterPropertyTest {

    private static final String TARGET = "www/backup";
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final List<String> EXTREMES = List.of("\"+1000000000-12-31T23:59:59.999999999Z\"", "\"-1000000000-01-01T00:00:00Z\"",
            "\"+292278994-08-17T07:12:55.807Z\"", "\"-292275055-05-16T16:47:04.192Z\"", "\"2026-01-01T00:00:00Z\"", "\"1969-12-31T23:59:59Z\"",
            "2147483647", "-2147483648", "4294967296", "1e999999999", "1e-999999999", "-1", "0", "2", "0.5", "null", "true", "\"\"", "\"1\"",
            "[]", "{}", "{\"a\":{\"a\":{}}}", "\"www/backup\"", "\"\\u0000\"", "\"\\ud800\"");
    private static final List<String> PATHS = List.of("\"path\":\"a/b\",\"extent\":\"entry\"", "\"path\":\"\",\"extent\":\"tree\"",
            "\"path\":\"../../x\",\"extent\":\"entry\"", "\"path\":\"a\",\"extent\":\"whole\"", "\"path\":\"\\\\#777\",\"extent\":\"leaf\"",
            "\"path\":\"" + "a/".repeat(100_000) + "a\",\"extent\":\"tree\"", "\"path\":\"" + "n".repeat(100_000) + "\",\"extent\":\"level\"",
            "\"path\":7,\"extent\":[]", "");

    @Property(tries = 2000)
    void any_bytes_are_a_letter_or_are_refused_in_words(@ForAll byte[] bytes) {
        assertReadOrRefused(bytes);
    }

    @Property(tries = 500)
    void a_letter_with_any_byte_altered_is_a_letter_or_is_refused_in_words(@ForAll int at, @ForAll byte to, @ForAll int cut) {
        byte[] bytes = letter(Map.of(), List.of(PATHS.get(0)));
        bytes[Math.floorMod(at, bytes.length)] = to;
        assertReadOrRefused(bytes);
        assertReadOrRefused(Arrays.copyOf(bytes, Math.floorMod(cut, bytes.length)));
    }

    @Property(tries = 300)
    void no_letter_with_a_valid_sum_keeps_another_from_being_carried(@ForAll("letters") List<byte[]> letters) {
        assertOthersGoOn(letters.toArray(byte[][]::new));
    }

    @Example
    void an_impossible_time_keeps_no_other_from_being_carried() {
        for (String key : List.of("since", "first", "last", "next")) {
            for (String time : EXTREMES.subList(0, 4)) {
                assertOthersGoOn(letter(Map.of(key, time), List.of(PATHS.get(0))));
            }
        }
    }

    @Example
    void what_is_no_file_and_can_not_be_moved_away_keeps_no_other_from_being_carried() {
        inAFolder(state -> {
            Path folder = folder(state);
            Files.createDirectories(folder.resolve("1.jsonl").resolve("below"));
            Files.createDirectories(folder.resolve("half.tmp").resolve("below"));
            Files.createSymbolicLink(folder.resolve("2.jsonl"), Path.of("/dev/zero"));
            Files.createDirectories(state.resolve("quarantine").resolve(TARGET).resolve("1.jsonl").resolve("in the way"));
            DeadLetters letters = new DeadLetters(state);
            letters.open(TARGET, new ExponentialBackoff(0, 0));

            assertThat(letters.replay(TARGET)).hasSize(3).anySatisfy(DeadLetterPropertyTest::isGood);
            assertThat(folder.resolve("1.jsonl")).isDirectory();
            assertThat(folder.resolve("2.jsonl")).doesNotExist();
            assertThat(letters.replay(TARGET)).as("nothing is owed once more").isEmpty();
        });
    }

    /** As after a clock was set back that had been years ahead. */
    @Example
    void what_would_wait_for_longer_than_anything_does_is_due() {
        inAFolder(state -> {
            Files.write(folder(state).resolve("1.jsonl"),
                    letter(Map.of("next", '"' + Instant.now().plusSeconds(365 * 86_400).toString() + '"'), List.of(PATHS.get(1))));
            DeadLetters letters = new DeadLetters(state);
            letters.open(TARGET, new ExponentialBackoff(1000, 3_600_000));

            assertThat(letters.replay(TARGET)).hasSize(2);
        });
    }

    /** As after a start with a clock that was set back by an hour: nobody knows what was left of the wait. */
    @Example
    void what_was_tried_in_times_to_come_is_due() {
        inAFolder(state -> {
            Instant later = Instant.now().plusSeconds(3600);
            Files.write(folder(state).resolve("1.jsonl"), letter(Map.of("last", '"' + later.toString() + '"',
                    "next", '"' + later.plusSeconds(1).toString() + '"'), List.of(PATHS.get(1))));
            DeadLetters letters = new DeadLetters(state);
            letters.open(TARGET, new ExponentialBackoff(1000, 36_000_000));

            assertThat(letters.replay(TARGET)).hasSize(2);
        });
    }

    @Example
    void what_is_to_wait_waits_after_a_start_too() {
        inAFolder(state -> {
            Files.write(folder(state).resolve("1.jsonl"), letter(Map.of("last", '"' + Instant.now().toString() + '"',
                    "next", '"' + Instant.now().plusSeconds(3600).toString() + '"'), List.of(PATHS.get(1))));
            DeadLetters letters = new DeadLetters(state);
            letters.open(TARGET, new ExponentialBackoff(1000, 36_000_000));

            assertThat(letters.replay(TARGET)).singleElement().satisfies(DeadLetterPropertyTest::isGood);
            assertThat(letters.replay(TARGET)).isEmpty();
        });
    }

    private static void assertReadOrRefused(byte[] bytes) {
        try {
            assertThat(DeadLetter.read(bytes, TARGET).changes().isEmpty()).isFalse();
        } catch (IllegalArgumentException e) {
            // and whoever can write a letter writes no line of the log
            assertThat(e).hasMessageStartingWith("it ").hasMessageNotContainingAny("\0", "\n", "\r", "\u001b");
        }
    }

    private static void assertOthersGoOn(byte[]... bad) {
        inAFolder(state -> {
            for (int i = 0; i < bad.length; i++) {
                Files.write(folder(state).resolve(i + ".jsonl"), bad[i]);
            }
            DeadLetters letters = new DeadLetters(state);
            letters.open(TARGET, new ExponentialBackoff(0, 0));

            List<ChangeSet> due = new ArrayList<>();
            assertThatCode(() -> due.addAll(letters.replay(TARGET))).doesNotThrowAnyException();
            assertThat(due).anySatisfy(DeadLetterPropertyTest::isGood);
            due.forEach(set -> letters.arrived(set, TARGET));
            assertThat(letters.replay(TARGET)).isEmpty();
            assertThat(letters.count(TARGET)).as("what is left").isZero();
        });
    }

    private static void isGood(ChangeSet set) {
        Map<String, Extent> pending = new TreeMap<>();
        set.forEach(pending::put);
        assertThat(pending).isEqualTo(Map.of("good", Extent.ENTRY));
    }

    @Provide
    Arbitrary<List<byte[]>> letters() {
        Arbitrary<Map<String, String>> heads = Arbitraries.maps(
                Arbitraries.of("version", "target", "reason", "since", "first", "last", "attempts", "next", "cutOff", "byContent"),
                Arbitraries.of(EXTREMES)).ofMaxSize(3);
        return Combinators.combine(heads, Arbitraries.of(PATHS).list().ofMaxSize(3))
                .as(DeadLetterPropertyTest::letter).list().ofMinSize(1).ofMaxSize(14);
    }

    /** A letter with some of its values replaced, and the sum made anew. */
    private static byte[] letter(Map<String, String> instead, List<String> paths) {
        Map<String, String> head = new TreeMap<>(Map.of("version", "2", "target", '"' + TARGET + '"', "reason", "\"it rains\"",
                "since", '"' + NOW.toString() + '"', "first", '"' + NOW.toString() + '"', "last", '"' + NOW.toString() + '"',
                "attempts", "1", "next", '"' + NOW.toString() + '"', "cutOff", "false", "byContent", "false"));
        head.putAll(instead);
        StringBuilder text = new StringBuilder("{");
        head.forEach((key, value) -> text.append(text.length() > 1 ? "," : "").append('"').append(key).append("\":").append(value));
        text.append("}\n");
        paths.forEach(path -> text.append('{').append(path).append("}\n"));
        try {
            String sum = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8)));
            return text.append("{\"paths\":").append(paths.size()).append(",\"sha256\":\"").append(sum).append("\"}\n").toString()
                    .getBytes(StandardCharsets.UTF_8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @FunctionalInterface
    private interface InAFolder {
        void run(Path state) throws IOException;
    }

    /** With a good letter in it, the last by name. */
    private static void inAFolder(InAFolder what) {
        try {
            Path state = Files.createTempDirectory("dromedary-letters-");
            try {
                Files.createDirectories(folder(state));
                Files.write(folder(state).resolve("z.jsonl"), letter(Map.of(), List.of("\"path\":\"good\",\"extent\":\"entry\"")));
                what.run(state);
            } finally {
                try (Stream<Path> all = Files.walk(state)) {
                    for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(each);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path folder(Path state) {
        return state.resolve("dead-letter").resolve(TARGET);
    }
}
