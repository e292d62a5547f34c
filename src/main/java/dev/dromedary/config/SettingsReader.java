package dev.dromedary.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.dromedary.log.LogSetup;
import dev.dromedary.source.Reading;
import dev.dromedary.source.SourceRoot;

/** Makes the settings of one configuration; lives for one reading. */
final class SettingsReader {

    private final Faults faults = new Faults();
    private final Path workingDir;
    private final Keys keys;

    SettingsReader(Map<String, String> raw, Path workingDir) {
        this.workingDir = workingDir;
        this.keys = new Keys(raw, faults);
    }

    Settings read() throws ConfigurationException {
        Path stateDir = stateDir();
        List<Mirror> mirrors = new ArrayList<>();
        keys.mirrors.forEach((name, lines) -> mirrors.add(mirror(name, lines, stateDir)));
        if (mirrors.isEmpty() && faults.isEmpty()) {
            faults.add("mirror.<mirror>.source", null, "there is no mirror",
                    "name a folder by mirror.<mirror>.source and a place by mirror.<mirror>.target.<target>.url");
        }
        new Overlaps(mirrors, faults).check(stateDir, keys.stateDir);
        int maxRuns = maxRuns();
        oneOf(keys.logFormat, LogSetup.FORMATS);
        oneOf(keys.logLevel, LogSetup.LEVELS);
        faults.throwIfAny();
        return new Settings(stateDir, maxRuns, mirrors);
    }

    private int maxRuns() {
        if (!keys.maxRuns.value().matches("[1-9]\\d{0,8}")) {
            faults.add(keys.maxRuns, "this is not a number of 1 or more", "write a whole number such as 64");
            return 1;
        }
        return Integer.parseInt(keys.maxRuns.value());
    }

    private void oneOf(Line line, List<String> known) {
        if (!known.contains(line.value())) {
            faults.add(line, "this is none of " + String.join(", ", known), "did you mean " + Nearest.to(line.value(), known) + "?");
        }
    }

    private Mirror mirror(String name, Keys.Mirror lines, Path stateDir) {
        Path source = source(name, lines.source, stateDir);
        List<String> firstRules = new ArrayList<>(withoutState(source, stateDir));
        firstRules.add("- /" + Target.HOLDING + "/");
        // also alone: each target may have a value of its own, and the mirror's would never be looked at
        new OptionReader(lines.options, workingDir, faults).read(name, "", Set.of(), firstRules);
        if (lines.targets.isEmpty()) {
            faults.add("mirror." + name + ".target.<target>.url", null, "the mirror " + name + " has no target",
                    "say where it is mirrored to, such as rsync://host/module/, user@host:/path or /local/path");
        }
        List<Target> targets = new ArrayList<>();
        lines.targets.forEach((target, own) -> {
            Line url = own.get(Option.URL);
            if (url == null || url.isBlank()) {
                faults.add(Keys.option(name, target, Option.URL), null, "the target " + target + " has no url",
                        "say where it is, such as rsync://host/module/, user@host:/path or /local/path");
            }
            Map<Option, Line> all = new EnumMap<>(lines.options);
            all.putAll(own);
            targets.add(new OptionReader(all, workingDir, faults).read(name, target, own.keySet(), firstRules));
        });
        return new Mirror(name, source, targets);
    }

    /** What Dromedary writes of a change must not be a change itself. */
    private static List<String> withoutState(Path source, Path stateDir) {
        if (source == null || stateDir == null) {
            return List.of();
        }
        Path realSource = Folders.real(source);
        Path realState = Folders.real(stateDir);
        return realState.startsWith(realSource) && !realState.equals(realSource)
                ? List.of(Filters.without(realSource.relativize(realState)))
                : List.of();
    }

    private Path source(String mirror, Line line, Path stateDir) {
        if (line == null || line.isBlank()) {
            faults.add(Keys.source(mirror), null, "the mirror " + mirror + " has no source",
                    "name the folder to be mirrored");
            return null;
        }
        Path source = path(line);
        if (source == null) {
            return null;
        }
        boolean isThere = Files.isDirectory(source) || Files.exists(source);
        if (!isThere && stateDir != null && SourceRoot.isRemembered(stateDir, mirror, source)) {
            return source;
        }
        String problem = !isThere ? "this folder does not exist"
                : !Files.isDirectory(source) ? "this is not a folder"
                : !Reading.isPossibleIn(source) ? "this folder cannot be read by " + System.getProperty("user.name")
                : null;
        if (problem != null) {
            faults.add(line, problem, "name a folder that is there and can be read");
            return null;
        }
        return source;
    }

    private Path stateDir() {
        Line line = keys.stateDir;
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
        }
        return state;
    }

    private Path path(Line line) {
        String problem = Argument.problem(line.value());
        try {
            if (problem == null) {
                return Folders.absolute(workingDir, line.value());
            }
            problem = "it " + problem;
        } catch (InvalidPathException e) {
            problem = "this system has no such path: " + e.getReason();
        }
        faults.add(line, problem, "name another path");
        return null;
    }
}
