package dev.dromedary.config;

/**
 * What people are told of a key of the configuration, in docs/configuration.md and dromedary(1), which are made from it.
 *
 * @param key         its name; of a mirror's or target's key the last part, such as {@code max-delay}
 * @param type        what its value is, in a few words
 * @param defaultText the value that it has if none is given, as one would write it; {@code null} if there is none
 * @param example     a value that somebody may copy
 * @param description one to three sentences; what is typed stands between backticks
 */
public record KeyDescription(String key, String type, String defaultText, String example, String description) {

    /** {@return its line without a value of its own; only where there is a default} */
    ConfigLine defaultLine() {
        return new ConfigLine(key, defaultText);
    }
}
