package dev.dromedary.config;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Refuses options that make no sense for a target with releases. */
final class ReleaseOptionCheck {

    // a mirror may set these for all its targets; they apply to those that are live trees
    private static final Map<TargetKey, String> WITHOUT_USE = new EnumMap<>(Map.of(
            TargetKey.LARGE_FILE, "a release is brought as a whole, and shown when its largest file is there, too",
            TargetKey.LAST, "a release is shown when all of it is there, so no page comes before what it refers to",
            TargetKey.MAX_DELETE, "in a live tree nothing is deleted, as a release is a folder of its own; releases says how many are kept",
            TargetKey.FIRST_RUN, "nothing that is at the target is deleted by its first release",
            TargetKey.MAX_BACKLOG, "a release is made of the whole source, so it is not counted what has changed",
            TargetKey.WARM, "no run is made for a single change"));

    private ReleaseOptionCheck() {
    }

    /**
     * @param lines the options of the target, and those of its mirror that it does not set
     * @param own   the options that the target sets itself
     */
    static void check(Map<TargetKey, ConfigLine> lines, Set<TargetKey> own, ConfigFaults faults) {
        WITHOUT_USE.forEach((option, why) -> {
            ConfigLine line = lines.get(option);
            if (line != null && !line.isBlank() && own.contains(option)) {
                faults.add(line, "this is without use where there are releases: " + why, "leave it out");
            }
        });
        ConfigLine delete = lines.get(TargetKey.DELETE);
        if (delete != null && !delete.value().equalsIgnoreCase("true")) {
            faults.add(delete, "a release has what the source has, and nothing else, so this can't be kept where there are releases",
                    "set delete = true for this target; what is gone is in the releases before");
        }
        ConfigLine change = lines.get(TargetKey.MAX_CHANGE);
        if (change != null && !change.isBlank()) {
            faults.add(change, "a release is not counted before it is shown, so this can't be kept where there are releases",
                    "leave it out, or write it without a value for this target; dromedary rollback shows the release before again");
        }
        ConfigLine holds = lines.get(TargetKey.HOOKS_HOLD);
        if (holds != null && holds.value().equalsIgnoreCase("true")) {
            faults.add(holds, "a release that is shown can't be held any more, so this can't be kept where there are releases",
                    "set hooks-hold = false for this target");
        }
        ConfigLine options = lines.get(TargetKey.RSYNC_OPTIONS);
        if (options != null && UserRsyncOptions.has(List.of(options.value().split("\\s+")), "--inplace", "--write-devices")) {
            faults.add(options, "--inplace would write into the releases before, which share their files with the next one",
                    "leave it out where there are releases");
        }
    }
}
