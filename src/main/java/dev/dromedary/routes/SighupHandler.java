package dev.dromedary.routes;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/**
 * Handles SIGHUP, which would end the program otherwise. The only access to signals in Java is the module jdk.unsupported, which is meant
 * for this (JEP 260). If SIGHUP was ignored when the program was started, as by nohup(1), it stays ignored: Java does not handle an ignored
 * signal.
 */
public final class SighupHandler {

    private static final Logger LOG = LoggerFactory.getLogger(SighupHandler.class);

    private SighupHandler() {
    }

    /** @param what the action for each signal, on a thread of its own */
    public static void on(Runnable what) {
        try {
            Signal.handle(new Signal("HUP"), signal -> what.run());
        } catch (IllegalArgumentException e) {
            // java -Xrs, and systems without this signal
            LOG.debug("SIGHUP can't be taken", e);
        }
    }
}
