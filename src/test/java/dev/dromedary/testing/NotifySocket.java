package dev.dromedary.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import com.sun.jna.Native;

/** The other end of sd_notify(3): a socket as systemd has it. */
public final class NotifySocket implements AutoCloseable {

    private static final short AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int LONGEST = 4096;

    static {
        Native.register(NotifySocket.class, "c");
    }

    private final String address;
    private final int fd;
    private final List<String> messages = new ArrayList<>();

    private NotifySocket(String address) {
        this.address = address;
        byte[] name = address.getBytes(StandardCharsets.UTF_8);
        if (name[0] == '@') {
            name[0] = 0;
        }
        byte[] bytes = ByteBuffer.allocate(Short.BYTES + name.length).order(ByteOrder.nativeOrder())
                .putShort(AF_UNIX).put(name).array();
        fd = socket(AF_UNIX, SOCK_DGRAM, 0);
        if (bind(fd, bytes, bytes.length) != 0) {
            int errno = Native.getLastError();
            close(fd);
            throw new IllegalStateException("no socket at " + address + " (errno " + errno + ")");
        }
    }

    /** At a path, or, with an @ in front, at a name that is none of the file system. */
    public static NotifySocket at(String address) {
        return new NotifySocket(address);
    }

    /** At a name that nobody else has. */
    public static NotifySocket somewhere() {
        return at("@dromedary-" + UUID.randomUUID());
    }

    /** For NOTIFY_SOCKET. */
    public String address() {
        return address;
    }

    /** All that it has been told so far. */
    public synchronized List<String> messages() {
        byte[] buffer = new byte[LONGEST];
        for (long length; (length = recv(fd, buffer, buffer.length, MSG_DONTWAIT)) >= 0;) {
            messages.add(new String(buffer, 0, (int) length, StandardCharsets.UTF_8));
        }
        return List.copyOf(messages);
    }

    @Override
    public synchronized void close() {
        close(fd);
    }

    private static native int socket(int family, int type, int protocol);

    private static native int bind(int fd, byte[] address, int length);

    private static native long recv(int fd, byte[] buffer, long length, int flags);

    private static native int close(int fd);
}
