package dev.dromedary.cli;

import java.util.List;

import org.apache.camel.util.json.JsonObject;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** The actions on targets that get releases. */
public final class ReleaseCommands {

    private static final String CODES = "%nExit codes:%n";
    private static final String NO = "1:it could not be asked, or said no";
    private static final String WRONG = "2:the arguments are wrong";

    private ReleaseCommands() {
    }

    private static boolean getsReleases(ClientCommand.Found target) {
        return target.json().containsKey("releases");
    }

    /** Makes a release. */
    @Command(name = "release", mixinStandardHelpOptions = true, description = "Makes a release of the source as it is, at targets with"
            + " mirror.<mirror>.target.<target>.releases. Of a mirror, at all that have it.",
            footer = {"", "Example:", "  rsync -a build/ /data/www/ && dromedary release www", ""},
            exitCodeListHeading = CODES, exitCodeList = {"0:begun; status says how it ends", NO, WRONG})
    public static final class Release extends ClientCommand {

        @Parameters(paramLabel = "MIRROR[/TARGET]", arity = "1..*", completionCandidates = CompletionCommand.Targets.class, description = "Which.")
        private List<String> names = List.of();

        @Override
        int talk(ServerClient server) throws ServerClient.Failure {
            JsonObject status = server.get("/api/status");
            for (String name : names) {
                if (targets(status, List.of(name)).stream().noneMatch(ReleaseCommands::getsReleases)) {
                    throw new ParameterException(spec().commandLine(), name + " gets no releases, what changes is sent at once; it does with"
                            + " mirror." + (name.contains("/") ? name.replace("/", ".target.") : name) + ".releases = 5");
                }
            }
            return act(server, targets(status, names).stream().filter(ReleaseCommands::getsReleases).toList(), "release", (id, now) -> {
                String state = now.getString("state");
                return id + ": a release is asked for; " + state
                        + (state.equals("catching up") || now.getString("reason") == null ? "" : ": " + now.getString("reason"));
            });
        }
    }

    /** Shows an earlier release again. */
    @Command(name = "rollback", mixinStandardHelpOptions = true, description = "Shows an earlier release of a target again, at once, also while"
            + " it is paused. What changes from then on goes into a new release.",
            footer = {"", "Examples:", "  dromedary rollback www/web1", "  dromedary rollback www/web1 12", ""},
            exitCodeListHeading = CODES, exitCodeList = {"0:it is shown", NO, WRONG})
    public static final class Rollback extends ClientCommand {

        @Parameters(index = "0", paramLabel = "MIRROR/TARGET", completionCandidates = CompletionCommand.Targets.class, description = "Which.")
        private String name;

        @Parameters(index = "1", paramLabel = "N", arity = "0..1", description = "The number of a release that is there; without it, the one"
                + " before the current one.")
        private String number;

        @Override
        int talk(ServerClient server) throws ServerClient.Failure {
            List<Found> found = targets(server.get("/api/status"), List.of(name));
            if (found.size() != 1) {
                throw new ParameterException(spec().commandLine(), name + " is a mirror with " + found.size() + " targets; name one of them: "
                        + String.join(", ", found.stream().map(Found::id).toList()));
            }
            if (number != null && !number.matches("[1-9]\\d{0,8}")) {
                throw new ParameterException(spec().commandLine(), number + " is not the number of a release; write one such as 12");
            }
            JsonObject now = found.get(0).act(server, "rollback" + (number == null ? "" : "?to=" + number));
            out().println(found.get(0).id() + ": release " + now.getLong("release") + " is shown");
            return CommandLine.ExitCode.OK;
        }
    }
}
