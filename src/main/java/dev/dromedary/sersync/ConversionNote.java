package dev.dromedary.sersync;

import dev.dromedary.log.LogEscaping;
import dev.dromedary.log.Redaction;

/**
 * What became of one element or attribute.
 *
 * @param line where it is in the file; 0 if it is not there
 * @param what the element and its attributes, as one would look for them
 * @param why  what it became, or why not and what to do
 */
record ConversionNote(int line, String what, ElementConversionStatus fate, String why) {

    /** {@return one line without control characters} */
    @Override
    public String toString() {
        return Redaction.of(LogEscaping.of((line > 0 ? "line " + line + ": " : "") + what + ": " + fate + ": " + why));
    }
}
