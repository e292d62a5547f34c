package dev.dromedary.rsync;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.RawPath;

/**
 * Which of the paths that were listed rsync says it could not carry. It names them in quotes or brackets, with bytes that
 * can't be shown as {@code \#ooo} (rsync(1), --8-bit-output): its own side's below the source, the other side's below the
 * module or from the root of that machine. Whatever could be meant counts; being owed too much does no harm.
 */
final class NamedPaths {

    // rsync: [sender] send_files failed to open "/src/a": Permission denied (13)
    private static final Pattern ERROR = Pattern.compile("rsync: (?:\\[(\\w+)\\] )?(.*)");
    private static final String TOO_LONG = "filename overflows max-path len";
    private static final Pattern OTHER_ERROR = Pattern.compile("^(could not make way|cannot delete|ERROR)");
    private static final Pattern OTHER_NAME = Pattern.compile("\\((.*)\\) failed|could not make way for [a-z ]+: (.*)");
    private static final int MOST_READINGS = 20;
    private static final Pattern VANISHED = Pattern.compile("file has vanished: \"(.*)\"(?: \\(in .*\\))?");
    private static final Pattern TEMPORARY = Pattern.compile("\\.(.+)\\.[A-Za-z0-9]{6}");
    private static final Pattern ATTRIBUTES = Pattern.compile(
            "^(failed to set |chgrp |chown |failed to (write|read) xattr|.*set_acl|.*setxattr|.*utime)");
    private static final Pattern WITHOUT_PATH = Pattern.compile("(read|write) error|connection unexpectedly closed");
    private static final Pattern ESCAPE = Pattern.compile("\\\\#([0-3][0-7]{2})");

    private final ChangeSet run;
    private final String source;
    private final ChangeSet failed = new ChangeSet();
    private final ChangeSet vanished = new ChangeSet();
    private boolean understood = true;
    private int tooLong;

    private NamedPaths(ChangeSet run, String source) {
        this.run = run;
        this.source = source;
    }

    /**
     * @param run    what was listed
     * @param source the source, from the root, in the notation of {@link RawPath}
     * @param said   rsync's error output, in the same notation
     */
    static NamedPaths in(ChangeSet run, String source, String said) {
        NamedPaths named = new NamedPaths(run, source.startsWith("/") ? source : '/' + source);
        said.lines().forEach(named::line);
        return named;
    }

    /** What stays owed, with rsync's reason. */
    ChangeSet failed() {
        return failed;
    }

    /** What was there when rsync looked, and was not when it came to read it. */
    ChangeSet vanished() {
        return vanished;
    }

    /** Whether every complaint was about a path that was listed; if not, all of it stays owed. */
    boolean understood() {
        return understood;
    }

    /** How many paths were too long for rsync. */
    int tooLong() {
        return tooLong;
    }

    private void line(String line) {
        if (line.startsWith(TOO_LONG)) {
            tooLong++;
            keepFolders();
            return;
        }
        Matcher gone = VANISHED.matcher(line);
        if (gone.matches()) {
            add(vanished, candidates(gone.group(1), true), false);
            return;
        }
        Matcher error = ERROR.matcher(line);
        if (error.matches()) {
            String side = error.group(1);
            complaint(error.group(2), "sender".equals(side));
        } else if (OTHER_ERROR.matcher(line).find()) {
            complaint(line, false);
        }
    }

    private void complaint(String words, boolean here) {
        List<String> candidates = names(words).stream().flatMap(name -> candidates(name, here).stream()).toList();
        if (candidates.isEmpty()) {
            understood &= WITHOUT_PATH.matcher(words).lookingAt();
            return;
        }
        boolean found = add(failed, candidates, ATTRIBUTES.matcher(words).find());
        if (!found && words.startsWith("mkstemp")) {
            found = add(failed, candidates.stream().map(NamedPaths::withoutTemporary).toList(), false)
                    || add(failed, candidates.stream().map(RawPath::parent).toList(), false);
        }
        understood &= found;
        if (here) {
            keepFolders();
        }
    }

    // after an error of its own rsync deletes nothing in folders (rsync(1), --ignore-errors)
    private void keepFolders() {
        run.forEach((path, extent) -> {
            if (extent.compareTo(Extent.LEVEL) >= 0) {
                failed.add(path, extent, run.since());
            }
        });
    }

    // a name may hold quotes, and rsync leaves them as they are: it may end at any of them
    private static List<String> names(String words) {
        List<String> names = new ArrayList<>();
        int first = words.indexOf('"');
        for (int end = words.indexOf('"', first + 1); first >= 0 && end >= 0 && names.size() < MOST_READINGS;
                end = words.indexOf('"', end + 1)) {
            names.add(words.substring(first + 1, end));
        }
        Matcher other = OTHER_NAME.matcher(words);
        if (names.isEmpty() && other.find()) {
            names.add(other.group(1) != null ? other.group(1) : other.group(2));
        }
        return names;
    }

    private static String withoutTemporary(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        Matcher temporary = TEMPORARY.matcher(name);
        return temporary.matches() ? RawPath.child(RawPath.parent(path), temporary.group(1)) : path;
    }

    private List<String> candidates(String escaped, boolean here) {
        String path = unescaped(escaped);
        if (here && path.startsWith(source + '/')) {
            return List.of(path.substring(source.length() + 1));
        }
        if (here && path.equals(source) || path.equals(".")) {
            return List.of("");
        }
        List<String> tails = new ArrayList<>();
        String rest = path.startsWith("/") ? path.substring(1) : path;
        rest = rest.startsWith("./") ? rest.substring(2) : rest;
        for (int slash = 0; slash >= 0; slash = rest.indexOf('/')) {
            rest = tails.isEmpty() ? rest : rest.substring(slash + 1);
            tails.add(rest);
        }
        return tails;
    }

    // other than RawPath.unescape it takes a backslash that begins no escape as itself, as rsync writes it
    private static String unescaped(String name) {
        return ESCAPE.matcher(name).replaceAll(octal ->
                Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(octal.group(1), 8))));
    }

    private boolean add(ChangeSet to, List<String> candidates, boolean attributes) {
        boolean found = false;
        for (String path : candidates) {
            ChangeSet owed = run.owedAt(path);
            if (!owed.isEmpty()) {
                found = true;
                if (attributes) {
                    to.add(path, Extent.ATTRIBUTES, run.since());
                } else {
                    to.merge(owed);
                }
            }
        }
        return found;
    }
}
