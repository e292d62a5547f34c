package dev.dromedary.check;

/**
 * What one look has found.
 *
 * @param level how bad it is
 * @param what  what was looked at
 * @param text  what was found, in plain words
 * @param hint  what to do about it; null if nothing has to be done
 */
record CheckFinding(Level level, String what, String text, String hint) {

    enum Level {
        /** As it should be. */
        OK,
        /** It works, and could be better. */
        ADVICE,
        /** It would not work. */
        WRONG
    }

    static CheckFinding ok(String what, String text) {
        return new CheckFinding(Level.OK, what, text, null);
    }

    static CheckFinding advice(String what, String text, String hint) {
        return new CheckFinding(Level.ADVICE, what, text, hint);
    }

    static CheckFinding wrong(String what, String text, String hint) {
        return new CheckFinding(Level.WRONG, what, text, hint);
    }
}
