package dev.dromedary.transferlog;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

import dev.dromedary.change.RawPath;
import dev.dromedary.filter.Glob;
import dev.dromedary.rsync.ItemizedChange.Action;

/** Selects entries of the log. */
public final class TransferQuery {

    /** Selects all entries. */
    public static final TransferQuery ALL = new TransferQuery(List.of(), null, null, null, null);

    private final List<String> names;
    private final String target;
    private final Action action;
    private final Instant since;
    private final String path;
    private final Glob glob;
    private final boolean lastName;
    // a text that each matching line contains
    private final String certain;

    /**
     * @param names  MIRROR or MIRROR/TARGET; none for all
     * @param target a target's name, in any mirror; null for all
     * @param action null for all
     * @param since  the start time; null for no limit
     * @param path   a path as it is shown, with everything below it. If it contains {@code *}, {@code ?} or {@code [}, it is an rsync
     *               pattern for the whole path, or for its last name if it has no slash. Null for all
     */
    public TransferQuery(List<String> names, String target, Action action, Instant since, String path) {
        this.names = List.copyOf(names);
        this.target = target;
        this.action = action;
        this.since = since;
        boolean pattern = path != null && path.chars().anyMatch(c -> "*?[".indexOf(c) >= 0);
        this.path = path == null || pattern ? null : path.replaceAll("^(?:\\./|/)+|/+$", "").replaceFirst("^\\.$", "");
        this.glob = pattern ? Glob.compile(new String(path.getBytes(StandardCharsets.UTF_8),
                StandardCharsets.ISO_8859_1).replaceFirst("^/", "")) : null;
        this.lastName = pattern && path.indexOf('/') < 0;
        this.certain = action != null ? TransferEntry.pair("action", action.text()) : target != null ? TransferEntry.pair("target", target)
                : names.size() == 1 ? TransferEntry.pair("mirror", names.get(0).replaceFirst("/.*", "")) : "";
    }

    Instant since() {
        return since;
    }

    /** Returns quickly whether a line may match. */
    boolean mayFit(String line) {
        return line.contains(certain);
    }

    boolean fits(TransferEntry entry) {
        return (action == null || action == entry.action()) && (target == null || target.equals(entry.target()))
                && (since == null || !entry.at().isBefore(since))
                && (names.isEmpty() || names.contains(entry.mirror()) || names.contains(entry.id()))
                && (path == null && glob == null || fits(entry.path()) || entry.from() != null && fits(entry.from()));
    }

    private boolean fits(String shown) {
        if (path != null) {
            return RawPath.isAt(shown, path);
        }
        try {
            String raw = RawPath.unescape(shown);
            return glob.matches(raw, lastName ? raw.lastIndexOf('/') + 1 : 0);
        } catch (IllegalArgumentException e) {
            // somebody else has written into the file
            return false;
        }
    }
}
