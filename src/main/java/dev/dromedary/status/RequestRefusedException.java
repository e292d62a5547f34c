package dev.dromedary.status;

/** A request is refused; the message is for the client. */
final class RequestRefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int code;

    /** @param code the HTTP status of the answer */
    RequestRefusedException(int code, String why) {
        super(why);
        this.code = code;
    }

    int code() {
        return code;
    }
}
