package dev.dromedary.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.dromedary.filter.FilterRules;
import dev.dromedary.log.Redaction;
import org.quartz.CronExpression;

/**
 * Reads the options of one target. An invalid value is reported and replaced by {@code null}, zero or an empty list; no settings are made
 * from these.
 */
final class TargetOptionReader {

    static final String NO_ENDPOINT = "this is not a Camel endpoint";
    static final String ENDPOINT_REMEDY = "write its URI, such as direct:purge or log:mirror";

    private static final Pattern BANDWIDTH = Pattern.compile(
            "(\\d{1,9}(\\.\\d{0,9})?|\\.\\d{1,9})([bB]|[kKmMgGtTpP]([iI]?[bB])?)?");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,9})?)([kmgt]?)((?:i?b)?)",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern MARKER = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._][A-Za-z0-9._-]{0,99}");
    private static final Pattern NOTIFY = Pattern.compile("mailto:[^\\s@,;<>\"()\\p{Cntrl}]+@[^\\s@,;<>\"()\\p{Cntrl}]+|https?://[^\\s\\p{Cntrl}]+");
    private static final Pattern ENDPOINT = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:[^\\s\\p{Cntrl}]\\P{Cntrl}*");

    private final Map<TargetKey, ConfigLine> lines;
    private final Path workingDir;
    private final ConfigFaults faults;

    TargetOptionReader(Map<TargetKey, ConfigLine> lines, Path workingDir, ConfigFaults faults) {
        this.lines = lines;
        this.workingDir = workingDir;
        this.faults = faults;
    }

    /**
     * {@return the target}
     *
     * @param own the options that are set for this target only
     */
    Target read(String mirror, String name, Set<TargetKey> own, List<String> firstRules) {
        return read(mirror, name, url(), own, firstRules);
    }

    /** {@return the target, at a url other than the one in its line} */
    Target read(String mirror, String name, TargetUrl url, Set<TargetKey> own, List<String> firstRules) {
        return new Target(mirror, name, url, passwordFile(url, own), sshOptions(url, own), rsyncOptions(place()),
                duration(TargetKey.WINDOW, 0), duration(TargetKey.MAX_DELAY, 1000), duration(TargetKey.POLL, 1000), followsHardLinks(),
                warm(), Objects.requireNonNullElse(number(TargetKey.MAX_BACKLOG), 1), size(TargetKey.LARGE_FILE), filter(firstRules), last(), deletion(),
                firstRunDeletes(), targetMarker(), number(TargetKey.MAX_DELETE), maxChange(), releases(url, own), quiet(url, own), bandwidthLimit(), duration(TargetKey.TIMEOUT, 1000), cron(line(TargetKey.RECONCILE)), cron(line(TargetKey.CHECKSUM_RECONCILE)),
                truth(TargetKey.RECONCILE_ON_START), replay(), Objects.requireNonNullElse(number(TargetKey.RETRIES), 0),
                duration(TargetKey.RETRY_DELAY, 1), endpoint(TargetKey.BEFORE), endpoint(TargetKey.AFTER),
                onFailure(), duration(TargetKey.LAG_ALARM, 1000), heals(place(), own), truth(TargetKey.HOOKS_HOLD));
    }

    /** {@return the url in the target's line; {@code null} if it is missing or refused} */
    TargetUrl url() {
        ConfigLine line = line(TargetKey.URL);
        if (line == null) {
            return null;
        }
        try {
            TargetUrl url = TargetUrl.parse(line.value(), workingDir);
            Path folder = url.kind() == TargetUrl.Kind.LOCAL ? Path.of(url.path()) : null;
            if (folder != null && Files.exists(folder) && !Files.isDirectory(folder)) {
                faults.add(line, "this is a file", "name a folder");
            }
            return url;
        } catch (TargetUrl.Refused e) {
            faults.add(line, e.problem(), TargetUrl.FORMS);
            return null;
        }
    }

    private Path passwordFile(TargetUrl url, Set<TargetKey> own) {
        ConfigLine line = line(TargetKey.PASSWORD_FILE);
        if (line == null || !isFor(TargetUrl.Kind.DAEMON, url, line, own.contains(TargetKey.PASSWORD_FILE))) {
            return null;
        }
        Path file = path(line);
        if (file == null) {
            return null;
        }
        if (!Files.exists(file) && line.value().indexOf('/') < 0) {
            faults.add(line.key(), Redaction.HIDDEN, "this file does not exist, and its name is not shown, as it may be the password itself",
                    "write the password into a file, chmod 600 it, and name it here");
        } else {
            SecretFileCheck.fault(line.key(), line.value(), file, "the password").ifPresent(faults::add);
        }
        return file;
    }

    private String sshOptions(TargetUrl url, Set<TargetKey> own) {
        ConfigLine line = line(TargetKey.SSH_OPTIONS);
        if (line == null || !isFor(TargetUrl.Kind.SSH, url, line, own.contains(TargetKey.SSH_OPTIONS))) {
            return "";
        }
        checkArgument(line);
        return line.value();
    }

    /**
     * Returns whether an option applies to a target. A mirror may have targets of several kinds, so its own line need not apply to all; a
     * target's must.
     */
    private boolean isFor(TargetUrl.Kind kind, TargetUrl url, ConfigLine line, boolean own) {
        if (own && url != null && url.kind() != kind) {
            faults.add(line, "this target is not reached by " + (kind == TargetUrl.Kind.SSH ? "ssh" : "an rsync daemon"),
                    "leave it out");
        }
        return url == null || url.kind() == kind;
    }

    private List<String> rsyncOptions(TargetUrl place) {
        ConfigLine line = line(TargetKey.RSYNC_OPTIONS);
        return line == null ? List.of() : UserRsyncOptions.read(line, place, faults);
    }

    // the place where files are written, even if a fault in the url is reported elsewhere, or the source is on another machine
    private TargetUrl place() {
        try {
            ConfigLine line = line(TargetKey.URL);
            return line == null ? null : TargetUrl.parse(line.value(), workingDir);
        } catch (TargetUrl.Refused e) {
            return null;
        }
    }

    private List<String> filter(List<String> firstRules) {
        List<String> rules = new ArrayList<>(firstRules);
        ConfigLine marker = line(TargetKey.TARGET_MARKER);
        if (marker != null && MARKER.matcher(marker.value()).matches()) {
            // the marker is neither sent nor deleted
            rules.add("- /" + marker.value());
        }
        ConfigLine from = line(TargetKey.FILTER_FROM);
        Path file = from == null ? null : path(from);
        if (file != null) {
            rules.addAll(FilterRuleReader.file(from, file, faults));
        }
        ConfigLine include = line(TargetKey.INCLUDE);
        if (include != null) {
            rules.addAll(FilterRuleReader.rules("+", include, faults));
        }
        ConfigLine exclude = line(TargetKey.EXCLUDE);
        if (exclude != null) {
            rules.addAll(FilterRuleReader.rules("-", exclude, faults));
        }
        return rules;
    }

    private List<String> last() {
        ConfigLine line = line(TargetKey.LAST);
        // a release is shown only when it is complete
        if (line == null || line(TargetKey.RELEASES) != null) {
            return List.of();
        }
        List<String> rules = FilterRuleReader.rules("-", line, faults);
        try {
            FilterRules.of(rules);
        } catch (IllegalArgumentException e) {
            faults.add(line, "there is a pattern that rsync does not take: " + e.getMessage(), "write patterns such as index.html, *.m3u8");
        }
        if (rules.isEmpty()) {
            faults.add(line, "there is no pattern", "write patterns such as index.html, *.m3u8, or leave the line out");
        }
        return rules;
    }

    private Schedule replay() {
        ConfigLine line = line(TargetKey.REPLAY);
        if (line.value().matches(".*\\s.*")) {
            String cron = cron(line);
            return cron == null ? null : new Schedule(null, cron);
        }
        Duration every = duration(TargetKey.REPLAY, 1000);
        return every == null ? null : new Schedule(every, null);
    }

    private String cron(ConfigLine line) {
        if (line == null) {
            return null;
        }
        String cron = line.value().replaceAll("\\s+", " ");
        String remedy = "write a Quartz cron expression such as 0 0 3 * * ? for 3 o'clock every night";
        try {
            if (new CronExpression(cron).getNextValidTimeAfter(new Date()) == null) {
                faults.add(line, "that time never comes", remedy);
            }
            return cron;
        } catch (ParseException e) {
            faults.add(line, "this is not a Quartz cron expression: " + e.getMessage().replaceAll("\\.$", ""), remedy);
            return null;
        }
    }

    private Duration duration(TargetKey option, long leastMillis) {
        ConfigLine line = line(option);
        if (line == null) {
            return null;
        }
        Duration duration = DurationParser.of(line.value()).orElse(null);
        if (duration == null) {
            faults.add(line, "this is not a duration", DurationParser.REMEDY);
            return null;
        }
        if (duration.toMillis() < leastMillis) {
            String least = leastMillis >= 1000 ? leastMillis / 1000 + "s" : leastMillis + "ms";
            faults.add(line, "this is too short", "write " + least + " or more");
            return null;
        }
        return duration;
    }

    private Duration warm() {
        ConfigLine line = line(TargetKey.WARM);
        if (line.value().equalsIgnoreCase("off")) {
            return Duration.ZERO;
        }
        if (line.value().equalsIgnoreCase("always")) {
            return Target.ALWAYS;
        }
        Duration warm = DurationParser.of(line.value()).orElse(null);
        if (warm == null) {
            faults.add(line, "this is neither a duration nor off or always", "write one of them, such as 10s");
        }
        return warm;
    }

    private Deletion deletion() {
        ConfigLine line = line(TargetKey.DELETE);
        for (Deletion deletion : Deletion.values()) {
            if (deletion.name().equalsIgnoreCase(line.value())) {
                return deletion;
            }
        }
        faults.add(line, "this is none of true, false, live and reconcile", "write one of them");
        return null;
    }

    private boolean firstRunDeletes() {
        ConfigLine line = line(TargetKey.FIRST_RUN);
        boolean deletes = line.value().equalsIgnoreCase("delete");
        if (!deletes && !line.value().equalsIgnoreCase("ask")) {
            faults.add(line, "this is neither ask nor delete", "write one of them");
        }
        return deletes;
    }

    // only local folders can be watched; the folder of an agent always is one
    private boolean heals(TargetUrl place, Set<TargetKey> own) {
        boolean heals = truth(TargetKey.HEAL);
        ConfigLine line = line(TargetKey.HEAL);
        if (heals && place != null && place.kind() != TargetUrl.Kind.LOCAL) {
            faults.add(line, "this target is on another machine, where nothing can be watched from here", "leave it out"
                    + (own.contains(TargetKey.HEAL) ? "" : " for this target: " + TargetKey.HEAL.key() + " = false")
                    + "; an agent there can heal its folder");
        } else if (heals && line(TargetKey.RELEASES) != null) {
            faults.add(line, "a target with " + TargetKey.RELEASES.key() + " is no copy of the source, so that nothing can be compared with it",
                    "leave one of the two out");
        }
        return heals;
    }

    private String targetMarker() {
        ConfigLine line = line(TargetKey.TARGET_MARKER);
        if (line == null) {
            return null;
        }
        if (!MARKER.matcher(line.value()).matches()) {
            faults.add(line, "this is not the name of a file that lies directly in the target", "write letters, digits, \".\", \"-\" and"
                    + " \"_\", such as .this-is-the-backup-disk");
            return null;
        }
        return line.value();
    }

    private Integer releases(TargetUrl url, Set<TargetKey> own) {
        ConfigLine line = line(TargetKey.RELEASES);
        if (line == null || url != null && url.kind() == TargetUrl.Kind.TOPIC) {
            if (line != null && own.contains(TargetKey.RELEASES)) {
                faults.add(line, "what is published is no folder, so it has no releases", "leave it out");
            }
            return null;
        }
        if (!line.value().matches("[1-9]\\d{0,3}")) {
            faults.add(line, "this is not a number of 1 to 9999", "write how many releases are kept, such as 5");
            return null;
        }
        ReleaseOptionCheck.check(lines, own, faults);
        return Integer.valueOf(line.value());
    }

    private Duration quiet(TargetUrl url, Set<TargetKey> own) {
        ConfigLine line = line(TargetKey.QUIET);
        if (line == null) {
            return null;
        }
        boolean without = line(TargetKey.RELEASES) == null;
        if (without && own.contains(TargetKey.QUIET)) {
            faults.add(line, "this is without use at a target that gets no releases", "leave it out, or set releases, such as to 5");
        }
        Duration quiet = duration(TargetKey.QUIET, 100);
        return without || url != null && url.kind() == TargetUrl.Kind.TOPIC ? null : quiet;
    }

    private boolean followsHardLinks() {
        ConfigLine line = line(TargetKey.HARD_LINKS);
        boolean follows = line.value().equalsIgnoreCase("follow");
        if (!follows && !line.value().equalsIgnoreCase("ignore")) {
            faults.add(line, "this is neither follow nor ignore", "write follow or ignore");
        }
        return follows;
    }

    private boolean truth(TargetKey option) {
        ConfigLine line = line(option);
        boolean truth = line.value().equalsIgnoreCase("true");
        if (!truth && !line.value().equalsIgnoreCase("false")) {
            faults.add(line, "this is neither true nor false", "write true or false");
        }
        return truth;
    }

    private Integer number(TargetKey option) {
        ConfigLine line = line(option);
        if (line == null) {
            return null;
        }
        if (!line.value().matches("\\d{1,9}")) {
            faults.add(line, "this is not a number of 0 or more", "write a whole number such as 3");
            return null;
        }
        return Integer.valueOf(line.value());
    }

    private ChangeLimit maxChange() {
        ConfigLine line = line(TargetKey.MAX_CHANGE);
        if (line == null) {
            return null;
        }
        ChangeLimit limit = ChangeLimit.of(line.value());
        if (limit == null) {
            faults.add(line, "this is neither a number of files nor a percentage of more than 0 and less than 100",
                    "write a whole number such as 1000, or a share such as 5%");
        }
        return limit;
    }

    private long size(TargetKey option) {
        ConfigLine line = line(option);
        OptionalLong bytes = bytes(line.value());
        if (bytes.isEmpty()) {
            faults.add(line, "this is not a size", "write bytes, or a number with a unit such as 64m or 1.5g");
        }
        return bytes.orElse(0);
    }

    /** {@return the bytes of a size, in rsync's units (rsync(1), --max-size: KB is 1000, K and KiB are 1024); empty if it is not valid} */
    static OptionalLong bytes(String text) {
        Matcher size = SIZE.matcher(text);
        if (!size.matches()) {
            return OptionalLong.empty();
        }
        int power = " kmgt".indexOf(size.group(2).isEmpty() ? " " : size.group(2).toLowerCase(Locale.ROOT));
        double unit = Math.pow(size.group(3).equalsIgnoreCase("b") ? 1000 : 1024, power);
        return OptionalLong.of((long) (Double.parseDouble(size.group(1)) * unit));
    }

    private String bandwidthLimit() {
        ConfigLine line = line(TargetKey.BANDWIDTH_LIMIT);
        if (line == null) {
            return null;
        }
        if (!BANDWIDTH.matcher(line.value()).matches()) {
            faults.add(line, "this is not a bandwidth as rsync knows it",
                    "write KiB a second, or a number with a unit such as 500k or 1.5m");
        }
        return line.value();
    }

    private String onFailure() {
        String endpoint = endpoint(TargetKey.ON_FAILURE);
        ConfigLine notify = line(TargetKey.NOTIFY);
        if (notify == null) {
            return endpoint;
        }
        if (endpoint != null) {
            faults.add(notify, "on-failure is set for the same target, and one of the two is told",
                    "leave one of them out; a route file of yours may tell both");
        }
        if (!NOTIFY.matcher(notify.value()).matches()) {
            faults.add(notify, "this is neither a mail address nor a URL", "write mailto:ops@example.com or https://chat.example.com/hooks/...");
        }
        return notify.value();
    }

    private String endpoint(TargetKey option) {
        ConfigLine line = line(option);
        if (line == null) {
            return null;
        }
        if (!isEndpoint(line)) {
            faults.add(line, NO_ENDPOINT, ENDPOINT_REMEDY);
        }
        return line.value();
    }

    /** {@return whether the value looks like the URI of a Camel endpoint} */
    static boolean isEndpoint(ConfigLine line) {
        return ENDPOINT.matcher(line.value()).matches();
    }

    private Path path(ConfigLine line) {
        if (!checkArgument(line)) {
            return null;
        }
        try {
            return PathNormalizer.absolute(workingDir, line.value());
        } catch (InvalidPathException e) {
            faults.add(line, "this system has no such path: " + e.getReason(), "write another path");
            return null;
        }
    }

    private boolean checkArgument(ConfigLine line) {
        String problem = RouteArgumentCheck.problem(line.value());
        if (problem != null) {
            faults.add(line, "it " + problem, "write it another way");
        }
        return problem == null;
    }

    /**
     * {@return the line of an option; without one, its default; {@code null} if it has none}
     * An empty value cancels the mirror's setting, where that is possible: for options without a default.
     */
    private ConfigLine line(TargetKey option) {
        ConfigLine line = lines.get(option);
        if (line == null && option.defaultText() != null) {
            return new ConfigLine(option.key(), option.defaultText());
        }
        return line != null && line.isBlank() && option.defaultText() == null ? null : line;
    }
}
