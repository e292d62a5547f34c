package dev.dromedary.cli;

import picocli.CommandLine.Command;

/** The actions, a command each. */
public final class SteerCommands {

    private static final String CODES = "%nExit codes:%n";
    private static final String NO = "1:it could not be asked, or said no";
    private static final String WRONG = "2:the arguments are wrong";

    private SteerCommands() {
    }

    /** What waits is tried now. */
    @Command(name = "replay", mixinStandardHelpOptions = true, description = "Tries at once what waits for its next attempt, and"
            + " asks a target that is away whether it is back.",
            exitCodeListHeading = CODES, exitCodeList = {"0:done", NO, WRONG})
    public static final class Replay extends SteerCommand {
        Replay() {
            super("replay");
        }
    }

    /** Nothing is carried. */
    @Command(name = "pause", mixinStandardHelpOptions = true, description = "Carries nothing more, over restarts too, until it is"
            + " resumed. What changes is kept.",
            exitCodeListHeading = CODES, exitCodeList = {"0:done", NO, WRONG})
    public static final class Pause extends SteerCommand {
        Pause() {
            super("pause");
        }
    }

    /** Goes on. */
    @Command(name = "resume", mixinStandardHelpOptions = true, description = "Goes on after a pause, or after too many deletions"
            + " have halted a target and a person has looked.",
            exitCodeListHeading = CODES, exitCodeList = {"0:done", NO, WRONG})
    public static final class Resume extends SteerCommand {
        Resume() {
            super("resume");
        }
    }

    /** Compares the whole tree. */
    @Command(name = "reconcile", mixinStandardHelpOptions = true, description = "Compares the whole tree by size and time, and"
            + " brings the target in line, while live changes go on.", exitCodeListHeading = CODES,
            exitCodeList = {"0:begun; status says how it ends", NO, WRONG})
    public static final class Reconcile extends SteerCommand {
        Reconcile() {
            super("reconcile");
        }
    }
}
