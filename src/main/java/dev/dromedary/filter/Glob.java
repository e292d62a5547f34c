package dev.dromedary.filter;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * Matches rsync's wildcards. Text and pattern hold a byte in each char.
 *
 * <p>The time is bounded: of several stars only the last is ever advanced, since whatever it can take includes all that an earlier one
 * could leave to it; and an attempt that reaches the end of the text too early ends the whole search.
 */
public final class Glob {

    /** Tokens: a byte stands for itself, a number from {@link #CLASS} up for a class, the others are these. */
    private static final int ONE = -1;
    private static final int STAR = -2;
    private static final int DEEP_STAR = -3;
    private static final int CLASS = 256;

    /** POSIX classes, ASCII only: no byte above 127 is in any of them, whatever the locale. */
    private static final Map<String, IntPredicate> NAMED = Map.ofEntries(
            Map.entry("alnum", c -> letter(c) || digit(c)),
            Map.entry("alpha", Glob::letter),
            Map.entry("blank", c -> c == ' ' || c == '\t'),
            Map.entry("cntrl", c -> c < 32 || c == 127),
            Map.entry("digit", Glob::digit),
            Map.entry("graph", c -> c > 32 && c < 127),
            Map.entry("lower", Glob::lower),
            Map.entry("print", c -> c >= 32 && c < 127),
            Map.entry("punct", c -> c > 32 && c < 127 && !letter(c) && !digit(c)),
            Map.entry("space", c -> c == ' ' || c >= 9 && c <= 13),
            Map.entry("upper", Glob::upper),
            Map.entry("xdigit", c -> digit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'));

    private final int[] tokens;
    private final BitSet[] classes;

    private Glob(int[] tokens, BitSet[] classes) {
        this.tokens = tokens;
        this.classes = classes;
    }

    /** Compiles a pattern; a malformed one matches nothing. */
    public static Glob compile(String pattern) {
        return new Compiler(pattern).compile();
    }

    /** Returns whether the text, from this index to its end, matches the whole pattern. */
    public boolean matches(String text, int from) {
        if (tokens == null) {
            return false;
        }
        int at = from;
        int token = 0;
        // where to resume after a mismatch: the token after the last star, and how far that star has reached
        int afterStar = -1;
        int starEnd = 0;
        int afterDeep = -1;
        int deepEnd = 0;
        while (true) {
            if (token == tokens.length) {
                if (at == text.length()) {
                    return true;
                }
            } else if (tokens[token] == STAR) {
                afterStar = ++token;
                starEnd = at;
                continue;
            } else if (tokens[token] == DEEP_STAR) {
                if (++token == tokens.length) {
                    return true;
                }
                afterDeep = token;
                deepEnd = at;
                afterStar = -1;
                continue;
            } else if (at == text.length()) {
                return false;
            } else if (accepts(tokens[token], text.charAt(at))) {
                token++;
                at++;
                continue;
            }
            if (afterStar >= 0 && text.charAt(starEnd) != '/') {
                at = ++starEnd;
                token = afterStar;
            } else if (afterDeep >= 0) {
                at = ++deepEnd;
                token = afterDeep;
                afterStar = -1;
            } else {
                return false;
            }
        }
    }

    private boolean accepts(int token, char c) {
        if (token == ONE) {
            return c != '/';
        }
        return token >= CLASS ? classes[token - CLASS].get(c) : token == c;
    }

    private static boolean letter(int c) {
        return lower(c) || upper(c);
    }

    private static boolean lower(int c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean upper(int c) {
        return c >= 'A' && c <= 'Z';
    }

    private static boolean digit(int c) {
        return c >= '0' && c <= '9';
    }

    private static final class Compiler {

        private final String pattern;
        private final int[] tokens;
        private final BitSet[] classes;
        private int tokenCount;
        private int classCount;
        private int next;

        Compiler(String pattern) {
            this.pattern = pattern;
            this.tokens = new int[pattern.length()];
            this.classes = new BitSet[pattern.length()];
        }

        /** A pattern that ends within a class or after a backslash is no error for rsync: it matches nothing. */
        Glob compile() {
            while (next < pattern.length()) {
                char c = pattern.charAt(next++);
                int token = switch (c) {
                    case '?' -> ONE;
                    case '*' -> star();
                    case '[' -> bracket();
                    case '\\' -> next < pattern.length() ? pattern.charAt(next++) : Integer.MIN_VALUE;
                    default -> c;
                };
                if (token == Integer.MIN_VALUE) {
                    return new Glob(null, null);
                }
                tokens[tokenCount++] = token;
            }
            return new Glob(Arrays.copyOf(tokens, tokenCount), Arrays.copyOf(classes, classCount));
        }

        private int star() {
            int first = next;
            while (next < pattern.length() && pattern.charAt(next) == '*') {
                next++;
            }
            return next > first ? DEEP_STAR : STAR;
        }

        private int bracket() {
            BitSet members = new BitSet(256);
            boolean negated = next < pattern.length() && "!^".indexOf(pattern.charAt(next)) >= 0;
            if (negated) {
                next++;
            }
            // the byte that a following '-' would make the start of a range: none after a range or a named class
            int previous = -1;
            for (int first = next; next < pattern.length(); ) {
                char c = pattern.charAt(next);
                if (c == ']' && next > first) {
                    next++;
                    return add(members, negated);
                }
                if (c == '[' && next + 1 < pattern.length() && pattern.charAt(next + 1) == ':') {
                    int end = pattern.indexOf(']', next + 2);
                    if (end < 0) {
                        return Integer.MIN_VALUE;
                    }
                    if (end > next + 2 && pattern.charAt(end - 1) == ':') {
                        IntPredicate named = NAMED.get(pattern.substring(next + 2, end - 1));
                        if (named == null) {
                            return Integer.MIN_VALUE;
                        }
                        for (int member = 0; member < 128; member++) {
                            members.set(member, members.get(member) || named.test(member));
                        }
                        next = end + 1;
                        previous = -1;
                        continue;
                    }
                    // no ":]" before the next ']': the '[' is an ordinary member
                }
                boolean range = c == '-' && previous >= 0 && next + 1 < pattern.length() && pattern.charAt(next + 1) != ']';
                if (range) {
                    next++;
                }
                int member = member();
                if (member < 0) {
                    return Integer.MIN_VALUE;
                }
                if (range) {
                    members.set(Math.min(previous, member + 1), member + 1);
                    previous = -1;
                } else {
                    members.set(member);
                    previous = member;
                }
            }
            return Integer.MIN_VALUE;
        }

        private int member() {
            char c = pattern.charAt(next++);
            if (c != '\\') {
                return c;
            }
            return next < pattern.length() ? pattern.charAt(next++) : -1;
        }

        private int add(BitSet members, boolean negated) {
            if (negated) {
                members.flip(0, 256);
            }
            // not even a class that names the slash matches it
            members.clear('/');
            classes[classCount] = members;
            return CLASS + classCount++;
        }
    }
}
