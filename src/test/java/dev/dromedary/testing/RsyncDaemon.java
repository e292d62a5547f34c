package dev.dromedary.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** A real {@code rsync --daemon} on loopback, that can go away, hang, and come back at the same port. */
public final class RsyncDaemon implements AutoCloseable {

    private static final Pattern CONNECTION = Pattern.compile("(?m)\\] rsync (to|on) ");

    private static final Pattern RECEIVED = Pattern.compile(" received (\\d+) bytes ");

    private final Path folder;
    private final String program;
    private final String address;
    private final int port = FreePort.next();
    private Process process;

    private RsyncDaemon(Path folder, String program, String address, List<String> configuration) {
        this.folder = folder;
        this.program = program;
        this.address = address;
        try {
            Files.write(folder.resolve("rsyncd.conf"), configuration);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of one module that can be written to, running. */
    public static RsyncDaemon serving(Scratch scratch, String module, Path path) {
        return in(scratch).module(module, path).start();
    }

    public static Builder in(Scratch scratch) {
        return new Builder(scratch);
    }

    public static final class Builder {

        private final Scratch scratch;
        private final Path folder;
        private final List<String> global = new ArrayList<>();
        private final Map<String, List<String>> modules = new LinkedHashMap<>();
        private String program = "rsync";
        private String address = "127.0.0.1";
        private String last;

        private Builder(Scratch scratch) {
            this.scratch = scratch;
            try {
                this.folder = Files.createTempDirectory(scratch.root(), "rsyncd-");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            global.add("log file = " + folder.resolve("log"));
            global.add("lock file = " + folder.resolve("lock"));
            global.add("transfer logging = yes");
            global.add("reverse lookup = no");
            global.add("socket options = TCP_NODELAY");
            if (isRoot()) {
                global.addAll(List.of("use chroot = yes", "uid = 0", "gid = 0"));
            } else {
                // Only root may chroot; without it the daemon would alter every link, and does so with those that leave it.
                global.addAll(List.of("use chroot = no", "munge symlinks = no"));
            }
        }

        /** By another rsync than that of this machine. */
        public Builder program(Path other) {
            program = other.toString();
            return this;
        }

        /** At another address than 127.0.0.1. */
        public Builder at(String other) {
            address = other;
            return this;
        }

        /** A module that can be written to; what follows is about this one. */
        public Builder module(String name, Path path) {
            last = name;
            modules.put(name, new ArrayList<>(List.of("path = " + path, "read only = no")));
            return this;
        }

        public Builder readOnly() {
            return with("read only = yes");
        }

        public Builder user(String user, String password) {
            Path secrets = folder.resolve("secrets-" + last);
            secret(secrets, user + ":" + password);
            return with("auth users = " + user).with("secrets file = " + secrets);
        }

        /** Any other line of the module. */
        public Builder with(String line) {
            modules.get(last).add(line);
            return this;
        }

        public RsyncDaemon start() {
            List<String> lines = new ArrayList<>(global);
            modules.forEach((name, options) -> {
                lines.add("[" + name + "]");
                lines.addAll(options);
            });
            RsyncDaemon daemon = scratch.own(new RsyncDaemon(folder, program, address, lines));
            daemon.start();
            return daemon;
        }

    }

    /** Whether links that lead out of a module stay as they are: a daemon alters them unless it can chroot. */
    public static boolean keepsLinksThatLeave() {
        return isRoot();
    }

    private static boolean isRoot() {
        return Sh.run(Path.of("/"), "id -u").strip().equals("0");
    }

    /** Writes a file that only its owner can read. */
    public static Path secret(Path file, String content) {
        try {
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            return Files.writeString(file, content + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return port;
    }

    public String url(String module) {
        return "rsync://" + host() + ":" + port + "/" + module + "/";
    }

    public String url(String user, String module) {
        return "rsync://" + user + "@" + host() + ":" + port + "/" + module + "/";
    }

    private String host() {
        return address.contains(":") ? "[" + address + "]" : address;
    }

    /** Alters its rsyncd.conf, which it reads anew for each connection. */
    public void reconfigure(UnaryOperator<String> change) {
        try {
            Path file = folder.resolve("rsyncd.conf");
            Path next = Files.writeString(folder.resolve("rsyncd.conf.new"), change.apply(Files.readString(file)));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it, or starts it again, and waits until it can be reached. */
    public void start() {
        if (process != null && process.isAlive()) {
            return;
        }
        try {
            process = new ProcessBuilder(program, "--daemon", "--no-detach", "--address=" + address, "--port=" + port,
                    "--config=" + folder.resolve("rsyncd.conf"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("output").toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Processes.awaitPort(process, address, port, () -> Processes.read(folder.resolve("output")) + log());
    }

    /** It is gone at once, like a host that lost its power, with what it was doing. */
    public void stop() {
        Processes.end(process);
    }

    /** A connection to a module by a client that says nothing more, until it is closed. */
    public Socket occupy(String module) {
        try {
            Socket socket = new Socket(address, port);
            BufferedReader lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            lines.readLine();
            socket.getOutputStream().write(("@RSYNCD: 31.0\n" + module + "\n").getBytes(StandardCharsets.US_ASCII));
            String answer = lines.readLine();
            if (!"@RSYNCD: OK".equals(answer)) {
                throw new AssertionError(module + " can't be had: " + answer);
            }
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** It accepts connections still, but answers nothing. */
    public void suspend() {
        Processes.signal(process, "STOP");
    }

    public void resume() {
        Processes.signal(process, "CONT");
    }

    /** How often a client has reached a module so far. */
    public long connections() {
        return CONNECTION.matcher(log()).results().count();
    }

    /** How many bytes clients have sent in runs that have ended. */
    public long received() {
        return RECEIVED.matcher(log()).results().mapToLong(line -> Long.parseLong(line.group(1))).sum();
    }

    public String log() {
        return Processes.read(folder.resolve("log"));
    }

    @Override
    public void close() {
        stop();
    }
}
