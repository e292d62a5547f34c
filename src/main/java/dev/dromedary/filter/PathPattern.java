package dev.dromedary.filter;

/** The pattern of a rule: which part of a path it is compared with, and how (rsync(1), "PATTERN MATCHING RULES"). */
final class PathPattern {

    /** The part of the path that the pattern has to match completely. */
    private enum Part {
        /** The last name. */
        NAME,
        /** As many names at the end of the path as the pattern has. */
        LAST_NAMES,
        /** The path, or what follows any of its slashes. */
        ANY_TAIL,
        /** The path. */
        PATH,
        /** The path with a slash before it, so that a leading "**" followed by a slash includes the top level as well. */
        PATH_AFTER_SLASH
    }

    private final Part part;
    private final int slashes;
    private final boolean directoriesOnly;
    /** The pattern ends in "***": a folder counts as its name and a slash. */
    private final boolean withContents;
    /** The literal text of a pattern without wildcards; null if it has any. */
    private final String literal;
    private final Glob glob;

    private PathPattern(String pattern, boolean anchored, boolean directoriesOnly) {
        boolean deep = pattern.contains("**");
        this.slashes = (int) pattern.chars().filter(c -> c == '/').count();
        this.directoriesOnly = directoriesOnly;
        this.withContents = pattern.endsWith("***");
        // without a wildcard a backslash is an ordinary character
        boolean wild = pattern.chars().anyMatch(c -> c == '*' || c == '?' || c == '[');
        this.literal = wild ? null : pattern;
        this.glob = wild ? Glob.compile(pattern) : null;
        if (anchored) {
            part = Part.PATH;
        } else if (pattern.startsWith("**")) {
            part = Part.PATH_AFTER_SLASH;
        } else if (deep) {
            part = Part.ANY_TAIL;
        } else {
            part = slashes == 0 ? Part.NAME : Part.LAST_NAMES;
        }
    }

    static PathPattern compile(String text) {
        boolean directoriesOnly = text.length() > 1 && text.endsWith("/");
        String pattern = directoriesOnly ? text.substring(0, text.length() - 1) : text;
        boolean anchored = pattern.startsWith("/");
        return new PathPattern(anchored ? pattern.substring(1) : pattern, anchored, directoriesOnly);
    }

    boolean matches(String path, boolean directory) {
        if (directoriesOnly && !directory) {
            return false;
        }
        String subject = directory && withContents ? path + '/' : path;
        return switch (part) {
            case NAME -> matchesFrom(subject, subject.lastIndexOf('/') + 1);
            case LAST_NAMES -> matchesFrom(subject, startOfLastNames(subject));
            case ANY_TAIL -> matchesAnyTail(subject);
            case PATH -> matchesFrom(subject, 0);
            case PATH_AFTER_SLASH -> matchesFrom('/' + subject, 0);
        };
    }

    private boolean matchesFrom(String subject, int start) {
        if (start < 0) {
            return false;
        }
        return literal == null
                ? glob.matches(subject, start)
                : subject.length() - start == literal.length() && subject.startsWith(literal, start);
    }

    private boolean matchesAnyTail(String subject) {
        if (matchesFrom(subject, 0)) {
            return true;
        }
        for (int slash = subject.indexOf('/'); slash >= 0; slash = subject.indexOf('/', slash + 1)) {
            if (matchesFrom(subject, slash + 1)) {
                return true;
            }
        }
        return false;
    }

    /** Negative if the path has fewer names. A slash within a class counts, although it can match nothing. */
    private int startOfLastNames(String subject) {
        int slash = subject.length();
        for (int names = 0; names <= slashes; names++) {
            if (slash < 0) {
                return -1;
            }
            slash = subject.lastIndexOf('/', slash - 1);
        }
        return slash + 1;
    }
}
