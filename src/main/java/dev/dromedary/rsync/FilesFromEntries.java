package dev.dromedary.rsync;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

import dev.dromedary.backlog.BacklogEndpoint;
import dev.dromedary.change.RawPath;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds rsync's {@code --files-from=- --from0}, entry by entry. Each entry begins with {@code ./}, as rsync takes an entry that begins
 * with {@code #} or {@code ;} for a comment.
 */
final class FilesFromEntries {

    private static final Logger LOG = LoggerFactory.getLogger(FilesFromEntries.class);

    private final ByteArrayOutputStream list = new ByteArrayOutputStream();
    private final OverlongPaths tooLong;

    /** @param tooLong counts the paths that are left out because rsync would truncate them */
    FilesFromEntries(OverlongPaths tooLong) {
        this.tooLong = tooLong;
    }

    /** @param withContent whether the entry ends in a slash, so that the folder's direct content is included */
    void add(String path, boolean withContent) {
        String name = path + (withContent && !path.isEmpty() ? "/" : "");
        if (!tooLong.refuses(name)) {
            list.writeBytes(RawPath.bytes("./" + name));
            list.write(0);
        }
    }

    /** Returns the whole list, for rsync's standard input. */
    byte[] bytes(Exchange exchange) {
        byte[] bytes = list.toByteArray();
        if (LOG.isDebugEnabled()) {
            LOG.debug("{}: {} run, list: {}", exchange.getProperty(BacklogEndpoint.TARGET), exchange.getProperty(BacklogEndpoint.LANE),
                    shown(bytes));
        }
        return bytes;
    }

    // rsync's own notation; the end of an entry is shown as a space, and a space in a name as \#040
    private static String shown(byte[] list) {
        return RawPath.escape(new String(list, StandardCharsets.ISO_8859_1)).replace(" ", "\\#040").replace("\\#000", " ").strip();
    }
}
