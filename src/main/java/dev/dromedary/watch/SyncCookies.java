package dev.dromedary.watch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.dromedary.change.FlushMarker;

/**
 * Tracks the markers in flight through the kernel's event queue. Each has a cookie, whose event follows those of all changes made before it
 * was written. Thread-safe.
 */
final class SyncCookies {

    /** The prefix of the number in the name of a cookie. */
    private static final String COOKIE = "mark-";

    private final Map<String, FlushMarker> laid = new LinkedHashMap<>();
    private final List<FlushMarker> seen = new ArrayList<>();
    private long count;
    private volatile boolean none = true;

    /** Adds a marker, and returns the name of the cookie to be written for it. */
    synchronized String add(FlushMarker marker) {
        String cookie = COOKIE + ++count;
        laid.put(cookie, marker);
        none = false;
        return cookie;
    }

    /** {@return the cookies to be written that have not been seen} */
    synchronized List<String> laid() {
        return List.copyOf(laid.keySet());
    }

    /** Notes which cookies were seen, or are not needed. */
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

    /** {@return whether no marker is in flight; costs almost nothing} */
    boolean isEmpty() {
        return none;
    }

    /** {@return whether markers were seen that have not been taken} */
    boolean haveArrived() {
        if (none) {
            return false;
        }
        synchronized (this) {
            return !seen.isEmpty();
        }
    }

    /** Removes and returns the markers that were seen. */
    synchronized List<FlushMarker> take() {
        List<FlushMarker> taken = List.copyOf(seen);
        seen.clear();
        none = laid.isEmpty();
        return taken;
    }
}
