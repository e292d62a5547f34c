package dev.dromedary.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Discards dead letters. */
@Command(name = "discard", mixinStandardHelpOptions = true, description = "Moves dead letters to the quarantine: their paths are"
        + " no longer pending, until they change or the whole tree is compared.", footer = {"", "Example:",
            "  dromedary discard www.backup.20261124T114844.982Z-1"}, exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:it could not be asked, or said no", "2:the arguments are wrong"})
public final class DiscardCommand extends ClientCommand {

    @Parameters(paramLabel = "ID", arity = "1..*", completionCandidates = CompletionCommand.Letters.class, description = "As dead-letters lists them.")
    private List<String> ids;

    @Override
    int talk(ServerClient server) throws ServerClient.Failure {
        boolean all = true;
        for (String id : ids) {
            try {
                server.post("/api/dead-letters/" + URLEncoder.encode(id, StandardCharsets.UTF_8) + "/discard");
                out().println(id + ": discarded");
            } catch (ServerClient.Failure e) {
                err().println("dromedary: " + id + ": " + e.getMessage());
                all = false;
            }
        }
        return all ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
}
