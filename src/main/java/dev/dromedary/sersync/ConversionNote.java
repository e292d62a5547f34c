package dev.dromedary.sersync;

import dev.dromedary.log.LogEscaping;
import dev.dromedary.log.Redaction;

/**
 * The result for one element or attribute.
 *
 * @param line its line in the file; 0 if it is not there
 * @param what the element and its attributes, as a user would search for them
 * @param why  what it was converted to, or why not and what to do
 */
record ConversionNote(int line, String what, ElementConversionStatus fate, String why) {

    /** {@return one line without control characters} */
    @Override
    public String toString() {
        return Redaction.of(LogEscaping.of((line > 0 ? "line " + line + ": " : "") + what + ": " + fate + ": " + why));
    }
}
