package dev.dromedary.check;

/**
 * What one look has found.
 *
 * @param level how bad it is
 * @param what  what was looked at
 * @param text  what was found, in plain words
 * @param hint  what to do about it; null if nothing has to be done
 */
record Finding(Level level, String what, String text, String hint) {

    enum Level {
        /** As it should be. */
        OK,
        /** It works, and could be better. */
        ADVICE,
        /** It would not work. */
        WRONG
    }

    static Finding ok(String what, String text) {
        return new Finding(Level.OK, what, text, null);
    }

    static Finding advice(String what, String text, String hint) {
        return new Finding(Level.ADVICE, what, text, hint);
    }

    static Finding wrong(String what, String text, String hint) {
        return new Finding(Level.WRONG, what, text, hint);
    }
}
