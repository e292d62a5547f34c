package dev.dromedary.sersync;

/**
 * A part of an expression that has repetitions of "anything" only.
 *
 * @param text of a LITERAL the character, of a ONE the wildcard of rsync
 */
record RegexToken(Kind kind, String text) {

    enum Kind {
        /** A character that is no slash. */
        LITERAL,
        /** One character that is no slash: "?" or a class. */
        ONE,
        /** Any characters but slashes, or none. */
        STAR,
        /** Any characters, or none. */
        DEEP,
        SLASH,
        BEGIN,
        END
    }

    static final RegexToken STAR = new RegexToken(Kind.STAR, "*");
    static final RegexToken DEEP = new RegexToken(Kind.DEEP, "**");
    static final RegexToken SLASH = new RegexToken(Kind.SLASH, "/");
    static final RegexToken BEGIN = new RegexToken(Kind.BEGIN, "");
    static final RegexToken END = new RegexToken(Kind.END, "");

    boolean is(Kind other) {
        return kind == other;
    }
}
