package dev.dromedary.sersync;

/** No rsync patterns match exactly what an expression matches. The message says why, and what to do. */
final class InexactConversionException extends Exception {

    InexactConversionException(String problem) {
        super(problem);
    }
}
