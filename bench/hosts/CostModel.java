package hosts;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;

import static hosts.MarkdownTable.digits;
import static hosts.MarkdownTable.percent;
import static hosts.MarkdownTable.row;

/** What many hosts would cost: made of all cases of a way but the last, which it is checked against. */
final class CostModel {

    private static final int[] MANY = {1, 10, 100, 500};

    private final ScaleOptions options;
    private final List<HostsCase> known;
    private final HostsCase last;
    private final List<Cost> costs;

    /** @param cases of one way, from few hosts to many; three at least */
    CostModel(ScaleOptions options, List<HostsCase> cases) {
        this.options = options;
        known = cases.subList(0, cases.size() - 1);
        last = cases.get(cases.size() - 1);
        costs = CostPart.all(last.isPull(), options.size()).stream().map(part -> Cost.fit(part, known, options)).toList();
    }

    void print() {
        int files = options.steadyFiles();
        Load second = expected(HostsCase::steady, 1.0 / options.seconds(), options.rate(), options.rate());
        double runSeconds = average(each -> each.rsyncs().average() * options.seconds() / each.steady().runs());
        String way = last.isPull() ? "pull" : "push";
        System.out.printf(Locale.ROOT, "%s: %s runs a second and host, each of which is there for %s ms%s.%n%n", way,
                digits(second.runs()), digits(runSeconds * 1000), !last.isPull() ? "" : "; " + digits(second.records())
                + " records a second, of " + digits(second.recordBytes() / second.records()) + " bytes");

        row(way + ", constants", "for each", "", "for each", "", "a second, source", "a second, each host");
        System.out.println("|---|---|---:|---|---:|---:|---:|");
        costs.forEach(cost -> row(cost.part().name(), cost.part().firstUnit(), digits(cost.first()), cost.part().secondUnit(),
                digits(cost.second()), digits(cost.idleOfSource()), digits(cost.idleOfHost())));
        System.out.println();

        row(way + ", " + last.hosts() + " hosts", "measured", "model", "off by", "model with runs and records as counted", "off by");
        MarkdownTable.rule(5);
        check("steady, ", last.steady(), expected(HostsCase::steady, 1, files, files));
        check("burst, ", last.burst(), expected(HostsCase::burst, 1, options.burst(), 0));
        System.out.println();

        row(way + ", a second of the steady load", Arrays.stream(MANY).mapToObj(each -> each + " hosts").toArray(String[]::new));
        MarkdownTable.rule(MANY.length);
        many("runs", hosts -> second.runs() * hosts);
        many("rsyncs at once at the source", hosts -> second.runs() * hosts * runSeconds);
        costs.forEach(cost -> many(cost.part().name(), hosts -> cost.of(second.toHosts(hosts, 1))));
        System.out.println();
    }

    /** What is to be expected for one host: the average of the known cases, and so many times of that. */
    private Load expected(Function<HostsCase, Counters> part, double times, double files, double alone) {
        return new Load(1, 1, times * average(each -> (double) part.apply(each).runs() / each.hosts()), files, alone,
                times * average(each -> part.apply(each).records()), times * average(each -> part.apply(each).recordBytes()));
    }

    private double average(ToDoubleFunction<HostsCase> what) {
        return known.stream().mapToDouble(what).average().orElseThrow();
    }

    private void check(String prefix, Counters counted, Load oneHost) {
        Load expected = oneHost.toHosts(last.hosts(), counted.seconds());
        check(prefix + "runs", counted.runs(), expected.runs(), Double.NaN);
        costs.stream().filter(cost -> cost.part().countedOf(last).contains(counted)).forEach(cost -> check(prefix + cost.part().name(),
                cost.part().measured().applyAsDouble(counted), cost.of(expected), cost.of(Load.of(last, counted, options))));
    }

    private static void check(String what, double measured, double model, double modelAsCounted) {
        row(what, digits(measured), digits(model), percent(model / measured), digits(modelAsCounted), percent(modelAsCounted / measured));
    }

    private static void many(String what, IntToDoubleFunction ofHosts) {
        row(what, Arrays.stream(MANY).mapToObj(each -> digits(ofHosts.applyAsDouble(each))).toArray(String[]::new));
    }
}
