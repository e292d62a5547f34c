package dev.dromedary.rsync;

/** A run of rsync failed; the message says why, in plain words and in rsync's. */
public final class RsyncException extends Exception {

    private static final long serialVersionUID = 1L;

    public RsyncException(String message) {
        super(message);
    }
}
