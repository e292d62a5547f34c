package dev.dromedary.filter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The same rules over the same tree: rsync must list what {@link FilterRules} lets through, no more and no less. More
 * random lists: {@code mvn test -Dtest=FilterRulesAgainstRsyncTest -Dfilter.lists=20000 -Dfilter.seed=7}.
 */
class FilterRulesAgainstRsyncTest {

    private static final List<String> NAMES = List.of(
            "a", "b", "ab", "foo", "bar", "foo.c", "foo.o", "A1", "a b", " a", "a ", "[a]", "[", "]", "a\\b", "\\",
            "*", "**", "?", "é", "#a", ";a", "-", "- a", "!", "a-b", "a\nb", ":", "a\u007f");

    private static final List<String> PIECES = List.of(
            "a", "b", "foo", "bar", ".c", ".o", "A", "1", " ", "é", "#", "-", "!", "/", "/", "/", "/", "*", "*", "*",
            "**", "**", "***", "?", "?", "\\", "\\*", "\\\\", "\\[", "\\/", "[", "]", "[ab]", "[!a]", "[^b]", "[a-c]",
            "[c-a]", "[]a]", "[!]a]", "[a-]", "[--/]", "[a/]", "[**]", "[\\]a]", "[a\\-z]", "[a-\\c]", "[[:alpha:]]",
            "[![:alnum:]]", "[[:punct:]a]", "[[:space:]]", "[[:upper:][:digit:]]", "[[:cntrl:]]", "[[:print:]]",
            "[[:graph:]]", "[[:xdigit:]]", "[[:nope:]]", "[[:alpha:", "[[:", "[:a]", "[[:alpha:]-z]", "[[]", "[é]",
            "[?]", ":]");

    /** Byte paths of the tree, with whether each is a folder, parents before what is in them. */
    private static final TreeMap<String, Boolean> TREE = new TreeMap<>();

    @TempDir
    private static Path temp;

    private static Path source;

    /** For each test, not once for all: only so does the report count what was skipped. */
    @BeforeEach
    void needs_rsync_and_a_tree() throws Exception {
        assumeTrue(rsyncIsInstalled(), "rsync is not installed");
        if (source == null) {
            makeTree();
        }
    }

    private static boolean rsyncIsInstalled() throws InterruptedException {
        try {
            return run(List.of("rsync", "--version"), "").startsWith("rsync");
        } catch (IOException e) {
            return false;
        }
    }

    private static void makeTree() throws Exception {
        for (String name : NAMES) {
            TREE.put(bytes(name), false);
        }
        for (String folder : List.of("a", "foo", "b/a", "foo/bar", "x y/[a]/é", "a/foo/a/b")) {
            for (int slash = folder.indexOf('/'); slash >= 0; slash = folder.indexOf('/', slash + 1)) {
                TREE.put(bytes(folder.substring(0, slash)), true);
            }
            TREE.put(bytes(folder), true);
            for (String name : NAMES) {
                TREE.putIfAbsent(bytes(folder + '/' + name), false);
            }
        }
        source = Files.createDirectory(temp.resolve("source"));
        // by xargs, so that the bytes of the names do not depend on the locale that this runs in
        run(List.of("sh", "-c", "cd \"$0\" && xargs -0 mkdir -p", source.toString()), list(true));
        run(List.of("sh", "-c", "cd \"$0\" && xargs -0 touch", source.toString()), list(false));
        Files.createSymbolicLink(source.resolve("link"), Path.of("foo"));
        TREE.put("link", false);
        agree("no rules", List.of());
    }

    @Test
    void chosen_rules_leave_out_what_rsync_leaves_out() throws Exception {
        List<List<String>> chosen = Stream.of(
                "- *.o", "- /foo", "- foo/", "- foo", "- foo/*/bar", "- /foo/**/bar", "+ */|+ *.c|- *",
                "+ foo/|+ foo/bar|- *", "+ /foo/|- /*", "- a/b", "- /a/foo/***", "- foo/***", "- foo/**", "- **foo",
                "- **/foo", "- /**/foo", "- foo**", "- a**b", "- /a**b", "- ***", "- **", "- *", "- /", "- //", "- a/",
                "- a//", "- /a//", "- /*", "- /*/", "- */", "- */*", "- /*/*", "- */*/", "- **/", "- ***/",
                "- foo/***/", "- /***", "- /**", "- /**/", "- link/", "- link", "- link/***", "- link/*", "- a\\b",
                "- a\\\\b", "- a\\b*", "- a\\\\b*", "- \\*", "- \\**", "- \\?", "- [*]", "- [?]", "- [[]", "- \\[a\\]",
                "- \\[a]", "- [[]a]", "- [a]", "- é", "- ?", "- ??", "- [é]", "- [!é]", "- [é][é]", "-  a", "- a ",
                "- #a", "- ;a", "- -", "- - a", "- !", "+ !|- *", "+ foo/a|- foo/*", "+ foo/bar/***|+ foo/|- *",
                "- a[ /]b", "- foo/[ab]", "- foo[/]a", "- [a/b]", "- [/]", "- foo\\/a", "- foo\\/a*", "- f*\\/",
                "- a*\\", "- *\\", "- [", "- [a", "- a[", "- []", "- [!]", "- [!]]", "- []]", "- [[:alpha:]]",
                "- [[:alpha:]", "- [[:alpha]]", "- [[:nope:]]", "- [[:]", "- [[:]]", "- [:alpha:]", "- *[[:cntrl:]]*",
                "- *[![:alnum:]]*", "- [a-b]", "- [b-a]", "- [a-]", "- [-a]", "- [a-c-e]", "- [!a-z]", "- [^a-z]",
                "- [a^]", "- [a!]", "- [a\\]]", "- [\\]", "- [\\\\]", "- **/a/**", "- a/**/b", "- **a/**/b",
                "- /a/*/a/*", "- ****", "- a/****", "- foo***", "- f***", "- ***/a", "- a***b", "- *foo/bar/*",
                "- foo/", "- x y/[[]a]/", "- x y/", "- \\x*", "- .", "- ./a", "- ..", "- foo/.", "- */foo/**",
                "- é/**", "- **é**", "+ **/a|- foo/**|- b", "- a|+ *", "+ a|+ b|- ?", "- /foo/|- *.c|+ *.o|- /a/*").map(
                        rules -> List.of(rules.split("\\|"))).toList();
        agreeOnEach(chosen.stream().collect(Collectors.toMap(rules -> "rules " + rules, rules -> rules, (a, b) -> a)));
    }

    @Test
    void random_rules_leave_out_what_rsync_leaves_out() throws Exception {
        long firstSeed = Long.getLong("filter.seed", 1);
        int lists = Integer.getInteger("filter.lists", 300);
        Map<String, List<String>> random = new LinkedHashMap<>();
        for (long seed = firstSeed; seed < firstSeed + lists; seed++) {
            List<String> rules = randomRules(new Random(seed));
            random.put("seed " + seed + ", rules " + rules, rules);
        }
        agreeOnEach(random);
    }

    private static List<String> randomRules(Random random) {
        int count = random.nextInt(3) == 0 ? 2 + random.nextInt(4) : 1;
        List<String> rules = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder pattern = new StringBuilder();
            for (int pieces = 1 + random.nextInt(5); pieces > 0; pieces--) {
                pattern.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            rules.add((i == count - 1 || random.nextBoolean() ? "- " : "+ ") + pattern);
        }
        return rules;
    }

    /** Several at once: a run of rsync is mostly waiting. */
    private static void agreeOnEach(Map<String, List<String>> rules) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Void>> comparisons = new ArrayList<>();
            rules.forEach((what, list) -> comparisons.add(() -> {
                agree(what, list);
                return null;
            }));
            for (Future<Void> comparison : threads.invokeAll(comparisons)) {
                comparison.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void agree(String what, List<String> text) throws Exception {
        FilterRules rules = FilterRules.of(text);
        Set<String> walked = new TreeSet<>();
        Set<String> leftOut = new HashSet<>();
        TREE.forEach((path, directory) -> {
            boolean out = leftOut.contains(path.substring(0, Math.max(0, path.lastIndexOf('/'))))
                    || rules.excludesEntry(path, directory);
            assertThat(rules.excludes(path, directory)).as("%s: %s, parents considered", what, path).isEqualTo(out);
            (out ? leftOut : walked).add(path);
        });
        Set<String> sent = sentByRsync(rules, what.length() % 2 == 0);
        assertThat(without(sent, walked)).as("left out here, sent by rsync: %s", what).isEmpty();
        assertThat(without(walked, sent)).as("let through here, left out by rsync: %s", what).isEmpty();
    }

    private static Set<String> without(Set<String> paths, Set<String> others) {
        Set<String> rest = new TreeSet<>(paths);
        rest.removeAll(others);
        return rest;
    }

    /** The byte paths that rsync lists; the merge file's rules end in a NUL or in a line end. */
    private static Set<String> sentByRsync(FilterRules rules, boolean nul) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("rsync", "-a", "-n", "-8", "--out-format=%n", "--filter=merge -", source + "/", temp + "/none/"));
        if (nul) {
            command.add(1, "--from0");
        }
        String file = new String(nul ? rules.mergeFile0() : rules.mergeFile(), ISO_8859_1);
        return run(command, file).lines()
                .filter(line -> !line.equals("./") && !line.startsWith("created directory"))
                .map(line -> line.endsWith("/") ? line.substring(0, line.length() - 1) : line)
                .map(FilterRulesAgainstRsyncTest::unescaped)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** rsync shows control characters as a backslash, a hash and three octal digits. */
    private static String unescaped(String line) {
        return Pattern.compile("\\\\#([0-7]{3})").matcher(line)
                .replaceAll(found -> String.valueOf((char) Integer.parseInt(found.group(1), 8)).replace("\\", "\\\\"));
    }

    private static String list(boolean directory) {
        return TREE.entrySet().stream()
                .filter(entry -> entry.getValue() == directory)
                // touch takes a bare "-" for its own output
                .map(entry -> "./" + entry.getKey())
                .collect(Collectors.joining("\0"));
    }

    private static String bytes(String text) {
        return new String(text.getBytes(UTF_8), ISO_8859_1);
    }

    /** What a command printed, errors included: rsync's "discarding" is to be seen, too. Goes in and out byte by char. */
    private static String run(List<String> command, String input) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(ISO_8859_1));
        }
        String output = new String(process.getInputStream().readAllBytes(), ISO_8859_1);
        assertThat(process.waitFor()).as("exit of %s: %s", command, output).isZero();
        return output;
    }
}
