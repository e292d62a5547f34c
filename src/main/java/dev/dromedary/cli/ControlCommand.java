package dev.dromedary.cli;

import java.util.List;

import org.apache.camel.util.json.JsonObject;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** An action on some or all targets. */
abstract class ControlCommand extends ClientCommand {

    @Parameters(paramLabel = "MIRROR[/TARGET]", arity = "0..*", completionCandidates = CompletionCandidates.class, description = "All targets of a mirror, or one target.")
    private List<String> names = List.of();

    @Option(names = "--all", description = "All targets of all mirrors.")
    private boolean all;

    /** {@return the action, as the path of its address ends} */
    abstract String action();

    @Override
    int talk(ServerClient server) throws ServerClient.Failure {
        if (all != names.isEmpty()) {
            throw new ParameterException(spec().commandLine(), all ? "--all and " + names.get(0) + ": give one or the other"
                    : spec().name() + " what? Name MIRROR or MIRROR/TARGET, or give --all for all targets of all mirrors");
        }
        boolean done = true;
        String action = action();
        for (Found target : targets(server.get("/api/status"), names)) {
            try {
                JsonObject answer = server.post("/api/mirrors/" + target.mirror() + "/targets/" + target.json().getString("name")
                        + '/' + action);
                JsonObject now = answer.getMap("target");
                out().println(target.id() + ": " + action + ": done; " + now.getString("state")
                        + (now.getString("state").equals("halted") ? ": " + now.getString("reason") : ""));
            } catch (ServerClient.Failure e) {
                err().println("dromedary: " + target.id() + ": " + e.getMessage());
                done = false;
            }
        }
        return done ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
}
