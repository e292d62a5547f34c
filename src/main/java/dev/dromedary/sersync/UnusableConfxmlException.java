package dev.dromedary.sersync;

/** A file of which nothing can be made. The message says why, and what to do. */
final class UnusableConfxmlException extends Exception {

    UnusableConfxmlException(String problem, String remedy) {
        super(problem + "; " + remedy);
    }
}
