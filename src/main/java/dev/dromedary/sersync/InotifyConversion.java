package dev.dromedary.sersync;

import java.util.List;

/** Converts {@code <inotify>}: the events that sersync handled. Here a change is a path, and what is sent is its present state. */
final class InotifyConversion {

    static final List<String> NAMES = List.of("delete", "createFolder", "createFile", "closeWrite", "moveFrom", "moveTo",
            "attrib", "modify");

    private InotifyConversion() {
    }

    /** {@return whether sersync deleted at the target} */
    static boolean deletes(ConfxmlElement head) {
        return head.first("inotify").first("delete").isOn();
    }

    static void read(ConfxmlElement head, ConfigDraft draft, ConversionNotes findings) {
        boolean deletes = deletes(head);
        draft.set("delete", String.valueOf(deletes));
        for (String name : NAMES) {
            ConfxmlElement event = head.first("inotify").first(name);
            // sersync treats a missing element as off
            String shown = event.isThere() ? "start=\"" + event.get("start") + "\"" : "(not there)";
            tell(event, shown, name, event.isOn(), deletes, findings);
        }
    }

    private static void tell(ConfxmlElement event, String shown, String name, boolean on, boolean deletes, ConversionNotes findings) {
        switch (name) {
            case "delete" -> findings.taken(event, shown, "delete = " + deletes);
            case "createFile" -> findings.notNeeded(event, shown, "a new file is sent once it is closed, and one that"
                    + " stays open every max-delay");
            case "attrib" -> findings.notNeeded(event, shown, "a mirror has the source's attributes too: a chmod, chown"
                    + " or touch is always mirrored");
            case "modify" -> findings.notNeeded(event, shown, "what is written to is sent when it is closed, and while it"
                    + " stays open every max-delay");
            case "moveFrom" -> {
                if (on) {
                    findings.taken(event, shown, "it is always so; the old name goes as delete says");
                } else if (deletes) {
                    findings.notTaken(event, shown, "what is moved away is gone at the source, and is deleted at the target"
                            + " like all that is gone; set delete = false if it is to stay");
                } else {
                    findings.notNeeded(event, shown, "with delete = false the old name stays at the target");
                }
            }
            default -> {
                if (on) {
                    findings.taken(event, shown, "it is always so");
                } else {
                    findings.notTaken(event, shown, switch (name) {
                        case "createFolder" -> "a new folder is mirrored at once, with what is in it; name in exclude the"
                                + " folders that are not to be";
                        case "closeWrite" -> "a written file is always mirrored; name in exclude what is not to be";
                        default -> "what is moved in is mirrored like all that is new; name in exclude what is not to be";
                    });
                }
            }
        }
    }
}
