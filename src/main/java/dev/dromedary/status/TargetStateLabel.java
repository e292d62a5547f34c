package dev.dromedary.status;

import java.util.Locale;

/** The state of a target, in one word or two; if several apply, the last one counts. */
public enum TargetStateLabel {
    /** All changes older than a moment have arrived. */
    LIVE,
    /** It is not known yet whether it is in line with its source: nothing has been compared since the start. */
    STARTING,
    /** Something has not arrived yet, and is in flight or waits for its turn. */
    CATCHING_UP,
    /** Everything else is sent, but some paths can't be, or some folders are not watched: a person has to look. */
    PARTIAL,
    /** It is unreachable, or refuses; it is probed regularly. */
    AWAY,
    /** It has no space left. */
    FULL,
    /** The other process of the pair, or of an agent's group, mirrors; this one would take over if that one were gone. */
    STANDBY,
    /** A person has paused it. */
    PAUSED,
    /** Sending could do harm; a person has to look. */
    HALTED;

    /** Returns the text for people: in small letters. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
