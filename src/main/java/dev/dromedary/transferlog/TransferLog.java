package dev.dromedary.transferlog;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The log of what was sent to the targets and deleted there: files in the state folder with one JSON object per line, limited by their
 * total size and to 30 days. Safe for use by several threads.
 */
public final class TransferLog implements Closeable {

    /** How many bytes of the files an interactive query searches at most. */
    public static final long MOST_SEARCHED = 16L << 20;

    private final LogReader reader;
    private final LogWriter writer;

    /**
     * @param stateDir the state folder of this process
     * @param most     the maximum total size of all files in bytes, 1 MiB or more; 0 for no log
     */
    public TransferLog(Path stateDir, long most) {
        this.reader = new LogReader(stateDir);
        this.writer = most == 0 ? null : new LogWriter(folder(stateDir), new LogFileRotation(folder(stateDir), most));
    }

    static Path folder(Path stateDir) {
        return stateDir.resolve("log");
    }

    /** Returns whether the log is enabled. */
    public boolean isOn() {
        return writer != null;
    }

    /** {@return the reader of this log} */
    public LogReader reader() {
        return reader;
    }

    /**
     * Notes the start of a run.
     *
     * @param target mirror/target
     * @param way    its lane, as far as it is known
     * @param since  the moment of the oldest change in it, by {@link dev.dromedary.clock.SteadyClock}
     * @param trees  whether whole trees are compared
     * @return the buffer for its reports; empty if there is no log
     */
    public Optional<RunTransferBuffer> begin(String target, String way, long since, boolean trees) {
        return writer == null ? Optional.empty() : Optional.of(new RunTransferBuffer(writer, target, way, since, trees));
    }

    /**
     * Returns the newest entry about a path, from the last {@value #MOST_SEARCHED} bytes at most. The latest entries may be missing.
     *
     * @param target mirror/target
     * @param path   in the notation of {@link dev.dromedary.change.RawPath}
     */
    public Optional<TransferEntry> lastOf(String target, String path) throws IOException {
        return reader.lastOf(target, path, MOST_SEARCHED);
    }

    /** Writes the queued entries, for two seconds at most. */
    @Override
    public void close() {
        if (writer != null) {
            writer.close();
        }
    }
}
