package dev.dromedary.hosts;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import dev.dromedary.config.HostListProvider;
import dev.dromedary.config.HostSource;
import dev.dromedary.config.HostTargetTemplate;
import dev.dromedary.config.Settings;
import dev.dromedary.log.LogContext;
import dev.dromedary.state.JsonFile;
import org.apache.camel.util.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the lists of hosts on which mirrors have targets, for mirrors whose hosts come and go. Each host source is asked again and again. A
 * host that is no longer named is kept for a while, and all hosts are kept while there is no answer. The accepted hosts are remembered over
 * restarts. Thread-safe.
 */
public final class HostLists implements HostListProvider {

    /**
     * The state of a mirror's host list.
     *
     * @param source   who names the hosts, for people
     * @param named    how many hosts are named
     * @param answered when the last answer came; null if there was none yet
     * @param fault    why there is no answer now; null if there is one
     */
    public record Standing(String source, int named, Instant answered, String fault) {
    }

    /**
     * A host that is no longer named.
     *
     * @param since when this was first seen
     * @param until when its target is dropped
     */
    public record Left(Instant since, Instant until) {
    }

    private static final Logger LOG = LoggerFactory.getLogger(HostLists.class);
    private static final int VERSION = 1;

    private static final class OfMirror {
        private final String mirror;
        private final HostSource source;
        private final Path file;
        // since when each host is no longer named; null if it is named
        private final Map<String, Instant> hosts = new LinkedHashMap<>();
        // the accepted hosts as last saved
        private Map<String, Instant> remembered = new HashMap<>();
        private boolean forgetful;
        // null until the mirror runs with this list
        private Set<String> takenIn;
        private Duration forget;
        private Instant answered;
        private String fault;

        private OfMirror(String mirror, HostTargetTemplate hosts, Path stateDir) {
            this.mirror = mirror;
            this.source = hosts.source();
            this.forget = hosts.forget();
            this.file = stateDir == null ? null : stateDir.resolve("hosts").resolve(mirror + ".json");
        }

        private void heard(List<String> named, Instant now) {
            if (fault != null) {
                LOG.info("{}: {} answers again", mirror, source.text());
            }
            fault = null;
            answered = now;
            for (String host : named) {
                if (!hosts.containsKey(host)) {
                    LOG.info("{}: the host {} is new ({}): it gets the whole tree, and what changes from now on", mirror, host, source.text());
                } else if (hosts.get(host) != null) {
                    LOG.info("{}: the host {} is named again by {}", mirror, host, source.text());
                }
                hosts.put(host, null);
            }
            for (String host : List.copyOf(hosts.keySet())) {
                if (named.contains(host)) {
                    continue;
                }
                Instant since = hosts.get(host);
                if (since == null) {
                    LOG.info("{}: the host {} is no longer named by {}; it is kept for {} and then dropped", mirror, host, source.text(),
                            text(forget));
                }
                // a clock that was set back must not keep the host for good
                since = since == null || since.isAfter(now) ? now : since;
                hosts.put(host, since);
                if (!since.plus(forget).isAfter(now)) {
                    LOG.info("{}: the host {} has not been named for {} and is dropped; should it come back, it gets the whole tree", mirror,
                            host, text(forget));
                    hosts.remove(host);
                }
            }
        }

        private void silent(String why) {
            if (!why.equals(fault)) {
                LOG.warn("{}: {} does not say which hosts there are: {}. All targets stay as they are, and it is asked again", mirror,
                        source.text(), why);
            }
            fault = why;
        }

        private void recall() {
            try {
                if (file != null) {
                    new JsonFile(file, VERSION).read(json -> (Map<String, Object>) new TreeMap<String, Object>(json.<JsonObject>getMap("hosts")))
                            .ifPresent(all -> all.forEach((host, since) -> {
                                hosts.put(host, since == null ? null : Instant.parse(since.toString()));
                                remembered.put(host, hosts.get(host));
                            }));
                }
            } catch (IOException e) {
                LOG.warn("{}: {} can't be used ({}): only the hosts that are named now are known", mirror, file, e.getMessage());
            }
        }

        private void remember() {
            Map<String, Instant> now = new HashMap<>(hosts);
            now.keySet().retainAll(takenIn);
            if (now.equals(remembered)) {
                return;
            }
            JsonObject all = new JsonObject();
            now.forEach((host, since) -> all.put(host, since == null ? null : since.toString()));
            JsonObject json = new JsonObject();
            json.put("hosts", all);
            try {
                new JsonFile(file, VERSION).write(json);
                remembered = now;
                forgetful = false;
            } catch (IOException e) {
                if (!forgetful) {
                    LOG.warn("{}: which hosts there are could not be kept in {} ({}); it is tried again", mirror, file, e.toString());
                }
                forgetful = true;
            }
        }

        private static String text(Duration duration) {
            return duration.toSeconds() % 60 != 0 ? duration.toSeconds() + " s" : duration.toMinutes() + " min";
        }
    }

    private final Map<String, OfMirror> mirrors = new HashMap<>();

    @Override
    public synchronized List<String> of(String mirror, HostTargetTemplate hosts, Path stateDir) {
        OfMirror known = mirrors.get(mirror);
        if (known == null || !known.source.equals(hosts.source())) {
            OfMirror next = new OfMirror(mirror, hosts, stateDir);
            if (known == null) {
                next.recall();
            } else {
                // used as long as the new source gives no answer
                next.hosts.putAll(known.hosts);
                next.remembered = known.remembered;
                next.takenIn = known.takenIn;
            }
            ask(next);
            mirrors.put(mirror, next);
            known = next;
        }
        known.forget = hosts.forget();
        return List.copyOf(known.hosts.keySet());
    }

    // only at a start and for another source; later requests are made outside of the lock
    private static void ask(OfMirror one) {
        try {
            one.heard(HostLookup.ask(one.source), Instant.now());
        } catch (IOException e) {
            one.silent(why(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            one.silent("a stop came before the answer");
        }
    }

    private static String why(IOException e) {
        return Objects.requireNonNullElse(e.getMessage(), e.toString());
    }

    /**
     * Asks all sources for their hosts again.
     *
     * @return whether the hosts differ from those that were {@linkplain #takenIn taken in}
     */
    public boolean look() throws InterruptedException {
        List<OfMirror> all;
        synchronized (this) {
            all = new ArrayList<>(mirrors.values());
        }
        for (OfMirror one : all) {
            LogContext.mirror(one.mirror);
            try {
                List<String> named = HostLookup.ask(one.source);
                synchronized (this) {
                    one.heard(named, Instant.now());
                    if (one.takenIn != null) {
                        one.remember();
                    }
                }
            } catch (IOException e) {
                synchronized (this) {
                    one.silent(why(e));
                }
            } finally {
                LogContext.clear();
            }
        }
        synchronized (this) {
            return mirrors.values().stream().anyMatch(one -> !one.hosts.keySet().equals(one.takenIn));
        }
    }

    /** Notes that the mirrors now run with these settings, and remembers their hosts. */
    public synchronized void takenIn(Settings settings) {
        Set<String> wanted = settings.mirrors().stream().filter(mirror -> mirror.hosts() != null).map(mirror -> mirror.name())
                .collect(Collectors.toSet());
        mirrors.keySet().retainAll(wanted);
        mirrors.values().forEach(one -> {
            one.takenIn = Set.copyOf(one.hosts.keySet());
            one.remember();
        });
    }

    /** {@return whether the target's host is new, so that it is not known what the target has} */
    public synchronized boolean isNew(String mirror, String target) {
        OfMirror one = mirrors.get(mirror);
        return one != null && one.hosts.keySet().stream().anyMatch(host -> HostTargetTemplate.name(host).equals(target) && !one.remembered.containsKey(host));
    }

    /** {@return since when the host of a target is no longer named; empty if it is named, or the target has no such host} */
    public synchronized Optional<Left> left(String mirror, String target) {
        OfMirror one = mirrors.get(mirror);
        return one == null ? Optional.empty() : one.hosts.entrySet().stream()
                .filter(host -> HostTargetTemplate.name(host.getKey()).equals(target) && host.getValue() != null).findFirst()
                .map(host -> new Left(host.getValue(), host.getValue().plus(one.forget)));
    }

    /** {@return the mirrors whose hosts are not known, and why, one per line} */
    public synchronized List<String> faults() {
        return mirrors.values().stream().filter(one -> one.fault != null)
                .map(one -> one.mirror + ": " + one.source.text() + " does not say which hosts there are: " + one.fault).sorted().toList();
    }

    /** {@return the state of a mirror's host list; empty if its hosts don't come and go} */
    public synchronized Optional<Standing> standing(String mirror) {
        return Optional.ofNullable(mirrors.get(mirror)).map(one -> new Standing(one.source.text(),
                (int) one.hosts.values().stream().filter(Objects::isNull).count(), one.answered, one.fault));
    }
}
