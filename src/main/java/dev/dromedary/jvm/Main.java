package dev.dromedary.jvm;

import dev.dromedary.Dromedary;

/** The entry point of the jar: restarts Java with the right options if necessary. */
public final class Main {

    private Main() {
    }

    /** Starts the program; {@link Dromedary} defines the arguments and the exit codes. */
    public static void main(String[] arguments) {
        JvmRelaunch.unlessDone(arguments);
        Dromedary.main(arguments);
    }
}
