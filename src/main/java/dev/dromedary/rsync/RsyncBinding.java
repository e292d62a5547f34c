package dev.dromedary.rsync;

import org.apache.camel.Exchange;
import org.apache.camel.component.exec.ExecCommand;
import org.apache.camel.component.exec.ExecEndpoint;
import org.apache.camel.component.exec.impl.DefaultExecBinding;

/** Gives camel-exec's command a way to tell how far it is, to whoever is in {@link RunFigures#PROPERTY} of the message. */
public final class RsyncBinding extends DefaultExecBinding {

    /** A command that may be asked how far it is. */
    static final class Command extends ExecCommand {

        private static final long serialVersionUID = 1L;

        private final transient RunFigures figures;

        private Command(ExecCommand plain, RunFigures figures) {
            super(plain.getExecutable(), plain.getArgs(), plain.getWorkingDir(), plain.getTimeout(), plain.getExitValues(),
                    plain.getInput(), plain.getOutFile(), plain.isUseStderrOnEmptyStdout(), plain.getCommandLogLevel());
            this.figures = figures;
        }

        RunFigures figures() {
            return figures;
        }
    }

    @Override
    public ExecCommand readInput(Exchange exchange, ExecEndpoint endpoint) {
        ExecCommand plain = super.readInput(exchange, endpoint);
        RunFigures figures = exchange.getProperty(RunFigures.PROPERTY, RunFigures.class);
        return figures == null ? plain : new Command(plain, figures);
    }
}
