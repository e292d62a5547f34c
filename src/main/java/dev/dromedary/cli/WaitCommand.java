package dev.dromedary.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import dev.dromedary.config.DurationParser;
import org.apache.camel.util.json.JsonObject;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Ends once all earlier changes have arrived. */
@Command(name = "wait", mixinStandardHelpOptions = true, sortOptions = false, description = "Ends once all that was changed in the source"
        + " before this call is at the targets, whatever changes meanwhile.", footer = {"", "Examples:",
            "  make && dromedary wait www && purge-cdn", "  dromedary wait www/web1 www/web2 --count 1 --timeout 5m", "  dromedary wait --timeout 0"},
        exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:it is there", "1:not in time, standard error says where and why; or it"
                + " could not be asked", "2:the arguments are wrong"})
public final class WaitCommand extends ClientCommand {

    // short enough that neither side times out
    private static final Duration SLICE = Duration.ofSeconds(5);
    private static final long LOOK_AGAIN_MILLIS = 20;

    @Parameters(paramLabel = "MIRROR[/TARGET]", arity = "0..*", completionCandidates = CompletionCommand.Targets.class, description = "At these; without any, at all targets.")
    private List<String> names = List.of();

    @Option(names = "--timeout", paramLabel = "DURATION", defaultValue = "30s", description = "How long to wait at most, such as 30s or 5m; 0"
            + " only looks. The default is 30s.")
    private String timeout;

    @Option(names = "--count", paramLabel = "N", description = "At so many of them it has to be; without, at all.")
    private Integer count;

    /** A mirror that is waited for. */
    private static final class Asked {
        private final String path;
        private String token;
        private List<JsonObject> missing = List.of();
        private long arrived;
        private boolean over;

        Asked(String mirror, List<Found> targets) {
            path = "/api/mirrors/" + mirror + "/wait?targets=" + targets.stream().map(target -> target.json().getString("name"))
                    .collect(Collectors.joining(","));
        }

        void ask(ServerClient server, Duration most, String count) throws ServerClient.Failure {
            JsonObject answer = server.await(path + "&timeout=" + most.toMillis() + (token == null ? count : "&token=" + token));
            token = answer.getString("token");
            missing = list(answer, "missing").toList();
            arrived = answer.<List<?>>getCollection("arrived").size();
            over = token == null;
        }
    }

    @Override
    int talk(ServerClient server) throws ServerClient.Failure {
        Duration most = DurationParser.of(timeout).filter(duration -> !duration.isNegative()).orElseThrow(() -> new ParameterException(
                spec().commandLine(), "--timeout " + timeout + " is not a duration; " + DurationParser.REMEDY));
        long end = System.nanoTime() + most.toNanos();
        List<Asked> all = asked(server.get("/api/status"));
        // for several mirrors, the targets are counted here
        String one = count != null && all.size() == 1 ? "&count=" + count : "";
        for (Asked each : all) {
            each.ask(server, Duration.ZERO, one);
        }
        if (!most.isZero() && TerminalProgressBar.is() && !isOver(all)) {
            missing(all).forEach(target -> err().println(said(target) + ": waiting"));
            err().flush();
        }
        while (!isOver(all)) {
            Duration left = Duration.ofNanos(end - System.nanoTime());
            if (left.isNegative() || left.isZero()) {
                missing(all).forEach(target -> err().println("dromedary: " + said(target)));
                return CommandLine.ExitCode.SOFTWARE;
            }
            askAgain(server, all, left);
        }
        return CommandLine.ExitCode.OK;
    }

    private void askAgain(ServerClient server, List<Asked> all, Duration left) throws ServerClient.Failure {
        if (count == null || all.size() == 1) {
            all.stream().filter(asked -> !asked.over).findFirst().orElseThrow().ask(server, left.compareTo(SLICE) < 0 ? left : SLICE, "");
            return;
        }
        for (Asked each : all) {
            if (!each.over) {
                each.ask(server, Duration.ZERO, "");
            }
        }
        try {
            Thread.sleep(LOOK_AGAIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Asked> asked(JsonObject status) {
        List<String> pulled = list(status, "mirrors").filter(mirror -> mirror.containsKey("topic")).map(mirror -> mirror.getString("name")).toList();
        Map<String, List<Found>> byMirror = new LinkedHashMap<>();
        for (Found target : targets(status, names)) {
            if (!names.isEmpty() || !pulled.contains(target.mirror())) {
                byMirror.computeIfAbsent(target.mirror(), mirror -> new ArrayList<>()).add(target);
            }
        }
        int targets = byMirror.values().stream().mapToInt(List::size).sum();
        if (targets == 0) {
            throw new ParameterException(spec().commandLine(), "there is no target to wait for: all mirrors here are pulled; ask where their"
                    + " sources are");
        }
        if (count != null && (count < 1 || count > targets)) {
            throw new ParameterException(spec().commandLine(), "--count " + count + " is not a number from 1 to " + targets
                    + ", the number of targets");
        }
        return byMirror.entrySet().stream().map(each -> new Asked(each.getKey(), each.getValue())).toList();
    }

    private boolean isOver(List<Asked> all) {
        return count == null || all.size() == 1 ? all.stream().allMatch(asked -> asked.over)
                : all.stream().mapToLong(asked -> asked.arrived).sum() >= count;
    }

    private static List<JsonObject> missing(List<Asked> all) {
        return all.stream().flatMap(asked -> asked.missing.stream()).toList();
    }

    private static String said(JsonObject target) {
        return target.getString("target") + ": not there: " + target.getString("state") + ", " + target.getLong("pending") + " pending"
                + (target.getString("reason") == null ? "" : ": " + target.getString("reason"));
    }
}
