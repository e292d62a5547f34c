package dev.dromedary.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A few lines of shell, for what is said best in it: {@code touch -h}, {@code mv}, names of any bytes. */
public final class Sh {

    private Sh() {
    }

    /** Runs the script in a folder and gives what it printed; a script that fails fails the test. */
    public static String run(Path folder, String script) {
        try {
            Process process = new ProcessBuilder("sh", "-euc", script)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exit = process.waitFor();
            if (exit != 0) {
                throw new AssertionError("exit " + exit + " of: " + script + "\n" + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Whether the script can be run in a folder, and succeeds. */
    public static boolean works(Path folder, String script) {
        try {
            run(folder, script);
            return true;
        } catch (AssertionError e) {
            return false;
        }
    }
}
