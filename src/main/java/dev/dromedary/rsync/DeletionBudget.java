package dev.dromedary.rsync;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.RawPath;

/**
 * How many entries a pull of listed paths may delete in the local folder. The owner of the source reports as {@link Extent#LEAF} what is gone
 * or is no folder, so only such paths may be deleted. A folder that is listed by itself exists at the source; if rsync does not find it there,
 * the source has vanished.
 */
final class DeletionBudget {

    // a run that is kept ready has its arguments before it has its list
    private static final int ROOM_BITS = 4;

    private DeletionBudget() {
    }

    /**
     * Computes it.
     *
     * @param folder the local folder
     * @param rounded whether it is rounded up to 1, 16, 256 and so on
     * @return the number of entries; empty if the list has whole folders, so that only a dry run can tell
     */
    static OptionalLong of(ChangeSet listed, Path folder, boolean rounded) {
        long[] budget = new long[1];
        boolean[] folders = new boolean[1];
        listed.forEach((path, extent) -> {
            folders[0] |= extent.compareTo(Extent.ENTRY) > 0;
            if (extent.compareTo(Extent.ENTRY) < 0) {
                budget[0] += entries(RawPath.toPath(folder, path));
            }
        });
        return folders[0] ? OptionalLong.empty() : OptionalLong.of(rounded ? roundedUp(budget[0]) : budget[0]);
    }

    private static long roundedUp(long budget) {
        long room = 1;
        while (room < budget) {
            room <<= ROOM_BITS;
        }
        return room;
    }

    // the path itself and everything below it
    private static long entries(Path path) {
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            return Files.exists(path, LinkOption.NOFOLLOW_LINKS) ? 1 : 0;
        }
        try (Stream<Path> all = Files.walk(path)) {
            return all.count();
        } catch (IOException | UncheckedIOException e) {
            // rsync can't delete what can't be read either, and reports it
            return 1;
        }
    }
}
