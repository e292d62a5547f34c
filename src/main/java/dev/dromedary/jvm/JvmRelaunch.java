package dev.dromedary.jvm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Has Java begin once more in its own place with the options and the archive of classes that suit a program that runs for months, as
 * java(1) takes neither from a jar. The process keeps its number; who has started it sees nothing of it. It is left out for what
 * ends soon, and where somebody gave {@code -X} options.
 */
final class JvmRelaunch {

    /** Tells the second time from the first. */
    private static final String DONE = "dev.dromedary.relaunched";
    private static final String AGAIN = "again";
    // what Java itself looks for (java(1); JVM TI, "The JAVA_TOOL_OPTIONS Environment Variable")
    private static final List<String> PICKED_UP = List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS");
    /** What talks to a running program, or ends soon. */
    static final Set<String> SHORT = Set.of("check", "once", "verify", "status", "replay", "pause", "resume", "reconcile",
            "dead-letters", "discard", "explain", "log", "reload", "init", "wait", "changed", "pending", "approve", "release", "rollback",
            "import-sersync", "generate-completion", "help");
    private static final Set<String> VALUED = Set.of("--config", "--url");
    private static final Set<String> ANSWERED = Set.of("-h", "--help", "-V", "--version");

    private JvmRelaunch() {
    }

    /** Begins anew, unless that is done, not wanted, or can't be: then it returns. */
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
            // it runs as it is: with more memory, and no other harm
            return;
        }
    }

    /** {@return the option of Java that has a process not begin anew} */
    static String mark(String why) {
        return "-D" + DONE + '=' + why;
    }

    /** Whether a command line is that of a program that runs until it is stopped. */
    static boolean lasts(List<String> arguments) {
        if (arguments.stream().anyMatch(ANSWERED::contains)) {
            return false;
        }
        return command(arguments).filter(SHORT::contains).isEmpty();
    }

    // the first word that is neither an option nor its value
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
