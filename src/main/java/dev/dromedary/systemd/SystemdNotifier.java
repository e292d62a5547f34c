package dev.dromedary.systemd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import com.sun.jna.Native;

/**
 * Notifies systemd of the state of a service: sd_notify(3), one datagram per message. Uses native calls, because Java supports unix sockets
 * for streams only. Thread-safe.
 */
final class SystemdNotifier {

    // sys/socket.h of Linux
    private static final short AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int MSG_NOSIGNAL = 0x4000;
    // sun_path of unix(7)
    private static final int LONGEST = 108;

    static {
        Native.register(SystemdNotifier.class, "c");
    }

    private final byte[] address;

    /**
     * @param socket NOTIFY_SOCKET: a path, or a name in the abstract namespace that starts with @
     * @throws IllegalArgumentException if it is neither
     */
    SystemdNotifier(String socket) {
        byte[] name = socket.getBytes(StandardCharsets.UTF_8);
        if (name.length < 2 || name.length >= LONGEST || name[0] != '/' && name[0] != '@') {
            throw new IllegalArgumentException("NOTIFY_SOCKET=" + socket + " is no address of a unix socket");
        }
        if (name[0] == '@') {
            name[0] = 0;
        }
        address = ByteBuffer.allocate(Short.BYTES + name.length).order(ByteOrder.nativeOrder())
                .putShort(AF_UNIX).put(name).array();
    }

    /**
     * @param message lines such as READY=1
     * @throws IOException if the message was not accepted
     */
    void send(String message) throws IOException {
        int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        if (fd < 0) {
            throw new IOException("there is no socket to be had (errno " + Native.getLastError() + ")");
        }
        try {
            byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
            if (sendto(fd, bytes, bytes.length, MSG_NOSIGNAL, address, address.length) != bytes.length) {
                throw new IOException("NOTIFY_SOCKET does not take it (errno " + Native.getLastError() + ")");
            }
        } finally {
            close(fd);
        }
    }

    private static native int socket(int family, int type, int protocol);

    private static native long sendto(int fd, byte[] bytes, long length, int flags, byte[] address, int addressLength);

    private static native int close(int fd);
}
