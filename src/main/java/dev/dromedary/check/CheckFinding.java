package dev.dromedary.check;

/**
 * The result of one check.
 *
 * @param level how serious it is
 * @param what  the subject of the check
 * @param text  the result, in plain words
 * @param hint  what to do about it; null if nothing has to be done
 */
record CheckFinding(Level level, String what, String text, String hint) {

    enum Level {
        /** All is well. */
        OK,
        /** It works, but could be better. */
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
