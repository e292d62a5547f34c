package dev.dromedary.config;

/** All keys that only a mirror has, not a target, in the order of the documentation. This is the only list of them. */
public enum MirrorKey {

    SOURCE("source", "folder", null, "/data/www",
            "The folder that is mirrored. In a mirror with `subscribe`: the URL that it is pulled from."),
    WATCH("watch", "`auto`, `inotify` or `fanotify`", "auto", "fanotify",
            "How the kernel reports changes: `inotify` folder by folder, `fanotify` for the whole file system, which needs two"
                    + " capabilities. `auto` takes `inotify` if the kernel allows enough watches, else `fanotify` if it has the rights."),
    ARRIVED_EVERYWHERE("arrived-everywhere", "Camel endpoint", null, "exec:/usr/local/bin/purge-cdn",
            "It is told, as JSON, once a change has arrived at all targets of the mirror."),
    PUBLISH("publish", "Kafka endpoint", null, "kafka:dromedary-www?brokers=kafka1:9092",
            "A topic that is told what changes, besides the targets or instead of any. Agents follow it and pull. With `subscribe`,"
                    + " what is pulled is published for the next hosts."),
    SUBSCRIBE("subscribe", "Kafka endpoint with a `groupId`", null, "kafka:dromedary-www?brokers=kafka1:9092&groupId=web7",
            "The topic that an agent follows. The mirror then has one target, the folder of this machine that is pulled into."
                    + " Each host has a `groupId` of its own."),
    TARGETS_FROM("targets-from", "`file:PATH`, `dns:NAME` or `exec:COMMAND`", null, "dns:web.example.com",
            "Who names the hosts of targets that come and go: a file, the addresses of a name, or what a command prints. Each gets the options of"
                    + " `mirror.MIRROR.target.*`, in whose `url` `{host}` stands for it."),
    FORGET("forget", "duration", "1h", "1d",
            "How long a target is kept whose host is no longer named by `targets-from`, before it is dropped.");

    private final KeyDescription text;

    MirrorKey(String key, String type, String defaultText, String example, String description) {
        text = new KeyDescription(key, type, defaultText, example, description);
    }

    /** {@return the last part of its key, such as {@code source}} */
    public String key() {
        return text.key();
    }

    /** {@return its documentation} */
    public KeyDescription text() {
        return text;
    }
}
