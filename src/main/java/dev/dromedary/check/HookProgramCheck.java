package dev.dromedary.check;

import java.util.List;

import dev.dromedary.config.Settings;
import dev.dromedary.hook.HookEndpointCheck;

/** Checks whether the programs that the hooks call exist. */
final class HookProgramCheck {

    private HookProgramCheck() {
    }

    static List<CheckFinding> look(Settings settings) {
        return HookEndpointCheck.missingPrograms(settings).stream().map(fault -> CheckFinding.wrong(fault.key(), fault.problem(), fault.remedy())).toList();
    }
}
