package dev.dromedary.config;

import java.util.List;
import java.util.stream.Stream;

/** Every option of a target, in the order in which they are explained. The only list of them. */
public enum Option {

    URL("url", "Where to", "Where the target is: rsync://, user@host::module, ssh://, user@host:/path or a local folder.",
            null),
    PASSWORD_FILE("password-file", "Password file", "A file of mode 0600 that holds the rsync daemon's password.", null),
    SSH_OPTIONS("ssh-options", "Options for ssh", "Options that ssh gets, such as -i config/id_ed25519.", null),
    RSYNC_OPTIONS("rsync-options", "Options for rsync", "Further options that rsync gets, such as -z or --chmod=F644.",
            null),
    WINDOW("window", "Window", "How long a change waits at most before rsync starts, if the target is idle.", "20ms"),
    MAX_DELAY("max-delay", "Longest delay", "After how long a file that stays open for writing is sent, again and again.", "10s"),
    EXCLUDE("exclude", "Leave out", "What is not mirrored: rsync patterns, separated by commas.", null),
    INCLUDE("include", "Take in",
            "What is mirrored although a pattern of exclude fits: rsync patterns, separated by commas.",
            null),
    FILTER_FROM("filter-from", "Filter file",
            "A file of rsync filter rules, \"+ PATTERN\" or \"- PATTERN\" a line, which come before include and exclude.",
            null),
    LAST("last", "Last",
            "What travels only after all else that was pending before it, and deletions after that: rsync patterns, separated by commas.",
            null),
    POLL("poll", "Poll", "How often folders that can't be watched are compared instead.", "60s"),
    HARD_LINKS("hard-links", "Hard links",
            "Whether all names of a file that has several are sent when it changes: follow, or ignore to send the one that was"
                    + " written by.", "follow"),
    WARM("warm", "Warm runs",
            "How long after a change the rsync of the next one is kept ready, connected and logged in: a duration, off or always.",
            "10s"),
    MAX_BACKLOG("max-backlog", "Largest backlog",
            "How many paths a target may be owed one by one; more are owed by whole folders.", "100000"),
    LARGE_FILE("large-file", "Large file",
            "From which size a file is carried by itself, beside the others: bytes, or a number with a unit such as 1.5g.",
            "64m"),
    DELETE("delete", "Delete",
            "Whether what is gone at the source is deleted at the target too: true, false, live (not by a reconcile) or"
                    + " reconcile (only by one).", "true"),
    FIRST_RUN("first-run", "First run",
            "What a first run does that would delete more at a target than it brings, or all of it: ask halts the target until a person"
                    + " has looked, delete deletes.", "ask"),
    TARGET_MARKER("target-marker", "Marker at the target",
            "The name of a file that somebody puts directly into the target: without it nothing is written there, as its disk is not mounted.",
            null),
    MAX_DELETE("max-delete", "Most deletions",
            "How many deletions one run may make; they are counted before, and if there are more, none is made and the target halts.",
            null),
    MAX_CHANGE("max-change", "Most changes",
            "How many files one run may change, a number or a share of the target's such as 5%; more are held until a person approves them.",
            null),
    BANDWIDTH_LIMIT("bandwidth-limit", "Bandwidth limit",
            "How much is sent a second at most: KiB, or a number with a unit such as 1.5m.", null),
    TIMEOUT("timeout", "Timeout", "After how long without any data rsync gives up.", "60s"),
    RECONCILE("reconcile", "Reconcile",
            "When the whole tree is compared with the target, as a Quartz cron expression.", null),
    CHECKSUM_RECONCILE("checksum-reconcile", "Reconcile by content",
            "When the whole tree is compared with the target by checksum, as a Quartz cron expression.", null),
    RECONCILE_ON_START("reconcile-on-start", "Reconcile at start",
            "Whether the whole tree is compared with the target at start.", "true"),
    REPLAY("replay", "Replay", "When what has failed is tried again: a duration or a Quartz cron expression.", "30s"),
    RETRIES("retries", "Retries", "How often a failed run is repeated before it becomes a dead letter.", "3"),
    RETRY_DELAY("retry-delay", "Retry delay", "How long to wait before a failed run is repeated.", "1s"),
    BEFORE("before", "Before", "A Camel endpoint that is told, as JSON, what is about to be carried.", null),
    AFTER("after", "After", "A Camel endpoint that is told, as JSON, what has arrived.", null),
    ON_FAILURE("on-failure", "On failure",
            "A Camel endpoint that is told when a target goes away, when it is back, and when paths can't be carried.", null),
    HOOKS_HOLD("hooks-hold", "Hooks hold",
            "Whether a failure of before or after is one of the run, which is then tried again.", "false");

    private final String key;
    private final String title;
    private final String description;
    private final String defaultText;

    Option(String key, String title, String description, String defaultText) {
        this.key = key;
        this.title = title;
        this.description = description;
        this.defaultText = defaultText;
    }

    /** {@return the last part of its key in the configuration, such as {@code max-delay}} */
    public String key() {
        return key;
    }

    /** {@return its name for people} */
    public String title() {
        return title;
    }

    /** {@return one sentence for users that says what it does} */
    public String description() {
        return description;
    }

    /** {@return the value that it has if none is given, as one would write it; {@code null} if there is none} */
    public String defaultText() {
        return defaultText;
    }

    /** {@return the keys of all options, in their order} */
    public static List<String> keys() {
        return Stream.of(values()).map(Option::key).toList();
    }

    /** {@return the option of that key, or {@code null}} */
    static Option of(String key) {
        return Stream.of(values()).filter(o -> o.key.equals(key)).findFirst().orElse(null);
    }
}
