package dev.dromedary.source;

import java.io.IOException;

/** Thrown when the source is not the folder that it was: nothing may be deleted at a target because of it. */
public final class SourceGoneException extends IOException {

    private static final long serialVersionUID = 1L;

    /** @param message what happened, in plain words; the consequence is added */
    public SourceGoneException(String message) {
        super(message + ". Nothing is deleted because of that, and all changes are kept until it is back");
    }
}
