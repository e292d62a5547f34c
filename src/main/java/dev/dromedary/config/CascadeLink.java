package dev.dromedary.config;

/**
 * That a mirror publishes a folder which another mirror of the same process pulls into, for the next ones to pull from here.
 *
 * @param pulled mirror/target of that other mirror
 * @param name   the mirror's name in the topic
 */
public record CascadeLink(String pulled, String name) {
}
