package dev.dromedary.cli;

import java.net.URI;
import java.nio.file.Path;

/** The options that may stand before or after a command, as the program itself reads them. */
public interface GlobalOptions {

    /** {@return the given configuration; null if none was given} */
    Path config();

    /** {@return the given URL of the running program; null if none was given} */
    URI url();
}
