package common;

import java.io.IOException;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Consumer;

/** What has to be closed at the end, the latest first; also from a shutdown hook. */
public final class Cleanup implements AutoCloseable {

    private final Deque<AutoCloseable> open = new ConcurrentLinkedDeque<>();
    private final Consumer<String> failures;
    private volatile boolean closing;

    /** @param failures is told what could not be closed */
    public Cleanup(Consumer<String> failures) {
        this.failures = failures;
    }

    public void add(AutoCloseable resource) {
        open.push(resource);
    }

    public void remove(AutoCloseable resource) {
        open.remove(resource);
    }

    /** {@return whether the end has begun} */
    public boolean isClosing() {
        return closing;
    }

    /**
     * Starts a process, which none can once the end has begun: it would be left over.
     *
     * @param started is told of it before the end can begin
     */
    public Process start(ProcessBuilder builder, Consumer<Process> started) throws IOException {
        synchronized (open) {
            if (closing) {
                throw new IOException("it is being ended");
            }
            Process process = builder.start();
            started.accept(process);
            return process;
        }
    }

    @Override
    public void close() {
        synchronized (open) {
            closing = true;
        }
        for (AutoCloseable resource; (resource = open.poll()) != null; ) {
            try {
                resource.close();
            } catch (Exception e) {
                failures.accept("could not be put away: " + e);
            }
        }
    }
}
