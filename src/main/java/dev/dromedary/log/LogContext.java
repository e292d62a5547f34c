package dev.dromedary.log;

import org.slf4j.MDC;

/** Says, in the context of each line that a thread logs from now on, which mirror and which target it is about. */
public final class LogContext {

    private static final String MIRROR = "mirror";
    private static final String TARGET = "target";

    private LogContext() {
    }

    /** It is about a mirror. */
    public static void mirror(String name) {
        MDC.put(MIRROR, name);
        MDC.remove(TARGET);
    }

    /** It is about a target; {@code id} is mirror/target. */
    public static void target(String id) {
        int slash = id.indexOf('/');
        MDC.put(MIRROR, id.substring(0, slash));
        MDC.put(TARGET, id.substring(slash + 1));
    }

    /** It is about neither. */
    public static void clear() {
        MDC.remove(MIRROR);
        MDC.remove(TARGET);
    }
}
