package dev.dromedary.config;

/**
 * Links a mirror that publishes a folder to the mirror of the same process that pulls into this folder, so that others can pull from here.
 *
 * @param pulled mirror/target of the pulling mirror
 * @param name   the mirror's name in the topic
 */
public record CascadeLink(String pulled, String name) {
}
