package dev.dromedary.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.stream.Stream;

import dev.dromedary.config.CamelFreeConfig;
import org.apache.camel.util.json.JsonObject;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The base of all commands that talk to the running program. */
public abstract class ClientCommand implements Callable<Integer> {

    @ParentCommand
    private GlobalOptions options;

    @Spec
    private CommandSpec spec;

    /** A target in the answer for the status. */
    record Found(String mirror, JsonObject json) {

        String id() {
            return mirror + '/' + json.getString("name");
        }

        /** {@return the path of the target in the HTTP interface} */
        String address() {
            return "/api/mirrors/" + mirror + "/targets/" + json.getString("name");
        }

        /** Requests an action, and returns the state of the target after it. */
        JsonObject act(ServerClient server, String action) throws ServerClient.Failure {
            return server.post(address() + '/' + action).getMap("target");
        }
    }

    abstract int talk(ServerClient server) throws ServerClient.Failure;

    @Override
    public final Integer call() {
        Path config = options.config();
        if (config != null && !Files.isReadable(config)) {
            throw new ParameterException(spec.commandLine(), "--config " + config + ": there is no such file, or it may not be read");
        }
        try {
            int exit = talk(ServerClient.of(config, options.url()));
            out().flush();
            return exit;
        } catch (ServerClient.Failure e) {
            out().flush();
            err().println("dromedary: " + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    /** {@return the state folder of the program that is asked; empty if its URL was given, because it may be another configuration's} */
    final Optional<Path> stateDir() throws ServerClient.Failure {
        try {
            Path config = options.config();
            return options.url() != null ? Optional.empty() : Optional.of(Path.of(CamelFreeConfig.read(config != null ? config
                    : Files.isReadable(ServerClient.USUAL) ? ServerClient.USUAL : null).get("dromedary.state-dir", "state")));
        } catch (IOException | InvalidPathException e) {
            throw new ServerClient.Failure("the configuration names no state folder: " + e.getMessage());
        }
    }

    /**
     * Returns the targets that the arguments name.
     *
     * @param status the answer of the server
     * @param names  MIRROR or MIRROR/TARGET; none for all
     */
    final List<Found> targets(JsonObject status, List<String> names) {
        List<Found> all = list(status, "mirrors").flatMap(mirror -> list(mirror, "targets")
                .map(target -> new Found(mirror.getString("name"), target))).toList();
        names.stream().filter(name -> all.stream().noneMatch(target -> isNamed(target, name))).findFirst().ifPresent(name -> {
            throw new ParameterException(spec.commandLine(), "there is no " + name + "; there are "
                    + String.join(", ", all.stream().map(Found::id).toList()));
        });
        return all.stream().filter(target -> names.isEmpty() || names.stream().anyMatch(name -> isNamed(target, name))).toList();
    }

    /**
     * Requests an action for one target after the other. If a target refuses, that is printed, and the others continue.
     *
     * @param action the last part of its path
     * @param said   returns what is printed for a target after the action, from its id and its state
     * @return the exit code: 0 if no target has refused
     */
    final int act(ServerClient server, List<Found> targets, String action, BiFunction<String, JsonObject, String> said) {
        boolean all = true;
        for (Found target : targets) {
            try {
                out().println(said.apply(target.id(), target.act(server, action)));
            } catch (ServerClient.Failure e) {
                err().println("dromedary: " + target.id() + ": " + e.getMessage());
                all = false;
            }
        }
        return all ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private static boolean isNamed(Found target, String name) {
        return target.mirror.equals(name) || target.id().equals(name);
    }

    static Stream<JsonObject> list(JsonObject json, String key) {
        return Objects.<List<?>>requireNonNullElse(json.getCollection(key), List.of()).stream().map(JsonObject.class::cast);
    }

    final CommandSpec spec() {
        return spec;
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
