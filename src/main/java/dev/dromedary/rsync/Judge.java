package dev.dromedary.rsync;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import dev.dromedary.change.BacklogEndpoint;
import org.apache.camel.Exchange;
import org.apache.camel.component.exec.ExecBinding;

/** Decides from rsync's exit code whether what was listed has arrived (rsync(1), EXIT VALUES). */
public final class Judge {

    private static final int VANISHED = 24;
    private static final int TOO_MANY_DELETIONS = 25;
    // runs that came to their own end, and so have tidied up
    private static final Set<Integer> WHOLE = Set.of(1, 2, 3, 4, 5, 23, VANISHED);
    private static final int MOST_LINES = 5;
    // a daemon at the other side says so and ends with 0 all the same (measured with 3.5.0)
    private static final String DELETIONS_STOPPED = "Deletions stopped due to --max-delete limit";

    private static final Map<Integer, String> MEANING = Map.ofEntries(
            Map.entry(1, "syntax or usage error"),
            Map.entry(2, "protocol incompatibility"),
            Map.entry(3, "errors selecting input/output files"),
            Map.entry(4, "requested action not supported"),
            Map.entry(5, "error starting client-server protocol"),
            Map.entry(6, "daemon unable to append to log-file"),
            Map.entry(10, "error in socket I/O"),
            Map.entry(11, "error in file I/O"),
            Map.entry(12, "error in rsync protocol data stream"),
            Map.entry(13, "errors with program diagnostics"),
            Map.entry(14, "error in IPC code"),
            Map.entry(20, "rsync was ended by a signal"),
            Map.entry(21, "some error returned by waitpid()"),
            Map.entry(22, "error allocating core memory buffers"),
            Map.entry(23, "partial transfer due to error"),
            Map.entry(VANISHED, "source files vanished before they could be sent"),
            Map.entry(TOO_MANY_DELETIONS, "the max-delete limit stopped deletions"),
            Map.entry(30, "timeout in data send/receive"),
            Map.entry(35, "timeout waiting for daemon connection"),
            Map.entry(255, "ssh could not connect"));

    /**
     * Returns if what was listed is at the target, or if only a person can go on; then {@link BacklogEndpoint#HALT} is
     * set.
     *
     * @throws RsyncException if not, or not all
     */
    public void judge(Exchange exchange) throws RsyncException, IOException {
        int exit = exchange.getIn().getHeader(ExecBinding.EXEC_EXIT_VALUE, Integer.class);
        String said = said(exchange.getIn().getHeader(ExecBinding.EXEC_STDERR, InputStream.class));
        if (exit == 0 && said.contains(DELETIONS_STOPPED)) {
            exit = TOO_MANY_DELETIONS;
        }
        if (exit == 0) {
            return;
        }
        if (exit == VANISHED && "bulk".equals(exchange.getProperty(BacklogEndpoint.LANE))) {
            // the watch tells of what vanished from a large tree while it was read
            return;
        }
        String reason = "rsync ended with " + exit + " ("
                + MEANING.getOrDefault(exit, "a code that rsync(1) does not list") + ")"
                + firstLines(said);
        if (exit == TOO_MANY_DELETIONS) {
            // no exception, as each further attempt would delete as many again
            exchange.setProperty(BacklogEndpoint.HALT, reason + ". If the deletions are meant, raise max-delete;"
                    + " if not, bring the files back. Then start anew");
            return;
        }
        if (!WHOLE.contains(exit)) {
            exchange.setProperty(BacklogEndpoint.CUT_OFF, true);
        }
        throw new RsyncException(reason);
    }

    private static String said(InputStream stderr) throws IOException {
        return stderr == null ? "" : new String(stderr.readAllBytes(), StandardCharsets.UTF_8);
    }

    private static String firstLines(String said) {
        // a daemon's words may hold anything, and end up in logs and on terminals
        return said.isBlank() ? "" : said.lines().filter(line -> !line.isBlank()).limit(MOST_LINES)
                .map(line -> line.replaceAll("\\p{Cntrl}", "?")).collect(Collectors.joining(" | ", ": ", ""));
    }
}
