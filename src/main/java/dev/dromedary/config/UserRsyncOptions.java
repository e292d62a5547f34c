package dev.dromedary.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.dromedary.log.Redaction;

/** Parses the user's own options for rsync, and refuses those that would break a mirror. */
final class UserRsyncOptions {

    /**
     * Refused options, and the reason. A name that ends in "*" stands for all options with that prefix; "--no-NAME" is refused like NAME.
     */
    private record Refusal(String problem, String remedy, List<String> names) {

        static Refusal of(String problem, String remedy, String... names) {
            return new Refusal(problem, remedy, List.of(names));
        }

        boolean fits(String name) {
            return names.stream().anyMatch(n ->
                    n.endsWith("*") ? name.startsWith(n.substring(0, n.length() - 1)) : name.equals(n));
        }
    }

    // rrsync(1) does not accept a negative value, and file systems with a resolution of one or two seconds need 1 or 2 (rsync(1)); files with
    // changed content are sent anyway, only a reconcile detects less
    private static final Set<String> WINDOWS = Set.of("--modify-window=0", "--modify-window=1", "--modify-window=2");
    private static final String LEAVE_OUT = "leave it out";

    private static final List<Refusal> REFUSALS = List.of(
            // the source must not be changed
            Refusal.of("deletes files at the source", "a mirror only reads its source; leave it out",
                    "--remove-source-files", "--remove-sent-files"),
            // what is reported as arrived must have arrived
            Refusal.of("sends nothing", LEAVE_OUT,
                    "-n", "--dry-run", "--list-only", "--only-write-batch", "--help", "-V", "--version"),
            Refusal.of("works with batch files instead of the source and the target", LEAVE_OUT,
                    "--read-batch", "--write-batch"),
            Refusal.of("leaves files at the target that differ from the source", LEAVE_OUT,
                    "--existing", "--ignore-existing", "--ignore-non-existing", "-u", "--update", "--append*", "--size-only",
                    "-@", "--modify-window"),
            Refusal.of("leaves out of the target what lies elsewhere too, or is in the way of renames", LEAVE_OUT,
                    "--compare-dest", "--copy-dest", "--link-dest"),
            Refusal.of("follows links at the target, so that whoever may write to the source decides where files are written",
                    LEAVE_OUT, "-K", "--keep-dirlinks"),
            Refusal.of("turns off what rsync does against links and names that lead elsewhere", LEAVE_OUT,
                    "--insecure-links", "--trust-sender"),
            Refusal.of("leaves empty folders out", LEAVE_OUT, "-m", "--prune-empty-dirs"),
            Refusal.of("deletes at the target what could not be read at the source", LEAVE_OUT, "--ignore-errors"),
            Refusal.of("splits paths at blanks", LEAVE_OUT, "--old-args"),
            // Dromedary decides what is sent, and how deep
            Refusal.of("is in the way of the list of changes that Dromedary gives to rsync",
                    "leave it out; -a and -d are always given, -r and -R where they are needed",
                    "-a", "--archive", "-r", "--recursive", "-R", "--relative", "--implied-dirs", "--i-d",
                    "--no-d", "--no-dirs", "--old-dirs", "--old-d", "--files-from", "--no-from0", "--no-0",
                    "--no-force", "--ignore-missing-args"),
            Refusal.of("makes rsync something else than the sender of a mirror", LEAVE_OUT,
                    "--daemon", "--server", "--sender", "--config", "--dparam", "--detach"),
            // there must be only one place for each option
            Refusal.of("decides on deletions", "use the options delete and max-delete",
                    "--del", "--delete*", "--max-delete"),
            Refusal.of("decides on what is mirrored", "use the options include, exclude and filter-from",
                    "-f", "-F", "-C", "--filter", "--include*", "--exclude*", "--cvs-exclude"),
            Refusal.of("decides on how ssh is called", "use the option ssh-options", "-e", "--rsh"),
            Refusal.of("names the password", "use the option password-file", "--password-file"),
            Refusal.of("sets the timeout", "use the option timeout", "--timeout"),
            Refusal.of("sets the bandwidth limit", "use the option bandwidth-limit", "--bwlimit"),
            Refusal.of("sets the port", "write it in the url", "--port"),
            // output of rsync
            Refusal.of("adds output for each file, and the output is held in memory", "leave it out, or use --log-file=FILE",
                    "-v", "--verbose", "--progress", "-i", "--itemize-changes", "--out-format", "--log-format", "--stats",
                    "--info", "--debug"),
            Refusal.of("means --partial --progress, and the output is held in memory", "write --partial", "-P"),
            Refusal.of("changes the output, which Dromedary reads", LEAVE_OUT,
                    "-q", "--quiet"),
            Refusal.of("changes the error output, which Dromedary reads", LEAVE_OUT,
                    "-8", "--8-bit-output", "--stderr", "--msgs2stderr"));

    /** Without "=VALUE", these would take the next argument, which is one of Dromedary's, as their value. */
    private static final Set<String> WITH_VALUE = Set.of(
            "--address", "--backup-dir", "--block-size", "--cc", "--checksum-choice", "--checksum-seed", "--chmod",
            "--chown", "--compress-choice", "--compress-level", "--compress-threads", "--confine-root", "--contimeout",
            "--copy-as", "--early-input", "--groupmap", "--iconv", "--log-file", "--log-file-format", "--max-alloc",
            "--max-size", "--min-size", "--outbuf", "--partial-dir", "--protocol", "--remote-option", "--rsync-path",
            "--skip-compress", "--sockopts", "--stop-after", "--stop-at", "--suffix", "--temp-dir", "--time-limit",
            "--usermap", "--zc", "--zl", "--zt");
    private static final String SHORT_WITH_VALUE = "BMT";

    /** Folders at the receiver in which rsync follows links (measured with 3.5.0); a mirror transfers any link. */
    private static final Set<String> PLACES = Set.of("--backup-dir", "--partial-dir", "--temp-dir");
    private static final Pattern UPWARDS = Pattern.compile("(?:.*/)?\\.\\.(?:/.*)?");

    private final ConfigLine line;
    private final TargetUrl target;
    private final ConfigFaults faults;

    private UserRsyncOptions(ConfigLine line, TargetUrl target, ConfigFaults faults) {
        this.line = line;
        this.target = target;
        this.faults = faults;
    }

    /**
     * {@return the words of the line; faults are reported}
     *
     * @param target where files are written; {@code null} if that is not known
     */
    static List<String> read(ConfigLine line, TargetUrl target, ConfigFaults faults) {
        UserRsyncOptions options = new UserRsyncOptions(line, target, faults);
        List<String> words = options.split();
        words.forEach(options::judge);
        return words;
    }

    /**
     * {@return whether one of these options is among the words of an accepted line}
     *
     * @param names such as "-H" and "--hard-links"
     */
    static boolean has(List<String> words, String... names) {
        List<String> wanted = List.of(names);
        return words.stream().anyMatch(word -> word.startsWith("--") ? wanted.contains(word)
                : word.chars().mapToObj(c -> "-" + (char) c).takeWhile(name -> !SHORT_WITH_VALUE.contains(name.substring(1)))
                        .anyMatch(wanted::contains));
    }

    private List<String> split() {
        List<String> words = new ArrayList<>();
        StringBuilder word = null;
        char quote = 0;
        for (char c : line.value().toCharArray()) {
            if (quote == 0 && Character.isWhitespace(c)) {
                if (word != null) {
                    words.add(word.toString());
                }
                word = null;
                continue;
            }
            if (word == null) {
                word = new StringBuilder();
            }
            if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
            } else if (c == quote) {
                quote = 0;
            } else {
                word.append(c);
            }
        }
        if (quote != 0) {
            faults.add(line, "a quotation mark " + quote + " is opened and not closed", "close it");
        }
        if (word != null) {
            words.add(word.toString());
        }
        return words;
    }

    private void judge(String word) {
        String problem = RouteArgumentCheck.problem(word);
        if (problem != null) {
            refuse(word, problem, "write it another way");
        } else if (word.equals("--") || word.equals("-") || !word.startsWith("-")) {
            refuse(word, "is not an option, rsync would take it for a path",
                    "write an option and its value as one word, such as --chmod=F644");
        } else if (word.startsWith("--") && !WINDOWS.contains(word)) {
            judgeLong(word);
        } else if (!WINDOWS.contains(word)) {
            judgeShort(word);
        }
    }

    private void judgeLong(String word) {
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        if (refused(name, names(name))) {
            return;
        }
        if (equals < 0 && WITH_VALUE.contains(name)) {
            refuse(word, "has no value", "write it as one word, " + name + "=VALUE");
        } else if (name.equals("--remote-option")) {
            judge(word.substring(equals + 1));
        } else if (PLACES.contains(name)) {
            judgePlace(word, name, word.substring(equals + 1));
        }
    }

    private void judgePlace(String word, String name, String folder) {
        // a plain name is a folder beside each file, and rsync itself checks whether it is a link
        boolean alone = name.equals("--partial-dir") && folder.indexOf('/') < 0;
        if (UPWARDS.matcher(folder).matches()) {
            refuse(word, "leads upwards by .., and where that is depends on links", "write the path without ..");
        } else if (!folder.startsWith("/") && !alone || folder.startsWith("/") && isInTarget(folder)) {
            refuse(word, "is in the target, where a link that is mirrored would lead what is written there elsewhere",
                    "write an absolute path outside of the target");
        }
    }

    private boolean isInTarget(String folder) {
        if (target == null) {
            return false;
        }
        // a daemon resolves paths from the module; if the target is the whole module, every path is in it
        String top = target.kind() == TargetUrl.Kind.DAEMON ? target.path().replaceFirst("[^/]*/*", "/") : target.path();
        return !top.equals("/") && Path.of(folder).normalize().startsWith(Path.of(top).normalize());
    }

    /** {@return the names under which a long option has to be looked up: "--no-links" is "--links", "--no-v" is "-v"} */
    private static List<String> names(String name) {
        if (!name.startsWith("--no-")) {
            return List.of(name);
        }
        String negated = name.substring("--no-".length());
        return List.of(name, (negated.length() == 1 ? "-" : "--") + negated);
    }

    private void judgeShort(String cluster) {
        for (int i = 1; i < cluster.length(); i++) {
            String name = "-" + cluster.charAt(i);
            if (refused(cluster.length() == 2 ? name : name + " (in " + cluster + ")", List.of(name))) {
                if (name.equals("-e") || name.equals("-f") || name.equals("-@")) {
                    return; // the rest is its value
                }
            } else if (SHORT_WITH_VALUE.contains(name.substring(1))) {
                String value = cluster.substring(i + 1);
                if (value.isEmpty()) {
                    refuse(cluster, "has no value", "write it as one word, " + name + "VALUE");
                } else if (name.equals("-M")) {
                    judge(value);
                } else if (name.equals("-T")) {
                    judgePlace(cluster, "--temp-dir", value);
                }
                return;
            }
        }
    }

    private boolean refused(String shown, List<String> names) {
        Stream<Refusal> fitting = REFUSALS.stream().filter(r -> names.stream().anyMatch(r::fits));
        Refusal refusal = fitting.findFirst().orElse(null);
        if (refusal != null) {
            refuse(shown, refusal.problem, refusal.remedy);
        }
        return refusal != null;
    }

    private void refuse(String word, String problem, String remedy) {
        // a part of a value may be a part of a secret, which could not be recognised and hidden
        String shown = Redaction.ofValue(line.key(), line.value());
        faults.add(line, (shown.equals(line.value()) || shown.contains(word) ? word : "a word of it") + " " + problem, remedy);
    }
}
