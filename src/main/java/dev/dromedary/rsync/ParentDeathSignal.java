package dev.dromedary.rsync;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Has the kernel end a command when the thread that started it is gone, however our process went: an rsync whose parent was
 * killed would carry on to its end (docs/facts.md). setpriv(1) of util-linux asks the kernel for that, and becomes the command
 * (prctl(2), PR_SET_PDEATHSIG).
 */
public final class ParentDeathSignal {

    private static final List<String> COMMAND = List.of("setpriv", "--pdeathsig", "KILL", "--");
    private static final long WITHIN_SECONDS = 10;

    private ParentDeathSignal() {
    }

    /**
     * What to put in front of a command.
     *
     * @throws IOException if this system has nothing for it; the message says what to do
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
