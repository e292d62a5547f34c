package dev.dromedary.status;

/** What is asked for is not done; the message is for whoever has asked. */
final class RequestRefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int code;

    /** @param code of the answer, as HTTP has it */
    RequestRefusedException(int code, String why) {
        super(why);
        this.code = code;
    }

    int code() {
        return code;
    }
}
