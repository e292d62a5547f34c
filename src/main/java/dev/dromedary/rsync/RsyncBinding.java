package dev.dromedary.rsync;

import java.io.File;
import java.io.InputStream;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.apache.camel.Exchange;
import org.apache.camel.component.exec.ExecCommand;
import org.apache.camel.component.exec.ExecEndpoint;
import org.apache.camel.component.exec.impl.DefaultExecBinding;
import org.apache.camel.component.exec.impl.ExecParseUtils;

/**
 * Makes camel-exec's command from the endpoint, or from the step in {@link MoveByLinkDest#STEP}, which is then removed. Arguments that the
 * receiver does not support are left out ({@link ReceiverState#PROPERTY}), and the numbers of a release are filled in
 * ({@link ReleasePlaceholders}). Unlike Camel's own binding it ignores the headers {@code CamelExec...}, as a message may have them from elsewhere.
 */
public class RsyncBinding extends DefaultExecBinding {

    private static final String MOST = "--max-delete=";

    @Override
    public ExecCommand readInput(Exchange exchange, ExecEndpoint endpoint) {
        MoveByLinkDest.Step step = (MoveByLinkDest.Step) exchange.removeProperty(MoveByLinkDest.STEP);
        List<String> arguments = step != null ? step.arguments()
                : ExecParseUtils.splitToWhiteSpaceSeparatedTokens(endpoint.getArgs());
        Object most = exchange.getProperty(MaxDeleteGuard.PROPERTY);
        if (most != null) {
            arguments = arguments.stream().flatMap(argument -> argument.startsWith(MOST) ? limits(most, exchange.getProperty(MaxDeleteGuard.RULES)) : Stream.of(argument)).toList();
        }
        ReleasePlaceholders numbers = exchange.getProperty(ReleasePlaceholders.PROPERTY, ReleasePlaceholders.class);
        if (numbers != null) {
            arguments = numbers.in(arguments);
        }
        ReceiverCapabilities there = exchange.getProperty(ReceiverState.PROPERTY, ReceiverCapabilities.class);
        String folder = step != null ? step.folder().toString() : endpoint.getWorkingDir();
        Set<Integer> exits = endpoint.getExitValues() == null ? Set.of()
                : Set.copyOf(ExecParseUtils.splitCommaSeparatedToListOfInts(endpoint.getExitValues()));
        return new ExecCommand(endpoint.getExecutable(), there == null ? arguments : there.fit(arguments), folder, endpoint.getTimeout(), exits,
                exchange.getIn().getBody(InputStream.class), endpoint.getOutFile() == null ? null : new File(endpoint.getOutFile()),
                endpoint.isUseStderrOnEmptyStdout(), endpoint.getCommandLogLevel());
    }

    // of several rules that match, rsync takes the first; it reads a file as soon as it is named, with or without NULs
    private static Stream<String> limits(Object most, Object rules) {
        return rules == null ? Stream.of(MOST + most) : Stream.of(MOST + most, "--from0", "--filter=merge " + rules);
    }
}
