package dev.dromedary.rsync;

import java.util.Set;

import dev.dromedary.backlog.BacklogEndpoint;
import org.apache.camel.Exchange;
import org.apache.camel.component.exec.ExecCommand;
import org.apache.camel.component.exec.ExecEndpoint;

/**
 * Gives camel-exec's command a way to tell how far it is, to whoever is in {@link RunOutputParser#PROPERTY} of the message, and
 * says whether it may take long. One that changes nothing tells it to who is in {@link DryRunChangeCounter#PROPERTY}, which it takes.
 */
public final class MonitoredRsyncBinding extends RsyncBinding {

    private static final Set<String> LONG = Set.of("bulk", "whole", "content", "large", "large-attributes");

    private static final String LIVE = "live";

    /** A command that may be asked how far it is. */
    static final class Command extends ExecCommand {

        private static final long serialVersionUID = 1L;

        private final transient RunOutputParser figures;
        private final String lane;

        Command(ExecCommand plain, RunOutputParser figures, String lane) {
            super(plain.getExecutable(), plain.getArgs(), plain.getWorkingDir(), plain.getTimeout(), plain.getExitValues(),
                    plain.getInput(), plain.getOutFile(), plain.isUseStderrOnEmptyStdout(), plain.getCommandLogLevel());
            this.figures = figures;
            this.lane = lane;
        }

        RunOutputParser figures() {
            return figures;
        }

        /** Whether it carries whole trees or large files. */
        boolean mayTakeLong() {
            return LONG.contains(lane);
        }

        /** Whether it carries what has a new content, as soon as that can be. */
        boolean isLive() {
            return LIVE.equals(lane);
        }
    }

    @Override
    public ExecCommand readInput(Exchange exchange, ExecEndpoint endpoint) {
        ExecCommand plain = super.readInput(exchange, endpoint);
        String lane = exchange.getProperty(BacklogEndpoint.LANE, "", String.class);
        DryRunChangeCounter asked = exchange.getProperty(DryRunChangeCounter.PROPERTY, DryRunChangeCounter.class);
        if (asked != null) {
            exchange.removeProperty(DryRunChangeCounter.PROPERTY);
            // it carries nothing, so none is kept ready for the next
            return new Command(plain, asked, LONG.contains(lane) ? lane : "");
        }
        RunOutputParser figures = exchange.getProperty(RunOutputParser.PROPERTY, RunOutputParser.class);
        return figures == null ? plain : new Command(plain, figures, lane);
    }
}
