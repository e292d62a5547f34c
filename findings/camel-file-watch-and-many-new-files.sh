#!/bin/sh
# Of 100,000 new files in one folder, camel-file-watch names only some: what comes faster than it is read is lost, and no exchange says so.
# Java's WatchService says OVERFLOW when it has 512 events for a folder, and directory-watcher, the library behind the component, passes that on; the
# component has CREATE, DELETE and MODIFY alone. All that is left of an overflow is a warning in the log, a NullPointerException that names no
# folder. So a route that mirrors what it is told of stays incomplete until something else compares.
#
# Seen with Camel 4.17.0 (directory-watcher 0.19.1) and OpenJDK 17 on Linux 6.18, two processors: 46,000 to 97,000 of 100,000 were named. The
# guess was that an exchange tells of an overflow, as an event of inotify(7) does.
# Wants java with its compiler, mvn and the network; takes a minute, and a download of 60 MB.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
path=$("$here/class-path-of" "$folder/jars" org.apache.camel:camel-core:4.17.0 org.apache.camel:camel-file-watch:4.17.0 \
    org.slf4j:slf4j-simple:2.0.17)

cat >"$folder/Named.java" <<'END'
import java.nio.file.*;
import java.util.*;
import java.util.concurrent.*;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

class Named {
    static final Set<String> NAMED = ConcurrentHashMap.newKeySet();
    static volatile long last;
    static Path watched;

    public static void main(String[] arguments) throws Exception {
        watched = Path.of(arguments[0], "watched");
        DefaultCamelContext context = new DefaultCamelContext();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("file-watch:" + watched + arguments[1]).process(exchange -> {
                    last = System.nanoTime();
                    String file = exchange.getIn().getHeader("CamelFileAbsolutePath", String.class);
                    NAMED.add(exchange.getIn().getHeader("CamelFileEventType") + " "
                            + (file == null ? "nothing" : watched.relativize(Path.of(file))));
                });
            }
        });
        context.start();
        for (int number = 0; NAMED.isEmpty() && number < 100; number++) {
            Files.writeString(watched.resolve("first" + number), "x");
            Thread.sleep(200);
        }
        NAMED.clear();
        shell("mkdir many; cd many; seq 100000 | xargs touch");
        long files = NAMED.stream().filter(name -> name.matches("(CREATE|MODIFY) many/\\d+")).map(name -> name.split(" ")[1]).distinct().count();
        long others = NAMED.stream().filter(name -> !name.matches("(CREATE|MODIFY) (many(/\\d+)?|first\\d+)")).count();
        System.out.println("of 100000 new files " + files + " were named, and " + others + " exchanges told of something else");
        System.out.println(files < 100000 && others == 0 ? "some are lost" : "none are lost");
        System.exit(0);
    }

    // and waits until nothing more comes
    static void shell(String command) throws Exception {
        new ProcessBuilder("sh", "-c", command).directory(watched.toFile()).inheritIO().start().waitFor();
        last = System.nanoTime();
        for (int number = 0; System.nanoTime() - last < 3_000_000_000L && number < 600; number++) {
            Thread.sleep(100);
        }
    }
}
END
javac -cp "$path" -d "$folder" "$folder/Named.java"
java -version 2>&1 | head -n 1
for options in '' '?useFileHashing=false'; do
    rm -rf "$folder/watched"
    mkdir "$folder/watched"
    seen=$(timeout 120 java -Dorg.slf4j.simpleLogger.logFile="$folder/log" -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp "$folder:$path" \
        Named "$folder" "$options")
    echo "file-watch$options:"
    echo "$seen"
    sed -n 's/.* WARN /in the log: /p' "$folder/log" 2>/dev/null | sort | uniq -c || :
    rm -f "$folder/log"
    case $seen in
        *'some are lost') ;;
        *) echo "changed" >&2; exit 1 ;;
    esac
done
