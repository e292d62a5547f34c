package dev.dromedary.cli;

import java.util.List;

import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** An action on some or all targets. */
abstract class ControlCommand extends ClientCommand {

    @Parameters(paramLabel = "MIRROR[/TARGET]", arity = "0..*", completionCandidates = CompletionCommand.Targets.class, description = "All targets of a mirror, or one target.")
    private List<String> names = List.of();

    @Option(names = "--all", description = "All targets of all mirrors.")
    private boolean all;

    /** {@return the action, the last part of its path} */
    abstract String action();

    @Override
    int talk(ServerClient server) throws ServerClient.Failure {
        if (all != names.isEmpty()) {
            throw new ParameterException(spec().commandLine(), all ? "--all and " + names.get(0) + ": give one or the other"
                    : spec().name() + " what? Name MIRROR or MIRROR/TARGET, or give --all for all targets of all mirrors");
        }
        String action = action();
        return act(server, targets(server.get("/api/status"), names), action, (id, now) -> id + ": " + action + ": done; " + now.getString("state")
                + (now.getString("state").equals("halted") ? ": " + now.getString("reason") : ""));
    }
}
