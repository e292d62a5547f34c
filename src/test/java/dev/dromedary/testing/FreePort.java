package dev.dromedary.testing;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Ports of loopback at which nothing listens, none of them given out twice. */
public final class FreePort {

    // Below the range that systems take the ports of outgoing connections from.
    private static final int RANGE_LOWEST = 15_000;
    private static final int RANGE = 17_000;
    private static final int SHARE = 1_000;
    // Each JVM that runs tests beside others has a share of its own.
    private static final int LOWEST = RANGE_LOWEST + Integer.getInteger("tests.ports", 0) % RANGE;
    private static final int HIGHEST = LOWEST + SHARE;
    private static final AtomicInteger NEXT = new AtomicInteger(ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST));

    private FreePort() {
    }

    public static int next() {
        for (int tries = LOWEST; tries < HIGHEST; tries++) {
            int port = NEXT.getAndUpdate(last -> last + 1 < HIGHEST ? last + 1 : LOWEST);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no port is free");
    }

    private static boolean isFree(int port) {
        // Once for all addresses: who listens on any of them has it.
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    public static boolean accepts(int port) {
        return accepts("127.0.0.1", port);
    }

    static boolean accepts(String address, int port) {
        try (Socket socket = new Socket(address, port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
