package dev.dromedary.cli;

import java.util.List;

import org.apache.camel.util.json.JsonObject;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Carries what is held. Other than the actions that do no harm it wants a name. */
@Command(name = "approve", mixinStandardHelpOptions = true, description = "Sends what max-change or max-delete holds, as much as"
        + " was counted; more than that is held again.", footer = {"", "Examples:", "  dromedary pending www/backup",
            "  dromedary approve www/backup"}, exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:nothing is held, or it could not be asked, or said no", "2:the arguments are wrong"})
public final class ApproveCommand extends ClientCommand {

    @Parameters(paramLabel = "MIRROR[/TARGET]", arity = "1..*", description = "Of which targets.")
    private List<String> names;

    @Override
    int talk(ServerClient server) throws ServerClient.Failure {
        boolean all = true;
        for (Found target : targets(server.get("/api/status"), names)) {
            try {
                JsonObject now = server.post("/api/mirrors/" + target.mirror() + "/targets/" + target.json().getString("name")
                        + "/approve").getMap("target");
                out().println(target.id() + ": approved; " + now.getString("state"));
            } catch (ServerClient.Failure e) {
                err().println("dromedary: " + target.id() + ": " + e.getMessage());
                all = false;
            }
        }
        return all ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
}
