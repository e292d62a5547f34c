package dev.dromedary.rsync;

import java.util.stream.Collectors;

import dev.dromedary.backlog.RunOutcome;
import dev.dromedary.change.RawPath;

/**
 * The meaning of an exit of rsync.
 *
 * @param outcome what is done next
 * @param cause   why, in plain words
 * @param remedy  what a person can do about it; empty if nothing has to be done
 */
public record ExitDiagnosis(RunOutcome outcome, String cause, String remedy) {

    private static final int MOST_LINES = 5;

    /** Returns the reason in plain words, followed by the first lines of rsync's own output. */
    public String reason(int exit, String said) {
        // a daemon's output may contain anything, and ends up in logs and on terminals
        String words = said.isBlank() ? "" : said.lines().filter(line -> !line.isBlank()).limit(MOST_LINES)
                .map(line -> RawPath.shown(line).replace("\\#134#", "\\#")).collect(Collectors.joining(" | ", ": ", ""));
        return cause + (remedy.isEmpty() ? "" : "; " + remedy) + " (rsync ended with " + exit + words + ")";
    }
}
