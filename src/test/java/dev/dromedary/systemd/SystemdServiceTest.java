package dev.dromedary.systemd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import com.sun.jna.Platform;
import dev.dromedary.testing.NotifySocket;
import dev.dromedary.testing.Scratch;
import dev.dromedary.testing.Sh;
import dev.dromedary.watch.InotifyConsumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.LifecycleStrategySupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class SystemdServiceTest {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    @AutoClose
    private final Scratch scratch = Scratch.create();
    private final Path source = scratch.folder("source");

    @BeforeEach
    void onlyOnLinux() {
        assumeTrue(Platform.isLinux() && Platform.is64Bit(), "systemd is Linux's");
    }

    private static Map<String, String> watchedOver(NotifySocket systemd) {
        return Map.of("NOTIFY_SOCKET", systemd.address(), "WATCHDOG_USEC", "2000000",
                "WATCHDOG_PID", String.valueOf(ProcessHandle.current().pid()));
    }

    private CamelContext watching(Processor then) throws Exception {
        CamelContext context = scratch.own(new DefaultCamelContext());
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("file-watch:" + source).routeId("watch-www").process(then);
            }
        });
        return context;
    }

    private static void awaitMessage(NotifySocket systemd, String message) {
        await().atMost(20, TimeUnit.SECONDS).until(() -> systemd.messages().contains(message));
    }

    @Test
    void it_tells_of_its_start_its_life_and_its_stop() throws Exception {
        NotifySocket systemd = scratch.own(NotifySocket.at(scratch.root().resolve("notify").toString()));
        CamelContext context = watching(exchange -> { });
        context.addLifecycleStrategy(SystemdService.asked(watchedOver(systemd)).orElseThrow());

        context.start();
        await().atMost(20, TimeUnit.SECONDS)
                .until(() -> systemd.messages().stream().filter("WATCHDOG=1"::equals).count() >= 2);
        context.stop();

        List<String> told = systemd.messages();
        assertThat(told.get(0)).startsWith("READY=1\nSTATUS=");
        assertThat(told.subList(1, told.size() - 1)).containsOnly("WATCHDOG=1");
        assertThat(told.get(told.size() - 1)).isEqualTo("STOPPING=1");
    }

    @Test
    void from_its_stop_on_it_tells_nothing_more_however_long_that_takes() throws Exception {
        NotifySocket systemd = scratch.own(NotifySocket.somewhere());
        CamelContext context = watching(exchange -> { });
        context.addLifecycleStrategy(SystemdService.asked(watchedOver(systemd)).orElseThrow());
        context.addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onContextStopping(CamelContext stopping) {
                await().during(1500, TimeUnit.MILLISECONDS).atMost(3, TimeUnit.SECONDS)
                        .until(() -> systemd.messages().contains("STOPPING=1"));
            }
        });

        context.start();
        awaitMessage(systemd, "WATCHDOG=1");
        context.stop();

        assertThat(systemd.messages()).last().isEqualTo("STOPPING=1");
    }

    @Test
    void a_name_that_is_none_of_the_file_system_is_found_too() throws IOException {
        NotifySocket systemd = scratch.own(NotifySocket.somewhere());

        new SystemdNotifier(systemd.address()).send("READY=1");

        awaitMessage(systemd, "READY=1");
    }

    @Test
    void a_reload_is_told_with_its_moment() {
        NotifySocket systemd = scratch.own(NotifySocket.somewhere());
        SystemdService service = SystemdService.asked(watchedOver(systemd)).orElseThrow();

        service.reloading();
        service.reloaded();

        await().atMost(20, TimeUnit.SECONDS).until(() -> systemd.messages().size() == 2);
        assertThat(systemd.messages().get(0)).matches("RELOADING=1\nMONOTONIC_USEC=[1-9]\\d+");
        assertThat(systemd.messages().get(1)).isEqualTo("READY=1");
    }

    @Test
    void a_watch_that_stands_still_is_not_told_to_be_alive() throws Exception {
        NotifySocket systemd = scratch.own(NotifySocket.somewhere());
        SystemdService service = SystemdService.asked(watchedOver(systemd)).orElseThrow();
        CountDownLatch goesOn = new CountDownLatch(1);
        CamelContext context = watching(exchange -> goesOn.await());
        context.start();
        InotifyConsumer watch = (InotifyConsumer) context.getRoute("watch-www").getConsumer();

        await().atMost(20, TimeUnit.SECONDS).until(() -> watch.stuck(PATIENCE_NANOS) != null);
        service.beat(context);
        assertThat(systemd.messages()).isEmpty();
        assertThat(watch.stuck(PATIENCE_NANOS)).startsWith("watch-www: the watch of " + source).contains("CountDownLatch.await");

        goesOn.countDown();
        await().atMost(20, TimeUnit.SECONDS).until(() -> watch.stuck(PATIENCE_NANOS) == null);
        service.beat(context);
        awaitMessage(systemd, "WATCHDOG=1");
    }

    @Test
    void a_watch_that_waits_for_the_kernel_is_alive() throws Exception {
        Path pipe = scratch.root().resolve("pipe");
        Sh.run(scratch.root(), "mkfifo pipe");
        NotifySocket systemd = scratch.own(NotifySocket.somewhere());
        CountDownLatch begun = new CountDownLatch(1);
        CamelContext context = watching(exchange -> {
            begun.countDown();
            // until somebody opens it for writing
            Files.newInputStream(pipe).close();
        });
        context.start();
        InotifyConsumer watch = (InotifyConsumer) context.getRoute("watch-www").getConsumer();

        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        await().during(100, TimeUnit.MILLISECONDS).atMost(20, TimeUnit.SECONDS).until(() -> watch.stuck(0) == null);
        Sh.run(scratch.root(), ": >pipe");
    }

    @Test
    void a_source_that_is_gone_is_no_reason_to_be_ended() throws Exception {
        NotifySocket systemd = scratch.own(NotifySocket.somewhere());
        SystemdService service = SystemdService.asked(watchedOver(systemd)).orElseThrow();
        CamelContext context = watching(exchange -> { });
        context.start();
        InotifyConsumer watch = (InotifyConsumer) context.getRoute("watch-www").getConsumer();
        await().atMost(20, TimeUnit.SECONDS).until(watch::whole);

        Files.delete(source);
        await().atMost(20, TimeUnit.SECONDS).until(() -> watch.fault() != null);
        service.beat(context);

        awaitMessage(systemd, "WATCHDOG=1");
    }

    @Test
    void nobody_is_told_without_systemd_and_no_watchdog_is_fed_that_is_of_another_process() throws Exception {
        NotifySocket systemd = scratch.own(NotifySocket.somewhere());
        assertThat(SystemdService.asked(Map.of())).isEmpty();
        assertThat(SystemdService.asked(Map.of("NOTIFY_SOCKET", "vsock:2:1234"))).isEmpty();

        CamelContext context = watching(exchange -> { });
        context.addLifecycleStrategy(SystemdService.asked(Map.of("NOTIFY_SOCKET", systemd.address(), "WATCHDOG_USEC", "2000000",
                "WATCHDOG_PID", "1")).orElseThrow());
        context.start();
        context.stop();

        assertThat(systemd.messages()).hasSize(2).last().isEqualTo("STOPPING=1");
    }
}
