package dev.dromedary.watch;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * Tracks the files that are being written. A file is enqueued when its writer closes it, or after a while if it stays open.
 *
 * <p>A file that appears is usually about to be written, so it waits for its CLOSE_WRITE. A link, a pipe or a device has no writer and is
 * enqueued after a moment.
 *
 * @param <F> identifies a folder, wherever it is moved to
 */
final class OpenFileTracker<F> {

    private static final long WRITER_COMES_WITHIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** Receives a file that has to be enqueued although its writer may not have closed it. */
    @FunctionalInterface
    interface Due<F> {

        /** @param modified whether it was written under this name */
        void due(F folder, String name, boolean modified);
    }

    private record Key<F>(F folder, String name) {
    }

    private static final class Deadline {
        private long nanos;
        private boolean modified;
    }

    private final long maxDelayNanos;
    private final Map<Key<F>, Deadline> files = new HashMap<>();
    private long next = Long.MAX_VALUE;

    OpenFileTracker(long maxDelayMillis) {
        this.maxDelayNanos = TimeUnit.MILLISECONDS.toNanos(maxDelayMillis);
    }

    void created(F folder, String name) {
        put(folder, name, false, WRITER_COMES_WITHIN_NANOS);
    }

    void modified(F folder, String name) {
        Deadline known = files.get(new Key<>(folder, name));
        if (known == null || !known.modified) {
            put(folder, name, true, maxDelayNanos);
        }
    }

    private void put(F folder, String name, boolean modified, long delay) {
        Deadline deadline = files.computeIfAbsent(new Key<>(folder, name), key -> new Deadline());
        deadline.nanos = System.nanoTime() + delay;
        deadline.modified = modified;
        next = Math.min(next, deadline.nanos);
    }

    /** {@return whether a file has appeared and was not written under this name yet} */
    boolean isUnwritten(F folder, String name) {
        Deadline deadline = files.get(new Key<>(folder, name));
        return deadline != null && !deadline.modified;
    }

    /** {@return whether a file is being written under this name} */
    boolean isModified(F folder, String name) {
        Deadline deadline = files.get(new Key<>(folder, name));
        return deadline != null && deadline.modified;
    }

    /** {@return the paths of the first files that were written and not enqueued since; a file for which {@code path} returns null is dropped} */
    Set<String> written(int most, BiFunction<F, String, String> path) {
        return files.entrySet().stream().filter(file -> file.getValue().modified).limit(most)
                .map(file -> path.apply(file.getKey().folder(), file.getKey().name())).filter(Objects::nonNull).collect(Collectors.toUnmodifiableSet());
    }

    boolean contains(F folder, String name) {
        return files.containsKey(new Key<>(folder, name));
    }

    void closed(F folder, String name) {
        files.remove(new Key<>(folder, name));
        if (files.isEmpty()) {
            next = Long.MAX_VALUE;
        }
    }

    void clear() {
        files.clear();
        next = Long.MAX_VALUE;
    }

    /** Reports the files that have been open too long, and forgets them until they are written again. */
    void due(long now, Due<F> sink) {
        if (next == Long.MAX_VALUE || now - next < 0) {
            return;
        }
        next = Long.MAX_VALUE;
        for (Iterator<Map.Entry<Key<F>, Deadline>> each = files.entrySet().iterator(); each.hasNext();) {
            Map.Entry<Key<F>, Deadline> file = each.next();
            if (now - file.getValue().nanos >= 0) {
                sink.due(file.getKey().folder(), file.getKey().name(), file.getValue().modified);
                each.remove();
            } else {
                next = Math.min(next, file.getValue().nanos);
            }
        }
    }

    /** Reports all files, and forgets them until they are written again. */
    void all(Due<F> sink) {
        Map<Key<F>, Deadline> open = Map.copyOf(files);
        clear();
        open.forEach((file, deadline) -> sink.due(file.folder(), file.name(), deadline.modified));
    }

    /** {@return the milliseconds, rounded up, until the next file is due; -1 if none is open} */
    int nextDeadline(long now) {
        if (next == Long.MAX_VALUE) {
            return -1;
        }
        return (int) Math.max(0, TimeUnit.NANOSECONDS.toMillis(next - now) + 1);
    }
}
