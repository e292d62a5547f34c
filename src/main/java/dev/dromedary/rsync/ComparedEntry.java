package dev.dromedary.rsync;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.dromedary.change.RawPath;

/**
 * One line of a comparison: what rsync would do to make a path the same at the target.
 *
 * @param codes as rsync itemizes it (rsync(1), --itemize-changes), 11 characters
 * @param size  in bytes
 * @param name  as rsync writes it, with what a link leads to
 */
public record ComparedEntry(String codes, long size, String name) {

    /** How a difference is written. */
    public enum Style {
        /** In rsync's codes. */
        ITEMIZED,
        /** What a run would do. */
        PLAN,
        /** How the two sides differ. */
        FINDING
    }

    /** What rsync is asked to write. */
    static final String FORMAT = "%i %l %n%L";
    private static final Pattern LINE = Pattern.compile("([<>ch.][fdLDS].{9}|\\*deleting  ) (\\d+) (.*)", Pattern.DOTALL);

    /** {@return what a line says; nothing if it is not about a path} */
    static Optional<ComparedEntry> of(String line) {
        Matcher matcher = LINE.matcher(line);
        return matcher.matches() ? Optional.of(new ComparedEntry(matcher.group(1), Long.parseLong(matcher.group(2)), matcher.group(3)))
                : Optional.empty();
    }

    /** Whether the path is at the target and not at the source. */
    boolean isExtra() {
        return codes.startsWith("*");
    }

    private boolean isNew() {
        return codes.endsWith("+++++++++");
    }

    /** Whether content would be sent. */
    boolean isSent() {
        return codes.charAt(0) == '<' || codes.charAt(0) == '>';
    }

    /** {@return the line for people, or for who knows rsync's codes} */
    String text(Style style) {
        // rsync has escaped it already
        String shown = RawPath.escape(name).replace("\\#134#", "\\#");
        return switch (style) {
            case ITEMIZED -> codes + ' ' + shown;
            case PLAN -> String.format("%-13s %s", isExtra() ? "would delete" : isNew() ? "would create" : isSent() ? "would send" : "would set",
                    shown) + (isSent() || isExtra() || isNew() ? "" : "  (attributes)");
            case FINDING -> String.format("%-13s %s", isExtra() ? "only there" : isNew() ? "missing there" : isSent() ? "differs" : "attributes",
                    shown);
        };
    }
}
