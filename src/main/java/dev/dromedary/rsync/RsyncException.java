package dev.dromedary.rsync;

/** The target was away while rsync ran; the message says why, in plain words and in rsync's. */
public final class RsyncException extends Exception {

    private static final long serialVersionUID = 1L;

    RsyncException(String message) {
        super(message);
    }
}
