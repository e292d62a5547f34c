#!/bin/sh
# java.util.Timer waits for a moment of the system's clock: when that is set back by an hour, nothing of it comes for an hour.
# ScheduledExecutorService, and Object.wait, go by CLOCK_MONOTONIC and come as before. The clock of the one process that is looked at
# is set by libfaketime, with FAKETIME_FORCE_MONOTONIC_FIX=0: with 1, waits of half a second ended within a millisecond, and by its
# default what was to come ten times in four seconds came once (once five times in place of ten), FAKETIME_DONT_FAKE_MONOTONIC=1 or not.
#
# Seen with OpenJDK 17 and libfaketime 0.9.10 (Debian: faketime).
# Wants java with its compiler; needs no network, and takes four seconds.
set -eu

library=$(ls /usr/lib/*/faketime/libfaketimeMT.so.1 /usr/lib*/faketime/libfaketimeMT.so.1 2>/dev/null | head -n 1)
[ -n "$library" ] || { echo "skipped: there is no libfaketime here" >&2; exit 0; }
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT

cat >"$folder/Waits.java" <<'END'
import java.nio.file.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

class Waits {
    public static void main(String[] clock) throws Exception {
        AtomicInteger timer = new AtomicInteger();
        AtomicInteger executor = new AtomicInteger();
        new Timer(true).schedule(new TimerTask() {
            @Override
            public void run() {
                timer.incrementAndGet();
            }
        }, 100, 100);
        Executors.newScheduledThreadPool(1).scheduleWithFixedDelay(executor::incrementAndGet, 100, 100, TimeUnit.MILLISECONDS);
        pause(1);
        Path next = Files.writeString(Path.of(clock[0] + ".next"), "-3600\n");
        Files.move(next, Path.of(clock[0]), StandardCopyOption.ATOMIC_MOVE);
        pause(1);
        int before = timer.get();
        int beforeOf = executor.get();
        pause(1);
        System.out.println((timer.get() - before) + " " + (executor.get() - beforeOf));
        System.exit(0);
    }

    // by no wait that is looked at
    static void pause(int seconds) {
        for (long end = System.nanoTime() + seconds * 1_000_000_000L; System.nanoTime() < end;) {
            Thread.onSpinWait();
        }
    }
}
END

# how often each has come in the second after the clock was set back
javac -d "$folder" "$folder/Waits.java"
echo +0 >"$folder/clock"
come=$(env LD_PRELOAD="$library" FAKETIME_TIMESTAMP_FILE="$folder/clock" FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1 \
    FAKETIME_FORCE_MONOTONIC_FIX=0 java -cp "$folder" Waits "$folder/clock")
java -version 2>&1 | head -n 1
echo "in a second after the clock was set back by an hour: Timer ${come% *} times, ScheduledExecutorService ${come#* } times"

[ "${come% *}" -eq 0 ] || { echo "changed: a Timer goes on now" >&2; exit 1; }
[ "${come#* }" -gt 2 ] || { echo "changed: a ScheduledExecutorService waits for the clock, too" >&2; exit 1; }
