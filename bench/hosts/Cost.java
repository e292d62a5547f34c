package hosts;

import java.util.List;
import java.util.stream.DoubleStream;

/**
 * What a part costs.
 *
 * @param first for each of the one thing
 * @param second for each of the other
 * @param idleOfSource a second
 * @param idleOfHost a second and host
 */
record Cost(CostPart part, double first, double second, double idleOfSource, double idleOfHost) {

    double of(Load load) {
        return part.known().applyAsDouble(load) + first * part.first().applyAsDouble(load) + second * part.second().applyAsDouble(load)
                + load.seconds() * (idleOfSource + idleOfHost * load.hosts());
    }

    /** {@return the cost that fits some cases best, by least squares of the relative error} */
    static Cost fit(CostPart part, List<HostsCase> cases, ScaleOptions options) {
        Cost idle = idle(part, cases);
        double aa = 0;
        double ab = 0;
        double bb = 0;
        double av = 0;
        double bv = 0;
        for (HostsCase each : cases) {
            for (Counters counted : part.countedOf(each)) {
                Load load = Load.of(each, counted, options);
                double all = part.measured().applyAsDouble(counted);
                double value = (all - idle.of(load)) / all;
                double a = part.first().applyAsDouble(load) / all;
                double b = part.second().applyAsDouble(load) / all;
                aa += a * a;
                ab += a * b;
                bb += b * b;
                av += a * value;
                bv += b * value;
            }
        }
        if (bb == 0) {
            return idle.with(Math.max(0, av / aa), 0);
        }
        double determinant = aa * bb - ab * ab;
        double first = (av * bb - bv * ab) / determinant;
        double second = (bv * aa - av * ab) / determinant;
        // nothing costs less than nothing
        return idle.with(first < 0 ? 0 : second < 0 ? av / aa : first, second < 0 ? 0 : first < 0 ? bv / bb : second);
    }

    /** What is spent while idle. More idle hosts take less CPU than chance adds. */
    private static Cost idle(CostPart part, List<HostsCase> cases) {
        double[] idle = cases.stream().mapToDouble(each -> part.measured().applyAsDouble(each.idle()) / each.idle().seconds()).toArray();
        int last = cases.size() - 1;
        double host = part.name().startsWith("CPU") ? 0
                : Math.max(0, idle[last] - idle[0]) / (cases.get(last).hosts() - cases.get(0).hosts());
        double source = Math.max(0, DoubleStream.of(idle).min().orElseThrow() - host * cases.get(0).hosts());
        return new Cost(part, 0, 0, source, host);
    }

    private Cost with(double first, double second) {
        return new Cost(part, first, second, idleOfSource, idleOfHost);
    }
}
