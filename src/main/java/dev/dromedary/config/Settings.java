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
 * @param stateDir the folder for what outlives the process, absolute; it need not exist yet
 * @param maxRuns  maximum number of rsync processes at the same time, for all targets
 * @param transferLog maximum size of the transfer log in bytes; 0 for no log
 * @param pair     how two processes determine which of them leads; null for a process without a partner
 * @param reloads  whether the configuration is reloaded automatically when its file has changed
 * @param mirrors  at least one, in the order of the configuration
 */
public record Settings(Path stateDir, int maxRuns, long transferLog, PairOptions pair, boolean reloads, List<Mirror> mirrors) {

    /** The keys that are read only at the start, in addition to Camel's own. */
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

    /** {@return whether any target has an alarm for its lag} */
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
     * Reads the configuration and checks it as a whole. It looks at the file system, but changes nothing there, and contacts no target.
     *
     * @param raw        every key that starts with "mirror." or "dromedary.", placeholders already resolved; others are
     *                   ignored
     * @param workingDir what relative paths are relative to
     * @return the settings; all paths are absolute
     * @throws ConfigurationException if anything is wrong; it names all faults
     */
    public static Settings read(Map<String, String> raw, Path workingDir) throws ConfigurationException {
        return read(raw, workingDir, HostListProvider.NONE);
    }

    /**
     * Does the same as {@link #read(Map, Path)}, with targets that come and go with their hosts.
     *
     * @param hosts lists the hosts that have targets
     */
    public static Settings read(Map<String, String> raw, Path workingDir, HostListProvider hosts) throws ConfigurationException {
        return new SettingsReader(raw, workingDir, hosts).read();
    }
}
