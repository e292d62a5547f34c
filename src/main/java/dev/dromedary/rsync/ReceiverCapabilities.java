package dev.dromedary.rsync;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What the rsync that writes at a target can do, as far as it has shown. Its version does not tell: distributions mend an old one,
 * and break it (Debian's 3.2.7-1+deb12u6, measured).
 *
 * @param deletesMissing whether it deletes what is listed and gone (rsync(1), --delete-missing-args)
 * @param keepsParts     whether it goes on with what a run that was cut off has left in a folder beside (rsync(1), --partial-dir)
 * @param itemizes       whether it says what it does to each path; a daemon may refuse that ({@code refuse options = log-format})
 */
record ReceiverCapabilities(boolean deletesMissing, boolean keepsParts, boolean itemizes) {

    /** Of an rsync of which nothing else is known. */
    static final ReceiverCapabilities ALL = new ReceiverCapabilities(true, true, true);

    private static final Pattern REFUSES_MISSING = Pattern.compile("^(?:ERROR: )?invalid file mode 0+ for ", Pattern.MULTILINE);
    private static final Pattern REFUSES_PARTS = Pattern.compile(
            "^ERROR: .* failed verification -- update put into partial-dir|\\.~dromedary~/[^\"]*\".* failed: Invalid argument \\(22\\)$", Pattern.MULTILINE);

    private static final Pattern REFUSES_ITEMIZING = Pattern.compile("configured to refuse --(?:log|out)-format");

    /** The same, without what a run has shown that it can't do. Over ssh it may end with 12 in place of 2, as the other side is gone. */
    ReceiverCapabilities after(int exit, String said) {
        return new ReceiverCapabilities(deletesMissing && !(exit != 0 && REFUSES_MISSING.matcher(said).find()),
                keepsParts && !(exit == 23 && REFUSES_PARTS.matcher(said).find()),
                itemizes && !(exit != 0 && REFUSES_ITEMIZING.matcher(said).find()));
    }

    ReceiverCapabilities and(ReceiverCapabilities other) {
        return new ReceiverCapabilities(deletesMissing && other.deletesMissing, keepsParts && other.keepsParts, itemizes && other.itemizes);
    }

    /** Arguments that ask for nothing that it can't do. */
    List<String> fit(List<String> arguments) {
        return arguments.stream().filter(argument -> keepsParts || !argument.startsWith("--partial-dir="))
                .filter(argument -> itemizes || !argument.equals(ItemizedChange.ARGUMENT))
                .map(argument -> deletesMissing || !argument.equals("--delete-missing-args") ? argument : "--ignore-missing-args").toList();
    }
}
