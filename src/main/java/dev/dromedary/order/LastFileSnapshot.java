package dev.dromedary.order;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;

import dev.dromedary.backlog.BacklogEndpoint;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.RawPath;
import dev.dromedary.state.StateFolder;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;

/**
 * Keeps a copy of the files that travel last, taken before all else is awaited, so that they are sent in the state of that moment. If
 * another path was gone before it could be sent, a copy of a file that has changed since may refer to it: that file is left out, and stays
 * pending. For one thread.
 */
public final class LastFileSnapshot {

    private final Path source;
    private final Path folder;
    private final LongSupplier foundGone;
    private long goneBefore;
    private ChangeSet leftOut = new ChangeSet();

    /**
     * @param source    the folder that is copied from
     * @param folder    the folder of the copy, used by this target alone
     * @param foundGone how many paths so far were found gone when they were to be sent
     */
    public LastFileSnapshot(Path source, Path folder, LongSupplier foundGone) {
        this.source = source;
        this.folder = folder;
        this.foundGone = foundGone;
    }

    /** Creates the folder, or empties it, for the copy that follows. */
    public void clear() throws IOException {
        goneBefore = foundGone.getAsLong();
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            Files.walkFileTree(folder, new Removal());
        }
        StateFolder.make(folder);
    }

    /** {@return the pending paths that were copied and may be sent, as rsync's {@code --files-from=- --from0}} */
    public byte[] list(@ExchangeProperty(BacklogEndpoint.PENDING) ChangeSet pending) {
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        leftOut = new ChangeSet();
        boolean inDoubt = foundGone.getAsLong() != goneBefore;
        pending.forEach((path, extent) -> {
            Path copy = RawPath.toPath(folder, path);
            if (!Files.exists(copy, LinkOption.NOFOLLOW_LINKS)) {
                return;
            }
            if (inDoubt && !isSame(copy, RawPath.toPath(source, path))) {
                leftOut.add(path, Extent.ENTRY, pending.since());
            } else {
                list.writeBytes(RawPath.bytes("./" + path + '\0'));
            }
        });
        return list.toByteArray();
    }

    private static boolean isSame(Path copy, Path now) {
        try {
            BasicFileAttributes was = Files.readAttributes(copy, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            BasicFileAttributes is = Files.readAttributes(now, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return was.isDirectory() && is.isDirectory() || was.size() == is.size() && was.lastModifiedTime().equals(is.lastModifiedTime());
        } catch (IOException e) {
            return false;
        }
    }

    /** Enqueues again what was left out, and the times of folders that have changed since: the transfer may have set them back. */
    public void rest(@ExchangeProperty(BacklogEndpoint.PENDING) ChangeSet pending, Exchange exchange) {
        ChangeSet known = exchange.getProperty(BacklogEndpoint.AGAIN, ChangeSet.class);
        ChangeSet again = known == null ? new ChangeSet() : known;
        leftOut.forEach((path, extent) -> again.add(path, extent, leftOut.since()));
        Set<String> folders = new HashSet<>();
        pending.forEach((path, extent) -> {
            String parent = RawPath.parent(path);
            if (!parent.isEmpty() && folders.add(parent) && isOutdated(parent)) {
                again.add(parent, Extent.ATTRIBUTES);
            }
        });
        exchange.setProperty(BacklogEndpoint.AGAIN, again);
    }

    private boolean isOutdated(String path) {
        try {
            return !Files.getLastModifiedTime(RawPath.toPath(folder, path)).equals(Files.getLastModifiedTime(RawPath.toPath(source, path)));
        } catch (IOException e) {
            // it was not copied, or is gone, which is reported anyway
            return false;
        }
    }

    private static final class Removal extends SimpleFileVisitor<Path> {

        @Override
        public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) {
            // a copy has the permissions of the original
            each.toFile().setWritable(true);
            each.toFile().setReadable(true);
            each.toFile().setExecutable(true);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path each, BasicFileAttributes attributes) throws IOException {
            Files.delete(each);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path each, IOException e) throws IOException {
            Files.delete(each);
            return FileVisitResult.CONTINUE;
        }
    }
}
