package dev.dromedary.config;

/**
 * The documentation of a configuration key. docs/configuration.md and dromedary(1) are made from it.
 *
 * @param key         its name; for the key of a mirror or target, the last part, such as {@code max-delay}
 * @param type        the type of its value, in a few words
 * @param defaultText the default as it would be written; {@code null} if there is none
 * @param example     a value that users may copy
 * @param description one to three sentences; what the user types is set in backticks
 */
public record KeyDescription(String key, String type, String defaultText, String example, String description) {

    /** {@return a line with its default value; only for keys that have one} */
    ConfigLine defaultLine() {
        return new ConfigLine(key, defaultText);
    }
}
