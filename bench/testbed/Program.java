package testbed;

import java.io.IOException;
import java.util.List;

/** How a contender is started, and how it tells what it is doing. */
interface Program {

    /** Writes its configuration. {@return the command that starts it in the foreground} */
    List<String> command() throws IOException;

    /** {@return whether it watches the source} */
    boolean isWatching() throws IOException;

    /** {@return whether it has sent all changes that it knows of, those that it found at its start included} */
    boolean isSettled() throws IOException;

    /** {@return the program of a contender that is prepared; none for the floor, which is run for each change} */
    static Program of(Instance instance) throws IOException {
        Contender contender = instance.contender();
        return contender == Contender.FLOOR ? null
                : contender.isDromedary() ? new DromedaryProgram(instance)
                : contender.isLsyncd() ? new LsyncdProgram(instance)
                : new InotifywaitLoop(instance);
    }
}
