package dev.dromedary.sersync;

/**
 * A part of an expression whose only repetitions are those of "anything".
 *
 * @param text for a LITERAL the character, for a ONE the rsync wildcard
 */
record RegexToken(Kind kind, String text) {

    enum Kind {
        /** A character other than a slash. */
        LITERAL,
        /** One character other than a slash: "?" or a class. */
        ONE,
        /** Any characters other than slashes, or none. */
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
