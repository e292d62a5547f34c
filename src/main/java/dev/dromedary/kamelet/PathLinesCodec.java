package dev.dromedary.kamelet;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.RawPath;

/** The format in which the kamelets exchange changes: one path per line, so that any route can write or read it. */
public final class PathLinesCodec {

    private static final String WHOLE = "./";

    private PathLinesCodec() {
    }

    /** Writes each pending path as a line. A folder has a trailing slash if its content is pending, too. */
    public static String write(ChangeSet changes) {
        if (changes.isWholeTree()) {
            return WHOLE;
        }
        StringBuilder lines = new StringBuilder();
        changes.forEach((path, extent) -> lines.append(path.isEmpty() ? WHOLE : RawPath.escape(path))
                .append(path.isEmpty() || extent.compareTo(Extent.ENTRY) <= 0 ? "" : "/").append('\n'));
        return lines.toString();
    }

    /** Returns whether it is the whole folder. */
    public static boolean isWhole(ChangeSet changes) {
        return changes.isWholeTree();
    }

    /**
     * Reads such lines; empty ones are ignored.
     *
     * @throws IllegalArgumentException if a line is not a path, or leads out of the folder
     */
    public static ChangeSet read(String lines) {
        ChangeSet changes = new ChangeSet();
        lines.lines().filter(line -> !line.isBlank()).forEach(line -> add(changes, line));
        return changes;
    }

    private static void add(ChangeSet changes, String line) {
        if (line.equals(WHOLE)) {
            changes.add("", Extent.TREE);
            return;
        }
        boolean level = line.endsWith("/");
        String path = RawPath.unescape(level ? line.substring(0, line.length() - 1) : line);
        if (!RawPath.isBelowRoot(path)) {
            throw new IllegalArgumentException("\"" + line + "\" is no path below a folder: write a/b, or ./ for all of it");
        }
        changes.add(path, level ? Extent.LEVEL : Extent.ENTRY);
    }
}
