package dev.dromedary.check;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.dromedary.change.RawPath;
import dev.dromedary.config.Mirror;
import dev.dromedary.config.Settings;
import dev.dromedary.config.Target;
import dev.dromedary.filter.FilterRules;
import dev.dromedary.filter.PathFilter;
import dev.dromedary.source.ReadAccess;
import dev.dromedary.source.SourceGuard;
import dev.dromedary.source.SubmountGuard;
import dev.dromedary.text.HumanReadable;
import dev.dromedary.watch.FanotifyProbe;
import dev.dromedary.watch.WatchMethod;

/** Checks whether each source can be read, and its folders can be watched. */
final class SourceCheck {

    private static final Path WATCHES = Path.of("/proc/sys/fs/inotify/max_user_watches");
    private static final Path INSTANCES = Path.of("/proc/sys/fs/inotify/max_user_instances");
    private static final int MOST_SHOWN = 3;

    private long folders;
    private long unreadable;
    private final List<String> shown = new ArrayList<>();

    private SourceCheck() {
    }

    static List<CheckFinding> look(Settings settings) throws IOException {
        List<CheckFinding> findings = new ArrayList<>();
        Map<Mirror, Long> counted = new LinkedHashMap<>();
        List<Mirror> watched = settings.mirrors().stream().filter(mirror -> !mirror.isPulled()).toList();
        for (Mirror mirror : watched) {
            SourceCheck seen = new SourceCheck();
            seen.walk(mirror);
            counted.put(mirror, seen.folders);
            String what = "source of " + mirror.name();
            Set<String> missing = Files.isDirectory(mirror.source())
                    ? SubmountGuard.missing(settings.stateDir(), mirror.name(), mirror.source()) : Set.of();
            missing.stream().sorted().map(RawPath::shown).forEach(path -> findings.add(CheckFinding.wrong(what, mirror.source() + "/" + path
                    + ": the file system that was mounted there is missing", "mount it; if it is gone for good: dromedary resume --new-source "
                    + mirror.name())));
            findings.add(!Files.isDirectory(mirror.source()) && mirror.tier() != null
                    && !SourceGuard.isRemembered(settings.stateDir(), mirror.name(), mirror.source())
                    ? CheckFinding.ok(what, mirror.source() + " is made when " + mirror.tier().pulled() + " is pulled")
                    : !Files.isDirectory(mirror.source())
                    ? CheckFinding.wrong(what, mirror.source() + " is not there", "mount it, or bring it back; the mirror waits for it")
                    : seen.unreadable == 0 ? CheckFinding.ok(what, mirror.source() + " has " + seen.folders
                            + (seen.folders == 1 ? " folder" : " folders") + ", and all in it can be read")
                    : CheckFinding.wrong(what, HumanReadable.plural(seen.unreadable, "path") + " in " + mirror.source() + " can't be read by "
                            + System.getProperty("user.name") + ", such as " + String.join(", ", seen.shown),
                            "give the right to read them, or exclude them"));
        }
        findings.addAll(watches(counted));
        return findings;
    }

    private static List<CheckFinding> watches(Map<Mirror, Long> folders) {
        Long watches = number(WATCHES);
        Long instances = number(INSTANCES);
        if (watches == null || instances == null) {
            return List.of(CheckFinding.advice("inotify", "this system has none, so changes are found later", "set reconcile"));
        }
        List<CheckFinding> findings = new ArrayList<>();
        long byInotify = 0;
        int mirrors = 0;
        String without = null;
        for (Map.Entry<Mirror, Long> each : folders.entrySet()) {
            Mirror mirror = each.getKey();
            boolean fits = byInotify + each.getValue() + mirrors + 1 <= watches;
            boolean wanted = mirror.watch() == WatchMethod.FANOTIFY || mirror.watch() == WatchMethod.AUTO && !fits;
            // a missing source has been reported already
            wanted &= Files.isDirectory(mirror.source());
            Optional<String> fault = wanted ? FanotifyProbe.fault(mirror.source()) : Optional.empty();
            if (wanted && fault.isEmpty()) {
                findings.add(CheckFinding.ok("watch of " + mirror.name(), "by fanotify, the file system as a whole: " + (mirror.watch() == WatchMethod.FANOTIFY
                        ? "as it is configured" : each.getValue() + " folders are more than inotify may watch")));
                continue;
            }
            byInotify += each.getValue();
            mirrors++;
            if (mirror.watch() == WatchMethod.FANOTIFY && fault.isPresent()) {
                findings.add(CheckFinding.wrong("watch of " + mirror.name(), "by inotify, although fanotify is configured: " + fault.get(),
                        "give it the rights (docs/watching.md), or leave out mirror." + mirror.name() + ".watch"));
            } else if (fault.isPresent()) {
                without = fault.get();
            }
        }
        if (byInotify + mirrors > watches) {
            findings.add(CheckFinding.wrong("inotify watches", byInotify + " folders are more than the " + watches + " that may be watched"
                    + (without == null ? "" : ", and not by fanotify either: " + without),
                    "sysctl fs.inotify.max_user_watches=" + Long.highestOneBit(Math.max(65_536, byInotify)) * 4));
        } else if (mirrors > 0) {
            findings.add(CheckFinding.ok("inotify watches", byInotify + (byInotify == 1 ? " folder" : " folders") + " of at most " + watches + " ("
                    + CheckRunner.percent((double) byInotify / watches) + "), shared with other programs of this user"));
        }
        if (mirrors > instances) {
            findings.add(CheckFinding.wrong("inotify instances", mirrors + " mirrors need one each, and the limit is " + instances,
                    "sysctl fs.inotify.max_user_instances=" + mirrors * 2));
        }
        return findings;
    }

    private static Long number(Path file) {
        // in one read, because such a file returns nothing more on a second read
        byte[] digits = new byte[64];
        try (InputStream in = Files.newInputStream(file)) {
            int length = in.read(digits);
            return Long.valueOf(new String(digits, 0, Math.max(0, length), StandardCharsets.US_ASCII).strip());
        } catch (IOException | NumberFormatException e) {
            return null;
        }
    }

    private void walk(Mirror mirror) throws IOException {
        List<PathFilter> rules = new ArrayList<>();
        for (Target target : mirror.targets()) {
            rules.add(FilterRules.of(target.filter()));
        }
        PathFilter filter = PathFilter.allOf(rules);
        // the folder that it leads to, if it is a link
        Path top = mirror.source().resolve(".");
        String root = RawPath.of(top);
        Files.walkFileTree(top, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                String raw = RawPath.of(folder);
                if (raw.length() > root.length() && filter.excludesEntry(raw.substring(root.length() + 1), true)) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                folders++;
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && !ReadAccess.isPossibleOf(file)
                        && !filter.excludesEntry(RawPath.of(file).substring(root.length() + 1), false)) {
                    unreadable(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                if (!file.equals(top)) {
                    unreadable(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private void unreadable(Path file) {
        unreadable++;
        if (shown.size() < MOST_SHOWN) {
            shown.add(RawPath.shown(RawPath.of(file.normalize())));
        }
    }
}
