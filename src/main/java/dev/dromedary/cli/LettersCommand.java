package dev.dromedary.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

import dev.dromedary.text.HumanReadable;
import org.apache.camel.util.json.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists the dead letters of some or all targets. */
@Command(name = "dead-letters", mixinStandardHelpOptions = true, description = "Lists what could not be transferred, with the reason"
        + " and the next attempt.", exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:there is none", "1:there are some, or it could not be asked", "2:the arguments are wrong"})
public final class LettersCommand extends ClientCommand {

    private static final int PAGE = 200;

    @Parameters(paramLabel = "MIRROR[/TARGET] | ID", arity = "0..*", completionCandidates = CompletionCommand.TargetsAndLetters.class, description = "Only these. Of a dead letter that is named by its"
            + " id, the paths are listed too.")
    private List<String> names = List.of();

    @Option(names = "--json", description = "As JSON, an object a line.")
    private boolean json;

    @Override
    int talk(ServerClient server) throws ServerClient.Failure {
        // names of mirrors and targets have no dot
        List<String> ids = names.stream().filter(name -> name.indexOf('.') >= 0).toList();
        for (String id : ids) {
            one(server, id);
        }
        if (!ids.isEmpty() && ids.size() == names.size()) {
            return 1;
        }
        boolean none = ids.isEmpty();
        for (Found target : targets(server.get("/api/status"), names.stream().filter(name -> !ids.contains(name)).toList())) {
            long total = 1;
            for (long offset = 0; offset < total; offset += PAGE) {
                JsonObject page = server.get("/api/dead-letters?mirror=" + encoded(target.mirror()) + "&target="
                        + encoded(target.json().getString("name")) + "&limit=" + PAGE + "&offset=" + offset);
                total = page.getLong("total");
                none &= total == 0;
                list(page, "deadLetters").forEach(this::print);
            }
        }
        if (none && !json) {
            out().println("There are no dead letters.");
        }
        return none ? 0 : 1;
    }

    private void one(ServerClient server, String id) throws ServerClient.Failure {
        long total = 1;
        for (long offset = 0; offset < total; offset += PAGE) {
            JsonObject page = server.get("/api/dead-letters/" + encoded(id) + "?limit=" + PAGE + "&offset=" + offset);
            total = page.getLong("paths");
            if (offset == 0 && !json) {
                print(page);
            }
            list(page, "pending").forEach(path -> out().println(json ? path.toJson() : "    " + shown(path)));
        }
    }

    private static String shown(JsonObject pending) {
        String path = pending.getString("path");
        return switch (pending.getString("extent")) {
            case "tree" -> path.isEmpty() ? "the whole tree" : path + "/ and all below";
            case "level" -> path + "/ and what lies directly in it";
            default -> path;
        };
    }

    private void print(JsonObject letter) {
        if (json) {
            out().println(letter.toJson());
            return;
        }
        Instant now = Instant.now();
        String next = letter.getString("nextAttempt");
        double left = (Instant.parse(next).toEpochMilli() - now.toEpochMilli()) / 1000.0;
        out().println(letter.getString("id"));
        out().println("    " + HumanReadable.plural(letter.getLong("paths"), "path")
                + (Boolean.TRUE.equals(letter.getBoolean("failed")) ? " that could not be transferred" : "") + ", pending for "
                + HumanReadable.ago(letter.getString("since"), now) + ", tried " + HumanReadable.plural(letter.getLong("attempts"), "time") + ", "
                + (Boolean.TRUE.equals(letter.getBoolean("onItsWay")) ? "on its way"
                        : "next attempt " + (left <= 0 ? "now" : "in " + HumanReadable.span(left))));
        out().println("    " + letter.getString("reason"));
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }
}
