package dev.dromedary.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what a misspelt word was meant to be. */
public final class SpellingSuggestion {

    /** A swap of two letters counts as two typos. */
    private static final int MOST_TYPOS = 3;

    private SpellingSuggestion() {
    }

    /** {@return the known word with the smallest edit distance; the first of several equal ones} */
    public static String to(String word, Collection<String> known) {
        return known.stream().min(Comparator.comparingInt(k -> distance(word, k))).orElseThrow();
    }

    /** {@return the known word that was most likely meant; empty if none is close} */
    public static Optional<String> near(String word, Collection<String> known) {
        int most = Math.min(MOST_TYPOS, (word.length() + 1) / 2);
        return known.stream().min(Comparator.comparingInt(k -> distance(word, k))).filter(k -> distance(word, k) <= most);
    }

    /** The Levenshtein distance, computed row by row. */
    static int distance(String a, String b) {
        int[] above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int swap = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(swap, 1 + Math.min(above[j], row[j - 1]));
            }
            above = row;
        }
        return above[b.length()];
    }
}
