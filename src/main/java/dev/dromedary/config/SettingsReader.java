package dev.dromedary.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.dromedary.log.LogSetup;
import dev.dromedary.mount.FolderNesting;
import dev.dromedary.source.ReadAccess;
import dev.dromedary.source.SourceGuard;
import dev.dromedary.state.StateFolder;
import dev.dromedary.text.SpellingSuggestion;
import dev.dromedary.watch.WatchMethod;

/** Reads the settings from one configuration; lives for one reading. */
final class SettingsReader {

    /** The suffix for the name of a mirror that publishes what another one pulls; the rest is the other one's name. */
    private static final String NEXT = "-next";
    private static final String BY_ITSELF = "auto";
    private static final List<String> RELOADS = List.of("manual", BY_ITSELF);
    private static final Set<TargetKey> OPTIONS_OF_A_WATCH = EnumSet.of(TargetKey.MAX_DELAY, TargetKey.POLL, TargetKey.HARD_LINKS,
            TargetKey.RELEASES, TargetKey.QUIET);
    /**
     * The defaults of an agent. Each of its runs takes one of the connections that its source has for all agents. A waiting run would
     * occupy one, and many runs a second would add up.
     */
    static final Map<TargetKey, ConfigLine> PULLED = Stream.of(Map.entry(TargetKey.WARM, "off"), Map.entry(TargetKey.WINDOW, "50ms"))
            .collect(Collectors.toMap(Map.Entry::getKey, each -> new ConfigLine(each.getKey().key(), each.getValue())));

    // with less, a busy mirror would fill one file while the previous one is read
    private static final long LEAST_LOG = 1 << 20;

    private final ConfigFaults faults = new ConfigFaults();
    private final Path workingDir;
    private final KeyParser keys;
    private final HostListProvider hosts;

    /** @param hosts lists the hosts that have targets */
    SettingsReader(Map<String, String> raw, Path workingDir, HostListProvider hosts) {
        this.workingDir = workingDir;
        this.hosts = hosts;
        this.keys = new KeyParser(raw, faults);
    }

    Settings read() throws ConfigurationException {
        Path stateDir = stateDir();
        PairOptions pair = keys.pair == null ? null : pair(keys.pair);
        List<Path> ours = Stream.of(stateDir, pair == null ? null : pair.folder()).filter(Objects::nonNull).toList();
        List<Mirror> mirrors = new ArrayList<>();
        keys.mirrors.forEach((name, lines) -> {
            mirrors.add(mirror(name, lines, stateDir, ours));
            if (lines.subscribe != null && lines.publish != null) {
                next(name, lines, ours).ifPresent(mirrors::add);
            }
        });
        if (mirrors.isEmpty() && faults.isEmpty()) {
            faults.add("mirror.<mirror>.source", null, "there is no mirror",
                    "name a folder by mirror.<mirror>.source and a place by mirror.<mirror>.target.<target>.url");
        }
        FolderOverlapCheck overlaps = new FolderOverlapCheck(mirrors, faults);
        overlaps.check(stateDir, keys.stateDir);
        if (pair != null && pair.folder() != null) {
            overlaps.checkPair(pair.folder(), keys.pair);
        }
        int maxRuns = maxRuns();
        long transferLog = transferLog();
        oneOf(keys.reload, RELOADS);
        oneOf(keys.logFormat, LogSetup.FORMATS);
        oneOf(keys.logLevel, LogSetup.LEVELS);
        faults.throwIfAny();
        return new Settings(stateDir, maxRuns, transferLog, pair, keys.reload.value().equals(BY_ITSELF), mirrors);
    }

    private int maxRuns() {
        if (!keys.maxRuns.value().matches("[1-9]\\d{0,8}")) {
            faults.add(keys.maxRuns, "this is not a number of 1 or more", "write a whole number such as 64");
            return 1;
        }
        return Integer.parseInt(keys.maxRuns.value());
    }

    private long transferLog() {
        if (keys.transferLog.value().equals("off")) {
            return 0;
        }
        long size = TargetOptionReader.bytes(keys.transferLog.value()).orElse(0);
        if (size < LEAST_LOG) {
            faults.add(keys.transferLog, "this is neither a size of 1m or more nor off", "write how much room it may take, such as 100m");
        }
        return size;
    }

    private void oneOf(ConfigLine line, List<String> known) {
        if (!known.contains(line.value())) {
            faults.add(line, "this is none of " + String.join(", ", known), "did you mean " + SpellingSuggestion.to(line.value(), known) + "?");
        }
    }

    private Mirror mirror(String name, KeyParser.Mirror lines, Path stateDir, List<Path> ours) {
        if (lines.subscribe != null) {
            return pulled(name, lines, ours);
        }
        Path source = source(name, lines.source, stateDir);
        List<String> firstRules = firstRules(source, ours);
        // also without targets: each target may override an option, and the mirror's own value would never be checked
        new TargetOptionReader(lines.options, workingDir, faults).read(name, "", Set.of(), firstRules);
        HostTargetTemplate hostTargets = hostTargets(name, lines, firstRules);
        if (lines.targets.isEmpty() && lines.publish == null && hostTargets == null) {
            faults.add("mirror." + name + ".target.<target>.url", null, "the mirror " + name + " has no target",
                    "say where it is mirrored to, such as rsync://host/module/, user@host:/path or /local/path");
        }
        List<Target> targets = new ArrayList<>();
        lines.targets.forEach((target, own) -> {
            if (lines.publish == null || !target.equals(Mirror.TOPIC)) {
                needsUrl(name, target, own);
                targets.add(options(lines, own).read(name, target, own.keySet(), firstRules));
            }
        });
        if (lines.publish != null) {
            targets.add(published(name, lines, firstRules));
        }
        if (hostTargets != null && hostTargets.source() != null && faults.isEmpty()) {
            hosts.of(name, hostTargets, stateDir).forEach(host -> onHost(name, lines, host, firstRules).ifPresent(targets::add));
        }
        ConfigLine quiet = lines.options.get(TargetKey.QUIET);
        if (quiet != null && !quiet.isBlank() && hostTargets == null && targets.stream().allMatch(target -> target.releases() == null)) {
            faults.add(quiet, "no target of the mirror " + name + " gets releases, so this is without use", "leave it out, or set releases,"
                    + " such as to 5");
        }
        CascadeLink tier = lines.publish == null ? null : pulledInto(source).map(pulled -> new CascadeLink(pulled, name)).orElse(null);
        return new Mirror(name, source, targets, null, arrivedEverywhere(lines), watch(lines.watch), tier, hostTargets);
    }

    /** Returns a mirror that publishes what another one, with the same lines, pulls. */
    private Optional<Mirror> next(String mirror, KeyParser.Mirror lines, List<Path> ours) {
        String name = mirror + NEXT;
        if (keys.mirrors.containsKey(name)) {
            faults.add(lines.publish, "of the name " + name + " is what publishes the folder that " + mirror + " pulls into, and the configuration"
                    + " has a mirror of that name", "give that one another name");
        }
        Optional<Map.Entry<String, Map<TargetKey, ConfigLine>>> into = into(lines);
        if (into.isEmpty()) {
            return Optional.empty();
        }
        TargetUrl url = TargetUrl.parse(into.get().getValue().get(TargetKey.URL).value(), workingDir);
        Path folder = Path.of(url.path());
        return Optional.of(new Mirror(name, folder, List.of(published(name, lines, firstRules(folder, ours))), null, null, watch(lines.watch),
                new CascadeLink(mirror + '/' + into.get().getKey(), mirror), null));
    }

    // the only target, if it is a folder; its faults are reported where it is read
    private Optional<Map.Entry<String, Map<TargetKey, ConfigLine>>> into(KeyParser.Mirror lines) {
        List<Map.Entry<String, Map<TargetKey, ConfigLine>>> targets = lines.targets.entrySet().stream()
                .filter(target -> lines.publish == null || !target.getKey().equals(Mirror.TOPIC)).toList();
        return targets.stream().findFirst().filter(target -> targets.size() == 1 && isFolder(target.getValue().get(TargetKey.URL)));
    }

    private boolean isFolder(ConfigLine url) {
        try {
            return url != null && !url.isBlank() && TargetUrl.parse(url.value(), workingDir).kind() == TargetUrl.Kind.LOCAL;
        } catch (TargetUrl.Refused e) {
            return false;
        }
    }

    /** {@return the mirror/target of this configuration that is pulled into a folder; empty if there is none} */
    private Optional<String> pulledInto(Path folder) {
        return keys.mirrors.entrySet().stream().filter(mirror -> folder != null && mirror.getValue().subscribe != null).flatMap(mirror ->
                into(mirror.getValue()).filter(target -> folder.equals(Path.of(TargetUrl.parse(target.getValue().get(TargetKey.URL).value(),
                        workingDir).path()))).map(target -> mirror.getKey() + '/' + target.getKey()).stream()).findFirst();
    }

    // null if no targets come and go with their hosts
    private HostTargetTemplate hostTargets(String name, KeyParser.Mirror lines, List<String> firstRules) {
        ConfigLine from = lines.targetsFrom;
        if (from == null || from.isBlank()) {
            String key = "mirror." + name + '.' + MirrorKey.TARGETS_FROM.key();
            lines.template.values().forEach(line -> faults.add(line, "nobody names the hosts that this is for",
                    "set " + key + ", such as to file:config/hosts, or give the target a name"));
            if (lines.forget != null) {
                faults.add(lines.forget, "this is without use where no targets come and go", "leave it out, or set " + key);
            }
            return null;
        }
        HostSource source = HostSource.of(from.value(), workingDir);
        if (source == null) {
            faults.add(from, "this does not say who names the hosts", HostSource.FORMS);
        }
        ConfigLine forget = lines.forget == null || lines.forget.isBlank() ? MirrorKey.FORGET.text().defaultLine() : lines.forget;
        Duration kept = DurationParser.of(forget.value()).orElse(null);
        if (kept == null) {
            faults.add(forget, "this is not a duration", DurationParser.REMEDY);
        }
        ConfigLine url = lines.template.get(TargetKey.URL);
        if (url == null || !url.value().contains(HostTargetTemplate.HOST)) {
            faults.add(url == null ? new ConfigLine(KeyParser.option(name, HostTargetTemplate.TEMPLATE, TargetKey.URL), null) : url,
                    url == null ? "it is not said where the targets of " + MirrorKey.TARGETS_FROM.key() + " are"
                            : "it does not say where the host belongs, so that all targets would be one",
                    "write one such as rsync://" + HostTargetTemplate.HOST + "/module/");
            return new HostTargetTemplate(source, kept, null);
        }
        return new HostTargetTemplate(source, kept, options(lines, onHost(lines, "host.example.com")).read(name, HostTargetTemplate.TEMPLATE,
                lines.template.keySet(), firstRules));
    }

    // a target with lines of its own uses only these
    private Optional<Target> onHost(String mirror, KeyParser.Mirror lines, String host, List<String> firstRules) {
        String name = HostTargetTemplate.name(host);
        return lines.targets.containsKey(name) || lines.publish != null && name.equals(Mirror.TOPIC) ? Optional.empty()
                : Optional.of(options(lines, onHost(lines, host)).read(mirror, name, lines.template.keySet(), firstRules));
    }

    private static Map<TargetKey, ConfigLine> onHost(KeyParser.Mirror lines, String host) {
        Map<TargetKey, ConfigLine> own = new EnumMap<>(lines.template);
        // an IPv6 address contains colons, and needs brackets
        own.computeIfPresent(TargetKey.URL, (option, line) -> new ConfigLine(line.key(), line.value().replace(HostTargetTemplate.HOST,
                host.indexOf(':') < 0 ? host : '[' + host + ']')));
        return own;
    }

    private WatchMethod watch(ConfigLine line) {
        List<String> known = Stream.of(WatchMethod.values()).map(by -> by.name().toLowerCase(Locale.ROOT)).toList();
        ConfigLine told = line == null ? MirrorKey.WATCH.text().defaultLine() : line;
        oneOf(told, known);
        return known.contains(told.value()) ? WatchMethod.valueOf(told.value().toUpperCase(Locale.ROOT)) : WatchMethod.AUTO;
    }

    private String arrivedEverywhere(KeyParser.Mirror lines) {
        ConfigLine line = lines.arrivedEverywhere;
        if (line == null || line.isBlank()) {
            return null;
        }
        if (!TargetOptionReader.isEndpoint(line)) {
            faults.add(line, TargetOptionReader.NO_ENDPOINT, TargetOptionReader.ENDPOINT_REMEDY);
        }
        return line.value();
    }

    private static List<String> firstRules(Path source, List<Path> ours) {
        List<String> rules = new ArrayList<>();
        ours.forEach(folder -> rules.addAll(without(folder, source)));
        // of any type: a link of that name at a target would redirect what is written there
        rules.add("- " + Target.HOLDING);
        return rules;
    }

    private TargetOptionReader options(KeyParser.Mirror lines, Map<TargetKey, ConfigLine> own) {
        return options(Map.of(), lines, own);
    }

    private TargetOptionReader options(Map<TargetKey, ConfigLine> defaults, KeyParser.Mirror lines, Map<TargetKey, ConfigLine> own) {
        Map<TargetKey, ConfigLine> all = new EnumMap<>(TargetKey.class);
        all.putAll(defaults);
        all.putAll(lines.options);
        all.putAll(own);
        return new TargetOptionReader(all, workingDir, faults);
    }

    private void needsUrl(String mirror, String target, Map<TargetKey, ConfigLine> own) {
        ConfigLine url = own.get(TargetKey.URL);
        if (url == null || url.isBlank()) {
            faults.add(KeyParser.option(mirror, target, TargetKey.URL), null, "the target " + target + " has no url",
                    "say where it is, such as rsync://host/module/, user@host:/path or /local/path");
        }
    }

    /** Makes the target for what is published. It gets the same changes as the others, and keeps them while the broker is away. */
    private Target published(String mirror, KeyParser.Mirror lines, List<String> firstRules) {
        Map<TargetKey, ConfigLine> own = lines.targets.getOrDefault(Mirror.TOPIC, Map.of());
        if (own.containsKey(TargetKey.URL)) {
            faults.add(own.get(TargetKey.URL), "of this name is what mirror." + mirror + "." + MirrorKey.PUBLISH.key() + " publishes",
                    "give the target another name");
        }
        notForThosePulling(lines, own, TargetKey.MAX_CHANGE, "what is published is not counted, so that those who pull would get it",
                "set it for each target that is pushed to: mirror." + mirror + ".target.<target>." + TargetKey.MAX_CHANGE.key());
        notForThosePulling(lines, own, TargetKey.LAST, "what is published has no order: those who pull take it as they come to it",
                "set it for each target that is pushed to: mirror." + mirror + ".target.<target>." + TargetKey.LAST.key());
        return options(lines, own).read(mirror, Mirror.TOPIC, TargetUrl.topic(endpoint(lines.publish)), own.keySet(), firstRules);
    }

    // an option that works only for pushed targets is refused, not ignored
    private void notForThosePulling(KeyParser.Mirror lines, Map<TargetKey, ConfigLine> own, TargetKey option, String problem, String remedy) {
        ConfigLine line = own.getOrDefault(option, lines.options.get(option));
        if (line != null && !line.isBlank()) {
            faults.add(line, problem, remedy);
        }
    }

    private String endpoint(ConfigLine line) {
        if (!TargetOptionReader.isEndpoint(line) || !line.value().startsWith("kafka:")) {
            faults.add(line, "this is not the endpoint of a topic", "write one such as kafka:dromedary-www?brokers=kafka1:9092");
        }
        return line.value();
    }

    /** Makes the mirror of an agent: the source is on another machine, and the only target is a local folder. */
    private Mirror pulled(String name, KeyParser.Mirror lines, List<Path> ours) {
        if (keys.pair != null) {
            faults.add(keys.pair, "a pair is for those who push or publish, and the mirror " + name + " subscribes",
                    "leave it out: agents with the same groupId take over from each other by themselves");
        }
        String subscribe = endpoint(lines.subscribe);
        if (!subscribe.matches(".*[?&]groupId=[^&].*")) {
            faults.add(lines.subscribe, "the endpoint has no groupId, by which the broker knows how far this agent is",
                    "add one of this host's own, such as groupId=web7");
        }
        Map<String, Map<TargetKey, ConfigLine>> targets = new LinkedHashMap<>(lines.targets);
        if (lines.publish != null) {
            targets.remove(Mirror.TOPIC);
        }
        // with publish, the folder is watched, so these options are valid
        Stream<ConfigLine> ofAWatch = OPTIONS_OF_A_WATCH.stream().flatMap(option -> Stream.concat(
                lines.publish == null ? Stream.of(lines.options) : Stream.empty(), targets.values().stream()).map(of -> of.get(option)));
        Stream.concat(ofAWatch, Stream.ofNullable(lines.publish == null ? lines.watch : null)).filter(Objects::nonNull)
                .forEach(line -> faults.add(line, "this is without use where a folder is pulled", "leave it out"));
        Stream.concat(Stream.of(lines.targetsFrom, lines.forget).filter(Objects::nonNull), lines.template.values().stream())
                .forEach(line -> faults.add(line, "an agent pulls into one folder, so no targets come and go", "leave it out"));
        TargetUrl from = from(name, lines.source);
        if (targets.size() != 1) {
            faults.add("mirror." + name + ".target.<target>.url", null, "a mirror that subscribes has one target, and this one has "
                    + targets.size(), "name the folder that it pulls into");
            return new Mirror(name, null, List.of(), subscribe, null, null, null, null);
        }
        String target = targets.keySet().iterator().next();
        Map<TargetKey, ConfigLine> own = targets.get(target);
        needsUrl(name, target, own);
        notForThosePulling(lines, own, TargetKey.MAX_CHANGE, "what is pulled is not counted before",
                "leave it out; max-delete works here too");
        notForThosePulling(lines, own, TargetKey.LAST, "what is pulled has no order: the source goes on changing while it is read from here",
                "leave it out, and mirror to this machine from where the source is");
        TargetOptionReader options = options(PULLED, lines, own);
        TargetUrl url = options.url();
        if (url != null && url.kind() != TargetUrl.Kind.LOCAL) {
            faults.add(own.get(TargetKey.URL), "a mirror that subscribes pulls into a folder of this machine", "name one");
            url = null;
        }
        Path folder = url == null ? null : Path.of(url.path());
        return new Mirror(name, folder, List.of(options.read(name, target, from, own.keySet(), firstRules(folder, ours))),
                subscribe, arrivedEverywhere(lines), null, null, null);
    }

    private TargetUrl from(String mirror, ConfigLine line) {
        String remedy = "say where it is pulled from, such as rsync://host/module/";
        if (line == null || line.isBlank()) {
            faults.add(KeyParser.source(mirror), null, "the mirror " + mirror + " has no source", remedy);
            return null;
        }
        try {
            TargetUrl url = TargetUrl.parse(line.value(), workingDir);
            if (url.kind() != TargetUrl.Kind.LOCAL) {
                return url;
            }
            faults.add(line, "a mirror that subscribes pulls from another machine", remedy + ", or leave mirror." + mirror + '.'
                    + MirrorKey.SUBSCRIBE.key() + " out");
        } catch (TargetUrl.Refused e) {
            faults.add(line, e.problem(), remedy);
        }
        return null;
    }

    /** Returns the rules that exclude a folder that Dromedary writes to: its own files must not count as changes. */
    private static List<String> without(Path folder, Path source) {
        if (source == null) {
            return List.of();
        }
        Path realSource = FolderNesting.real(source);
        Path real = FolderNesting.real(folder);
        return real.startsWith(realSource) && !real.equals(realSource)
                ? List.of(FilterRuleReader.without(realSource.relativize(real)))
                : List.of();
    }

    private Path source(String mirror, ConfigLine line, Path stateDir) {
        if (line == null || line.isBlank()) {
            faults.add(KeyParser.source(mirror), null, "the mirror " + mirror + " has no source",
                    "name the folder to be mirrored");
            return null;
        }
        Path source = path(line);
        if (source == null) {
            return null;
        }
        boolean isThere = Files.isDirectory(source) || Files.exists(source);
        // a folder that is pulled into is created at the start
        if (!isThere && (stateDir != null && SourceGuard.isRemembered(stateDir, mirror, source) || pulledInto(source).isPresent())) {
            return source;
        }
        String problem = !isThere ? "this folder does not exist"
                : !Files.isDirectory(source) ? "this is not a folder"
                : !ReadAccess.isPossibleIn(source) ? "this folder cannot be read by " + System.getProperty("user.name")
                : null;
        if (problem != null) {
            faults.add(line, problem, "name a folder that is there and can be read");
            return null;
        }
        return source;
    }

    private Path stateDir() {
        ConfigLine line = keys.stateDir;
        if (line.isBlank()) {
            faults.add(line, "the folder has no name", "write a path, or leave the line out for ./state");
            return null;
        }
        Path state = path(line);
        if (state == null) {
            return null;
        }
        Path there = state;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        if (!Files.isDirectory(there)) {
            faults.add(line, there + " is not a folder", "name a folder that is there or can be made");
        } else if (!Files.isWritable(there)) {
            faults.add(line, there + " cannot be written to by " + System.getProperty("user.name"),
                    "name a folder that can be written to");
        } else {
            StateFolder.faultForALook(state).ifPresent(fault -> faults.add(line, fault.problem(), fault.remedy()));
        }
        return state;
    }

    // it is not created: if the storage is not mounted, each process would create its own folder, and lead
    private PairOptions pair(ConfigLine line) {
        if (line.isBlank()) {
            faults.add(line, "the folder has no name", "name a folder that both processes see, or leave the line out");
            return null;
        }
        if (line.value().matches("#\\S+")) {
            return new PairOptions(null, line.value().substring(1));
        }
        Path folder = path(line);
        if (folder == null) {
            return null;
        }
        String problem = !Files.exists(folder) ? "this folder does not exist"
                : !Files.isDirectory(folder) ? "this is not a folder"
                : !Files.isWritable(folder) ? "this folder cannot be written to by " + System.getProperty("user.name")
                : null;
        if (problem != null) {
            faults.add(line, problem, Files.exists(folder) ? "name a folder that both processes see and can write to"
                    : "mount the storage that both processes see; if this is the first start of the pair: mkdir " + folder);
            return null;
        }
        return new PairOptions(folder, null);
    }

    private Path path(ConfigLine line) {
        String problem = RouteArgumentCheck.problem(line.value());
        try {
            if (problem == null) {
                return PathNormalizer.absolute(workingDir, line.value());
            }
            problem = "it " + problem;
        } catch (InvalidPathException e) {
            problem = "this system has no such path: " + e.getReason();
        }
        faults.add(line, problem, "name another path");
        return null;
    }
}
