package dev.dromedary.sersync;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Takes a regular expression apart, as far as it can be said by rsync's wildcards: characters, classes, {@code .*},
 * {@code [^/]*}, {@code /*}, groups, alternatives and {@code ?}. What goes beyond is refused.
 */
final class Regex {

    private static final int LONGEST = 500;
    private static final int MOST = 64;
    private static final Pattern CLASS = Pattern.compile(
            "\\[(\\^?)((?:[a-z]-[a-z]|[A-Z]-[A-Z]|[0-9]-[0-9]|[A-Za-z0-9_.~=@%+ ]|/)+)]");

    private final String text;
    private int next;

    private Regex(String text) {
        this.text = text;
    }

    /** {@return the alternatives; what any of them matches, the expression matches, and nothing else} */
    static List<List<Token>> parse(String expression) throws InexactException {
        if (expression.length() > LONGEST) {
            throw new InexactException("it is longer than " + LONGEST + " characters");
        }
        try {
            Pattern.compile(expression);
        } catch (PatternSyntaxException e) {
            throw new InexactException("it is no regular expression (" + e.getDescription() + "), so sersync left nothing"
                    + " out by it; if it was meant as a pattern of rsync, write it into exclude as it is");
        }
        Regex regex = new Regex(expression);
        List<List<Token>> alternatives = regex.alternatives();
        if (regex.next < expression.length()) {
            throw new InexactException("its " + expression.charAt(regex.next) + " has no match");
        }
        return alternatives;
    }

    private List<List<Token>> alternatives() throws InexactException {
        List<List<Token>> all = new ArrayList<>(sequence());
        while (next < text.length() && text.charAt(next) == '|') {
            next++;
            all.addAll(sequence());
        }
        return all;
    }

    private List<List<Token>> sequence() throws InexactException {
        List<List<Token>> all = List.of(List.of());
        while (next < text.length() && text.charAt(next) != '|' && text.charAt(next) != ')') {
            List<List<Token>> longer = new ArrayList<>();
            List<List<Token>> atoms = atom();
            for (List<Token> before : all) {
                for (List<Token> atom : atoms) {
                    List<Token> joined = new ArrayList<>(before);
                    joined.addAll(atom);
                    longer.add(joined);
                }
            }
            if (longer.size() > MOST) {
                throw new InexactException("it has more than " + MOST + " alternatives");
            }
            all = longer;
        }
        return all;
    }

    private List<List<Token>> atom() throws InexactException {
        int start = next;
        int c = text.codePointAt(next);
        next += Character.charCount(c);
        switch (c) {
            case '^' -> {
                return List.of(List.of(Token.BEGIN));
            }
            case '$' -> {
                return List.of(List.of(Token.END));
            }
            case '.' -> {
                if (quantifier() != '*') {
                    throw new InexactException("its . is any one character, even a slash; if a dot was meant, write \\.");
                }
                return List.of(List.of(Token.DEEP));
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
                    throw new InexactException("its " + text.substring(start, Math.min(next + 1, text.length()))
                            + " has no counterpart");
                }
                next++;
                return repeated(literal(c));
            }
            case '{', '}', ']' -> throw new InexactException("its " + Character.toString(c) + " has no counterpart");
            default -> {
                return repeated(literal(c));
            }
        }
    }

    private List<List<Token>> group() throws InexactException {
        if (text.startsWith("?:", next)) {
            next += 2;
        } else if (text.startsWith("?", next)) {
            throw new InexactException("its (? has no counterpart");
        }
        List<List<Token>> inner = alternatives();
        next++; // the closing one: it is a regular expression
        return switch (quantifier()) {
            case 0 -> inner;
            case '?' -> optional(inner);
            default -> throw new InexactException("it repeats a group");
        };
    }

    private List<List<Token>> oneOf() throws InexactException {
        var matcher = CLASS.matcher(text).region(next, text.length());
        if (!matcher.lookingAt()) {
            throw new InexactException("its class at " + text.substring(next) + " has no counterpart");
        }
        next = matcher.end();
        boolean negated = !matcher.group(1).isEmpty();
        String members = matcher.group(2).replace("/", "");
        if (negated != matcher.group(2).contains("/")) {
            throw new InexactException("its class " + matcher.group() + " matches a slash too, and no wildcard but ** does");
        }
        Token one = new Token(Token.Kind.ONE, members.isEmpty() ? "?" : "[" + (negated ? "!" : "") + members + "]");
        char quantifier = quantifier();
        boolean any = one.text().equals("?");
        return switch (quantifier) {
            case 0 -> List.of(List.of(one));
            case '?' -> optional(List.of(List.of(one)));
            case '*' -> List.of(List.of(any ? Token.STAR : none(matcher.group() + "*")));
            default -> List.of(List.of(one, any ? Token.STAR : none(matcher.group() + "+")));
        };
    }

    private List<List<Token>> repeated(Token token) throws InexactException {
        List<List<Token>> once = List.of(List.of(token));
        char quantifier = quantifier();
        return switch (quantifier) {
            case 0 -> once;
            case '?' -> optional(once);
            default -> {
                // in a path no slash follows another
                if (!token.is(Token.Kind.SLASH)) {
                    none(token.text() + quantifier);
                }
                yield quantifier == '*' ? optional(once) : once;
            }
        };
    }

    private static List<List<Token>> optional(List<List<Token>> tokens) {
        List<List<Token>> all = new ArrayList<>(tokens);
        all.add(List.of());
        return all;
    }

    private static Token none(String repetition) throws InexactException {
        throw new InexactException("rsync has no wildcard for the repetition " + repetition);
    }

    private static Token literal(int c) throws InexactException {
        if (c == '/') {
            return Token.SLASH;
        }
        if (c == ',' || Character.isISOControl(c)) {
            throw new InexactException("exclude cannot hold its "
                    + (c == ',' ? "comma; put the pattern into a file for filter-from" : "control character"));
        }
        return new Token(Token.Kind.LITERAL, Character.toString(c));
    }

    /** {@return "*", "+" or "?", or 0 if none follows} */
    private char quantifier() throws InexactException {
        char c = next < text.length() ? text.charAt(next) : 0;
        if (c == '{') {
            throw new InexactException("it counts repetitions");
        }
        if (c != '*' && c != '+' && c != '?') {
            return 0;
        }
        next++;
        if (next < text.length() && text.charAt(next) == '?') {
            next++; // reluctant: for the whole of a path it makes no difference
        } else if (next < text.length() && text.charAt(next) == '+') {
            throw new InexactException("it repeats possessively");
        }
        return c;
    }
}
