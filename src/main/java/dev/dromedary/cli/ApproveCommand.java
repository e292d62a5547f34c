package dev.dromedary.cli;

import java.util.List;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Sends what is held. Unlike the harmless actions, it needs a name. */
@Command(name = "approve", mixinStandardHelpOptions = true, description = "Sends what max-change or max-delete holds, as much as"
        + " was counted; more than that is held again.", footer = {"", "Examples:", "  dromedary pending www/backup",
            "  dromedary approve www/backup"}, exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:nothing is held, or it could not be asked, or said no", "2:the arguments are wrong"})
public final class ApproveCommand extends ClientCommand {

    @Parameters(paramLabel = "MIRROR[/TARGET]", arity = "1..*", completionCandidates = CompletionCommand.Targets.class, description = "Of which targets.")
    private List<String> names;

    @Override
    int talk(ServerClient server) throws ServerClient.Failure {
        return act(server, targets(server.get("/api/status"), names), "approve", (id, now) -> id + ": approved; " + now.getString("state"));
    }
}
