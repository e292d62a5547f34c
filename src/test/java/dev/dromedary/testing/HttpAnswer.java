package dev.dromedary.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a server answers to a request that is written out, which may have any header.
 *
 * @param headers by name in any case; of several of one name the values are joined by a comma
 * @param body    as it came, in chunks too
 */
public record HttpAnswer(int code, Map<String, String> headers, String body) {

    private static final int PATIENCE_MILLIS = 20_000;

    /**
     * Asks this machine.
     *
     * @param head the request's first line and its headers, each ended by {@code \r\n}; without Connection
     */
    public static HttpAnswer to(int port, String head) {
        return to(InetAddress.getLoopbackAddress(), port, head, "");
    }

    /** Asks an address, and sends a body. */
    public static HttpAnswer to(InetAddress address, int port, String head, String body) {
        try (Socket socket = new Socket(address, port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write((head + "Connection: close\r\n\r\n" + body).getBytes(StandardCharsets.UTF_8));
            return of(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HttpAnswer of(String text) {
        String[] parts = text.split("\r\n\r\n", 2);
        String[] lines = parts[0].split("\r\n");
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 1; i < lines.length; i++) {
            String[] header = lines[i].split(":\\s*", 2);
            headers.merge(header[0], header[1], (one, other) -> one + ", " + other);
        }
        return new HttpAnswer(Integer.parseInt(lines[0].split(" ")[1]), headers, parts.length > 1 ? parts[1] : "");
    }
}
