package dev.dromedary.rsync;

import java.util.List;
import java.util.stream.Stream;

/**
 * The numbers of a release, which are known only when it is made: what stands for them among the arguments in a route file is
 * replaced by them.
 *
 * @param number of the release
 * @param bases  those whose files it shares, the best first
 */
public record ReleasePlaceholders(int number, List<Integer> bases) {

    /** Property of a message: the numbers for the runs from now on. */
    public static final String PROPERTY = "DromedaryReleaseNumbers";

    /** What stands for the number. */
    public static final String NUMBER = ".~number~";

    /** What stands for a basis, in an argument that is repeated for each; without any it is left out. */
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
