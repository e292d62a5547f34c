package testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import common.Commands;
import common.Machine;

/** An sshd on loopback with keys of its own. */
final class SshServer {

    private final Path home;
    private final int port;

    private SshServer(Path home, int port) {
        this.home = home;
        this.port = port;
    }

    /** Starts one that lets the current user in; its files lie in the home of the contender. */
    static SshServer start(Instance instance) throws Exception {
        SshServer server = new SshServer(instance.home(), Machine.freePort());
        for (Path key : List.of(server.hostKey(), server.userKey())) {
            Commands.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString());
        }
        if (Machine.isRoot()) {
            // sshd wants its folder for the separation of privileges, which its service would have made
            Files.createDirectories(Path.of("/run/sshd"));
        }
        instance.processes().start("sshd-output", List.of(program(), "-D", "-e", "-f", server.configure().toString()));
        instance.await(System.nanoTime(), () -> Machine.accepts(server.port));
        return server;
    }

    private Path configure() throws IOException {
        // with SHLVL bash reads no ~/.bashrc, which may take longer than all else
        return Files.write(home.resolve("sshd_config"), List.of("ListenAddress 127.0.0.1", "Port " + port, "HostKey " + hostKey(),
                "AuthorizedKeysFile " + userKey() + ".pub", "PidFile none", "StrictModes no", "UsePAM no", "PasswordAuthentication no",
                "PermitRootLogin yes", "SetEnv SHLVL=1"));
    }

    private static String program() throws IOException {
        return Stream.of("/usr/sbin/sshd", "/usr/bin/sshd", "/usr/local/sbin/sshd").filter(each -> Files.isExecutable(Path.of(each)))
                .findFirst().orElseThrow(() -> new IOException("there is no sshd"));
    }

    private Path hostKey() {
        return home.resolve("host-key");
    }

    private Path userKey() {
        return home.resolve("user-key");
    }

    String url(Path folder) {
        return "ssh://" + System.getProperty("user.name") + "@127.0.0.1:" + port + folder + "/";
    }

    /** {@return the options of ssh that log in here, and touch nothing of the user's} */
    String clientOptions() {
        return "-F /dev/null -i " + userKey() + " -o IdentitiesOnly=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile="
                + home.resolve("known_hosts");
    }
}
