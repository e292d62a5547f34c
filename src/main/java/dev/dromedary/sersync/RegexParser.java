package dev.dromedary.sersync;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Parses a regular expression, as far as rsync's wildcards can express it: characters, classes, {@code .*}, {@code [^/]*}, {@code /*},
 * groups, alternatives and {@code ?}. Everything else is refused.
 */
final class RegexParser {

    private static final int LONGEST = 500;
    private static final int MOST = 64;
    private static final Pattern CLASS = Pattern.compile(
            "\\[(\\^?)((?:[a-z]-[a-z]|[A-Z]-[A-Z]|[0-9]-[0-9]|[A-Za-z0-9_.~=@%+ ]|/)+)]");

    private final String text;
    private int next;

    private RegexParser(String text) {
        this.text = text;
    }

    /** {@return the alternatives; together they match exactly what the expression matches} */
    static List<List<RegexToken>> parse(String expression) throws InexactConversionException {
        if (expression.length() > LONGEST) {
            throw new InexactConversionException("it is longer than " + LONGEST + " characters");
        }
        try {
            Pattern.compile(expression);
        } catch (PatternSyntaxException e) {
            throw new InexactConversionException("it is no regular expression (" + e.getDescription() + "), so sersync left nothing"
                    + " out by it; if it was meant as a pattern of rsync, write it into exclude as it is");
        }
        RegexParser regex = new RegexParser(expression);
        List<List<RegexToken>> alternatives = regex.alternatives();
        if (regex.next < expression.length()) {
            throw new InexactConversionException("its " + expression.charAt(regex.next) + " has no match");
        }
        return alternatives;
    }

    private List<List<RegexToken>> alternatives() throws InexactConversionException {
        List<List<RegexToken>> all = new ArrayList<>(sequence());
        while (next < text.length() && text.charAt(next) == '|') {
            next++;
            all.addAll(sequence());
        }
        return all;
    }

    private List<List<RegexToken>> sequence() throws InexactConversionException {
        List<List<RegexToken>> all = List.of(List.of());
        while (next < text.length() && text.charAt(next) != '|' && text.charAt(next) != ')') {
            List<List<RegexToken>> longer = new ArrayList<>();
            List<List<RegexToken>> atoms = atom();
            for (List<RegexToken> before : all) {
                for (List<RegexToken> atom : atoms) {
                    List<RegexToken> joined = new ArrayList<>(before);
                    joined.addAll(atom);
                    longer.add(joined);
                }
            }
            if (longer.size() > MOST) {
                throw new InexactConversionException("it has more than " + MOST + " alternatives");
            }
            all = longer;
        }
        return all;
    }

    private List<List<RegexToken>> atom() throws InexactConversionException {
        int start = next;
        int c = text.codePointAt(next);
        next += Character.charCount(c);
        switch (c) {
            case '^' -> {
                return List.of(List.of(RegexToken.BEGIN));
            }
            case '$' -> {
                return List.of(List.of(RegexToken.END));
            }
            case '.' -> {
                if (quantifier() != '*') {
                    throw new InexactConversionException("its . is any one character, even a slash; if a dot was meant, write \\.");
                }
                return List.of(List.of(RegexToken.DEEP));
            }
            case '(' -> {
                return group();
            }
            case '[' -> {
                next = start;
                return oneOf();
            }
            case '\\' -> {
                c = next < text.length() ? text.codePointAt(next) : 'x';
                if (c > 127 || Character.isLetterOrDigit(c)) {
                    throw new InexactConversionException("its " + text.substring(start, Math.min(next + 1, text.length()))
                            + " has no counterpart");
                }
                next++;
                return repeated(literal(c));
            }
            case '{', '}', ']' -> throw new InexactConversionException("its " + Character.toString(c) + " has no counterpart");
            default -> {
                return repeated(literal(c));
            }
        }
    }

    private List<List<RegexToken>> group() throws InexactConversionException {
        if (text.startsWith("?:", next)) {
            next += 2;
        } else if (text.startsWith("?", next)) {
            throw new InexactConversionException("its (? has no counterpart");
        }
        List<List<RegexToken>> inner = alternatives();
        next++; // the closing parenthesis: the expression is valid
        return switch (quantifier()) {
            case 0 -> inner;
            case '?' -> optional(inner);
            default -> throw new InexactConversionException("it repeats a group");
        };
    }

    private List<List<RegexToken>> oneOf() throws InexactConversionException {
        var matcher = CLASS.matcher(text).region(next, text.length());
        if (!matcher.lookingAt()) {
            throw new InexactConversionException("its class at " + text.substring(next) + " has no counterpart");
        }
        next = matcher.end();
        boolean negated = !matcher.group(1).isEmpty();
        String members = matcher.group(2).replace("/", "");
        if (negated != matcher.group(2).contains("/")) {
            throw new InexactConversionException("its class " + matcher.group() + " matches a slash too, and no wildcard but ** does");
        }
        RegexToken one = new RegexToken(RegexToken.Kind.ONE, members.isEmpty() ? "?" : "[" + (negated ? "!" : "") + members + "]");
        char quantifier = quantifier();
        boolean any = one.text().equals("?");
        return switch (quantifier) {
            case 0 -> List.of(List.of(one));
            case '?' -> optional(List.of(List.of(one)));
            case '*' -> List.of(List.of(any ? RegexToken.STAR : none(matcher.group() + "*")));
            default -> List.of(List.of(one, any ? RegexToken.STAR : none(matcher.group() + "+")));
        };
    }

    private List<List<RegexToken>> repeated(RegexToken token) throws InexactConversionException {
        List<List<RegexToken>> once = List.of(List.of(token));
        char quantifier = quantifier();
        return switch (quantifier) {
            case 0 -> once;
            case '?' -> optional(once);
            default -> {
                // no path has two slashes in a row
                if (!token.is(RegexToken.Kind.SLASH)) {
                    none(token.text() + quantifier);
                }
                yield quantifier == '*' ? optional(once) : once;
            }
        };
    }

    private static List<List<RegexToken>> optional(List<List<RegexToken>> tokens) {
        List<List<RegexToken>> all = new ArrayList<>(tokens);
        all.add(List.of());
        return all;
    }

    private static RegexToken none(String repetition) throws InexactConversionException {
        throw new InexactConversionException("rsync has no wildcard for the repetition " + repetition);
    }

    private static RegexToken literal(int c) throws InexactConversionException {
        if (c == '/') {
            return RegexToken.SLASH;
        }
        if (c == ',' || Character.isISOControl(c)) {
            throw new InexactConversionException("exclude cannot hold its "
                    + (c == ',' ? "comma; put the pattern into a file for filter-from" : "control character"));
        }
        return new RegexToken(RegexToken.Kind.LITERAL, Character.toString(c));
    }

    /** {@return "*", "+" or "?", or 0 if none follows} */
    private char quantifier() throws InexactConversionException {
        char c = next < text.length() ? text.charAt(next) : 0;
        if (c == '{') {
            throw new InexactConversionException("it counts repetitions");
        }
        if (c != '*' && c != '+' && c != '?') {
            return 0;
        }
        next++;
        if (next < text.length() && text.charAt(next) == '?') {
            next++; // reluctant: this makes no difference when the whole path is matched
        } else if (next < text.length() && text.charAt(next) == '+') {
            throw new InexactConversionException("it repeats possessively");
        }
        return c;
    }
}
