package dev.dromedary.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The whole configuration, checked.
 *
 * @param stateDir where what outlives the process is kept, absolute; it need not exist yet
 * @param maxRuns  how many rsyncs may run at once, for all targets
 * @param transferLog how many bytes the log of what was carried may have; 0 for no log
 * @param pair     by what two processes know which of them carries; null for a process that is alone
 * @param mirrors  at least one, in the order in which they were configured
 */
public record Settings(Path stateDir, int maxRuns, long transferLog, Pairing pair, List<Mirror> mirrors) {

    /** Keeps a copy of the mirrors. */
    public Settings {
        mirrors = List.copyOf(mirrors);
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
        return new SettingsReader(raw, workingDir).read();
    }
}
