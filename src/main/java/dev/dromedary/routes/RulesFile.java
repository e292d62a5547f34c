package dev.dromedary.routes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import dev.dromedary.filter.FilterRules;
import dev.dromedary.source.SubmountGuard;
import dev.dromedary.state.StateFolder;

/**
 * The rules of a target in a file for rsync, which no quoting and no locale can spoil. Missing file systems are excluded in front of them;
 * each guard that knows of some rewrites the file. Thread-safe.
 */
final class RulesFile {

    private final Path file;
    private final FilterRules rules;
    private final Map<SubmountGuard.Listener, Set<String>> missing = new LinkedHashMap<>();

    RulesFile(Path file, FilterRules rules) {
        this.file = file;
        this.rules = rules;
    }

    Path path() {
        return file;
    }

    /** Returns a listener for one guard. The file exists as soon as it was notified once. */
    SubmountGuard.Listener listener() {
        return new SubmountGuard.Listener() {
            @Override
            public void changed(Set<String> now) throws IOException {
                write(this, now);
            }
        };
    }

    private synchronized void write(SubmountGuard.Listener one, Set<String> now) throws IOException {
        missing.put(one, now);
        Set<String> all = new TreeSet<>();
        missing.values().forEach(all::addAll);
        // a run that starts meanwhile reads either the old file or the new one
        Path unfinished = file.resolveSibling(file.getFileName() + ".tmp");
        // --from0 makes rsync expect NULs
        StateFolder.write(unfinished, rules.mergeFile0(all));
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
