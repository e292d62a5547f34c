package dev.dromedary.filter;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * One include or exclude rule.
 *
 * @param bytes   the pattern's text, a char for each byte of its UTF-8 form
 * @param pattern the same text, compiled
 */
record FilterRule(boolean exclude, String bytes, PathPattern pattern) {

    /** rsync 3.5.0 only warns of a longer pattern and drops it: it would send what was to be excluded. */
    private static final int LONGEST = 4095;

    static FilterRule parse(String rule) {
        int space = rule.indexOf(' ');
        String kind = space < 0 ? rule : rule.substring(0, space);
        boolean exclude = kind.equals("-") || kind.equals("exclude");
        if (!exclude && !kind.equals("+") && !kind.equals("include")) {
            throw refused(rule, whyNot(rule, kind));
        }
        String pattern = rule.substring(space < 0 ? rule.length() : space + 1);
        if (pattern.isEmpty()) {
            throw refused(rule, "it has no pattern");
        }
        if (pattern.chars().anyMatch(c -> c == '\n' || c == '\r' || c == '\0')) {
            throw refused(rule, "a pattern cannot hold a line end or a NUL, which would end the rule in rsync's merge file");
        }
        String bytes = bytes(rule, pattern);
        if (bytes.length() > LONGEST) {
            throw refused(rule, "its pattern is longer than the " + LONGEST + " bytes that rsync takes");
        }
        return new FilterRule(exclude, bytes, PathPattern.compile(bytes));
    }

    /** The rule as a line of a merge file, a char for each byte. */
    String line() {
        return (exclude ? "- " : "+ ") + bytes;
    }

    private static String bytes(String rule, String pattern) {
        try {
            var encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(pattern));
            return StandardCharsets.ISO_8859_1.decode(encoded).toString();
        } catch (CharacterCodingException e) {
            throw refused(rule, "its pattern is not valid Unicode");
        }
    }

    private static String whyNot(String rule, String kind) {
        if (rule.isBlank()) {
            return "it is empty";
        }
        if (rule.startsWith("#") || rule.startsWith(";")) {
            return "a comment is no rule";
        }
        // modifiers may follow ("-s", "exclude,s"), and rsync takes '_' for the space ("-_foo")
        boolean sign = !kind.isEmpty() && !Character.isLetter(kind.charAt(0));
        return switch (sign ? kind.substring(0, 1) : kind.split("[,_]", 2)[0]) {
            case "+", "-", "include", "exclude" -> "modifiers are not supported, and one space comes before the pattern";
            case "!", "clear" -> "a rule that clears the list is not supported";
            case ".", "merge" -> "a rule that merges another file is not supported";
            case ":", "dir-merge" -> "rules kept in the folders themselves are not supported";
            case "H", "hide", "S", "show" -> "a rule for the sending side alone is not supported";
            case "P", "protect", "R", "risk" -> "a rule for the receiving side alone is not supported";
            default -> "it does not begin with '-' or '+' and one space";
        };
    }

    private static IllegalArgumentException refused(String rule, String why) {
        String shown = rule.replaceAll("\\p{Cntrl}", "?");
        shown = shown.length() > 200 ? shown.substring(0, 200) + "..." : shown;
        return new IllegalArgumentException(
                "Filter rule \"" + shown + "\": " + why + ". A rule is \"- PATTERN\" or \"+ PATTERN\".");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FilterRule that && exclude == that.exclude && bytes.equals(that.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * bytes.hashCode() + Boolean.hashCode(exclude);
    }

    @Override
    public String toString() {
        return line();
    }
}
