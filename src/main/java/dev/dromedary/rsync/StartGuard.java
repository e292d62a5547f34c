package dev.dromedary.rsync;

import java.io.IOException;

import org.apache.camel.component.exec.ExecCommand;

/**
 * Checks a process that was just started, before it gets its list: what was checked before the run may have changed while the run waited for
 * its turn.
 */
@FunctionalInterface
public interface StartGuard {

    /**
     * Checks it.
     *
     * @throws IOException if the process must not go on; it is ended then
     */
    void check(Process process, ExecCommand command) throws IOException;
}
