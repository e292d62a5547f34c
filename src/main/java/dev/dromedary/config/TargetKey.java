package dev.dromedary.config;

import java.util.List;
import java.util.stream.Stream;

/** All options of a target, in the order of the documentation. This is the only list of them. */
public enum TargetKey {

    URL("url", "URL or folder", null, "rsync://rsyncuser@web2.example.com/www/",
            "Where the target is: `rsync://[user@]host[:port]/module/path`, `user@host::module/path`, `ssh://[user@]host[:port]/path`,"
                    + " `user@host:/path` or a folder of this machine. A target has a `url`, a mirror has none."),
    PASSWORD_FILE("password-file", "file", null, "config/backup.pass",
            "A file of mode 0600 that holds the rsync daemon's password and nothing else."),
    SSH_OPTIONS("ssh-options", "options of ssh", null, "-i config/id_ed25519",
            "Options that ssh gets. ssh never asks (`BatchMode`), so the key has no passphrase, or an agent holds it."),
    RSYNC_OPTIONS("rsync-options", "options of rsync", null, "-z --chmod=F644",
            "Further options that rsync gets. Those that would break the mirror are refused at start."),
    WINDOW("window", "duration", "20ms", "5s",
            "How long a change waits at most before rsync starts, if the target is idle; also the shortest time from one run to the"
                    + " next."),
    MAX_DELAY("max-delay", "duration", "10s", "1m",
            "A file that stays open for writing, such as a log, is sent after this time, again and again."),
    EXCLUDE("exclude", "rsync patterns, separated by commas", null, ".git/, *.swp",
            "What is left out: it is not watched, not sent, and not deleted at the target."),
    INCLUDE("include", "rsync patterns, separated by commas", null, "/important.swp",
            "What is mirrored although a pattern of `exclude` matches it."),
    FILTER_FROM("filter-from", "file", null, "config/rules",
            "A file of rules, `+ PATTERN` or `- PATTERN` a line, which come before `include` and `exclude`."),
    LAST("last", "rsync patterns, separated by commas", null, "*.html, dists/",
            "What is sent only after everything else that was pending before it, so that no page arrives before its images. Deletions come"
                    + " after that."),
    POLL("poll", "duration", "60s", "5m",
            "How often folders that can't be watched, because of a limit of the kernel, are compared instead."),
    HARD_LINKS("hard-links", "`follow` or `ignore`", "follow", "ignore",
            "What is sent when a file with several names changes: all of its names, or only the one that was used to write it."),
    WARM("warm", "duration, `off` or `always`", "10s", "1m",
            "How long after a change an rsync for the next one is kept ready, connected and logged in. A small change then takes a third"
                    + " of the time."),
    MAX_BACKLOG("max-backlog", "number", "100000", "1000000",
            "How many pending paths are kept one by one for a target. Beyond that whole folders are pending, so an outage takes"
                    + " bounded memory."),
    LARGE_FILE("large-file", "size", "64m", "1.5g",
            "A file of this size or more is transferred by itself, beside all others. If it is cut off, it continues where it stopped."),
    DELETE("delete", "`true`, `false`, `live` or `reconcile`", "true", "live",
            "Whether what is gone at the source is deleted at the target too. `live` deletes only what goes while the program runs,"
                    + " `reconcile` only when the whole tree is compared."),
    FIRST_RUN("first-run", "`ask` or `delete`", "ask", "delete",
            "What happens if the first run at a target would delete more there than it brings, or all of it: `ask` halts the target until"
                    + " a person has looked, `delete` deletes."),
    TARGET_MARKER("target-marker", "name of a file", null, ".this-is-the-backup-disk",
            "A file that you put directly into the target. While it is missing, nothing is written there: the target's disk is not"
                    + " mounted. It is never deleted."),
    MAX_DELETE("max-delete", "number", null, "100",
            "How many deletions one run may make. They are counted before. If there are more, none is made and the target halts, until"
                    + " a person allows them with `dromedary resume`."),
    MAX_CHANGE("max-change", "number, or percentage of the target's files", null, "5%",
            "How many files one run may create, change and delete. They are counted before. If there are more, none is sent and the target"
                    + " halts, until a person allows them with `dromedary approve`."),
    RELEASES("releases", "number", null, "5",
            "How many releases are kept at the target, in place of a live tree. Each is a folder `releases/N`; the link `current` shows one when"
                    + " it is whole."),
    QUIET("quiet", "duration", null, "5s",
            "After how long without a change a release is made. Without it, `dromedary release` makes one."),
    BANDWIDTH_LIMIT("bandwidth-limit", "KiB a second, or a number with a unit", null, "1.5m",
            "How much is sent each second at most."),
    TIMEOUT("timeout", "duration", "60s", "2m",
            "After how long without any data rsync gives up."),
    RECONCILE("reconcile", "Quartz cron expression", null, "0 0 4 * * ?",
            "When the whole tree is compared with the target by size and time. `dromedary check` says if a change to or from summer time"
                    + " skips it."),
    CHECKSUM_RECONCILE("checksum-reconcile", "Quartz cron expression", null, "0 0 5 ? * SUN",
            "When the whole tree is compared by content. That finds what was altered at the target without a trace; both sides read every"
                    + " file."),
    RECONCILE_ON_START("reconcile-on-start", "`true` or `false`", "true", "false",
            "Whether the whole tree is compared at each start. After a crash it always is."),
    REPLAY("replay", "duration or Quartz cron expression", "30s", "5m",
            "When what has failed is tried again. It is also the longest time between two questions whether an unreachable target is"
                    + " back."),
    RETRIES("retries", "number", "3", "5",
            "How often a run is repeated if the target can't be reached, before its changes become a dead letter."),
    RETRY_DELAY("retry-delay", "duration", "1s", "5s",
            "How long to wait before a run is repeated the first time. Each further wait is twice as long."),
    BEFORE("before", "Camel endpoint", null, "exec:/usr/local/bin/scan",
            "It is told, as JSON, what is about to be sent. A program that `exec:` starts gets it by standard input."),
    AFTER("after", "Camel endpoint", null, "exec:/usr/local/bin/purge-cdn",
            "It is told, as JSON, what has arrived."),
    ON_FAILURE("on-failure", "Camel endpoint", null, "exec:/usr/local/bin/page-me",
            "It is told when a target becomes unreachable, when it is back, and when paths can't be transferred."),
    NOTIFY("notify", "`mailto:` address or `https:` URL", null, "mailto:ops@example.com",
            "It is told the same as `on-failure`, without a Camel endpoint: by mail, which this machine's `sendmail` sends, or by a POST of"
                    + " JSON whose `text` chat services show."),
    LAG_ALARM("lag-alarm", "duration", null, "5m",
            "How old the oldest change that has not arrived may get before `on-failure` is told, once, and again when the target is in line."),
    HEAL("heal", "`true` or `false`", "false", "true",
            "Whether a target that is a folder of this machine, or an agent's folder, is watched too: what somebody else changes there is brought back"
                    + " at once, counted, and `on-failure` is told."),
    HOOKS_HOLD("hooks-hold", "`true` or `false`", "false", "true",
            "Whether a failure of `before` or `after` counts as a failure of the run, which is then tried again.");

    private final KeyDescription text;

    TargetKey(String key, String type, String defaultText, String example, String description) {
        text = new KeyDescription(key, type, defaultText, example, description);
    }

    /** {@return the last part of its key in the configuration, such as {@code max-delay}} */
    public String key() {
        return text.key();
    }

    /** {@return the default as it would be written; {@code null} if there is none} */
    public String defaultText() {
        return text.defaultText();
    }

    /** {@return its documentation} */
    public KeyDescription text() {
        return text;
    }

    /** {@return the keys of all options, in their order} */
    public static List<String> keys() {
        return Stream.of(values()).map(TargetKey::key).toList();
    }

    /** {@return the option with that key, or {@code null}} */
    static TargetKey of(String key) {
        return Stream.of(values()).filter(o -> o.key().equals(key)).findFirst().orElse(null);
    }
}
