package rows;

import java.util.List;

/** All rows, in the order in which they are run. */
public final class Rows {

    public static final List<Row> ALL = List.of(new Latency(), new Far(), new Burst(), new Churn(), new Hot(), new Large(), new Rename(), new Rm(),
            new Tree(), new Folders(), new Others(), new Targets(), new Start());

    private Rows() {
    }

    /** {@return the names of all rows} */
    public static List<String> names() {
        return ALL.stream().map(Row::name).toList();
    }

    /** {@return the row with a name} */
    public static Row named(String name) {
        return ALL.stream().filter(row -> row.name().equals(name)).findFirst().orElseThrow();
    }
}
