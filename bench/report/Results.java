package report;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import testbed.Contender;

/**
 * All that was measured.
 *
 * @param tables in the order of the document
 * @param latencies of each small change on the first site, in nanoseconds, for the plot
 */
public record Results(List<Table> tables, Map<Contender, List<Long>> latencies) {

    public Results() {
        this(new ArrayList<>(), new EnumMap<>(Contender.class));
    }

    /** {@return whether Dromedary was right in all rows and rounds} */
    public boolean isRight() {
        return tables.stream().allMatch(Table::isRight);
    }
}
