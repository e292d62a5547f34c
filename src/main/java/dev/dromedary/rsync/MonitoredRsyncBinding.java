package dev.dromedary.rsync;

import java.util.Set;

import dev.dromedary.backlog.BacklogEndpoint;
import org.apache.camel.Exchange;
import org.apache.camel.component.exec.ExecCommand;
import org.apache.camel.component.exec.ExecEndpoint;

/**
 * Makes camel-exec's command report its progress to the {@link RunOutputParser#PROPERTY} of the message, and marks commands that may take
 * long. A dry run reports to the {@link DryRunChangeCounter#PROPERTY} instead, which is removed.
 */
public final class MonitoredRsyncBinding extends RsyncBinding {

    private static final Set<String> LONG = Set.of("bulk", "whole", "content", "large", "large-attributes");

    private static final String LIVE = "live";

    /** A command that reports its progress. */
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

        /** Returns whether it sends whole trees or large files. */
        boolean mayTakeLong() {
            return LONG.contains(lane);
        }

        /** Returns whether it sends new content as soon as possible. */
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
            return dryRun(plain, asked, lane);
        }
        RunOutputParser figures = exchange.getProperty(RunOutputParser.PROPERTY, RunOutputParser.class);
        return figures == null ? plain : new Command(plain, figures, lane(exchange, lane));
    }

    // it sends nothing, so no process is kept ready for the next one
    static ExecCommand dryRun(ExecCommand plain, RunOutputParser figures, String lane) {
        return new Command(plain, figures, LONG.contains(lane) ? lane : "");
    }

    // one that waits for its list has read its rules before
    private static String lane(Exchange exchange, String lane) {
        return LIVE.equals(lane) && exchange.getProperty(MaxDeleteGuard.RULES) != null ? "" : lane;
    }
}
