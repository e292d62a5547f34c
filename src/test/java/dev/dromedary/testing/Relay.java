package dev.dromedary.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * Stands in front of a daemon and holds up a connection that has brought so many bytes until it is {@linkplain #open opened}: an
 * upload is under way for as long as a test wants, however fast or slow the machine is. All others pass.
 */
public final class Relay implements AutoCloseable {

    private static final int CHUNK = 1 << 14;

    private final ServerSocket listening;
    private final int daemonPort;
    private final long most;
    private final CountDownLatch opened = new CountDownLatch(1);
    private final Set<Socket> held = ConcurrentHashMap.newKeySet();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    private Relay(int daemonPort, long most) throws IOException {
        this.daemonPort = daemonPort;
        this.most = most;
        listening = new ServerSocket();
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePort.next()), 128);
    }

    /** In front of a daemon on loopback; ended with the scratch folder at the latest. */
    public static Relay holdingAfter(long bytes, RsyncDaemon daemon, Scratch scratch) {
        try {
            Relay relay = scratch.own(new Relay(daemon.port(), bytes));
            relay.inBackground(relay::accept);
            return relay;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String url(String module) {
        return "rsync://127.0.0.1:" + listening.getLocalPort() + "/" + module + "/";
    }

    public String url(String user, String module) {
        return url(module).replace("rsync://", "rsync://" + user + "@");
    }

    /** How many uploads are held up now. */
    public int held() {
        held.removeIf(Socket::isClosed);
        return held.size();
    }

    /** Lets all go on, for good. */
    public void open() {
        opened.countDown();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listening.accept();
            Socket daemon = new Socket(InetAddress.getLoopbackAddress(), daemonPort);
            for (Socket each : Set.of(client, daemon)) {
                each.setTcpNoDelay(true);
                sockets.add(each);
            }
            inBackground(() -> pass(client, daemon, most));
            inBackground(() -> pass(daemon, client, Long.MAX_VALUE));
        }
    }

    private void pass(Socket from, Socket to, long bytes) throws IOException {
        try (from; to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] chunk = new byte[CHUNK];
            long passed = 0;
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                out.write(chunk, 0, n);
                passed += n;
                if (passed >= bytes && opened.getCount() > 0) {
                    held.add(from);
                    opened.await();
                    held.remove(from);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.remove(from);
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private void inBackground(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // one of the two ends is gone, or the relay is closed
            }
        }, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    /** All connections end at once, as when a cable is pulled. */
    @Override
    public void close() throws IOException {
        listening.close();
        // before those that are held up could go on
        for (Socket each : sockets) {
            each.close();
        }
        open();
    }
}
