package dev.dromedary.watch;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Set;

import dev.dromedary.filter.FilterRules;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class WatchMethodChooserTest {

    @TempDir
    private Path source;

    @BeforeEach
    void real() throws IOException {
        source = source.toRealPath();
    }

    @Test
    void by_itself_it_takes_inotify_as_long_as_that_has_room() throws IOException {
        WatchMethodChooser choice = new WatchMethodChooser(WatchMethod.AUTO, 1000);
        assertThat(opened(choice)).isEqualTo("inotify");

        assertThat(isOtherBetter(choice, watch("inotify", false))).isFalse();
        assertThat(opened(choice)).isEqualTo("inotify");
    }

    @Test
    void where_inotify_is_limited_it_takes_fanotify() throws IOException {
        assumeTrue(FanotifyProbe.fault(source).isEmpty(), "fanotify is not to be had here");
        WatchMethodChooser choice = new WatchMethodChooser(WatchMethod.AUTO, 1000);

        assertThat(isOtherBetter(choice, watch("inotify", true))).isTrue();
        assertThat(opened(choice)).isEqualTo("fanotify");
        assertThat(isOtherBetter(choice, watch("fanotify", true))).as("no third way").isFalse();
    }

    @Test
    void inotify_that_is_configured_stays() throws IOException {
        WatchMethodChooser choice = new WatchMethodChooser(WatchMethod.INOTIFY, 1000);

        assertThat(isOtherBetter(choice, watch("inotify", true))).isFalse();
        assertThat(opened(choice)).isEqualTo("inotify");
    }

    @Test
    void fanotify_that_is_configured_is_tried_again_where_it_was_not_to_be_had() throws IOException {
        assumeTrue(FanotifyProbe.fault(source).isEmpty(), "fanotify is not to be had here");
        WatchMethodChooser choice = new WatchMethodChooser(WatchMethod.FANOTIFY, 1000);

        assertThat(opened(choice)).isEqualTo("fanotify");
        assertThat(isOtherBetter(choice, watch("inotify", false))).isTrue();
        assertThat(isOtherBetter(choice, watch("fanotify", false))).isFalse();
    }

    /** The kernel's own view of processes can't be watched as a whole. */
    @Test
    void where_fanotify_is_not_to_be_had_either_it_stays_with_inotify() throws IOException {
        Path proc = Path.of("/proc/sys");
        WatchMethodChooser choice = new WatchMethodChooser(WatchMethod.AUTO, 1000);

        assertThat(choice.isOtherBetter(watch("inotify", true), proc, FilterRules.NONE, Set::of)).isFalse();
        try (TreeWatch watch = choice.open(proc, FilterRules.NONE, Set::of)) {
            assertThat(watch.by()).isEqualTo("inotify");
        }
    }

    private boolean isOtherBetter(WatchMethodChooser choice, TreeWatch now) {
        return choice.isOtherBetter(now, source, FilterRules.NONE, Set::of);
    }

    private String opened(WatchMethodChooser choice) throws IOException {
        try (TreeWatch watch = choice.open(source, FilterRules.NONE, Set::of)) {
            return watch.by();
        }
    }

    private static TreeWatch watch(String by, boolean limited) {
        return (TreeWatch) Proxy.newProxyInstance(WatchMethodChooserTest.class.getClassLoader(), new Class<?>[] {TreeWatch.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "by" -> by;
                    case "isLimited" -> limited;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
