package rows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import common.Commands;
import common.Log;
import report.Table;

/** The kernel's limit on inotify watches. */
final class WatchLimit {

    private static final Path FILE = Path.of("/proc/sys/fs/inotify/max_user_watches");

    private WatchLimit() {
    }

    /** Raises it for some folders as long as the benchmark runs. {@return whether it suffices; if not, the table says so} */
    static boolean raise(Runner runner, int folders, Table table) throws Exception {
        // Files.readString begins with one byte, and gets just one: a file below /proc/sys gives all to the first read
        long limit = Long.parseLong(Commands.firstLine("cat", FILE.toString()));
        // with the folders above the deepest ones, and with what other programs watch
        long wanted = folders + folders / 10 + 2_000;
        if (limit >= wanted) {
            return true;
        }
        try {
            Files.writeString(FILE, Long.toString(wanted));
            runner.testbed().cleanup().add(() -> Files.writeString(FILE, Long.toString(limit)));
            return true;
        } catch (IOException e) {
            table.addNote(" **Not measured**: fs.inotify.max_user_watches is " + limit + ".");
            Log.say(table.row() + ": not measured, as fs.inotify.max_user_watches is " + limit);
            return false;
        }
    }
}
