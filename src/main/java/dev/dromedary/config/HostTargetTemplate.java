package dev.dromedary.config;

import java.time.Duration;

/**
 * Targets that come and go with their hosts.
 *
 * @param source   the source of the host names
 * @param forget   how long a target is kept after its host is no longer named
 * @param template the options for all of these targets; only name and url differ
 */
public record HostTargetTemplate(HostSource source, Duration forget, Target template) {

    /** The name of the template in a key. */
    public static final String TEMPLATE = "*";

    /** The placeholder for the host in the url of the template. */
    public static final String HOST = "{host}";

    /** {@return the name of the target on a host} */
    public static String name(String host) {
        return host.replaceAll("[^A-Za-z0-9_-]", "-");
    }
}
