package dev.dromedary.jvm;

import dev.dromedary.Dromedary;

/** Where the jar begins: in a Java of the right options, or on the way to one. */
public final class Main {

    private Main() {
    }

    /** Starts the program; what it takes and how it ends is {@link Dromedary}'s. */
    public static void main(String[] arguments) {
        JvmRelaunch.unlessDone(arguments);
        Dromedary.main(arguments);
    }
}
