package dev.dromedary.rsync;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

import dev.dromedary.change.BacklogEndpoint;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.RawPath;
import dev.dromedary.filter.PathFilter;
import dev.dromedary.source.SourceRoot;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what is owed as rsync's {@code --files-from=- --from0}, resolved against the source as it is now.
 *
 * <p>Below a folder that is gone, or has become a link or a file, only that folder is listed: rsync would follow the
 * link, and would leave parents of a missing path behind (rsync(1), --files-from and --delete-missing-args). Each entry
 * begins with {@code ./}, as rsync takes a line that begins with {@code #} or {@code ;} for a comment.
 */
public final class FileList {

    private static final Logger LOG = LoggerFactory.getLogger(FileList.class);

    private enum Kind {
        FOLDER, OTHER, GONE
    }

    private final SourceRoot source;
    private final PathFilter filter;
    private final boolean missingArgs;
    private final AtomicLong refused = new AtomicLong();

    /**
     * @param filter      what is left out, there or gone
     * @param missingArgs whether this rsync deletes what is listed and gone; if not, its folder is listed instead
     */
    public FileList(SourceRoot source, PathFilter filter, boolean missingArgs) {
        this.source = source;
        this.filter = filter;
        this.missingArgs = missingArgs;
    }

    /**
     * Makes the list, and notes in {@link BacklogEndpoint#FOLDERS} which folders it goes through.
     *
     * @return the list, for rsync's standard input; empty if all that was owed is left out
     * @throws IOException if the source is not what it was
     */
    public byte[] list(@Body ChangeSet changes, Exchange exchange) throws IOException {
        source.check();
        source.remember();
        Run run = new Run();
        changes.forEach(run::owed);
        run.folders.values().removeIf(kind -> kind != Kind.FOLDER);
        exchange.setProperty(BacklogEndpoint.FOLDERS, run.folders.keySet());
        byte[] list = run.list.toByteArray();
        if (LOG.isDebugEnabled()) {
            LOG.debug("{}: {} run, list: {}", exchange.getProperty(BacklogEndpoint.TARGET), exchange.getProperty(BacklogEndpoint.LANE),
                    shown(list));
        }
        return list;
    }

    // rsync's own notation; an entry's end is shown as a space, and a space in a name as \#040
    private static String shown(byte[] list) {
        return RawPath.escape(new String(list, StandardCharsets.ISO_8859_1)).replace(" ", "\\#040").replace("\\#000", " ").strip();
    }

    /** Counts a path that is too long for rsync. */
    void refuse() {
        refused.incrementAndGet();
    }

    /** How many paths were too long for rsync. */
    public long refused() {
        return refused.get();
    }

    private final class Run {
        private final ByteArrayOutputStream list = new ByteArrayOutputStream();
        private final Map<String, Kind> folders = new HashMap<>();
        private final Set<String> listedInstead = new HashSet<>();

        private void owed(String path, Extent extent) {
            for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
                String ancestor = path.substring(0, slash);
                Kind kind = folders.computeIfAbsent(ancestor, this::kind);
                if (kind != Kind.FOLDER) {
                    if (listedInstead.add(ancestor)) {
                        entry(ancestor, kind);
                    }
                    return;
                }
                if (filter.excludesEntry(ancestor, true)) {
                    return;
                }
            }
            if (path.isEmpty()) {
                line("./");
            } else if (extent.compareTo(Extent.ENTRY) <= 0) {
                entry(path, null);
            } else {
                Kind kind = folders.computeIfAbsent(path, this::kind);
                if (kind != Kind.FOLDER) {
                    entry(path, kind);
                } else if (!filter.excludesEntry(path, true)) {
                    line("./" + path + '/');
                }
            }
        }

        // the kind is looked up only where the answer depends on it
        private void entry(String path, Kind known) {
            boolean left = filter.excludesEntry(path, true) || filter.excludesEntry(path, false);
            Kind kind = known == null && (left || !missingArgs) ? kind(path) : known;
            if (left && (kind == Kind.GONE || filter.excludesEntry(path, kind == Kind.FOLDER))) {
                return;
            }
            if (kind == Kind.GONE && !missingArgs) {
                String parent = RawPath.parent(path);
                if (listedInstead.add(parent + '/')) {
                    line(parent.isEmpty() ? "./" : "./" + parent + '/');
                }
            } else {
                line("./" + path);
            }
        }

        private void line(String line) {
            if (line.length() > RawPath.LONGEST + 2) {
                LOG.error("{} this path has {} bytes, more than the {} that rsync takes: it is NOT mirrored;"
                        + " shorten it or mirror a folder further down",
                        RawPath.shown(line.substring(2)), line.length() - 2,
                        RawPath.LONGEST);
                refuse();
                return;
            }
            list.writeBytes(RawPath.bytes(line));
            list.write(0);
        }

        private Kind kind(String path) {
            Path file = RawPath.toPath(source.path(), path);
            try {
                return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).isDirectory()
                        ? Kind.FOLDER : Kind.OTHER;
            } catch (NoSuchFileException e) {
                return Kind.GONE;
            } catch (IOException e) {
                // ENOTDIR is "gone" below a file; what can't be looked at for want of a right, rsync will name
                return Kind.GONE;
            }
        }
    }
}
