package common;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Runs programs to their end. */
public final class Commands {

    private static final Duration LONGEST = Duration.ofMinutes(10);

    private Commands() {
    }

    /**
     * Runs a program and drops its output.
     *
     * @throws IOException if it fails, or has not ended after ten minutes
     */
    public static void run(String... command) throws IOException, InterruptedException {
        Process process = start(command);
        if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(command[0] + " did not end");
        }
        if (process.exitValue() != 0) {
            throw new IOException(command[0] + " has ended with " + process.exitValue());
        }
    }

    /** {@return whether a program succeeds, within ten seconds} */
    public static boolean succeeds(String... command) throws IOException, InterruptedException {
        Process process = start(command);
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return false;
        }
        return process.exitValue() == 0;
    }

    private static Process start(String... command) throws IOException {
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(Redirect.DISCARD).start();
    }

    /** {@return all that a program prints, errors included} */
    public static String output(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor(10, TimeUnit.SECONDS);
        return output;
    }

    /** {@return the first line that a program prints, or {@code ?}} */
    public static String firstLine(String... command) throws IOException, InterruptedException {
        return output(command).lines().findFirst().orElse("?").replaceAll(" +", " ").strip();
    }
}
