package dev.dromedary.status;

import java.util.Locale;

/** How it stands with a target, in one word or two; of several that fit, the last one. */
public enum TargetStateLabel {
    /** All that changed more than a moment ago is there. */
    LIVE,
    /** It is not known yet whether it is in line with its source: nothing has been compared since the start. */
    STARTING,
    /** Something has not arrived yet, and is on its way or waits for its turn. */
    CATCHING_UP,
    /** All else is carried, but some paths can't be, or some folders are not seen: a person has to look. */
    PARTIAL,
    /** It can't be reached, or refuses; it is asked again. */
    AWAY,
    /** It has no room left. */
    FULL,
    /** The other process of the pair, or of an agent's group, carries; this one would, if that one were gone. */
    STANDBY,
    /** A person wants nothing carried for now. */
    PAUSED,
    /** Carrying on could do harm; a person has to look. */
    HALTED;

    /** As people read it: in small letters. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
