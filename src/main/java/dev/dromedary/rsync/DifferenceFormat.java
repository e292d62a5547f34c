package dev.dromedary.rsync;

import dev.dromedary.change.RawPath;

/** The format in which a difference between source and target is printed. */
public enum DifferenceFormat {

    /** In rsync's codes. */
    ITEMIZED {
        @Override
        String text(ItemizedLine line) {
            return String.format("%-11s %s", line.codes(), shown(line));
        }
    },

    /** The changes that a run would make. */
    PLAN {
        @Override
        String text(ItemizedLine line) {
            return words(line, "would delete", "would create", "would send", "would set") + (line.isDeleted() || line.isNew() || line.isTransferred()
                    ? "" : "  (attributes)");
        }
    },

    /** The differences between the two sides. */
    FINDING {
        @Override
        String text(ItemizedLine line) {
            return words(line, "only there", "missing there", "differs", "attributes");
        }
    };

    /** {@return the line in readable form} */
    abstract String text(ItemizedLine line);

    private static String words(ItemizedLine line, String deleted, String created, String sent, String set) {
        return String.format("%-13s %s", line.isDeleted() ? deleted : line.isNew() ? created : line.isTransferred() ? sent : set, shown(line));
    }

    // rsync has already escaped it
    private static String shown(ItemizedLine line) {
        return RawPath.escape(line.name()).replace("\\#134#", "\\#");
    }
}
