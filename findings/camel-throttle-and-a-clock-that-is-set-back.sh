#!/bin/sh
# When the system's clock is set back by an hour, Camel's throttle lets nothing through for an hour, and a circuit breaker of Resilience4j that
# has opened stays open for an hour, whatever waitDurationInOpenState says. Other waits of Camel go on as before: aggregate
# (completionTimeout), delay, resequence, scheduler. A step forward by an hour is harmless.
#
# Seen with Camel 4.17.0, Resilience4j 2.3.0 and OpenJDK 17. The guess was the other way round: that aggregate waits for the clock, as it
# notes when each group is over, and that throttle does not.
# The clock of the one process that is looked at is set by libfaketime (Debian: faketime), as in java-timer-and-a-clock-that-is-set-back.sh.
# Wants java with its compiler, mvn, libfaketime and the network; takes ten seconds and a download of 40 MB.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
library=$(ls /usr/lib/*/faketime/libfaketimeMT.so.1 /usr/lib*/faketime/libfaketimeMT.so.1 2>/dev/null | head -n 1)
[ -n "$library" ] || { echo "skipped: there is no libfaketime here" >&2; exit 0; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
path=$("$here/class-path-of" "$folder/jars" org.apache.camel:camel-core:4.17.0 org.apache.camel:camel-resilience4j:4.17.0 \
    org.slf4j:slf4j-nop:2.0.17)

cat >"$folder/Waits.java" <<'END'
import java.nio.file.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import org.apache.camel.*;
import org.apache.camel.builder.*;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.processor.aggregate.GroupedBodyAggregationStrategy;

class Waits {
    static final Map<String, AtomicInteger> COME = new ConcurrentSkipListMap<>();

    public static void main(String[] clock) throws Exception {
        CamelContext context = new DefaultCamelContext();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:aggregate").aggregate(constant(1), new GroupedBodyAggregationStrategy()).completionTimeout(300)
                        .completionTimeoutCheckerInterval(50).process(count("aggregate"));
                from("direct:delay").delay(300).process(count("delay"));
                from("direct:resequence").resequence(header("number")).batch().timeout(300).process(count("resequence"));
                from("scheduler:scheduler?delay=300").process(count("scheduler"));
                from("direct:throttle").throttle(1).timePeriodMillis(300).process(count("throttle"));
                from("direct:breaker").circuitBreaker().resilience4jConfiguration().minimumNumberOfCalls(1).slidingWindowSize(1)
                        .waitDurationInOpenState(1).end().process(count("breaker"))
                        .throwException(new IllegalStateException("as a service that is away"))
                        .onFallback().log(LoggingLevel.OFF, "is away").end();
            }
        });
        context.start();
        ProducerTemplate template = context.createProducerTemplate();
        for (String each : List.of("aggregate", "delay", "resequence", "throttle", "breaker")) {
            Thread thread = new Thread(() -> {
                for (int number = 0;; number++) {
                    template.sendBodyAndHeader("direct:" + each, "body", "number", number);
                    pause(600);
                }
            });
            thread.setDaemon(true);
            thread.start();
        }
        pause(4000);
        String before = come();
        Files.move(Files.writeString(Path.of(clock[0] + ".next"), "-3600\n"), Path.of(clock[0]), StandardCopyOption.ATOMIC_MOVE);
        pause(1000);
        come();
        pause(4000);
        System.out.println("before: " + before);
        System.out.println("set back: " + come());
        System.exit(0);
    }

    static Processor count(String what) {
        COME.put(what, new AtomicInteger());
        return exchange -> COME.get(what).incrementAndGet();
    }

    // what has come since it was asked last
    static String come() {
        StringJoiner line = new StringJoiner(" ");
        COME.forEach((what, times) -> line.add(what + "=" + (times.getAndSet(0) > 1 ? "comes" : "rests")));
        return line.toString();
    }

    // by CLOCK_MONOTONIC, however long one sleep is
    static void pause(int milliseconds) {
        for (long end = System.nanoTime() + milliseconds * 1_000_000L; System.nanoTime() < end;) {
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
END
javac -cp "$path" -d "$folder" "$folder/Waits.java"
echo +0 >"$folder/clock"
seen=$(env LD_PRELOAD="$library" FAKETIME_TIMESTAMP_FILE="$folder/clock" FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1 \
    FAKETIME_FORCE_MONOTONIC_FIX=0 timeout 60 java -cp "$folder:$path" Waits "$folder/clock")
java -version 2>&1 | head -n 1
echo "$seen"
[ "$seen" = "before: aggregate=comes breaker=comes delay=comes resequence=comes scheduler=comes throttle=comes
set back: aggregate=comes breaker=rests delay=comes resequence=comes scheduler=comes throttle=rests" ] || { echo "changed" >&2; exit 1; }
