package common;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** The machine that is measured on. */
public final class Machine {

    private static final Random PORTS = new Random();

    private Machine() {
    }

    /** {@return the load average of the last minute} */
    public static String load() throws IOException {
        return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
    }

    /** {@return the model of its processor, or {@code ?}} */
    public static String processor() throws IOException {
        return Files.readAllLines(Path.of("/proc/cpuinfo")).stream().filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip()).findFirst().orElse("?");
    }

    public static boolean isRoot() throws IOException, InterruptedException {
        return Commands.firstLine("id", "-u").equals("0");
    }

    /** {@return a free port, below the range that outgoing connections take theirs from} */
    public static int freePort() {
        while (true) {
            int port = 15_000 + PORTS.nextInt(16_000);
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (IOException e) {
                continue;
            }
        }
    }

    /** {@return whether something listens on a port of loopback} */
    public static boolean accepts(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
