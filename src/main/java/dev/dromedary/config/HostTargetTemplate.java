package dev.dromedary.config;

import java.time.Duration;

/**
 * Targets that come and go with their hosts.
 *
 * @param source   who names the hosts
 * @param forget   how long a target is kept whose host is no longer named
 * @param template a target as all of these are, but for its name and url
 */
public record HostTargetTemplate(HostSource source, Duration forget, Target template) {

    /** The name, in a key, of the target that all of these are made from. */
    public static final String TEMPLATE = "*";

    /** What stands for the host in the url of the template. */
    public static final String HOST = "{host}";

    /** {@return the name of the target on a host} */
    public static String name(String host) {
        return host.replaceAll("[^A-Za-z0-9_-]", "-");
    }
}
