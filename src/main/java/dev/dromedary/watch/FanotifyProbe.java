package dev.dromedary.watch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

import com.sun.jna.Platform;
import dev.dromedary.filter.FilterRules;

/** Checks whether a source could be watched by fanotify, by trying it for a moment. */
public final class FanotifyProbe {

    private FanotifyProbe() {
    }

    /** {@return why it could not, for people; empty if it could} */
    public static Optional<String> fault(Path source) {
        if (!Platform.isLinux() || !Platform.is64Bit()) {
            return Optional.of("only Linux has fanotify");
        }
        try (FanotifyTree tree = FanotifyTree.open(source.toRealPath(), FilterRules.NONE, 0, Set::of)) {
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e.getMessage());
        }
    }
}
