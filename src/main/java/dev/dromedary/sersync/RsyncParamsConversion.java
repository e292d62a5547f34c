package dev.dromedary.sersync;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Converts {@code <commonParams>}, the options for rsync, one by one. */
final class RsyncParamsConversion {

    private static final Pattern WORD = Pattern.compile("(?:[^\\s\"']|\"[^\"]*\"|'[^']*')+");
    // sersync passes the line to a shell, and only the shell knows what these mean
    private static final Pattern SHELL = Pattern.compile("[$`\\\\;|&<>()*?!~#\\[\\]{}]");
    private static final String WITH_VALUE = "BMTef@";
    private static final String GIVEN = "arlptgoDRd";
    private static final Set<String> GIVEN_LONG = Set.of("--archive", "--recursive", "--links", "--perms", "--times",
            "--group", "--owner", "--devices", "--specials", "--relative", "--dirs");
    /** The parts of -a that are optional for a target, short and long. */
    private static final List<String> ARCHIVE = List.of("-l", "-p", "-g", "-o", "-D");
    private static final List<String> LONG = List.of("--links", "--perms", "--group", "--owner", "--D");
    private static final String OUTPUT = "vqhi";
    private static final Set<String> OUTPUT_LONG = Set.of("--verbose", "--quiet", "--human-readable", "--itemize-changes",
            "--progress", "--stats");

    private final ConfxmlElement params;
    private final boolean deletes;
    private final ConfigDraft draft;
    private final ConversionNotes findings;
    private final List<String> given = new ArrayList<>();
    private final List<String> output = new ArrayList<>();
    private final List<String> passed = new ArrayList<>();

    private RsyncParamsConversion(ConfxmlElement params, boolean deletes, ConfigDraft draft, ConversionNotes findings) {
        this.params = params;
        this.deletes = deletes;
        this.draft = draft;
        this.findings = findings;
    }

    static void read(ConfxmlElement head, ConfigDraft draft, ConversionNotes findings) {
        ConfxmlElement params = head.first("sersync").first("rsync").first("commonParams");
        if (params.isThere()) {
            new RsyncParamsConversion(params, InotifyConversion.deletes(head), draft, findings).read();
        }
    }

    private void read() {
        List<String> words = new ArrayList<>(WORD.matcher(params.get("params")).results().map(r -> r.group()).toList());
        while (!words.isEmpty()) {
            String word = words.remove(0);
            if (word.startsWith("--")) {
                longOption(word);
            } else if (word.startsWith("-") && word.length() > 1) {
                letters(word, words);
            } else {
                notTaken(word, "it is not an option of rsync; write a value and its option as one word");
            }
        }
        missing();
        tell(given, "Dromedary always gives --archive and what else is needed", false);
        tell(output, "rsync's output is read by Dromedary, and told in its log", false);
        tell(passed, "rsync-options", true);
    }

    /** Reports the parts of -a that were not given; sersync left these out at the target. */
    private void missing() {
        if (given.contains("-a") || given.contains("--archive")) {
            return;
        }
        List<String> missing = ARCHIVE.stream().filter(o -> !given.contains(o) && !given.contains(LONG.get(ARCHIVE.indexOf(o))))
                .toList();
        if (!missing.isEmpty()) {
            notTaken("without " + String.join(" ", missing), "Dromedary always gives --archive, and with it these; if the"
                    + " target is to do without, add to rsync-options " + String.join(" ", missing.stream()
                            .map(o -> "--no-" + LONG.get(ARCHIVE.indexOf(o)).substring(2)).toList()));
        }
    }

    private void letters(String word, List<String> rest) {
        for (int i = 1; i < word.length(); i++) {
            char letter = word.charAt(i);
            String option = "-" + letter;
            if (WITH_VALUE.indexOf(letter) >= 0) {
                String value = word.substring(i + 1);
                option(option + (value.isEmpty() && !rest.isEmpty() ? rest.remove(0) : value));
                return;
            }
            if (GIVEN.indexOf(letter) >= 0) {
                given.add(option);
            } else if (OUTPUT.indexOf(letter) >= 0) {
                output.add(option);
            } else {
                // the other half of -P is --progress
                option(letter == 'P' ? "--partial" : option);
            }
        }
    }

    private void longOption(String word) {
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        String value = equals < 0 ? "" : word.substring(equals + 1).replaceAll("[\"']", "");
        if (GIVEN_LONG.contains(word)) {
            given.add(word);
        } else if (OUTPUT_LONG.contains(word)) {
            output.add(word);
        } else if (name.startsWith("--del") && !name.equals("--delete-excluded") && deletes) {
            findings.notNeeded(params, word, "delete = true says it");
        } else if (name.equals("--bwlimit") && MirrorOptionValidator.problem("bandwidth-limit", value) == null && !value.isEmpty()) {
            draft.set("bandwidth-limit", value);
            findings.taken(params, word, "bandwidth-limit = " + value);
        } else if (name.equals("--exclude") && isPattern(value, word)) {
            draft.exclude(value);
            findings.taken(params, word, "exclude = " + value);
        } else {
            option(word);
        }
    }

    // the shell does not change quoted text
    private static boolean isPattern(String value, String word) {
        return !value.isBlank() && !value.contains(",") && value.strip().equals(value) && PropertiesEscaping.problem(value) == null
                && !value.matches("[+-] .*|!") && !value.matches(".*[$`\\\\].*")
                && (word.matches("[^=]*=([\"']).*\\1") || !SHELL.matcher(value).find());
    }

    private void option(String word) {
        String problem = SHELL.matcher(word).find() ? "a shell would change it; write what it becomes into rsync-options"
                : MirrorOptionValidator.problem("rsync-options", word);
        if (problem != null) {
            notTaken(word, problem);
        } else {
            passed.add(word);
            draft.rsyncOption(word);
        }
    }

    private void notTaken(String word, String why) {
        findings.notTaken(params, word, why);
    }

    private void tell(List<String> words, String why, boolean taken) {
        if (!words.isEmpty() && taken) {
            findings.taken(params, String.join(" ", words), why);
        } else if (!words.isEmpty()) {
            findings.notNeeded(params, String.join(" ", words), why);
        }
    }
}
