package dev.dromedary.watch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.dromedary.change.FlushMarker;

/**
 * Markers on their way through the kernel's queue of events: a cookie for each, whose event comes behind those of all that was changed
 * before it was laid. Safe for use by several threads.
 */
final class SyncCookies {

    /** What is in front of a number in the name of a cookie. */
    private static final String COOKIE = "mark-";

    private final Map<String, FlushMarker> laid = new LinkedHashMap<>();
    private final List<FlushMarker> seen = new ArrayList<>();
    private long count;
    private volatile boolean none = true;

    /** Takes one in, and returns the name of the cookie that is to be laid for it. */
    synchronized String add(FlushMarker marker) {
        String cookie = COOKIE + ++count;
        laid.put(cookie, marker);
        none = false;
        return cookie;
    }

    /** The cookies that were to be laid and have not been seen. */
    synchronized List<String> laid() {
        return List.copyOf(laid.keySet());
    }

    /** Takes in which cookies were seen, or need not be. */
    void seen(Collection<String> cookies) {
        if (none) {
            return;
        }
        synchronized (this) {
            cookies.forEach(cookie -> {
                FlushMarker marker = laid.remove(cookie);
                if (marker != null) {
                    seen.add(marker);
                }
            });
        }
    }

    /** Whether none is on its way; a look that costs nothing. */
    boolean isEmpty() {
        return none;
    }

    /** Whether some were seen that have not been taken. */
    boolean haveArrived() {
        if (none) {
            return false;
        }
        synchronized (this) {
            return !seen.isEmpty();
        }
    }

    /** Takes out those that were seen. */
    synchronized List<FlushMarker> take() {
        List<FlushMarker> taken = List.copyOf(seen);
        seen.clear();
        none = laid.isEmpty();
        return taken;
    }
}
