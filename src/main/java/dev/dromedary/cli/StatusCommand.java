package dev.dromedary.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.dromedary.text.HumanReadable;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints a table of all targets, once or repeatedly. */
@Command(name = "status", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Says how the targets of the running program stand.",
        footer = {"", "Examples:", "  dromedary status", "  dromedary status www --watch", "  dromedary status www/backup --json", "  dromedary status www --agents", ""},
        exitCodeListHeading = "Exit codes:%n", exitCodeList = {"0:all of these targets are live, starting, catching up or left to the other process of a pair", "1:some"
                + " are partial, away, full, paused or halted, or it could not be asked", "2:the arguments are wrong"})
public final class StatusCommand extends ClientCommand {

    private static final Map<String, String> COLOURS = Map.of("live", "green", "starting", "cyan", "catching up", "cyan", "partial", "red",
            "away", "yellow", "full", "yellow", "standby", "blue", "paused", "magenta", "halted", "red,bold");
    private static final List<String> FINE = List.of("live", "starting", "catching up", "standby");
    // in the same order as on the page
    private static final List<String> WORST_FIRST = List.of("halted", "full", "away", "partial", "paused", "starting", "catching up", "standby", "live");
    private static final long AGAIN_AFTER_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final Set<String> UNKNOWN = Set.of("halted", "starting");
    private static final double MILLIS = 1000;
    private static final String CLEAR = "\u001b[H\u001b[2J";

    @Parameters(paramLabel = "MIRROR[/TARGET]", arity = "0..*", completionCandidates = CompletionCommand.Targets.class, description = "Only these.")
    private List<String> names = List.of();

    @Option(names = {"-w", "--watch"}, description = "Says it again every two seconds, until Ctrl-C.")
    private boolean watch;

    @Option(names = "--agents", description = "The agents that pull from these mirrors, the worst first.")
    private boolean agents;

    @Option(names = "--json", description = "As JSON, the same as /api/status.")
    private boolean json;

    @Override
    int talk(ServerClient server) throws ServerClient.Failure {
        if (!watch) {
            JsonObject status = server.get("/api/status");
            List<Found> targets = targets(status, names);
            print(status, targets, "");
            if (agents) {
                return agents(status, targets).allMatch(agent -> FINE.contains(agent.getString("state"))) ? 0 : 1;
            }
            return targets.stream().allMatch(target -> FINE.contains(target.json().getString("state"))) ? 0 : 1;
        }
        while (!Thread.currentThread().isInterrupted()) {
            String head = json ? "" : (TerminalProgressBar.is() ? CLEAR : "") + server + "  " + HumanReadable.time(Instant.now(), Instant.now()) + "\n\n";
            try {
                JsonObject status = server.get("/api/status");
                print(status, targets(status, names), head);
            } catch (ServerClient.Failure e) {
                // it may be restarting
                out().print(head);
                out().flush();
                err().println("dromedary: " + e.getMessage());
            }
            LockSupport.parkNanos(AGAIN_AFTER_NANOS);
        }
        return 0;
    }

    private void print(JsonObject status, List<Found> targets, String head) {
        String text = json ? Jsoner.prettyPrint(narrowed(status, targets).toJson()) : agents ? agentTable(status, targets) : table(status, targets);
        out().print(head + text + (text.endsWith("\n") ? "" : "\n"));
        out().flush();
    }

    private static JsonObject narrowed(JsonObject status, List<Found> targets) {
        JsonObject narrowed = new JsonObject(status);
        JsonArray mirrors = new JsonArray();
        list(status, "mirrors").forEach(mirror -> {
            List<JsonObject> kept = targets.stream().filter(target -> target.mirror().equals(mirror.getString("name")))
                    .map(Found::json).toList();
            if (!kept.isEmpty()) {
                JsonObject one = new JsonObject(mirror);
                one.put("targets", new JsonArray(kept));
                mirrors.add(one);
            }
        });
        narrowed.put("mirrors", mirrors);
        return narrowed;
    }

    private static String state(Found target) {
        return target.json().getString("state");
    }

    // counts the targets in each state, if they can't all be seen at a glance
    private static String summary(List<Found> targets) {
        return targets.size() < 2 ? "" : targets.size() + " targets: " + WORST_FIRST.stream()
                .flatMap(state -> Stream.of(targets.stream().filter(target -> state(target).equals(state)).count()).filter(count -> count > 0)
                        .map(count -> count + " " + state)).collect(Collectors.joining(", ")) + "\n\n";
    }

    // the number is not known for changes that were not sent, or not compared yet
    private static String pending(JsonObject target) {
        long pending = target.getLong("pending");
        return !UNKNOWN.contains(target.getString("state")) ? String.valueOf(pending) : pending == 0 ? "not known" : pending + " and more";
    }

    private static String lag(JsonObject target, Instant now) {
        boolean none = target.getString("pendingSince") == null;
        if (!target.getString("state").equals("halted")) {
            return none ? target.getString("state").equals("starting") ? "not known" : "-" : HumanReadable.span(target.getDouble("lagSeconds"));
        }
        double halted = target.getString("stateSince") == null ? 0
                : Duration.between(Instant.parse(target.getString("stateSince")), now).toMillis() / MILLIS;
        return "up to " + HumanReadable.span(Math.max(0, Math.max(halted, target.getDouble("lagSeconds"))));
    }

    private String table(JsonObject status, List<Found> all) {
        List<Found> targets = all.stream().sorted(Comparator.comparingInt(target -> WORST_FIRST.indexOf(state(target)))).toList();
        Instant now = Instant.parse(status.getString("at"));
        List<List<String>> rows = new ArrayList<>(List.of(List.of("TARGET", "STATE", "LAG", "PENDING", "ARRIVED", "DEAD LETTERS")));
        for (Found target : targets) {
            JsonObject json = target.json();
            rows.add(List.of(target.id(), json.getString("state"), lag(json, now), pending(json),
                    HumanReadable.ago(json.getString("lastArrival"), now) + (json.getString("lastArrival") == null ? "" : " ago"),
                    String.valueOf(json.getLong("deadLetters"))));
        }
        int[] widths = widths(rows);
        StringBuilder text = new StringBuilder(role(status, now)).append(summary(targets));
        for (int i = 0; i < rows.size(); i++) {
            text.append(line(rows.get(i), widths)).append('\n');
            if (i > 0) {
                details(text, targets.get(i - 1), now);
            }
        }
        list(status, "mirrors").filter(mirror -> targets.stream().anyMatch(target -> target.mirror().equals(mirror.getString("name"))))
                .forEach(mirror -> watch(text, mirror));
        return text.toString();
    }

    private static final Set<String> TROUBLE = Set.of("halted", "full", "away");
    private static final Pattern BEHIND = Pattern.compile("; behind: the oldest change.*$");
    private static final Pattern RSYNC = Pattern.compile("(.*?) \\((rsync ended with .*)\\)(.*)");

    // the worst come first
    private static Stream<JsonObject> agents(JsonObject status, List<Found> targets) {
        return mirrors(status, targets).flatMap(mirror -> list(mirror, "agents")).sorted(Comparator
                .comparing((JsonObject agent) -> FINE.contains(agent.getString("state")))
                .thenComparing(agent -> -agent.getDouble("lagSeconds")).thenComparing(agent -> agent.getString("group")));
    }

    private static Stream<JsonObject> mirrors(JsonObject status, List<Found> targets) {
        return list(status, "mirrors").filter(mirror -> mirror.get("agents") != null
                && targets.stream().anyMatch(target -> target.mirror().equals(mirror.getString("name"))));
    }

    private static String agentTable(JsonObject status, List<Found> targets) {
        Instant now = Instant.parse(status.getString("at"));
        List<List<String>> rows = new ArrayList<>(List.of(List.of("AGENT", "STATE", "LAG", "PENDING", "LAST SEEN", "HOST")));
        List<JsonObject> agents = agents(status, targets).toList();
        agents.forEach(agent -> rows.add(List.of(agent.getString("group"), agent.getString("state"), agent.getDouble("lagSeconds") == 0 ? "-"
                : HumanReadable.span(agent.getDouble("lagSeconds")), agent.get("pending") == null ? "-" : String.valueOf(agent.getLong("pending")),
                HumanReadable.ago(agent.getString("lastSeen"), now) + " ago", Objects.requireNonNullElse(agent.getString("host"), "-"))));
        StringBuilder text = new StringBuilder();
        if (agents.isEmpty()) {
            text.append("No agent follows what is published here.\n");
        } else {
            int[] widths = widths(rows);
            for (int i = 0; i < rows.size(); i++) {
                text.append(line(rows.get(i), widths)).append('\n');
                if (i > 0 && agents.get(i - 1).getString("reason") != null) {
                    text.append("    ").append(agents.get(i - 1).getString("reason")).append('\n');
                }
            }
        }
        mirrors(status, targets).filter(mirror -> mirror.get("agentsFault") != null).forEach(mirror ->
                text.append(mirror.getString("name")).append(": ").append(mirror.getString("agentsFault")).append('\n'));
        return text.toString();
    }

    private static int[] widths(List<List<String>> rows) {
        int[] widths = new int[rows.get(0).size()];
        rows.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        return widths;
    }

    private static String role(JsonObject status, Instant now) {
        String role = status.getString("role");
        return role == null ? "" : role + " of its pair for " + HumanReadable.ago(status.getString("roleSince"), now) + "\n";
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String padded = i == widths.length - 1 ? row.get(i) : row.get(i) + " ".repeat(widths[i] - row.get(i).length() + 2);
            String colour = i == 1 ? COLOURS.get(row.get(i)) : null;
            line.append(colour == null || !TerminalProgressBar.is() ? padded : Ansi.ON.string("@|" + colour + " " + padded + "|@"));
        }
        return line.toString();
    }

    private static void details(StringBuilder text, Found found, Instant now) {
        JsonObject target = found.json();
        JsonObject failed = target.getMap("failed");
        if (failed != null) {
            List<String> some = Objects.<List<?>>requireNonNullElse(failed.getCollection("some"), List.of()).stream().map(String::valueOf).map(path -> path.isEmpty() ? "something in the tree, which rsync names" : path).toList();
            long more = failed.getLong("paths") - some.size();
            text.append("    could not be transferred: ").append(String.join(", ", some)).append(more > 0 ? " and " + more + " more" : "")
                    .append(", first tried ").append(HumanReadable.ago(failed.getString("since"), now)).append(" ago\n");
        }
        if (target.getString("reason") != null) {
            text.append("    ").append(target.getString("stateSince") == null ? ""
                    : "since " + HumanReadable.time(Instant.parse(target.getString("stateSince")), now) + " (" + HumanReadable.ago(target.getString("stateSince"), now)
                            + "): ");
            // the plain words first, then what rsync itself said, in a separate line
            String said = HumanReadable.local(target.getString("reason"), now);
            // the lag is shown above already
            String reason = TROUBLE.contains(target.getString("state")) ? BEHIND.matcher(said).replaceFirst("") : said;
            Matcher words = RSYNC.matcher(reason);
            text.append(words.matches() ? words.group(1) + words.group(3) + "\n    (" + words.group(2) + ")" : reason).append('\n');
        }
        if (target.getString("ends") != null) {
            text.append("    ").append(target.getString("ends")).append('\n');
        }
        if (target.getString("nextAttempt") != null) {
            text.append("    next attempt at ").append(HumanReadable.time(Instant.parse(target.getString("nextAttempt")), now))
                    .append(target.getString("ends") == null ? ", or now by: dromedary replay " + found.id() + "\n" : "\n");
        }
        releases(text, target, now);
        if (target.get("lastHealed") != null) {
            text.append("    ").append(HumanReadable.plural(target.getLong("healed"), "path")).append(" changed there by others and brought back, the last ")
                    .append(HumanReadable.ago(target.getString("lastHealed"), now)).append(" ago: ")
                    .append(target.<List<?>>getCollection("healedSome").stream().findFirst().map(String::valueOf).orElse("")).append('\n');
        }
        list(target, "runs").filter(run -> run.getLong("percent") > 0 || run.getLong("known") > 0)
                .forEach(run -> text.append("    ").append(TerminalProgressBar.bar(run)).append('\n'));
        JsonObject failures = target.<JsonObject>getMap("totals").getMap("failures");
        if (!failures.isEmpty() && !target.getString("state").equals("live")) {
            text.append("    failed runs since the start: ").append(failures.entrySet().stream()
                    .map(one -> one.getValue() + " x " + one.getKey()).collect(Collectors.joining(", "))).append('\n');
        }
    }

    private static void releases(StringBuilder text, JsonObject target, Instant now) {
        if (!target.containsKey("releases")) {
            return;
        }
        long more = Math.max(0, target.getCollection("releases").size() - 1L);
        text.append("    ").append(target.get("release") == null ? "no release yet" : "release " + target.getLong("release") + " for "
                + HumanReadable.ago(target.getString("releaseSince"), now) + (more > 0 ? ", " + more + " more kept" : ""))
                .append(target.getLong("pending") > 0 ? "; changes pending for the next\n" : "\n");
    }

    private static void watch(StringBuilder text, JsonObject mirror) {
        text.append(mirror.getString("name")).append(": ").append(mirror.getString("source"))
                .append(mirror.getString("watchedBy") == null ? "" : ", watched by " + mirror.getString("watchedBy")).append('\n');
        if (mirror.get("topicFault") != null) {
            text.append(mirror.getString("name")).append(": ").append(mirror.getString("topicFault")).append('\n');
        }
        if (mirror.get("targetsFrom") != null) {
            text.append(mirror.getString("name")).append(": ").append(mirror.getString("targetsFrom")).append(mirror.get("targetsFromFault") == null
                    ? " names " + HumanReadable.plural(mirror.getLong("hostsNamed"), "host")
                    : " does not say which hosts there are: " + mirror.getString("targetsFromFault")).append('\n');
        }
        if (mirror.get("fault") != null) {
            text.append(mirror.getString("name")).append(": ").append(mirror.getString("fault")).append('\n');
        } else if (mirror.get("foldersNotWatched") != null && mirror.getLong("foldersNotWatched") > 0) {
            text.append(mirror.getString("name")).append(": ").append(HumanReadable.plural(mirror.getLong("foldersNotWatched"), "folder"))
                    .append(" not watched, such as:\n");
            list(mirror, "notWatched").forEach(folder -> text.append("    ").append(folder.getString("path").isEmpty() ? "the source"
                    : folder.getString("path")).append(": ").append(folder.getString("reason")).append('\n'));
        }
    }
}
