package testbed;

/** Source and target have not become identical; the message is the first difference. */
@SuppressWarnings("serial")
public final class TreesDiffer extends Exception {

    TreesDiffer(String difference) {
        super(difference);
    }
}
