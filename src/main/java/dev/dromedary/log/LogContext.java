package dev.dromedary.log;

import org.slf4j.MDC;

/** Sets the mirror and target in the logging context (MDC) of the current thread. */
public final class LogContext {

    private static final String MIRROR = "mirror";
    private static final String TARGET = "target";

    private LogContext() {
    }

    /** Sets the mirror, and no target. */
    public static void mirror(String name) {
        MDC.put(MIRROR, name);
        MDC.remove(TARGET);
    }

    /** Sets the target and its mirror; {@code id} is mirror/target. */
    public static void target(String id) {
        int slash = id.indexOf('/');
        MDC.put(MIRROR, id.substring(0, slash));
        MDC.put(TARGET, id.substring(slash + 1));
    }

    /** Clears both. */
    public static void clear() {
        MDC.remove(MIRROR);
        MDC.remove(TARGET);
    }
}
