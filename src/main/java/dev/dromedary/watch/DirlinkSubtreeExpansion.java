package dev.dromedary.watch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.RawPath;

/** Enqueues a link to a folder together with the content of that folder, for targets where rsync copies the content instead of the link. */
final class DirlinkSubtreeExpansion implements EventExpansion {

    private final Path source;
    private final DirectoryReader listing = new DirectoryReader();

    DirlinkSubtreeExpansion(Path source) {
        this.source = source;
    }

    @Override
    public void expand(ChangeSet pending, Map<String, Extent> touched) {
        List<String> folders = new ArrayList<>();
        pending.forEach((path, extent) -> {
            if (extent == Extent.ENTRY) {
                addIfLinkToFolder(path, folders);
            } else if (extent == Extent.LEVEL) {
                listing.of(LibC.cString(RawPath.of(source) + '/' + path), (open, type, name) -> {
                    if (type == LibC.DT_LNK || type == LibC.DT_UNKNOWN) {
                        addIfLinkToFolder(RawPath.child(path, name), folders);
                    }
                });
            }
        });
        folders.forEach(path -> pending.add(path, Extent.TREE));
    }

    private void addIfLinkToFolder(String path, List<String> folders) {
        Path there = RawPath.toPath(source, path);
        if (Files.isSymbolicLink(there) && Files.isDirectory(there)) {
            folders.add(path);
        }
    }
}
