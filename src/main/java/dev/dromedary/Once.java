package dev.dromedary;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.dromedary.change.Backlog;
import dev.dromedary.change.Pause;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;

/** Lets the mirrors run until each target is in line with its source, or can't be for now. */
final class Once extends MainListenerSupport {

    private static final long LOOK_EVERY_MILLIS = 50;

    private final CountDownLatch stopped = new CountDownLatch(1);
    private List<String> failures = List.of();

    /**
     * Runs Camel until then.
     *
     * @return why targets are not in line, a line for each; empty if all are
     */
    List<String> run(Main main) throws Exception {
        main.addMainListener(this);
        main.run();
        stopped.countDown();
        return failures;
    }

    @Override
    public void afterStart(BaseMainSupport main) {
        Mirrors mirrors = main.getCamelContext().getRegistry().lookupByNameAndType("mirrors", Mirrors.class);
        Thread thread = new Thread(() -> await(mirrors, (Main) main), "once");
        thread.setDaemon(true);
        thread.start();
    }

    private void await(Mirrors mirrors, Main main) {
        try {
            while (!mirrors.backlogs().stream().allMatch(backlog -> isDone(mirrors, backlog))) {
                if (stopped.await(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
            failures = mirrors.backlogs().stream().flatMap(backlog -> failure(mirrors, backlog).stream()).toList();
            main.completed();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isDone(Mirrors mirrors, Backlog backlog) {
        return failure(mirrors, backlog).isPresent() || backlog.treeArrived() && backlog.size() == 0 && backlog.isTidy();
    }

    private static Optional<String> failure(Mirrors mirrors, Backlog backlog) {
        Pause pause = backlog.paused();
        String reason = backlog.halted() != null ? backlog.halted()
                : pause != null && pause.attempts() > 0 ? pause.reason()
                : mirrors.waiting(backlog).stream().filter(letter -> letter.attempts() > 0)
                        .map(letter -> letter.reason()).findFirst().orElse(null);
        return Optional.ofNullable(reason).map(text -> backlog.id() + ": " + text);
    }
}
