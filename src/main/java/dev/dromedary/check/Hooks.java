package dev.dromedary.check;

import java.util.List;

import dev.dromedary.config.Settings;
import dev.dromedary.hook.Endpoints;

/** Whether the programs that are to be told of something are there. */
final class Hooks {

    private Hooks() {
    }

    static List<Finding> look(Settings settings) {
        return Endpoints.missingPrograms(settings).stream().map(fault -> Finding.wrong(fault.key(), fault.problem(), fault.remedy())).toList();
    }
}
