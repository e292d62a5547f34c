package dev.dromedary.rsync;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The known abilities of the rsync that writes at a target. Its version does not tell: distributions fix an old one, or break it (Debian's
 * 3.2.7-1+deb12u6, measured).
 *
 * @param deletesMissing whether it deletes listed paths that are gone (rsync(1), --delete-missing-args)
 * @param keepsParts     whether it resumes from partial files that an interrupted run has left in a separate folder (rsync(1),
 *                       --partial-dir)
 * @param itemizes       whether it reports what it does to each path; a daemon may refuse that ({@code refuse options = log-format})
 */
record ReceiverCapabilities(boolean deletesMissing, boolean keepsParts, boolean itemizes) {

    /** The abilities of an rsync that is not known yet. */
    static final ReceiverCapabilities ALL = new ReceiverCapabilities(true, true, true);

    private static final Pattern REFUSES_MISSING = Pattern.compile("^(?:ERROR: )?invalid file mode 0+ for ", Pattern.MULTILINE);
    private static final Pattern REFUSES_PARTS = Pattern.compile(
            "^ERROR: .* failed verification -- update put into partial-dir|\\.~dromedary~/[^\"]*\".* failed: Invalid argument \\(22\\)$", Pattern.MULTILINE);

    private static final Pattern REFUSES_ITEMIZING = Pattern.compile("configured to refuse --(?:log|out)-format");

    /**
     * Returns these abilities without what a run has shown to be missing. Over ssh, rsync may end with 12 instead of 2, as the other side
     * is gone.
     */
    ReceiverCapabilities after(int exit, String said) {
        return new ReceiverCapabilities(deletesMissing && !(exit != 0 && REFUSES_MISSING.matcher(said).find()),
                keepsParts && !(exit == 23 && REFUSES_PARTS.matcher(said).find()),
                itemizes && !(exit != 0 && REFUSES_ITEMIZING.matcher(said).find()));
    }

    ReceiverCapabilities and(ReceiverCapabilities other) {
        return new ReceiverCapabilities(deletesMissing && other.deletesMissing, keepsParts && other.keepsParts, itemizes && other.itemizes);
    }

    /** Returns the arguments without those that it does not support. */
    List<String> fit(List<String> arguments) {
        return arguments.stream().filter(argument -> keepsParts || !argument.startsWith("--partial-dir="))
                .filter(argument -> itemizes || !argument.equals(ItemizedChange.ARGUMENT))
                .map(argument -> deletesMissing || !argument.equals("--delete-missing-args") ? argument : "--ignore-missing-args").toList();
    }
}
