package dev.dromedary.rsync;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Makes the kernel end a command when the thread that started it is gone, however our process ended. Otherwise an rsync whose parent was
 * killed would continue to its end (docs/facts.md). setpriv(1) of util-linux asks the kernel for that, and then becomes the command
 * (prctl(2), PR_SET_PDEATHSIG).
 */
public final class ParentDeathSignal {

    private static final List<String> COMMAND = List.of("setpriv", "--pdeathsig", "KILL", "--");
    private static final long WITHIN_SECONDS = 10;

    private ParentDeathSignal() {
    }

    /**
     * Returns the words to put in front of a command.
     *
     * @throws IOException if this system does not support it; the message says what to do
     */
    public static List<String> command() throws IOException {
        List<String> trial = new ArrayList<>(COMMAND);
        trial.add("true");
        try {
            Process process = new ProcessBuilder(trial).redirectOutput(Redirect.DISCARD).redirectError(Redirect.DISCARD).start();
            if (process.waitFor(WITHIN_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0) {
                return COMMAND;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("a stop came before it was started").initCause(e);
        } catch (IOException e) {
            throw refused(e);
        }
        throw refused(null);
    }

    private static IOException refused(IOException cause) {
        return new IOException("dromedary.pair: setpriv --pdeathsig can't be run, so an rsync could outlive its process and run"
                + " beside those of the other one; install util-linux 2.33 or later", cause);
    }
}
