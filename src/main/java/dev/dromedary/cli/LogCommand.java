package dev.dromedary.cli;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.dromedary.rsync.ItemizedChange.Action;
import dev.dromedary.transferlog.LogPosition;
import dev.dromedary.transferlog.LogReader;
import dev.dromedary.transferlog.TransferEntry;
import dev.dromedary.transferlog.TransferLog;
import dev.dromedary.transferlog.TransferQuery;
import org.apache.camel.util.json.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/**
 * Shows the transfer log. It asks the running program; if that does not run, it reads the files in the state folder, which only their owner
 * may do. Positions are the same in both cases, so following continues when the program is stopped and started.
 */
@Command(name = "log", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Lists what was sent and deleted, the newest last; also while the program does not run.",
        footer = {"", "Examples:", "  dromedary log -f", "  dromedary log www/backup --since 1h --path img/", "  dromedary log --deleted --path '*.jpg'", ""},
        exitCodeListHeading = "Exit codes:%n", exitCodeList = {"0:it was read", "1:it could not be, or is off", "2:the arguments are wrong"})
public final class LogCommand extends ClientCommand {

    private static final int USUAL = 50;
    private static final int MOST_AT_ONCE = 1000;
    private static final long AGAIN_AFTER_MILLIS = 500;
    private static final Pattern SPAN = Pattern.compile("(\\d{1,7})([smhd])");
    private static final Map<String, Duration> UNITS = Map.of("s", Duration.ofSeconds(1), "m", Duration.ofMinutes(1), "h", Duration.ofHours(1),
            "d", Duration.ofDays(1));

    @Parameters(paramLabel = "MIRROR[/TARGET]", arity = "0..*", completionCandidates = CompletionCommand.Targets.class, description = "Only these.")
    private List<String> names = List.of();

    @Option(names = {"-f", "--follow"}, description = "Goes on with what is sent from now on, until Ctrl-C.")
    private boolean follow;

    @Option(names = {"-n", "--lines"}, paramLabel = "N", description = "How many at most, the newest; the default is 50, and all with --since.")
    private Integer lines;

    @Option(names = "--since", paramLabel = "SPAN", description = "Of the last 30s, 10m, 1h or 2d.")
    private String since;

    @Option(names = "--deleted", description = "Only what was deleted.")
    private boolean deleted;

    @Option(names = "--path", paramLabel = "PATH", description = "A path as it is shown, and all below; or a pattern such as '*.jpg' or 'img/**'.")
    private String path;

    @Option(names = "--json", description = "As JSON, an object a line.")
    private boolean json;

    private final TransferLogTable table = new TransferLogTable(ZoneId.systemDefault());
    private boolean named;
    private boolean headed;
    private boolean waiting;

    /** Where the log is read from. */
    private record Source(ServerClient server, LogReader files, TransferQuery query, String parameters) {
    }

    @Override
    int talk(ServerClient server) throws ServerClient.Failure {
        Instant from = since == null ? null : Instant.now().minus(span());
        if (lines != null && lines < 0) {
            throw new ParameterException(spec().commandLine(), "-n " + lines + ": this is a number of 0 or more");
        }
        Action action = deleted ? Action.DELETED : null;
        Optional<Path> state = stateDir();
        Source source = new Source(server, state.map(LogReader::new).orElse(null), new TransferQuery(names, null, action, from, path),
                (names.isEmpty() ? "" : "&only=" + encoded(String.join(",", names))) + (deleted ? "&action=" + Action.DELETED.text() : "")
                        + (from == null ? "" : "&since=" + encoded(from.toString())) + (path == null ? "" : "&path=" + encoded(path)));
        checkNames(server);
        LogPosition position = last(source);
        show(List.of());
        out().flush();
        while (follow && !out().checkError()) {
            try {
                Thread.sleep(AGAIN_AFTER_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return 0;
            }
            position = onwards(source, position);
            out().flush();
        }
        return 0;
    }

    // the files may contain other names, which are no longer configured
    private void checkNames(ServerClient server) throws ServerClient.Failure {
        if (names.isEmpty()) {
            return;
        }
        try {
            targets(server.get("/api/status"), names);
        } catch (ServerClient.Unreachable e) {
            // without the program, the names can't be checked
            return;
        }
    }

    private Duration span() {
        Matcher matcher = SPAN.matcher(since);
        if (!matcher.matches()) {
            throw new ParameterException(spec().commandLine(), "--since " + since + ": this is a span such as 30s, 10m, 1h or 2d");
        }
        return UNITS.get(matcher.group(2)).multipliedBy(Long.parseLong(matcher.group(1)));
    }

    // prints the requested entries, and returns the position to continue from
    private LogPosition last(Source source) throws ServerClient.Failure {
        int most = lines != null ? lines : since != null ? Integer.MAX_VALUE : USUAL;
        if (since == null && most <= MOST_AT_ONCE) {
            LogReader.Page page = page(source, null, most);
            if (page.complete() || page.entries().size() == most) {
                show(page.entries());
                return page.next();
            }
        }
        Deque<TransferEntry> newest = new ArrayDeque<>();
        LogPosition position = LogPosition.START;
        for (boolean all = false; !all;) {
            LogReader.Page page = page(source, position, MOST_AT_ONCE);
            if (most == Integer.MAX_VALUE) {
                show(page.entries());
            }
            for (TransferEntry entry : most == Integer.MAX_VALUE ? List.<TransferEntry>of() : page.entries()) {
                newest.add(entry);
                if (newest.size() > most) {
                    newest.remove();
                }
            }
            all = page.complete();
            position = page.next();
        }
        show(newest);
        return position;
    }

    private LogPosition onwards(Source source, LogPosition from) throws ServerClient.Failure {
        LogPosition position = from;
        try {
            for (boolean all = false; !all;) {
                LogReader.Page page = page(source, position, MOST_AT_ONCE);
                show(page.entries());
                all = page.complete();
                position = page.next();
            }
            waiting = false;
        } catch (ServerClient.Unreachable e) {
            if (!waiting) {
                err().println("dromedary: " + e.getMessage() + "; this waits for it");
                waiting = true;
            }
        }
        return position;
    }

    // after: null for the newest entries
    private LogReader.Page page(Source source, LogPosition after, int limit) throws ServerClient.Failure {
        try {
            return page(source.server.get("/api/log?limit=" + limit + (after == null ? "" : "&after=" + after) + source.parameters));
        } catch (ServerClient.Unreachable e) {
            return files(source, after, limit, e);
        }
    }

    private static LogReader.Page page(JsonObject answer) throws ServerClient.Failure {
        if (Boolean.TRUE.equals(answer.getBoolean("off"))) {
            throw new ServerClient.Failure("there is no transfer log, as dromedary.transfer-log = off");
        }
        LogPosition next = LogPosition.parse(String.valueOf(answer.getString("next")))
                .orElseThrow(() -> new ServerClient.Failure("what answers is something else than Dromedary, or another version"));
        return new LogReader.Page(list(answer, "entries").flatMap(entry -> TransferEntry.of(entry).stream()).toList(), next,
                Boolean.TRUE.equals(answer.getBoolean("complete")));
    }

    private LogReader.Page files(Source source, LogPosition after, int limit, ServerClient.Unreachable unreachable) throws ServerClient.Failure {
        LogReader files = source.files;
        if (files == null || !Files.isReadable(files.folder())) {
            throw files == null ? unreachable : new ServerClient.Unreachable(unreachable.getMessage() + ". Nor is there a transfer log in "
                    + files.folder() + " that may be read");
        }
        try {
            if (!named) {
                named = true;
                err().println("dromedary: nobody answers, so the files in " + files.folder() + " are read");
                err().flush();
            }
            return after == null ? files.newest(limit, source.query, Long.MAX_VALUE)
                    : files.after(after, limit, source.query, TransferLog.MOST_SEARCHED);
        } catch (IOException e) {
            throw new ServerClient.Unreachable(unreachable.getMessage() + ", and the files in " + files.folder() + " can't be read: " + e);
        }
    }

    private void show(Collection<TransferEntry> entries) {
        if (!json && !headed) {
            headed = true;
            table.fit(entries);
            out().println(table.head());
        }
        entries.forEach(entry -> out().println(json ? entry.line() : table.of(entry)));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
