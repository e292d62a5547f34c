package hosts;

import java.util.List;

/**
 * What was chosen on the command line.
 *
 * @param hosts how many of them, in turn
 * @param ways how changes get to them: push, pull or tiers
 * @param rate files that are changed a second
 * @param seconds for how long; with 0 that load is left out
 * @param burst new files that are written at once
 * @param size bytes of each file
 * @param window of source and agents
 * @param warm of source and agents; null for what each has by itself
 * @param connections at once of the source's daemon; 0 for any number
 * @param command the command line itself
 */
public record ScaleOptions(List<Integer> hosts, List<String> ways, int rate, int seconds, int burst, int size, String window, String warm, int connections,
        String command) {

    /** {@return the files of the steady load} */
    int steadyFiles() {
        return rate * seconds;
    }
}
