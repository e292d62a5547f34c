package dev.dromedary.rsync;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.RawPath;

/**
 * Finds out which of the listed paths rsync reports as not transferred. rsync names them in quotes or brackets, and writes bytes that are
 * not printable as {@code \#ooo} (rsync(1), --8-bit-output). Paths of its own side are relative to the source; paths of the other side are
 * relative to the module or to the root of that machine. A name may contain quotes and whole messages, so every possible reading counts; a
 * path that is pending needlessly does no harm.
 */
final class FailedPathParser {

    private static final Pattern ERROR = Pattern.compile("rsync: (?:\\[(\\w+)\\] )?(.*)");
    private static final Pattern PLAIN = Pattern.compile(
            "(?:could not make way for [a-z ]+|cannot delete non-empty directory): (.*)");
    private static final Pattern VANISHED = Pattern.compile("file has vanished: \"(.*)\"(?: \\(in .*\\))?");
    private static final Pattern WITHOUT_PATH = Pattern.compile(
            "(?:read|write) error: [^\"]*|connection unexpectedly closed .*");
    // these name a path from the target's top, which may no longer exist at the source
    private static final Pattern ALONE = Pattern.compile("[^\"]*\"[^\"]*\"[^\"]*|rename \"[^\"]*\"[^\"]*\"[^\"]*\"[^\"]*");
    private static final Pattern DELETION = Pattern.compile("^(?:delete_file: |could not make way for |cannot delete )");
    private static final Pattern NOT_ALLOWED = Pattern.compile(": Permission denied \\(\\d+\\)$");
    private static final Pattern DAEMON_REFUSES = Pattern.compile("^ERROR: daemon refused to receive ");
    private static final Pattern FUNCTION = Pattern.compile("^[^\"(]*\\w\\(");
    private static final Pattern ATTRIBUTES = Pattern.compile(
            "^(failed to set |chgrp |chown |rsync_xal_set|set_acl|sys_acl)");
    private static final Pattern TEMPORARY = Pattern.compile("(?s)(\\..+)\\.[A-Za-z0-9]{6}");
    private static final Pattern ESCAPE = Pattern.compile("\\\\#([0-3][0-7]{2})");
    private static final String GONE = ": No such file or directory (2)";
    private static final String TOO_LONG = "filename overflows max-path len";
    private static final int MOST_QUOTES = 12;
    // rsync truncates the temporary name where it would exceed the maximum length of a name
    private static final int LONG_NAME = 200;

    /** The end of the sender's error message if a folder, a file or a link was replaced by another kind (errno(3)). */
    static final Pattern SWAPPED = Pattern.compile(
            ": (?:Not a directory|Is a directory|Too many levels of symbolic links) \\(\\d+\\)$", Pattern.MULTILINE);

    private final ChangeSet run;
    private final Place source;
    private final boolean pulls;
    private final ChangeSet failed = new ChangeSet();
    private final ChangeSet vanished = new ChangeSet();
    private final ChangeSet compared = new ChangeSet();
    private boolean settled;
    private final NavigableSet<String> gone = new TreeSet<>();
    private boolean understood = true;
    private int tooLong;

    /**
     * The place that paths are relative to, in the notation of {@link RawPath}.
     *
     * @param source the source, from the root
     * @param there  the target's top with a trailing slash, as rsync names it there
     * @param holds  whether the source has a path now; if the source is remote, always false
     */
    record Place(String source, String there, Predicate<String> holds) {
    }

    // the paths that an error message may be about: those that certainly begin at the target's top, and the others
    private record Readings(Set<String> certain, Set<String> possible) {
    }

    private FailedPathParser(ChangeSet run, Place source, boolean pulls) {
        this.run = run;
        this.source = source;
        this.pulls = pulls;
    }

    /**
     * @param run    what was listed
     * @param source the place that the listed paths are relative to
     * @param said   rsync's error output, in the same notation
     * @param pulls  whether the source is at the other side, so that the list may go through folders that are gone
     */
    static FailedPathParser in(ChangeSet run, Place source, String said, boolean pulls) {
        FailedPathParser named = new FailedPathParser(run, source, pulls);
        said.lines().forEach(named::line);
        // children before their parents, which replace them
        named.gone.descendingSet().forEach(path -> named.vanished.add(path, Extent.LEAF, run.since()));
        return named;
    }

    /** {@return the paths that stay pending} rsync has reported an error for each. */
    ChangeSet failed() {
        return failed;
    }

    /** {@return the paths that existed when rsync listed them, and were gone or replaced by another kind when it read them} */
    ChangeSet vanished() {
        return vanished;
    }

    /**
     * {@return folders in which something could not be deleted by name} A comparison may be able to delete it, as it gives itself the
     * permission.
     */
    ChangeSet compared() {
        return compared;
    }

    /**
     * {@return whether there was an error that needs no action} Something is gone at the source, and the other side does not have it
     * either.
     */
    boolean settled() {
        return settled;
    }

    /** {@return whether every error was about a listed path} If not, everything stays pending. */
    boolean understood() {
        return understood;
    }

    /** {@return the number of paths that were too long for rsync} */
    int tooLong() {
        return tooLong;
    }

    private void line(String line) {
        Matcher gone = VANISHED.matcher(line);
        Matcher error = ERROR.matcher(line);
        if (line.startsWith(TOO_LONG)) {
            tooLong++;
            keepFolders();
        } else if (gone.matches()) {
            addVanished(paths(List.of(gone.group(1)), true, true).possible);
        } else if (error.matches()) {
            complaint(error.group(2), "sender".equals(error.group(1)));
        } else if (PLAIN.matcher(line).matches() || line.startsWith("ERROR")) {
            complaint(line, false);
        }
    }

    private void complaint(String words, boolean here) {
        if (WITHOUT_PATH.matcher(words).matches()) {
            return;
        }
        if (DELETION.matcher(words).find()) {
            Set<String> deleted = deleted(readings(words));
            if (pulls || !NOT_ALLOWED.matcher(words).find() || !compare(deleted)) {
                understood &= add(failed, deleted, false);
            }
            return;
        }
        if (!here && readings(words).stream().anyMatch(this::isTop)) {
            // it is about the target itself or a folder above it; no listed path is the cause
            understood = false;
            return;
        }
        Readings paths = paths(readings(words), here, ALONE.matcher(words).matches());
        if (DAEMON_REFUSES.matcher(words).find() && !pulls && paths.possible.stream().noneMatch(source.holds)) {
            settled = true;
            return;
        }
        if (here && (pulls && words.endsWith(GONE) || SWAPPED.matcher(words).find())) {
            understood &= addVanished(paths.possible);
            return;
        }
        understood &= add(failed, likely(paths), ATTRIBUTES.matcher(words).find());
        if (here) {
            keepFolders();
        }
    }

    private boolean isTop(String reading) {
        String name = unescaped(reading);
        return name.length() > 1 && name.startsWith("/") && source.there.startsWith(name.endsWith("/") ? name : name + '/');
    }

    // after an error of its own, rsync deletes nothing in folders (rsync(1), --ignore-errors)
    private void keepFolders() {
        run.forEach((path, extent) -> {
            if (extent.compareTo(Extent.LEVEL) >= 0) {
                failed.add(path, extent, run.since());
            }
        });
    }

    // between any two quotes, or from the bracket after a function's name
    private List<String> readings(String words) {
        List<String> readings = new ArrayList<>();
        List<Integer> quotes = positions(words, '"');
        if (quotes.size() > MOST_QUOTES) {
            understood = false;
        }
        for (int first = 0; first < Math.min(MOST_QUOTES, quotes.size()); first++) {
            for (int last = first + 1; last < Math.min(MOST_QUOTES, quotes.size()); last++) {
                readings.add(words.substring(quotes.get(first) + 1, quotes.get(last)));
            }
        }
        Matcher function = FUNCTION.matcher(words);
        if (function.find()) {
            Stream.concat(positions(words, ')').stream(), positions(words, ',').stream()).filter(end -> end >= function.end()
                    && (words.startsWith(") failed", end) || words.charAt(end) == ',' && !DELETION.matcher(words).find()))
                    .forEach(end -> readings.add(words.substring(function.end(), end)));
        }
        Matcher plain = PLAIN.matcher(words);
        if (plain.matches()) {
            readings.add(plain.group(1));
        }
        return readings;
    }

    private static List<Integer> positions(String text, char c) {
        List<Integer> positions = new ArrayList<>();
        for (int at = text.indexOf(c); at >= 0; at = text.indexOf(c, at + 1)) {
            positions.add(at);
        }
        return positions;
    }

    // of a tree that is gone only the topmost folder is listed, and what can't be deleted may lie far below
    private boolean compare(Set<String> deleted) {
        boolean all = !deleted.isEmpty();
        for (String path : deleted) {
            String listed = path;
            while (!listed.isEmpty() && !run.covers(listed, Extent.ATTRIBUTES)) {
                listed = RawPath.parent(listed);
            }
            while (!RawPath.parent(listed).isEmpty() && !source.holds.test(RawPath.parent(listed))) {
                listed = RawPath.parent(listed);
            }
            String folder = RawPath.parent(listed);
            if (listed.isEmpty() || source.holds.test(listed) || run.covers(folder, Extent.LEVEL)) {
                all = false;
            } else {
                compared.add(folder, Extent.LEVEL, run.since());
            }
        }
        return all;
    }

    private static Set<String> deleted(List<String> readings) {
        Set<String> paths = new TreeSet<>();
        readings.forEach(reading -> paths.add(unescaped(reading)));
        paths.removeIf(FailedPathParser::isNone);
        return paths;
    }

    // the possible paths of a name relative to the source: for a path from elsewhere, each of its suffixes; nothing is certain if it has quotes
    private Readings paths(List<String> readings, boolean here, boolean alone) {
        Readings paths = new Readings(new TreeSet<>(), new TreeSet<>());
        for (String reading : readings) {
            String name = unescaped(reading);
            if (here && name.startsWith(source.source + '/')) {
                paths.possible.add(name.substring(source.source.length() + 1));
            } else if (here && name.equals(source.source) || name.equals(".") || name.endsWith("/.")) {
                paths.possible.add("");
            } else {
                if (!here && alone && name.startsWith(source.there)) {
                    paths.certain.add(name.substring(source.there.length()));
                }
                String rest = name.startsWith("/") ? name.substring(1) : name;
                for (int slash = 0; slash >= 0; slash = rest.indexOf('/')) {
                    rest = slash == 0 ? rest : rest.substring(slash + 1);
                    paths.possible.add(rest);
                }
            }
        }
        for (Set<String> each : List.of(paths.certain, paths.possible)) {
            List.copyOf(each).forEach(path -> addFinal(each, path));
            each.removeIf(FailedPathParser::isNone);
        }
        return paths;
    }

    // what could not be written exists, or its deletion will be reported; so of several readings those that the source has count
    private Set<String> likely(Readings paths) {
        for (Set<String> each : List.of(paths.certain, paths.possible)) {
            Set<String> there = new TreeSet<>(each);
            there.removeIf(path -> run.pendingAt(path).isEmpty() || !source.holds.test(path));
            if (!there.isEmpty()) {
                return there;
            }
        }
        return paths.possible;
    }

    // a temporary file stands for the file that it was to become
    private static void addFinal(Set<String> to, String path) {
        String folder = RawPath.parent(path);
        String name = path.substring(path.lastIndexOf('/') + 1);
        Matcher temporary = TEMPORARY.matcher(name);
        if (!temporary.matches()) {
            return;
        }
        if (name.length() >= LONG_NAME) {
            to.add(folder);
        }
        to.add(RawPath.child(folder, temporary.group(1)));
        to.add(RawPath.child(folder, temporary.group(1).substring(1)));
    }

    private static boolean isNone(String path) {
        for (String name : path.split("/", -1)) {
            if (name.equals(".") || name.equals("..") || name.isEmpty() && !path.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    // unlike RawPath.unescape, it takes a backslash that begins no escape as itself, as rsync writes it
    static String unescaped(String name) {
        return ESCAPE.matcher(name).replaceAll(octal ->
                Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(octal.group(1), 8))));
    }

    // rsync names the missing parent folders; the topmost of them has to be deleted
    private boolean addVanished(Set<String> paths) {
        if (!pulls) {
            return add(vanished, paths, false);
        }
        paths.stream().filter(path -> !run.pendingAt(path).isEmpty()).forEach(gone::add);
        return paths.stream().anyMatch(gone::contains);
    }

    private boolean add(ChangeSet to, Set<String> paths, boolean attributes) {
        boolean found = false;
        for (String path : paths) {
            ChangeSet pending = run.pendingAt(path);
            if (pending.isEmpty()) {
                continue;
            }
            found = true;
            if (attributes) {
                to.add(path, Extent.ATTRIBUTES, run.since());
            } else {
                to.merge(pending);
            }
        }
        return found;
    }
}
