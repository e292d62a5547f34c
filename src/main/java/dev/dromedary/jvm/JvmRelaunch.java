package dev.dromedary.jvm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Restarts Java in the same process with the options and the class archive that suit a program that runs for months, because java(1) takes
 * neither from a jar. The process keeps its id, so the parent process does not notice. There is no restart for commands that end soon, or
 * if the user gave {@code -X} options.
 */
final class JvmRelaunch {

    /** Marks a process that must not be restarted again. */
    private static final String DONE = "dev.dromedary.relaunched";
    private static final String AGAIN = "again";
    // variables that Java itself reads (java(1); JVM TI, "The JAVA_TOOL_OPTIONS Environment Variable")
    private static final List<String> PICKED_UP = List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS");
    /** Commands that talk to a running program, or end soon. */
    static final Set<String> SHORT = Set.of("check", "once", "verify", "status", "replay", "pause", "resume", "reconcile",
            "dead-letters", "discard", "explain", "log", "reload", "init", "wait", "changed", "pending", "approve", "release", "rollback",
            "import-sersync", "generate-completion", "help");
    private static final Set<String> VALUED = Set.of("--config", "--url");
    private static final Set<String> ANSWERED = Set.of("-h", "--help", "-V", "--version");

    private JvmRelaunch() {
    }

    /** Restarts Java; returns if that is done already, not wanted or not possible. */
    static void unlessDone(String[] arguments) {
        String done = System.getProperty(DONE);
        if (done != null) {
            if (done.equals(AGAIN)) {
                OwnCommandLine.own(arguments.length).ifPresent(ArchiveMaker::later);
            }
            return;
        }
        if (isHotSpot() && lasts(List.of(arguments)) && PICKED_UP.stream().noneMatch(name -> OwnCommandLine.tunes(words(System.getenv(name))))) {
            OwnCommandLine.own(arguments.length).filter(command -> !command.isTuned()).ifPresent(command -> begin(command.absolute()));
        }
    }

    private static void begin(OwnCommandLine command) {
        List<String> options = new ArrayList<>(JvmOptions.read());
        ClassArchive.of(command).ifPresent(archive -> archive.find().ifPresent(file -> options.addAll(archive.use(file))));
        options.add(mark(AGAIN));
        try {
            Execv.program(command.with(options).words());
        } catch (LinkageError e) {
            // the program runs as it is; it only uses more memory
            return;
        }
    }

    /** {@return the Java option that prevents a restart of the process} */
    static String mark(String why) {
        return "-D" + DONE + '=' + why;
    }

    /** {@return whether a command line starts a program that runs until it is stopped} */
    static boolean lasts(List<String> arguments) {
        if (arguments.stream().anyMatch(ANSWERED::contains)) {
            return false;
        }
        return command(arguments).filter(SHORT::contains).isEmpty();
    }

    // the first word that is neither an option nor the value of one
    private static Optional<String> command(List<String> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            if (VALUED.contains(arguments.get(i))) {
                i++;
            } else if (!arguments.get(i).startsWith("-")) {
                return Optional.of(arguments.get(i));
            }
        }
        return Optional.empty();
    }

    private static boolean isHotSpot() {
        return System.getProperty("os.name").equals("Linux") && System.getProperty("java.vm.name", "").matches(".*(OpenJDK|HotSpot).*");
    }

    private static List<String> words(String text) {
        return text == null ? List.of() : List.of(text.strip().split("\\s+"));
    }
}
