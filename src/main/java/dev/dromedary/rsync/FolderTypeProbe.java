package dev.dromedary.rsync;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

import dev.dromedary.change.RawPath;
import dev.dromedary.state.StateFolder;

/**
 * Uses empty folders to probe by dry run whether a target has folders of these names, or nothing of that name. This works for all kinds of
 * targets, also for those that can't be read. Where this side has a folder, rsync follows no link at the target, and reports that it would
 * create the folder (rsync(1), --itemize-changes: "cd"; measured with 3.5.0).
 */
final class FolderTypeProbe {

    // so that the answer, twelve bytes for each, fits into what is kept of it (RsyncExecutor)
    private static final int MOST_AT_ONCE = 50_000;

    private static final List<String> ASK = List.of("--dry-run", "--no-recursive", "--dirs", "--from0", "--files-from=-",
            "--existing", "-ii", "--out-format=%i");
    private static final String IS_A_FOLDER = ".d";

    private final Path top;
    // in this order a folder comes before its children
    private final TreeSet<String> folders = new TreeSet<>();

    /** @param top the folder in which they are made; its content is deleted */
    FolderTypeProbe(Path top) {
        this.top = top;
    }

    /** Adds a folder and all its parents. The top folder of a target is used as its url names it, even if it is a link. */
    void add(String folder) {
        for (String each = folder; !each.isEmpty() && folders.add(each); each = RawPath.parent(each)) {
            continue;
        }
    }

    /**
     * Makes the folders.
     *
     * @param options how to reach the target, ending with its location
     * @return the runs that probe; none if there is nothing to probe
     */
    List<MoveByLinkDest.Step> make(List<String> options) {
        List<MoveByLinkDest.Step> steps = new ArrayList<>();
        List<String> arguments = new ArrayList<>(ASK);
        arguments.addAll(options);
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        int asked = 0;
        try {
            remove(top);
            StateFolder.make(top);
            for (String folder : folders) {
                Files.createDirectory(RawPath.toPath(top, folder));
                list.writeBytes(RawPath.bytes("./" + folder + '\0'));
                asked++;
                if (asked == MOST_AT_ONCE || folder.equals(folders.last())) {
                    steps.add(new MoveByLinkDest.Step(top, arguments, list.toByteArray(), MoveByLinkDest.Step.WELL, true));
                    list.reset();
                    asked = 0;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return steps;
    }

    /** Returns whether the answer names only folders of the target, and at least the top one. */
    static boolean isOfFolders(String answer) {
        return answer != null && !answer.isEmpty() && answer.lines().allMatch(line -> line.startsWith(IS_A_FOLDER));
    }

    static void remove(Path top) throws IOException {
        try {
            Files.walkFileTree(top, new SimpleFileVisitor<>() {

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
                    Files.delete(folder);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (NoSuchFileException e) {
            return;
        }
    }
}
