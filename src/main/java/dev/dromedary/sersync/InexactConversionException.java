package dev.dromedary.sersync;

/** No rsync pattern leaves out exactly what an expression does. The message says why, and what to do. */
final class InexactConversionException extends Exception {

    InexactConversionException(String problem) {
        super(problem);
    }
}
