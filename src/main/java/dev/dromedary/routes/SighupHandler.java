package dev.dromedary.routes;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/**
 * SIGHUP, which would end the program. Java has no other door to signals than the module jdk.unsupported, which is meant for this
 * (JEP 260). Where it was ignored when the program was started, as by nohup(1), it stays so: Java takes no ignored one.
 */
public final class SighupHandler {

    private static final Logger LOG = LoggerFactory.getLogger(SighupHandler.class);

    private SighupHandler() {
    }

    /** @param what is done for each, on a thread of its own */
    public static void on(Runnable what) {
        try {
            Signal.handle(new Signal("HUP"), signal -> what.run());
        } catch (IllegalArgumentException e) {
            // java -Xrs, and systems that have no such signal
            LOG.debug("SIGHUP can't be taken", e);
        }
    }
}
