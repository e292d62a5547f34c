package dev.dromedary.config;

import dev.dromedary.log.LogSetup;

/** All keys of the program as a whole, in the order of the documentation. This is the only list of them. */
public enum ProgramKey {

    STATE_DIR("dromedary.state-dir", "folder", "state", "/var/lib/dromedary",
            "Where dead letters, pauses and what is known of sources and targets are kept. One process at a time uses the folder."
                    + " You may delete it while the program is stopped: the next start compares the whole tree."),
    MAX_RUNS("dromedary.max-runs", "number", "64", "16",
            "How many rsyncs run at once, for all targets together. Whole trees and large files get half of them at most."),
    PAIR("dromedary.pair", "folder, or `#` and the name of a Camel cluster service", null, "/srv/shared/pair",
            "A folder that two processes with the same mirrors share. One of them mirrors; the other takes over when it fails."),
    RELOAD("dromedary.reload", "`manual` or `auto`", "manual", "auto",
            "How a changed configuration file is applied while the program runs: `manual` by `dromedary reload`, SIGHUP or `POST /api/reload`,"
                    + " `auto` also by itself, a second after the file has changed."),
    TRANSFER_LOG("dromedary.transfer-log", "size, or `off`", "100m", "1g",
            "How much room the log of what was sent and deleted may take. What is older than 30 days is removed in any case."),
    LOG_FORMAT(LogSetup.FORMAT, "`text` or `json`", LogSetup.FORMATS.get(0), "json",
            "How each line of the log is written."),
    LOG_LEVEL(LogSetup.LEVEL, "`error`, `warn`, `info` or `debug`", LogSetup.DEFAULT_LEVEL, "debug",
            "How much is logged. `debug` logs the paths of each run.");

    private final KeyDescription text;

    ProgramKey(String key, String type, String defaultText, String example, String description) {
        text = new KeyDescription(key, type, defaultText, example, description);
    }

    /** {@return the whole key, such as {@code dromedary.state-dir}} */
    public String key() {
        return text.key();
    }

    /** {@return its documentation} */
    public KeyDescription text() {
        return text;
    }
}
