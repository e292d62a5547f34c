package dev.dromedary.rsync;

/** A run of rsync that did not bring everything; the message says why, in rsync's words and in plain ones. */
public final class RsyncException extends Exception {

    private static final long serialVersionUID = 1L;

    RsyncException(String message) {
        super(message);
    }
}
