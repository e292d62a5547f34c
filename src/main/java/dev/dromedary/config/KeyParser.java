package dev.dromedary.config;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.dromedary.log.Redaction;
import dev.dromedary.text.SpellingSuggestion;

/** Sorts the lines by mirror, target and option, and refuses unknown keys. It does not look at values. */
final class KeyParser {

    private static final List<String> COMMON = Stream.of(ProgramKey.values()).map(ProgramKey::key).toList();

    private static final List<String> OF_A_MIRROR = Stream.of(MirrorKey.values()).map(MirrorKey::key).toList();

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+");

    /** The lines of one mirror: those for all its targets, and those for single targets. */
    static final class Mirror {
        final Map<TargetKey, ConfigLine> options = new EnumMap<>(TargetKey.class);
        final Map<String, Map<TargetKey, ConfigLine>> targets = new LinkedHashMap<>();
        ConfigLine source;
        ConfigLine publish;
        ConfigLine subscribe;
        ConfigLine watch;
        ConfigLine arrivedEverywhere;
        final Map<TargetKey, ConfigLine> template = new EnumMap<>(TargetKey.class);
        ConfigLine targetsFrom;
        ConfigLine forget;
    }

    final Map<String, Mirror> mirrors = new LinkedHashMap<>();
    ConfigLine stateDir = ProgramKey.STATE_DIR.text().defaultLine();
    ConfigLine maxRuns = ProgramKey.MAX_RUNS.text().defaultLine();
    // null if there is none
    ConfigLine pair;
    ConfigLine reload = ProgramKey.RELOAD.text().defaultLine();
    ConfigLine transferLog = ProgramKey.TRANSFER_LOG.text().defaultLine();
    ConfigLine logFormat = ProgramKey.LOG_FORMAT.text().defaultLine();
    ConfigLine logLevel = ProgramKey.LOG_LEVEL.text().defaultLine();

    // pass, psswrd, tokn, auth and the like: what may be a misspelt password key
    private static final Pattern LIKE_A_SECRET = Pattern.compile("\\.(?:pa?s|to?k|auth|key|cred|sec)[^.]*$", Pattern.CASE_INSENSITIVE);

    private final ConfigFaults faults;
    // a refused name is reported once, not for each of its lines
    private final Set<String> refusedNames = new HashSet<>();

    KeyParser(Map<String, String> raw, ConfigFaults faults) {
        this.faults = faults;
        raw.forEach((key, value) -> {
            ConfigLine line = new ConfigLine(key, Objects.requireNonNullElse(value, "").strip());
            if (key.startsWith("mirror.")) {
                mirrorLine(line);
            } else if (key.equals(ProgramKey.STATE_DIR.key())) {
                stateDir = line;
            } else if (key.equals(ProgramKey.MAX_RUNS.key())) {
                maxRuns = line;
            } else if (key.equals(ProgramKey.PAIR.key())) {
                pair = line;
            } else if (key.equals(ProgramKey.RELOAD.key())) {
                reload = line;
            } else if (key.equals(ProgramKey.TRANSFER_LOG.key())) {
                transferLog = line;
            } else if (key.equals(ProgramKey.LOG_FORMAT.key())) {
                logFormat = line;
            } else if (key.equals(ProgramKey.LOG_LEVEL.key())) {
                logLevel = line;
            } else if (key.startsWith("dromedary.")) {
                unknown(line, SpellingSuggestion.to(key, COMMON));
            }
        });
    }

    static String source(String mirror) {
        return "mirror." + mirror + "." + MirrorKey.SOURCE.key();
    }

    static String option(String mirror, String target, TargetKey option) {
        return "mirror." + mirror + ".target." + target + "." + option.key();
    }

    private void mirrorLine(ConfigLine line) {
        String[] parts = line.key().split("\\.", -1);
        if (!isName(line, "mirror", parts[1])) {
            return;
        }
        boolean ofTarget = parts.length > 2 && parts[2].equals("target");
        if (parts.length == 3 && !ofTarget) {
            optionForAll(line, parts[1], parts[2]);
        } else if (parts.length == 5 && ofTarget) {
            optionForOne(line, parts[1], parts[3], parts[4]);
        } else {
            malformed(line, parts);
        }
    }

    private void optionForAll(ConfigLine line, String name, String key) {
        Mirror mirror = mirror(name);
        TargetKey option = TargetKey.of(key);
        if (key.equals(MirrorKey.SOURCE.key())) {
            mirror.source = line;
        } else if (key.equals(MirrorKey.PUBLISH.key())) {
            mirror.publish = line;
        } else if (key.equals(MirrorKey.SUBSCRIBE.key())) {
            mirror.subscribe = line;
        } else if (key.equals(MirrorKey.WATCH.key())) {
            mirror.watch = line;
        } else if (key.equals(MirrorKey.ARRIVED_EVERYWHERE.key())) {
            mirror.arrivedEverywhere = line;
        } else if (key.equals(MirrorKey.TARGETS_FROM.key())) {
            mirror.targetsFrom = line;
        } else if (key.equals(MirrorKey.FORGET.key())) {
            mirror.forget = line;
        } else if (option == TargetKey.URL) {
            faults.add(line, "a mirror has no url, each of its targets has one",
                    "write mirror." + name + ".target.<target>.url");
        } else if (option != null) {
            mirror.options.put(option, line);
        } else {
            unknown(line, SpellingSuggestion.to(line.key(), keysForAll(name)));
        }
    }

    private void optionForOne(ConfigLine line, String name, String target, String key) {
        boolean template = target.equals(HostTargetTemplate.TEMPLATE);
        if (!template && !isName(line, "target", target)) {
            return;
        }
        Map<TargetKey, ConfigLine> lines = template ? mirror(name).template
                : mirror(name).targets.computeIfAbsent(target, t -> new EnumMap<>(TargetKey.class));
        TargetKey option = TargetKey.of(key);
        if (option != null) {
            lines.put(option, line);
        } else if (OF_A_MIRROR.contains(key)) {
            faults.add(line, "a target has no " + key + ", its mirror has one", "write mirror." + name + '.' + key);
        } else {
            unknown(line, SpellingSuggestion.to(line.key(), keysForOne(name, target)));
        }
    }

    private void malformed(ConfigLine line, String[] parts) {
        if (parts.length == 2) {
            faults.add(line, "this key names a mirror, but no option of it",
                    "write mirror." + parts[1] + ".<option>, such as " + source(parts[1]));
        } else if (parts.length < 5 && parts[2].equals("target")) {
            String last = parts[parts.length - 1];
            boolean isOption = parts.length == 4 && TargetKey.of(last) != null;
            faults.add(line, isOption ? "this key does not name the target" : "this key does not name an option of a target",
                    "write mirror." + parts[1] + ".target." + (parts.length == 4 && !isOption ? last : "<target>") + "."
                            + (isOption ? last : TargetKey.URL.key()));
        } else {
            List<String> known = new ArrayList<>(keysForAll(parts[1]));
            known.addAll(keysForOne(parts[1], isLegal(parts[3]) ? parts[3] : "<target>"));
            unknown(line, SpellingSuggestion.to(line.key(), known));
        }
    }

    // the value of a misspelt password key is a password as well
    private void unknown(ConfigLine line, String nearest) {
        boolean secret = (nearest.endsWith(TargetKey.PASSWORD_FILE.key()) || LIKE_A_SECRET.matcher(line.key()).find())
                && !line.key().endsWith("file");
        faults.add(line.key(), secret ? Redaction.HIDDEN : line.value(), "this key is not known", "did you mean " + nearest + "?");
    }

    private Mirror mirror(String name) {
        return mirrors.computeIfAbsent(name, n -> new Mirror());
    }

    private boolean isName(ConfigLine line, String what, String name) {
        boolean legal = isLegal(name);
        if (!legal && refusedNames.add(what + name)) {
            faults.add(line, "\"" + name + "\" cannot be the name of a " + what,
                    "a name has letters, digits, - and _ only");
        }
        return legal;
    }

    private static boolean isLegal(String name) {
        return NAME.matcher(name).matches();
    }

    private static List<String> keysForAll(String mirror) {
        return Stream.concat(OF_A_MIRROR.stream(), TargetKey.keys().stream().filter(k -> !k.equals(TargetKey.URL.key())))
                .map(k -> "mirror." + mirror + "." + k).toList();
    }

    private static List<String> keysForOne(String mirror, String target) {
        return Stream.of(TargetKey.values()).map(o -> option(mirror, target, o)).toList();
    }
}
