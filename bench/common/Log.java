package common;

import java.time.LocalTime;

/** The progress of a run, on standard output. */
public final class Log {

    private Log() {
    }

    public static void say(String line) {
        System.out.println(String.format("%tT %s", LocalTime.now(), line));
    }
}
