package dev.dromedary.cli;

import java.net.URI;
import java.nio.file.Path;

/** The options that may stand before a command or behind it, as the program itself reads them. */
public interface GlobalOptions {

    /** {@return the configuration that was named; null if none was} */
    Path config();

    /** {@return where the running program answers, if that was named; else null} */
    URI url();
}
