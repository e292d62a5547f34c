package common;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Ends processes, and reads from {@code /proc} what they have used; a process that has ended has used nothing. */
public final class Processes {

    // proc_pid_stat(5), counted from the field after the name
    private static final int[] OWN_CPU = {11, 12};
    private static final int[] CPU_OF_ENDED_CHILDREN = {13, 14};
    private static final double TICKS_PER_SECOND = ticksPerSecond();

    private Processes() {
    }

    /**
     * Ends a process with all that it has started, also what it starts meanwhile.
     *
     * @param grace how long it may take to end by itself
     */
    public static void end(Process process, Duration grace) {
        try {
            List<ProcessHandle> children = process.descendants().toList();
            process.destroy();
            if (!process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
                children = Stream.concat(children.stream(), process.descendants()).toList();
                process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            }
            for (ProcessHandle child : children) {
                List<ProcessHandle> further = child.descendants().toList();
                child.destroyForcibly();
                further.forEach(ProcessHandle::destroyForcibly);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** {@return a process and all that it has started and that still runs} */
    public static Stream<ProcessHandle> tree(ProcessHandle root) {
        return Stream.concat(Stream.of(root), root.descendants());
    }

    /** {@return seconds of CPU that a process has used itself} */
    public static double ownCpu(ProcessHandle process) {
        return cpu(process, OWN_CPU);
    }

    /** {@return seconds of CPU that the children of a process have used, those that have ended included} */
    public static double cpuOfChildren(ProcessHandle process) {
        return cpu(process, CPU_OF_ENDED_CHILDREN)
                + process.descendants().mapToDouble(child -> cpu(child, OWN_CPU) + cpu(child, CPU_OF_ENDED_CHILDREN)).sum();
    }

    private static double cpu(ProcessHandle process, int[] fields) {
        String stat = text(Path.of("/proc/" + process.pid() + "/stat"));
        if (stat.isEmpty()) {
            return 0;
        }
        // a name may have spaces and parentheses in it
        String[] values = stat.substring(stat.lastIndexOf(')') + 2).strip().split(" ");
        return IntStream.of(fields).mapToLong(field -> Long.parseLong(values[field])).sum() / TICKS_PER_SECOND;
    }

    /**
     * {@return the sum of some values of a file with a name and a value on each line, such as {@code status}}
     *
     * @param file below {@code /proc}
     */
    public static long sum(Path file, String... names) {
        return text(file).lines().filter(line -> Stream.of(names).anyMatch(name -> line.startsWith(name + ":")))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).sum();
    }

    /**
     * {@return the content of a file; empty if its process has ended}
     *
     * @param file below {@code /proc}
     */
    public static String text(Path file) {
        try {
            // the first read gives all
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    private static double ticksPerSecond() {
        try {
            return Double.parseDouble(Commands.firstLine("getconf", "CLK_TCK"));
        } catch (Exception e) {
            return 100;
        }
    }
}
