package dev.dromedary.config;

import java.nio.file.Path;
import java.util.List;

/** Says on which hosts a mirror has targets now, those among them that are kept for a while though they are named no more. */
@FunctionalInterface
public interface HostListProvider {

    /** Nobody has hosts that come and go. */
    HostListProvider NONE = (mirror, hosts, stateDir) -> List.of();

    /**
     * {@return names or addresses, in the order in which they came}
     *
     * @param hosts    who names them, and how long they are kept
     * @param stateDir where they are remembered; it need not exist; {@code null} if that is not known
     */
    List<String> of(String mirror, HostTargetTemplate hosts, Path stateDir);
}
