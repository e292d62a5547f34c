package dev.dromedary.cli;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The actions, one command each. */
public final class ControlCommands {

    private static final String CODES = "%nExit codes:%n";
    private static final String NO = "1:it could not be asked, or said no";
    private static final String WRONG = "2:the arguments are wrong";

    private ControlCommands() {
    }

    /** Retries at once what waits. */
    @Command(name = "replay", mixinStandardHelpOptions = true, description = "Tries at once what waits for its next attempt, and"
            + " asks a target that is away whether it is back.",
            exitCodeListHeading = CODES, exitCodeList = {"0:done", NO, WRONG})
    public static final class Replay extends ControlCommand {
        @Override
        String action() {
            return "replay";
        }
    }

    /** Pauses targets. */
    @Command(name = "pause", mixinStandardHelpOptions = true, description = "Sends nothing more, over restarts too, until it is"
            + " resumed. What changes is kept.",
            exitCodeListHeading = CODES, exitCodeList = {"0:done", NO, WRONG})
    public static final class Pause extends ControlCommand {
        @Override
        String action() {
            return "pause";
        }
    }

    /** Resumes targets. */
    @Command(name = "resume", mixinStandardHelpOptions = true, description = "Goes on after a pause, or after too many deletions"
            + " have halted a target and a person has looked.",
            exitCodeListHeading = CODES, exitCodeList = {"0:done", NO, WRONG})
    public static final class Resume extends ControlCommand {

        @ArgGroup
        private New looked = new New();

        @Override
        String action() {
            return looked.source ? "new-source" : looked.target ? "new-target" : "resume";
        }
    }

    /** The options for what a person has checked. */
    static final class New {

        @Option(names = "--new-source", description = "The source is the right one as it is now: it was replaced or emptied on"
                + " purpose, or what is not mounted below it is gone for good.")
        private boolean source;

        @Option(names = "--new-target", description = "The target is the right one as it is now: what it has and the source has not"
                + " may be deleted, and it may be on another disk than before.")
        private boolean target;
    }

    /** Compares the whole tree. */
    @Command(name = "reconcile", mixinStandardHelpOptions = true, description = "Compares the whole tree by size and time, and"
            + " brings the target in line, while live changes go on.", exitCodeListHeading = CODES,
            exitCodeList = {"0:begun; status says how it ends", NO, WRONG})
    public static final class Reconcile extends ControlCommand {
        @Override
        String action() {
            return "reconcile";
        }
    }
}
