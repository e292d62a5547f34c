package dev.dromedary.config;

import dev.dromedary.log.LogEscaping;
import dev.dromedary.log.Redaction;

/**
 * A fault in the configuration.
 *
 * @param key     the key, as the user wrote it or would write it
 * @param value   the given value; {@code null} if there is none
 * @param problem what is wrong, as the rest of a sentence
 * @param remedy  how to correct it
 */
public record ConfigFault(String key, String value, String problem, String remedy) {

    /** {@return one line, {@code key = value: problem; remedy}, with control characters escaped and no password} */
    @Override
    public String toString() {
        return LogEscaping.of(key + (value == null ? "" : " = " + Redaction.ofValue(key, value)) + ": "
                + Redaction.about(key, value, problem + "; " + remedy));
    }
}
