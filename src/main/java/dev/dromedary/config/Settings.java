package dev.dromedary.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The whole configuration, checked.
 *
 * @param stateDir where what outlives the process is kept, absolute; it need not exist yet
 * @param maxRuns  how many rsyncs may run at once, for all targets
 * @param transferLog how many bytes the log of what was carried may have; 0 for no log
 * @param pair     by what two processes know which of them carries; null for a process that is alone
 * @param reloads  whether the configuration is taken in by itself when its file has changed
 * @param mirrors  at least one, in the order in which they were configured
 */
public record Settings(Path stateDir, int maxRuns, long transferLog, PairOptions pair, boolean reloads, List<Mirror> mirrors) {

    /** What of a configuration counts from a start on, besides Camel's own keys. */
    public static final Set<String> FIXED = Stream.of(ProgramKey.values()).filter(key -> key != ProgramKey.RELOAD).map(ProgramKey::key)
            .collect(Collectors.toUnmodifiableSet());

    /** Keeps a copy of the mirrors. */
    public Settings {
        mirrors = List.copyOf(mirrors);
    }

    /** {@return all targets, mirror/target} */
    public Set<String> ids() {
        return mirrors.stream().flatMap(mirror -> mirror.targets().stream()).map(Target::id).collect(Collectors.toSet());
    }

    /** {@return whether somebody is told when one of the targets is behind} */
    public boolean alarms() {
        return mirrors.stream().flatMap(mirror -> mirror.targets().stream()).anyMatch(target -> target.lagAlarm() != null);
    }

    /** {@return whether targets come and go with their hosts} */
    public boolean followsHosts() {
        return mirrors.stream().anyMatch(mirror -> mirror.hosts() != null);
    }

    /** {@return the mirror of a target} */
    public Mirror mirrorOf(Target target) {
        return mirrors.stream().filter(mirror -> mirror.name().equals(target.mirror())).findFirst().orElseThrow();
    }

    /**
     * Reads the configuration and checks it as a whole. It looks at the file system, but changes nothing there, and
     * speaks to no target.
     *
     * @param raw        every key that starts with "mirror." or "dromedary.", placeholders already resolved; others are
     *                   ignored
     * @param workingDir what relative paths are relative to
     * @return the settings; all paths are absolute
     * @throws ConfigurationException if anything is wrong; it names everything that is
     */
    public static Settings read(Map<String, String> raw, Path workingDir) throws ConfigurationException {
        return read(raw, workingDir, HostListProvider.NONE);
    }

    /**
     * As {@link #read(Map, Path)}.
     *
     * @param hosts says on which hosts there are targets, where these come and go
     */
    public static Settings read(Map<String, String> raw, Path workingDir, HostListProvider hosts) throws ConfigurationException {
        return new SettingsReader(raw, workingDir, hosts).read();
    }
}
