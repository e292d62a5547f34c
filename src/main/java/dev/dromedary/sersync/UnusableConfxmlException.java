package dev.dromedary.sersync;

/** A file can't be converted at all. The message says why, and what to do. */
final class UnusableConfxmlException extends Exception {

    UnusableConfxmlException(String problem, String remedy) {
        super(problem + "; " + remedy);
    }
}
