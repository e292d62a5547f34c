package dev.dromedary.rsync;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import dev.dromedary.backlog.BacklogEndpoint;
import org.apache.camel.Exchange;
import org.apache.camel.component.exec.ExecBinding;
import org.apache.camel.component.exec.ExecCommand;
import org.apache.camel.component.exec.ExecEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What is run is what the route says, or a step of ours, whatever a message has with it. */
class RsyncBindingTest {

    @AutoClose
    private final DefaultCamelContext context = new DefaultCamelContext();
    private final RsyncBinding binding = new RsyncBinding();
    private ExecEndpoint endpoint;
    private Exchange exchange;

    @BeforeEach
    void set() {
        endpoint = context.getEndpoint("exec:rsync?args=RAW(--archive \"--filter=- *\" ./ there/)&workingDir=RAW(/source)"
                + "&timeout=1000&commandLogLevel=OFF", ExecEndpoint.class);
        exchange = new DefaultExchange(context);
        exchange.getIn().setBody("the list".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void the_route_says_what_is_run() throws Exception {
        assertAsTheRouteSays(binding.readInput(exchange, endpoint));
    }

    @Test
    void no_header_changes_what_is_run() throws Exception {
        exchange.getIn().setHeader(ExecBinding.EXEC_COMMAND_EXECUTABLE, "touch");
        exchange.getIn().setHeader(ExecBinding.EXEC_COMMAND_ARGS, List.of("mine"));
        exchange.getIn().setHeader("CAMELEXECCOMMANDWORKINGDIR", "/elsewhere");
        exchange.getIn().setHeader(ExecBinding.EXEC_COMMAND_OUT_FILE, "/elsewhere/out");
        exchange.getIn().setHeader(ExecBinding.EXEC_COMMAND_TIMEOUT, 1L);
        exchange.getIn().setHeader(ExecBinding.EXEC_COMMAND_EXIT_VALUES, "0,1");
        exchange.getIn().setHeader(ExecBinding.EXEC_USE_STDERR_ON_EMPTY_STDOUT, true);
        exchange.getIn().setHeader(ExecBinding.EXEC_COMMAND_LOG_LEVEL, "INFO");

        assertAsTheRouteSays(binding.readInput(exchange, endpoint));
    }

    @Test
    void a_step_of_a_move_is_run_once_with_its_own_arguments_in_its_own_folder() throws Exception {
        exchange.getIn().setHeader(ExecBinding.EXEC_COMMAND_ARGS, List.of("mine"));
        exchange.setProperty(MoveByLinkDest.STEP, new MoveByLinkDest.Step(Path.of("/source/a b"), List.of("--dirs", "a b"), new byte[0], Set.of(0), false));

        ExecCommand step = binding.readInput(exchange, endpoint);
        assertThat(step.getExecutable()).isEqualTo("rsync");
        assertThat(step.getArgs()).containsExactly("--dirs", "a b");
        assertThat(step.getWorkingDir()).isEqualTo("/source/a b");
        assertAsTheRouteSays(binding.readInput(exchange, endpoint));
    }

    @Test
    void a_run_that_is_followed_is_what_the_route_says_too() throws Exception {
        MonitoredRsyncBinding followedBinding = new MonitoredRsyncBinding();
        exchange.setProperty(RunOutputParser.PROPERTY, new RunOutputParser());
        exchange.setProperty(BacklogEndpoint.LANE, "whole");
        exchange.getIn().setHeader(ExecBinding.EXEC_COMMAND_EXECUTABLE, "touch");

        ExecCommand followed = followedBinding.readInput(exchange, endpoint);
        assertAsTheRouteSays(followed);
        assertThat(followed).isInstanceOfSatisfying(MonitoredRsyncBinding.Command.class, command -> assertThat(command.mayTakeLong()).isTrue());
    }

    private static void assertAsTheRouteSays(ExecCommand command) throws Exception {
        assertThat(command.getExecutable()).isEqualTo("rsync");
        assertThat(command.getArgs()).containsExactly("--archive", "--filter=- *", "./", "there/");
        assertThat(command.getWorkingDir()).isEqualTo("/source");
        assertThat(command.getTimeout()).isEqualTo(1000);
        assertThat(command.getOutFile()).isNull();
        assertThat(command.getExitValues()).isEmpty();
        assertThat(command.isUseStderrOnEmptyStdout()).isFalse();
        assertThat(command.getInput().readAllBytes()).asString().isEqualTo("the list");
    }
}
