package dev.dromedary.rsync;

/** Reports a failed run of rsync. The message says why, in plain words and in rsync's own. */
public final class RsyncException extends Exception {

    private static final long serialVersionUID = 1L;

    public RsyncException(String message) {
        super(message);
    }
}
