package dev.dromedary.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A real sshd on loopback that lets in the user of the tests, by a key of its own. */
public final class SshServer implements AutoCloseable {

    private final Path folder;
    private final String address;
    private final int port = FreePort.next();
    private final String user = System.getProperty("user.name");
    private Process process;

    private SshServer(Path folder, String address) {
        this.folder = folder;
        this.address = address;
    }

    public static SshServer start(Scratch scratch) {
        return start(scratch, "127.0.0.1");
    }

    public static SshServer start(Scratch scratch, String address) {
        try {
            Path folder = Files.createTempDirectory(scratch.root(), "sshd-");
            Sh.run(folder, """
                    ssh-keygen -q -t ed25519 -N '' -f host-key
                    ssh-keygen -q -t ed25519 -N '' -f user-key
                    cp user-key.pub authorized_keys
                    # sshd wants its folder for the separation of privileges, which its service would have made
                    [ "$(id -u)" -ne 0 ] || mkdir -p /run/sshd
                    """);
            SshServer server = scratch.own(new SshServer(folder, address));
            Files.write(folder.resolve("sshd_config"), List.of(
                    "ListenAddress " + address,
                    "Port " + server.port,
                    "HostKey " + folder.resolve("host-key"),
                    "AuthorizedKeysFile " + folder.resolve("authorized_keys"),
                    "PidFile none",
                    "StrictModes no",
                    "UsePAM no",
                    "PasswordAuthentication no",
                    "PermitRootLogin yes",
                    // what the user's shell does at a login is no part of a test
                    "SetEnv HOME=" + folder));
            Files.writeString(folder.resolve("known_hosts"),
                    "[" + address + "]:" + server.port + " " + Files.readString(folder.resolve("host-key.pub")));
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void start() {
        try {
            // sshd starts itself again for each connection and so wants its whole path
            process = new ProcessBuilder(Processes.program("/usr/sbin/sshd", "/usr/bin/sshd", "/usr/local/sbin/sshd"),
                    "-D", "-e", "-f", folder.resolve("sshd_config").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Processes.awaitPort(process, address, port, this::log);
    }

    public void stop() {
        Processes.end(process);
    }

    public String url(Path path) {
        return "ssh://" + user + "@" + (address.contains(":") ? "[" + address + "]" : address) + ":" + port + path + "/";
    }

    /** The form of scp, which has no place for a port. */
    public String scpLikeUrl(Path path) {
        return user + "@" + address + ":" + path + "/";
    }

    public int port() {
        return port;
    }

    /** What ssh must be told to come in here. */
    public String options() {
        return "-i " + key() + " -o IdentitiesOnly=yes -o UserKnownHostsFile="
                + folder.resolve("known_hosts");
    }

    /** The private key of the user who is let in. */
    public Path key() {
        return folder.resolve("user-key");
    }

    /** What a client's known_hosts says of it. */
    public String knownHosts() {
        return Processes.read(folder.resolve("known_hosts"));
    }

    /** From the next login on, only this command is run, whatever a client asks for. */
    public void restrict(String command) throws IOException {
        Files.writeString(folder.resolve("authorized_keys"),
                "restrict,command=\"" + command + "\" " + Files.readString(folder.resolve("user-key.pub")));
    }

    public String log() {
        return Processes.read(folder.resolve("log"));
    }

    @Override
    public void close() {
        stop();
    }
}
