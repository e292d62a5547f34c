package testbed;

/** Something has taken longer than the limit on the command line. */
@SuppressWarnings("serial")
public final class TimeLimitExceeded extends Exception {
}
