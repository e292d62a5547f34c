package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.dromedary.testing.Dromedary;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;

/** How all has to be once what was wrong is right again. */
final class Settled {

    private Settled() {
    }

    /** The same trees, nothing kept any more, and no rsync left behind. */
    static void eventuallySettled(Stage stage, Path target, Dromedary dromedary) {
        eventuallySame(stage.source, target, dromedary);
        eventually("no dead letter is left", dromedary, () -> stage.deadLetters().isEmpty());
        eventually("no rsync is left", dromedary, () -> startedFor(stage.state).isEmpty());
    }

    static void eventuallySettled(Stage stage, Dromedary dromedary) {
        eventuallySettled(stage, stage.target, dromedary);
    }

    /** All processes, of whatever program, that have the state folder in their environment. */
    static List<Long> startedFor(Path state) {
        return ProcessHandle.allProcesses().map(ProcessHandle::pid).filter(pid -> isMarked(pid, state)).toList();
    }

    private static boolean isMarked(long pid, Path state) {
        try {
            byte[] environment = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "environ"));
            return ("\0" + new String(environment, StandardCharsets.ISO_8859_1))
                    .contains("\0DROMEDARY_STATE=" + state + "\0");
        } catch (IOException e) {
            // it has ended meanwhile
            return false;
        }
    }

    /** The state of the mirror's only target. */
    static void eventuallyState(String state, Dromedary dromedary) {
        eventually("the state " + state, dromedary,
                () -> dromedary.get("/api/status").body().contains("\"state\":\"" + state + "\""));
    }
}
