package dev.dromedary.start;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.dromedary.backlog.Backlog;
import dev.dromedary.backlog.TargetOutage;
import dev.dromedary.cli.TerminalProgressBar;
import dev.dromedary.routes.MirrorRoutes;
import dev.dromedary.source.SourceGuard;
import dev.dromedary.status.StatusCollector;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;

/** Runs the mirrors until each target is in line with its source, or can't be for now. */
final class OneTimeSync extends MainListenerSupport {

    private static final long LOOK_EVERY_MILLIS = 50;

    private static final int SHOW_EVERY = 10;

    private final PrintWriter terminal;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private List<String> failures = List.of();
    private List<String> results = List.of();

    /** @param terminal where a progress bar is shown meanwhile; null for none */
    OneTimeSync(PrintWriter terminal) {
        this.terminal = terminal;
    }

    /**
     * Runs Camel until all targets are in line or can't be.
     *
     * @return why targets are not in line, a line for each; empty if all are
     */
    List<String> run(Main main) throws Exception {
        main.addMainListener(this);
        main.run();
        stopped.countDown();
        return failures;
    }

    /** {@return what was sent to each target, a line each; call it after {@link #run}} */
    List<String> results() {
        return results;
    }

    @Override
    public void afterStart(BaseMainSupport main) {
        MirrorRoutes mirrors = main.getCamelContext().getRegistry().lookupByNameAndType("mirrors", MirrorRoutes.class);
        StatusCollector status = main.getCamelContext().getRegistry().lookupByNameAndType("status", StatusCollector.class);
        Thread thread = new Thread(() -> await(mirrors, status, (Main) main), "once");
        thread.setDaemon(true);
        thread.start();
    }

    private void await(MirrorRoutes mirrors, StatusCollector status, Main main) {
        try {
            for (int i = 1; !mirrors.backlogs().stream().allMatch(backlog -> isDone(mirrors, backlog)); i++) {
                if (terminal != null && i % SHOW_EVERY == 0) {
                    TerminalProgressBar.show(terminal, status.bars());
                }
                if (stopped.await(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
            if (terminal != null) {
                TerminalProgressBar.show(terminal, "");
            }
            // file systems that are not mounted below a source were left out: such a target is not in line either
            Stream<String> missing = main.getCamelContext().getRegistry().findByType(SourceGuard.class).stream()
                    .flatMap(source -> Stream.ofNullable(source.submounts().fault()).map(fault -> source.path() + ": " + fault));
            results = status.results();
            failures = Stream.of(mirrors.backlogs().stream().flatMap(backlog -> failure(mirrors, backlog).stream()), missing,
                    mirrors.hosts().faults().stream()).flatMap(each -> each).toList();
            main.completed();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isDone(MirrorRoutes mirrors, Backlog backlog) {
        return failure(mirrors, backlog).isPresent() || backlog.treeArrived() && backlog.size() == 0 && backlog.isTidy();
    }

    private static Optional<String> failure(MirrorRoutes mirrors, Backlog backlog) {
        TargetOutage pause = backlog.paused();
        String reason = backlog.halted() != null ? backlog.halted()
                : pause != null && pause.attempts() > 0 ? pause.reason()
                : mirrors.waiting(backlog).stream().filter(letter -> letter.attempts() > 0)
                        .map(letter -> letter.reason()).findFirst().orElse(null);
        return Optional.ofNullable(reason).map(text -> backlog.id() + ": " + text);
    }
}
