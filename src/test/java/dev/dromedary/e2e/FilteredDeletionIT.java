package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Sh;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.testing.Mirrors.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is deleted at a target by live changes is what {@code rsync -a --delete} with the same rules deletes, though the rules may speak
 * of a name as a folder or as a file only. More rounds:
 * {@code bin/test FilteredDeletionIT -Ddromedary.filter.batches=100 -Ddromedary.filter.seed=7}.
 */
class FilteredDeletionIT {

    private static final int LISTS = 12;
    private static final List<String> RULES = List.of("- cache/", "- *.git/", "+ */", "+ *.jpg", "- *", "- *.jpg", "+ /a", "+ /a/**",
            "- b/", "+ b/", "- /a/", "+ a/**", "- a/b/", "+ /a/***", "- /cache", "+ cache/", "- x.git");
    private static final List<String> NAMES = List.of("a", "b", "cache", "x.git", "y.jpg");

    @AutoClose
    private final Stage stage = new Stage();
    private final long seed = Long.getLong("dromedary.filter.seed", 1);
    private final Random random = new Random(seed);
    private final Map<String, List<String>> lists = new LinkedHashMap<>();
    private final List<String> done = new ArrayList<>();

    @Test
    void live_changes_delete_what_rsync_deletes() throws IOException {
        lists.put("pictures", List.of("+ */", "+ *.jpg", "- *"));
        lists.put("folders", List.of("- cache/", "- *.git/"));
        lists.put("anchored", List.of("+ /a", "+ /a/**", "- *"));
        while (lists.size() < LISTS) {
            lists.put("random" + lists.size(), random.ints(1 + random.nextInt(4), 0, RULES.size()).mapToObj(RULES::get).distinct().toList());
        }
        List<String> lines = new ArrayList<>(List.of("mirror.t.source = " + stage.source, "mirror.t.window = 50ms"));
        for (Map.Entry<String, List<String>> list : lists.entrySet()) {
            Path rules = Files.write(stage.home.resolve(list.getKey() + ".rules"), list.getValue());
            lines.add("mirror.t.target." + list.getKey() + ".url = " + stage.scratch.folder(list.getKey()));
            lines.add("mirror.t.target." + list.getKey() + ".filter-from = " + rules);
            // what is left out is not ours, and stays; so does the folder that it is in
            Sh.run(stage.scratch.folder(list.getKey()), "mkdir -p cache/in x.git; echo own >cache/in/own; echo own >x.git/own");
            Sh.run(stage.scratch.folder("expected-" + list.getKey()), "cp -a ../" + list.getKey() + "/. .");
        }
        lines.add("mirror.t.first-run = delete");
        batch(20);
        stage.configuredOnlyWith(lines.toArray(String[]::new));
        Dromedary dromedary = stage.start().awaitReady();
        assertSame(dromedary);
        for (int i = Integer.getInteger("dromedary.filter.batches", 18); i > 0; i--) {
            done.clear();
            batch(1 + random.nextInt(8));
            assertSame(dromedary);
        }
        assertThat(dromedary.output()).containsOnlyOnce("is watched").doesNotContain("could not be transferred");
    }

    private void assertSame(Dromedary dromedary) {
        Map<String, String> expected = new LinkedHashMap<>();
        lists.keySet().forEach(name -> {
            Path there = stage.scratch.folder("expected-" + name);
            Sh.run(stage.source, "rsync -a --delete --force '--filter=merge " + stage.home.resolve(name + ".rules") + "' ./ " + there
                    + "/ 2>/dev/null || [ $? = 23 ]");
            expected.put(name, look(there));
        });
        lists.forEach((name, rules) -> {
            Path there = stage.scratch.folder(name);
            eventually("the same as rsync makes of it, seed " + seed + ", rules " + rules + ", last changes:\n" + String.join("\n", done)
                    + "\nexpected:\n" + expected.get(name) + "but there is:\n" + look(there), dromedary,
                    () -> expected.get(name).equals(look(there)));
        });
    }

    // a folder's time also tells of what is left out in it
    private static String look(Path folder) {
        return Sh.run(folder, "{ find . ! -type f -printf '%y %P %l\\n'; find . -type f -exec sha1sum {} +; } 2>/dev/null | sort -k2 || :");
    }

    private void batch(int changes) {
        for (int i = 0; i < changes; i++) {
            String path = path();
            String change = switch (random.nextInt(7)) {
                case 0, 1 -> "echo " + random.nextInt() + " >" + path;
                case 2 -> "mkdir -p " + path + "; echo 1 >" + path + "/y.jpg; echo 2 >" + path + "/b";
                case 3 -> "rm -r " + path;
                case 4 -> "mv -T " + path + " " + path();
                case 5 -> "rm -r " + path + "; echo file >" + path;
                default -> "rm -r " + path + "; mkdir " + path + "; echo 3 >" + path + "/cache";
            };
            done.add(change);
            // many are not possible, such as a file below a file
            Sh.run(stage.source, "{ " + change + "; } 2>/dev/null || :");
        }
    }

    private String path() {
        StringBuilder path = new StringBuilder(name());
        for (int depth = random.nextInt(3); depth > 0; depth--) {
            path.append('/').append(name());
        }
        return path.toString();
    }

    private String name() {
        return NAMES.get(random.nextInt(NAMES.size()));
    }
}
