package dev.dromedary.sersync;

/**
 * A part of an expression that has repetitions of "anything" only.
 *
 * @param text of a LITERAL the character, of a ONE the wildcard of rsync
 */
record Token(Kind kind, String text) {

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

    static final Token STAR = new Token(Kind.STAR, "*");
    static final Token DEEP = new Token(Kind.DEEP, "**");
    static final Token SLASH = new Token(Kind.SLASH, "/");
    static final Token BEGIN = new Token(Kind.BEGIN, "");
    static final Token END = new Token(Kind.END, "");

    boolean is(Kind other) {
        return kind == other;
    }
}
