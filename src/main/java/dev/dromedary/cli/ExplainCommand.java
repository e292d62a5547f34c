package dev.dromedary.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

import dev.dromedary.change.RawPath;
import dev.dromedary.text.HumanReadable;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Explains for a path whether it is at each target, and if not, why. */
@Command(name = "explain", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Says of a path, for each target: in line, in flight, pending, failed or left out; since when, why, and what"
                + " happens next.", footer = {"", "Examples:", "  dromedary explain /data/www/index.html", "  dromedary explain img --json", ""},
        exitCodeListHeading = "Exit codes:%n", exitCodeList = {"0:each path is in line at each target, or left out by a rule", "1:some"
                + " are not, or the path lies in no source, or the running program could not be asked", "2:the arguments are wrong"})
public final class ExplainCommand extends ClientCommand {

    private static final Set<String> FINE = Set.of("in line", "left out");

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "A file or folder below a source; it may be gone.")
    private List<Path> paths;

    @Option(names = "--json", description = "As JSON, an object for each path, the same as /api/explain.")
    private boolean json;

    @Override
    int talk(ServerClient server) throws ServerClient.Failure {
        boolean fine = true;
        for (Path path : paths) {
            try {
                JsonObject answer = server.get("/api/explain?path=" + URLEncoder.encode(RawPath.escape(RawPath.of(path.toAbsolutePath().normalize())),
                        StandardCharsets.UTF_8));
                out().print(json ? Jsoner.prettyPrint(answer.toJson()) + "\n" : text(answer, Instant.now()));
                out().flush();
                fine &= list(answer, "mirrors").flatMap(mirror -> list(mirror, "targets"))
                        .allMatch(target -> FINE.contains(target.getString("state")));
            } catch (ServerClient.Unreachable e) {
                throw e;
            } catch (ServerClient.Failure e) {
                err().println("dromedary: " + e.getMessage());
                fine = false;
            }
        }
        return fine ? 0 : 1;
    }

    private static String text(JsonObject answer, Instant now) {
        StringBuilder text = new StringBuilder();
        list(answer, "mirrors").forEach(mirror -> {
            text.append(answer.getString("path")).append(": ").append(what(mirror)).append('\n');
            int width = list(mirror, "targets").mapToInt(target -> target.getString("target").length()).max().orElse(0);
            // targets where the path is missing come first
            list(mirror, "targets").sorted(Comparator.comparing(target -> FINE.contains(target.getString("state")))).forEach(target -> text.append("  ").append(target.getString("target"))
                    .append(" ".repeat(width - target.getString("target").length() + 2)).append(line(target, now)).append('\n'));
        });
        return text.toString();
    }

    private static String what(JsonObject mirror) {
        String kind = mirror.getString("kind");
        return switch (kind) {
            case "gone" -> "it is not there";
            case "unreadable" -> "it may not be looked at";
            case "file" -> "a file of " + HumanReadable.size(mirror.getLong("size"));
            default -> "a " + kind;
        };
    }

    private static String line(JsonObject target, Instant now) {
        String since = target.getString("since");
        String next = target.getString("nextAttempt");
        String reason = target.getString("reason");
        return target.getString("state") + (since == null ? "" : " since " + HumanReadable.time(Instant.parse(since), now))
                + (reason == null ? "" : ": " + HumanReadable.local(reason, now))
                + (next == null ? "" : "; next attempt at " + HumanReadable.time(Instant.parse(next), now))
                + (target.getString("targetLeaves") == null ? "" : "; " + target.getString("targetLeaves"));
    }
}
