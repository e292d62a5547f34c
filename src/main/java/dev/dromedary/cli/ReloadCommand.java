package dev.dromedary.cli;

import java.util.List;
import java.util.Objects;

import org.apache.camel.util.json.JsonObject;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Makes the running program apply its configuration again. */
@Command(name = "reload", mixinStandardHelpOptions = true, description = "Has the running program apply its configuration file as it is"
        + " now, as SIGHUP does. Targets that stay the same do not notice; a fault in the file changes nothing.",
        exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:applied", "1:it could not be asked, or refused: then the faults"
                + " are listed", "2:the arguments are wrong"})
public final class ReloadCommand extends ClientCommand {

    /** Runs in progress get some seconds to end, as does a reload in progress. */
    private static final int PATIENCE_MILLIS = 60_000;

    @Override
    int talk(ServerClient server) throws ServerClient.Failure {
        JsonObject answer;
        try {
            answer = server.post("/api/reload", PATIENCE_MILLIS);
        } catch (ServerClient.Failure e) {
            List<?> faults = e.answer() == null ? List.of() : strings(e.answer(), "faults");
            if (faults.isEmpty()) {
                throw e;
            }
            faults.forEach(fault -> err().println("dromedary: " + fault));
            err().println("dromedary: " + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
        for (String what : List.of("added", "removed", "changed")) {
            strings(answer, what).forEach(target -> out().println(target + ": " + what));
        }
        out().println("unchanged targets: " + answer.getInteger("unchanged"));
        strings(answer, "needsRestart").forEach(key -> out().println(key + ": needs a restart"));
        return CommandLine.ExitCode.OK;
    }

    private static List<?> strings(JsonObject json, String key) {
        return List.copyOf(Objects.<List<?>>requireNonNullElse(json.getCollection(key), List.of()));
    }
}
