package dev.dromedary.cli;

import java.util.List;

import dev.dromedary.text.HumanReadable;
import org.apache.camel.util.json.JsonObject;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists what is pending for some targets, or held until a person approves it. */
@Command(name = "pending", mixinStandardHelpOptions = true, description = "Lists what is pending: what max-change holds until it is"
        + " approved; else what is being sent, waits or has failed.", footer = {"", "Example:", "  dromedary pending www/backup --all"},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:it was listed", "1:it could not be asked, or said no", "2:the arguments are wrong"})
public final class PendingCommand extends ClientCommand {

    private static final int FIRST = 20;
    private static final int PAGE = 1000;

    @Parameters(paramLabel = "MIRROR[/TARGET]", arity = "1..*", completionCandidates = CompletionCommand.Targets.class, description = "Of which targets.")
    private List<String> names;

    @Option(names = "--all", description = "All paths, and not just the first.")
    private boolean all;

    @Option(names = "--json", description = "As JSON, an object a line: one for each target, with some or all of its paths.")
    private boolean json;

    @Override
    int talk(ServerClient server) throws ServerClient.Failure {
        for (Found target : targets(server.get("/api/status"), names)) {
            String address = target.address() + "/pending";
            long shown = 0;
            long total = 0;
            long before;
            do {
                JsonObject page = server.get(address + "?offset=" + shown + "&limit=" + (all ? PAGE : FIRST));
                if (shown == 0 && !json) {
                    head(target, page);
                }
                if (json) {
                    out().println(page.toJson());
                } else {
                    list(page, "paths").forEach(path -> out().println("    " + shown(path)));
                }
                before = shown;
                shown += list(page, "paths").count();
                total = page.getLong("total");
            } while (all && shown > before && shown < total);
            if (!json && shown < total) {
                out().println("    and " + (total - shown) + " more" + (all ? ", which are not kept by name" : ": --all lists them"));
            }
        }
        return CommandLine.ExitCode.OK;
    }

    private void head(Found target, JsonObject page) {
        long total = page.getLong("total");
        boolean held = Boolean.TRUE.equals(page.getBoolean("held"));
        out().println(target.id() + ": " + page.getString("state") + "; " + (held ? HumanReadable.plural(total, "change") + " held, "
                + page.getLong("deleted") + " of them deletions; dromedary approve " + target.id() + " sends them"
                : total == 0 ? "nothing is pending" : HumanReadable.plural(total, "path") + " pending"));
    }

    private static String shown(JsonObject path) {
        String name = path.getString("path");
        if (path.get("change") != null) {
            return String.format("%-8s ", path.getString("change")) + name;
        }
        return switch (path.getString("extent")) {
            case "tree" -> name.isEmpty() ? "the whole tree" : name + "/ and all below";
            case "level" -> name + "/ and what lies directly in it";
            default -> name.isEmpty() ? "the source itself" : name;
        };
    }
}
