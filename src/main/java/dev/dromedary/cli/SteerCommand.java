package dev.dromedary.cli;

import java.util.List;

import org.apache.camel.util.json.JsonObject;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** An action on some or all targets. */
abstract class SteerCommand extends Talk {

    @Parameters(paramLabel = "MIRROR[/TARGET]", arity = "0..*", description = "Only these; without any, all.")
    private List<String> names = List.of();

    /** {@return the action, as the path of its address ends} */
    abstract String action();

    @Override
    int talk(Server server) throws Server.Failure {
        boolean all = true;
        String action = action();
        for (Found target : targets(server.get("/api/status"), names)) {
            try {
                JsonObject answer = server.post("/api/mirrors/" + target.mirror() + "/targets/" + target.json().getString("name")
                        + '/' + action);
                JsonObject now = answer.getMap("target");
                out().println(target.id() + ": " + action + ": done; " + now.getString("state")
                        + (now.getString("state").equals("halted") ? ": " + now.getString("reason") : ""));
            } catch (Server.Failure e) {
                err().println("dromedary: " + target.id() + ": " + e.getMessage());
                all = false;
            }
        }
        return all ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
}
