package rows;

/** A row of the benchmark. */
public interface Row {

    /** {@return its name on the command line} */
    String name();

    /** {@return whether it is run on each site, as the file system matters most to it; others are run on the first} */
    default boolean isForEachSite() {
        return false;
    }

    /** Measures its contenders in all rounds. */
    void run(Runner runner) throws Exception;
}
