package dev.dromedary.transferlog;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What was carried to the targets and deleted there: files in the state folder, a JSON object a line, bounded by their size together and
 * by 30 days. Safe for use by several threads.
 */
public final class TransferLog implements Closeable {

    /** How much of the files is searched at once for somebody who waits. */
    public static final long MOST_SEARCHED = 16L << 20;

    private final LogReader reader;
    private final LogWriter writer;

    /**
     * @param stateDir the state folder of this process
     * @param most     how many bytes all files may have together, 1 MiB or more; 0 for no log
     */
    public TransferLog(Path stateDir, long most) {
        this.reader = new LogReader(stateDir);
        this.writer = most == 0 ? null : new LogWriter(folder(stateDir), new LogFileRotation(folder(stateDir), most));
    }

    static Path folder(Path stateDir) {
        return stateDir.resolve("log");
    }

    /** Whether it is written. */
    public boolean isOn() {
        return writer != null;
    }

    /** {@return where what is written is read} */
    public LogReader reader() {
        return reader;
    }

    /**
     * A run begins.
     *
     * @param target mirror/target
     * @param way    its way, as far as it is known
     * @param since  the moment of the oldest change in it, by {@link dev.dromedary.clock.SteadyClock}
     * @param trees  whether whole trees are compared
     * @return what it is to tell of; nothing if there is no log
     */
    public Optional<RunTransferBuffer> begin(String target, String way, long since, boolean trees) {
        return writer == null ? Optional.empty() : Optional.of(new RunTransferBuffer(writer, target, way, since, trees));
    }

    /**
     * The newest entry about a path, in the last {@value #MOST_SEARCHED} bytes at most; what was said in the last moments may be missing.
     *
     * @param target mirror/target
     * @param path   as {@link dev.dromedary.change.RawPath} has it
     */
    public Optional<TransferEntry> lastOf(String target, String path) throws IOException {
        return reader.lastOf(target, path, MOST_SEARCHED);
    }

    /** Writes what is waiting, for two seconds at most. */
    @Override
    public void close() {
        if (writer != null) {
            writer.close();
        }
    }
}
