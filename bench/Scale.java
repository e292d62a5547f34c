import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import common.Machine;
import dev.dromedary.testing.Scratch;
import hosts.HostsCase;
import hosts.ScaleOptions;
import hosts.ScaleReport;

/**
 * What several hosts cost one source, pushed to or pulling, measured on this machine; and what many would, computed from that.
 *
 * <p>{@code bench/scale} compiles and starts it; {@code bench/scale --help} says what can be chosen. All that is started lies in a
 * scratch folder, listens on loopback, and is gone at the end. A case whose trees are not identical at its end fails the run.
 */
public final class Scale {

    private static final String HELP = """
            bench/scale [--hosts N,...] [--ways WAY,...] [--rate FILES] [--seconds S] [--burst FILES] [--size BYTES] [--window WINDOW]
                        [--warm WARM] [--connections N]

              --hosts        how many of them, in turn (1,3,10); the model is made of all but the last, and checked against that
              --ways         of: push, pull, tiers (push,pull); with tiers the first host pulls from the source, the others from that one
              --rate         files that are changed a second (20)
              --seconds      for how long (30); 0 leaves that and the model out
              --burst        new files that are written at once (2000)
              --size         bytes of each file (8192)
              --window       the option window of source and agents (50ms)
              --warm         the option warm of source and agents (what each has by itself)
              --connections  how many the source's daemon has at once, where hosts pull (0: any number)""";

    private Scale() {
    }

    public static void main(String[] arguments) throws Exception {
        ScaleOptions options = options(arguments);
        String loadBefore = Machine.load();
        // the content of files is the same in each run
        Random random = new Random(1);
        List<HostsCase> cases = new ArrayList<>();
        for (String way : options.ways()) {
            for (int count : options.hosts()) {
                try (Scratch scratch = Scratch.create()) {
                    Thread cleaner = new Thread(scratch::close);
                    Runtime.getRuntime().addShutdownHook(cleaner);
                    HostsCase each = new HostsCase(options, random, way, count, scratch);
                    each.run();
                    cases.add(each);
                    Runtime.getRuntime().removeShutdownHook(cleaner);
                }
            }
        }
        new ScaleReport(options, loadBefore, cases).print();
        System.exit(0);
    }

    private static ScaleOptions options(String[] arguments) {
        List<Integer> hosts = List.of(1, 3, 10);
        List<String> ways = List.of("push", "pull");
        int rate = 20;
        int seconds = 30;
        int burst = 2000;
        int size = 8192;
        String window = "50ms";
        String warm = null;
        int connections = 0;
        for (int i = 0; i < arguments.length; i += 2) {
            String value = i + 1 < arguments.length ? arguments[i + 1] : "";
            switch (arguments[i]) {
                case "--hosts" -> hosts = Stream.of(value.split(",")).map(Integer::valueOf).toList();
                case "--ways" -> ways = List.of(value.split(","));
                case "--rate" -> rate = Integer.parseInt(value);
                case "--seconds" -> seconds = Integer.parseInt(value);
                case "--burst" -> burst = Integer.parseInt(value);
                case "--size" -> size = Integer.parseInt(value);
                case "--window" -> window = value;
                case "--warm" -> warm = value;
                case "--connections" -> connections = Integer.parseInt(value);
                default -> {
                    System.out.println(HELP);
                    System.exit(arguments[i].equals("--help") ? 0 : 2);
                }
            }
        }
        return new ScaleOptions(hosts, ways, rate, seconds, burst, size, window, warm, connections,
                ("bench/scale " + String.join(" ", arguments)).strip());
    }
}
