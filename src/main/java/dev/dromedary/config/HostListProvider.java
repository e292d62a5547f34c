package dev.dromedary.config;

import java.nio.file.Path;
import java.util.List;

/** Lists the hosts for which a mirror has targets now, including those that are kept for a while after they are no longer named. */
@FunctionalInterface
public interface HostListProvider {

    /** For configurations without hosts that come and go. */
    HostListProvider NONE = (mirror, hosts, stateDir) -> List.of();

    /**
     * {@return names or addresses, in the order in which they were named}
     *
     * @param hosts    the source of the host names, and how long hosts are kept
     * @param stateDir where the hosts are stored; it need not exist; {@code null} if it is not known
     */
    List<String> of(String mirror, HostTargetTemplate hosts, Path stateDir);
}
