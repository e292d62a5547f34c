package testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The usual shell script: a whole rsync for each line of inotifywait. It cannot tell whether it has sent all. */
final class InotifywaitLoop implements Program {

    private static final String SCRIPT = "inotifywait -m -r -q -e close_write,create,delete,move,attrib --format %w \"$1\" | while read -r line; do"
            + " rsync -a --delete \"$1/\" \"$2\"; done";

    private final Instance instance;
    private final long folders;

    InotifywaitLoop(Instance instance) throws IOException {
        this.instance = instance;
        try (Stream<Path> all = Files.walk(instance.source())) {
            folders = all.filter(Files::isDirectory).count();
        }
    }

    @Override
    public List<String> command() {
        return List.of("sh", "-c", SCRIPT, "sh", instance.source().toString(), instance.urls().get(0));
    }

    @Override
    public boolean isWatching() {
        return instance.metrics().inotifyWatches() >= folders;
    }

    @Override
    public boolean isSettled() {
        return true;
    }
}
