package testbed;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

import common.Log;
import common.Timing;

/** Forwards connections to a port of loopback and delays each byte: distance, where the kernel has none to offer (tc-netem(8)). */
final class DelayRelay implements AutoCloseable {

    /** Of each byte, each way. */
    private static final Duration DELAY = Duration.ofMillis(25);

    private record Chunk(byte[] bytes, long due) {

        static Chunk now(byte[] bytes) {
            return new Chunk(bytes, System.nanoTime() + DELAY.toNanos());
        }

        boolean isEnd() {
            return bytes == null;
        }
    }

    private final ServerSocket server;
    private final int port;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    DelayRelay(int port) throws IOException {
        this.port = port;
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        startThread(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private static void startThread(Runnable task) {
        Thread thread = new Thread(task, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                sockets.add(client);
                Socket upstream = new Socket(InetAddress.getLoopbackAddress(), port);
                sockets.add(upstream);
                client.setTcpNoDelay(true);
                upstream.setTcpNoDelay(true);
                forward(client, upstream);
                forward(upstream, client);
            }
        } catch (IOException e) {
            close();
        }
    }

    private static void forward(Socket from, Socket to) {
        BlockingQueue<Chunk> delayed = new LinkedBlockingQueue<>();
        startThread(() -> receive(from, delayed));
        startThread(() -> send(delayed, to));
    }

    private static void receive(Socket from, BlockingQueue<Chunk> delayed) {
        byte[] buffer = new byte[65_536];
        int length;
        try {
            while ((length = from.getInputStream().read(buffer)) >= 0) {
                delayed.add(Chunk.now(Arrays.copyOf(buffer, length)));
            }
        } catch (IOException e) {
            // a broken connection has ended, too
        }
        delayed.add(Chunk.now(null));
    }

    private static void send(BlockingQueue<Chunk> delayed, Socket to) {
        try {
            for (Chunk next; !(next = delayed.take()).isEnd(); ) {
                Timing.waitUntil(next.due);
                to.getOutputStream().write(next.bytes);
            }
            to.shutdownOutput();
        } catch (IOException | InterruptedException e) {
            // nobody reads any more
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            Log.say("a relay could not be closed: " + e);
        }
    }
}
