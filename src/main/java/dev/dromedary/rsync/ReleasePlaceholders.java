package dev.dromedary.rsync;

import java.util.List;
import java.util.stream.Stream;

/**
 * The numbers of a release, which are known only when it is made. They replace the placeholders in the arguments of a route file.
 *
 * @param number number of the release
 * @param bases  the releases that it shares files with, the best first
 */
public record ReleasePlaceholders(int number, List<Integer> bases) {

    /** Property of a message: the numbers for the following runs. */
    public static final String PROPERTY = "DromedaryReleaseNumbers";

    /** Placeholder for the number. */
    public static final String NUMBER = ".~number~";

    /** Placeholder for a basis. Its argument is repeated for each basis, and left out if there is none. */
    static final String BASIS = ".~basis~";

    /** Keeps a copy of the bases. */
    public ReleasePlaceholders {
        bases = List.copyOf(bases);
    }

    List<String> in(List<String> arguments) {
        return arguments.stream().flatMap(argument -> argument.contains(BASIS)
                ? bases.stream().map(basis -> argument.replace(BASIS, String.valueOf(basis)))
                : Stream.of(argument.replace(NUMBER, String.valueOf(number)))).toList();
    }
}
