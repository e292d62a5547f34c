package dev.dromedary.watch;

import java.nio.file.Path;

import com.sun.jna.Platform;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.filter.FilterRules;
import dev.dromedary.source.SourceGuard;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class SourceWatchTest {

    /** Whoever is told dies of it, as by a lack of memory. */
    private static final class Deadly implements SourceWatch.Listener {
        @Override
        public boolean watching(ChangeSet wholeTree, boolean again) {
            throw new AssertionError("no memory");
        }

        @Override
        public boolean lost(String reason) {
            return true;
        }

        @Override
        public boolean changed(ChangeSet changes, boolean last) {
            return true;
        }
    }

    @TempDir
    private Path source;

    @Test
    void a_watch_whose_thread_has_ended_is_stuck_until_it_is_stopped() throws InterruptedException {
        assumeTrue(Platform.isLinux() && Platform.is64Bit(), "inotify is Linux's");
        SourceWatch watch = new SourceWatch(new SourceGuard(source, null), new WatchOptions(WatchMethod.AUTO, FilterRules.NONE, 50, 1, 1000, 1000, null,
                HardLinkMode.FOLLOW, false),
                new Deadly());
        assertThat(watch.stuck(0)).isNull();
        Thread thread = new Thread(watch);
        thread.setUncaughtExceptionHandler((ended, why) -> { });
        thread.start();
        thread.join();

        assertThat(watch.stuck(Long.MAX_VALUE)).isEqualTo("its thread has ended");
        watch.stop();
        assertThat(watch.stuck(0)).isNull();
    }
}
