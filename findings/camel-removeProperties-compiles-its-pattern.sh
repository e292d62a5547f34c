#!/bin/sh
# Camel's removeProperties compiles its pattern anew in each message, for each property and for each name that Camel itself might have given to one, set or
# not. So one step with a few alternatives takes more than most steps of a route: with 20 properties it allocates 95,000 bytes, where the
# removal of three properties by their names takes 128.
#
# Seen with Camel 4.17.0 and OpenJDK 17. The guess was that a constant pattern is compiled once, when the route is made. What is counted are the
# bytes that the thread allocates, which hardly change from one machine to another.
# Wants java with its compiler, mvn and the network; takes ten seconds and a download of 10 MB.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
path=$("$here/class-path-of" "$folder/jars" org.apache.camel:camel-core:4.17.0 org.slf4j:slf4j-nop:2.0.17)

cat >"$folder/Remove.java" <<'END'
import java.lang.management.ManagementFactory;
import org.apache.camel.*;
import org.apache.camel.builder.*;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;

class Remove {
    static final int TIMES = 2000;

    public static void main(String[] arguments) throws Exception {
        CamelContext context = new DefaultCamelContext();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:names").removeProperty("MyOutcome").removeProperty("MyReason").removeProperty("MyCause");
                from("direct:pattern").removeProperties("My(Outcome|Reason|Cause)");
                from("direct:nothing").stop();
            }
        });
        context.start();
        for (int properties : new int[] {20, 40}) {
            long nothing = bytes(context, "direct:nothing", properties);
            System.out.println(properties + " " + (bytes(context, "direct:names", properties) - nothing) + " "
                    + (bytes(context, "direct:pattern", properties) - nothing));
        }
        context.stop();
    }

    // of one message, on average
    static long bytes(CamelContext context, String route, int properties) {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        ProducerTemplate template = context.createProducerTemplate();
        long all = 0;
        for (int i = 0; i < 2 * TIMES; i++) {
            Exchange exchange = new DefaultExchange(context);
            for (int name = 0; name < properties; name++) {
                exchange.setProperty("Other" + name, name);
            }
            exchange.setProperty("MyReason", "none");
            long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            template.send(route, exchange);
            all += i < TIMES ? 0 : threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
            if (exchange.getProperty("MyReason") != null && !route.endsWith("nothing")) {
                throw new IllegalStateException("it is not removed");
            }
        }
        return all / TIMES;
    }
}
END
javac -cp "$path" -d "$folder/classes" "$folder/Remove.java"
timeout 120 java -cp "$folder/classes:$path" Remove >"$folder/seen"
while read -r properties names pattern; do
    echo "with $properties other properties: three removed by name $names bytes, by a pattern $pattern bytes"
    [ "$pattern" -gt $((properties * 500)) ] || { echo "changed: the pattern is not compiled for each property" >&2; exit 1; }
done <"$folder/seen"
