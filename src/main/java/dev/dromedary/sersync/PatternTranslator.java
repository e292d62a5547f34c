package dev.dromedary.sersync;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import static dev.dromedary.sersync.RegexToken.Kind.BEGIN;
import static dev.dromedary.sersync.RegexToken.Kind.DEEP;
import static dev.dromedary.sersync.RegexToken.Kind.END;
import static dev.dromedary.sersync.RegexToken.Kind.LITERAL;
import static dev.dromedary.sersync.RegexToken.Kind.SLASH;
import static dev.dromedary.sersync.RegexToken.Kind.STAR;

/**
 * Finds the rsync patterns that exclude exactly what sersync excludes by an expression (Inotify.cpp, sersync 2.5.4). sersync always matches
 * the expression against a whole text, never a part of it. There are two such texts:
 * <ul>
 * <li>for an event, {@code name} for an entry directly in the source, and {@code /path/name} for a deeper one;
 * <li>for a folder that exists at the start, {@code path/name/}.
 * </ul>
 * A folder for which either text matches is excluded here with all its content. The resulting patterns depend on how the expression begins
 * and ends. The names between, N1/…/Nk, must not contain {@code .*}.
 */
final class PatternTranslator {

    private enum Start { NAME, SLASH, DEEP, DEEP_SLASH }

    private enum Stop { NAME, SLASH, DEEP, SLASH_DEEP }

    private PatternTranslator() {
    }

    /** {@return the patterns of an expression; none if it matches no path at all} */
    static Set<String> patterns(String expression) throws InexactConversionException {
        Set<String> all = new LinkedHashSet<>();
        for (List<RegexToken> alternative : RegexParser.parse(expression)) {
            all.addAll(ofAlternative(alternative));
        }
        // without the slash, a pattern matches files and folders
        all.removeIf(p -> p.endsWith("/") && all.contains(p.substring(0, p.length() - 1)));
        for (String pattern : all) {
            if (!pattern.strip().equals(pattern) || PropertiesEscaping.problem(pattern) != null) {
                throw new InexactConversionException("exclude cannot hold its blank at the start or end, or its {{");
            }
        }
        return all;
    }

    private static Set<String> ofAlternative(List<RegexToken> alternative) throws InexactConversionException {
        List<RegexToken> tokens = normal(alternative);
        Start start = Start.NAME;
        if (starts(tokens, DEEP)) {
            start = starts(tokens.subList(1, tokens.size()), SLASH) ? Start.DEEP_SLASH : Start.DEEP;
        } else if (starts(tokens, SLASH)) {
            start = Start.SLASH;
        }
        int from = start == Start.NAME ? 0 : start == Start.DEEP_SLASH ? 2 : 1;
        tokens = tokens.subList(from, tokens.size());
        Stop stop = Stop.NAME;
        if (ends(tokens, DEEP)) {
            stop = ends(tokens.subList(0, tokens.size() - 1), SLASH) ? Stop.SLASH_DEEP : Stop.DEEP;
        } else if (ends(tokens, SLASH)) {
            stop = Stop.SLASH;
        }
        int dropped = stop == Stop.NAME ? 0 : stop == Stop.SLASH_DEEP ? 2 : 1;
        List<List<RegexToken>> names = names(tokens.subList(0, tokens.size() - dropped));
        if (names.stream().anyMatch(List::isEmpty)) {
            if (names.size() == 1) {
                throw new InexactConversionException("it has no name in it");
            }
            return Set.of(); // two slashes in a row, which no path has
        }
        if (names.stream().anyMatch(name -> name.stream().allMatch(t -> t.is(STAR)))) {
            throw new InexactConversionException("it takes any name at one place");
        }
        Set<String> patterns = new LinkedHashSet<>();
        for (String form : forms(start, stop, names.size() == 1)) {
            patterns.add(pattern(form, names));
        }
        return patterns;
    }

    /** Returns the patterns for N1/…/Nk, written as P; {@code one} says whether k is 1. */
    private static List<String> forms(Start start, Stop stop, boolean one) {
        return switch (start) {
            case NAME -> switch (stop) {
                case NAME -> one ? List.of("/P") : List.of();
                case SLASH, SLASH_DEEP -> List.of("/P/");
                case DEEP -> List.of(one ? "/P*" : "/P*/");
            };
            case SLASH -> switch (stop) {
                case NAME -> one ? List.of() : List.of("/P");
                case SLASH -> List.of();
                case DEEP -> List.of(one ? "/P*/*" : "/P*");
                case SLASH_DEEP -> List.of("/P/*");
            };
            case DEEP -> switch (stop) {
                case NAME -> List.of("*P");
                case SLASH, SLASH_DEEP -> List.of("*P/");
                case DEEP -> List.of("*P*");
            };
            case DEEP_SLASH -> switch (stop) {
                case NAME -> List.of(one ? "*/P" : "P");
                case SLASH -> List.of("*/P/");
                case DEEP -> one ? List.of("*/P*", "/P*/*") : List.of("P*");
                case SLASH_DEEP -> List.of("*/P/", "/P/*");
            };
        };
    }

    /** Removes the anchors, which have no effect when the whole text is matched, and merges consecutive stars. */
    private static List<RegexToken> normal(List<RegexToken> alternative) throws InexactConversionException {
        List<RegexToken> tokens = new ArrayList<>(alternative);
        while (starts(tokens, BEGIN)) {
            tokens.remove(0);
        }
        while (ends(tokens, END)) {
            tokens.remove(tokens.size() - 1);
        }
        if (tokens.stream().anyMatch(t -> t.is(BEGIN) || t.is(END))) {
            throw new InexactConversionException("it has a ^ or $ in its middle");
        }
        for (int i = 1; i < tokens.size(); ) {
            RegexToken before = tokens.get(i - 1);
            RegexToken token = tokens.get(i);
            if (token.is(STAR) && (before.is(STAR) || before.is(DEEP)) || token.is(DEEP) && before.is(DEEP)) {
                tokens.remove(i);
            } else if (token.is(DEEP) && before.is(STAR)) {
                tokens.remove(i - 1);
                i = Math.max(1, i - 1);
            } else {
                i++;
            }
        }
        return tokens;
    }

    private static List<List<RegexToken>> names(List<RegexToken> tokens) throws InexactConversionException {
        List<List<RegexToken>> names = new ArrayList<>();
        names.add(new ArrayList<>());
        for (RegexToken token : tokens) {
            if (token.is(DEEP)) {
                throw new InexactConversionException("it has .* in its middle, which also takes in slashes");
            }
            if (token.is(SLASH)) {
                names.add(new ArrayList<>());
            } else {
                names.get(names.size() - 1).add(token);
            }
        }
        return names;
    }

    private static String pattern(String form, List<List<RegexToken>> names) {
        // rsync takes a backslash literally as long as the text contains no wildcard
        boolean wild = form.contains("*") || names.stream().flatMap(List::stream)
                .anyMatch(t -> !t.is(LITERAL) || "*?[".contains(t.text()));
        List<String> written = new ArrayList<>();
        for (List<RegexToken> name : names) {
            StringBuilder text = new StringBuilder();
            name.forEach(t -> text.append(wild && t.is(LITERAL) && "*?[\\".contains(t.text()) ? "\\" : "").append(t.text()));
            written.add(text.toString());
        }
        return form.replace("P", String.join("/", written));
    }

    private static boolean starts(List<RegexToken> tokens, RegexToken.Kind kind) {
        return !tokens.isEmpty() && tokens.get(0).is(kind);
    }

    private static boolean ends(List<RegexToken> tokens, RegexToken.Kind kind) {
        return !tokens.isEmpty() && tokens.get(tokens.size() - 1).is(kind);
    }
}
