package dev.dromedary.status;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import dev.dromedary.backlog.ArrivalBarrier;
import dev.dromedary.backlog.Backlog;
import dev.dromedary.change.FlushMarker;
import dev.dromedary.config.DurationParser;
import dev.dromedary.config.Mirror;
import dev.dromedary.config.MirrorKey;
import dev.dromedary.config.Settings;
import dev.dromedary.config.Target;
import dev.dromedary.http.LongPollDecider;
import dev.dromedary.watch.InotifyConsumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.Route;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the requests that wait until all earlier changes of a source have arrived. A marker takes the same way as a change, through watch
 * and window, and each backlog that it reaches notes what its target has not received by then. Safe for use by several threads.
 */
public final class ArrivalWaits implements LongPollDecider {

    private static final Logger LOG = LoggerFactory.getLogger(ArrivalWaits.class);
    private static final int MOST = 64;
    // the server cuts off an answer that takes a minute (http.GuardedServer)
    private static final Duration LONGEST = Duration.ofSeconds(50);
    private static final Duration USUAL = Duration.ofSeconds(30);
    // even a request with timeout=0 needs what the marker finds; while a source is gone, no marker arrives
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final long FORGOTTEN_AFTER_NANOS = TimeUnit.MINUTES.toNanos(2);

    private final CamelContext context;
    private final Supplier<Settings> settings;
    private final Map<String, Backlog> backlogs;
    private final StatusCollector status;
    private final Map<String, Wait> waits = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();

    /**
     * @param settings the current settings
     * @param backlogs by mirror/target
     */
    ArrivalWaits(CamelContext context, Supplier<Settings> settings, Map<String, Backlog> backlogs, StatusCollector status) {
        this.context = context;
        this.settings = settings;
        this.backlogs = backlogs;
        this.status = status;
    }

    /** What a target had not received; the backlog is another one once the target is in another place. */
    private record Awaited(Backlog backlog, ArrivalBarrier barrier) {
    }

    /** One waiting request. */
    private final class Wait implements FlushMarker {

        private final String token;
        private final Mirror mirror;
        private final Set<String> targets;
        private final int count;
        private final Map<String, Awaited> awaited = new ConcurrentHashMap<>();
        private final CompletableFuture<Void> noted = new CompletableFuture<>();
        private final CompletableFuture<Void> over = new CompletableFuture<>();
        private volatile InotifyConsumer sentTo;
        private volatile long askedNanos = System.nanoTime();

        Wait(String token, Mirror mirror, Set<String> targets, int count) {
            this.token = token;
            this.mirror = mirror;
            this.targets = targets;
            this.count = count;
        }

        /** Sends its marker down the route; again if the route or one of the targets was made anew meanwhile. */
        void send(InotifyConsumer watch) {
            if (sentTo != watch && !awaited.keySet().containsAll(those())) {
                sentTo = watch;
                watch.mark(this);
            }
        }

        @Override
        public void reached(String target) {
            Backlog backlog = backlogs.get(target);
            if (backlog != null && targets.contains(target)) {
                ArrivalBarrier barrier = awaited.compute(target, (id, known) -> known != null && known.backlog == backlog ? known
                        : new Awaited(backlog, backlog.barrier())).barrier;
                barrier.noted().thenRun(this::look);
                barrier.over().thenRun(this::look);
            }
        }

        // called by threads that must not block
        private void look() {
            List<String> those = those();
            if (those.stream().allMatch(target -> awaited.containsKey(target) && awaited.get(target).barrier.noted().isDone())) {
                noted.complete(null);
            }
            if (arrived().size() >= Math.min(count, those.size())) {
                noted.complete(null);
                over.complete(null);
            }
        }

        /** Returns those of its targets that still exist. */
        List<String> those() {
            Set<String> all = settings.get().ids();
            return targets.stream().filter(all::contains).toList();
        }

        List<String> arrived() {
            return those().stream().filter(this::hasArrived).toList();
        }

        boolean hasArrived(String target) {
            Awaited at = awaited.get(target);
            return at != null && at.barrier.over().isDone() && !at.barrier.over().isCancelled();
        }

        /** Continues with another configuration; returns whether there is still anything to wait for. */
        boolean goOn() {
            boolean same = settings.get().mirrors().stream().anyMatch(each -> each.name().equals(mirror.name())
                    && each.source().equals(mirror.source()));
            if (!same || those().isEmpty()) {
                over.complete(null);
                return false;
            }
            // a target that is in another place now is asked again
            if (awaited.values().removeIf(at -> backlogs.get(at.backlog.id()) != at.backlog)) {
                sentTo = null;
            }
            look();
            return true;
        }

        void lookAgain() {
            awaited.values().forEach(at -> at.backlog.lookAgain());
        }

        void forget() {
            awaited.values().forEach(at -> at.barrier.over().cancel(false));
            lookAgain();
        }
    }

    /**
     * Continues with the current configuration, when all routes are made. A target that is gone, or a source that was replaced, is no
     * longer waited for.
     */
    void goOn() {
        for (Wait wait : List.copyOf(waits.values())) {
            if (wait.goOn()) {
                try {
                    wait.send(watch(wait.mirror));
                } catch (RequestRefusedException e) {
                    LOG.debug("{}: who waits asks again: {}", wait.mirror.name(), e.getMessage());
                }
            } else {
                waits.remove(wait.token);
                wait.forget();
            }
        }
    }

    /** Holds a request until all has arrived or its time is over; a refused request is not held. */
    @Override
    public Hold begin(String mirror, UnaryOperator<String> query) {
        try {
            Duration most = timeout(query.apply("timeout"));
            Wait wait = open(mirror, query);
            return most.isZero() ? new Hold(wait.token, wait.noted, LOOK) : new Hold(wait.token, wait.over, most);
        } catch (RequestRefusedException e) {
            return null;
        }
    }

    /** Answers a request that was held, or did not need to be: 200 if all has arrived, otherwise 504 with what is missing and a token. */
    public String answer(@Header("mirror") String mirror, @Header(LongPollDecider.TOKEN) String held, Exchange exchange) {
        try {
            UnaryOperator<String> query = name -> exchange.getMessage().getHeader(name, String.class);
            timeout(query.apply("timeout"));
            Wait wait = held == null || !waits.containsKey(held) ? open(mirror, query) : waits.get(held);
            if (wait == null) {
                throw new RequestRefusedException(404, "this wait is not known any more: ask anew, without a token");
            }
            boolean over = wait.over.isDone();
            String json = json(wait, over);
            if (over) {
                waits.remove(wait.token);
                wait.forget();
            } else {
                exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, 504);
            }
            return json;
        } catch (RequestRefusedException e) {
            RefusalResponses.refuse(exchange, e.code(), e.getMessage());
            return exchange.getMessage().getBody(String.class);
        }
    }

    private static Duration timeout(String text) throws RequestRefusedException {
        Duration timeout = text == null ? USUAL : DurationParser.of(text).orElse(null);
        if (timeout == null || timeout.isNegative()) {
            throw new RequestRefusedException(400, "timeout=" + RefusalResponses.shown(text) + " is not a duration; " + DurationParser.REMEDY);
        }
        if (timeout.compareTo(LONGEST) > 0) {
            throw new RequestRefusedException(400, "timeout=" + RefusalResponses.shown(text) + " is more than the " + LONGEST.toSeconds()
                    + "s that one request may take; ask again with token=..., as the answer has it");
        }
        return timeout;
    }

    private Wait open(String name, UnaryOperator<String> query) throws RequestRefusedException {
        tidy();
        String token = query.apply("token");
        Wait wait = token == null ? begin(name, query.apply("targets"), query.apply("count")) : waits.get(token);
        if (wait == null || !wait.mirror.name().equals(name)) {
            throw new RequestRefusedException(404, "this wait is not known any more: ask anew, without a token");
        }
        wait.askedNanos = System.nanoTime();
        wait.send(watch(wait.mirror));
        // pending changes may have been discarded meanwhile
        wait.lookAgain();
        return wait;
    }

    private Wait begin(String name, String targets, String count) throws RequestRefusedException {
        Mirror mirror = settings.get().mirrors().stream().filter(each -> each.name().equals(name)).findFirst()
                .orElseThrow(() -> new RequestRefusedException(404, "there is no mirror " + RefusalResponses.shown(name)));
        if (mirror.isPulled()) {
            throw new RequestRefusedException(409, name + " is pulled: what was changed is known where its source is; ask the program there");
        }
        if (status.role().filter(role -> !role.leads()).isPresent()) {
            throw new RequestRefusedException(409, "this process stands by, " + status.role().get().whoLeads() + " leads: ask that one");
        }
        Set<String> named = targets(mirror, targets);
        if (named.isEmpty()) {
            throw new RequestRefusedException(409, name + " has no target just now: " + MirrorKey.TARGETS_FROM.key() + " names no host");
        }
        int least = count(count, named.size());
        if (waits.size() >= MOST) {
            throw new RequestRefusedException(503, MOST + " wait already; ask again in a moment");
        }
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        Wait wait = new Wait(HexFormat.of().formatHex(bytes), mirror, named, least);
        watch(mirror);
        waits.put(wait.token, wait);
        return wait;
    }

    private Set<String> targets(Mirror mirror, String named) throws RequestRefusedException {
        Set<String> ids = new LinkedHashSet<>();
        // a host that is no longer named may be gone for good
        for (String name : named == null ? mirror.targets().stream().filter(target -> !status.isLeft(target)).map(Target::name).toList() : Arrays.asList(named.split(",", -1))) {
            ids.add(mirror.targets().stream().filter(target -> target.name().equals(name)).map(Target::id).findFirst()
                    .orElseThrow(() -> new RequestRefusedException(404, "there is no target " + RefusalResponses.shown(mirror.name() + '/' + name))));
        }
        return ids;
    }

    private static int count(String text, int targets) throws RequestRefusedException {
        if (text == null) {
            return targets;
        }
        int count = text.matches("\\d{1,6}") ? Integer.parseInt(text) : 0;
        if (count < 1 || count > targets) {
            throw new RequestRefusedException(400, "count=" + RefusalResponses.shown(text) + " is not a number from 1 to " + targets + ", the number of targets");
        }
        return count;
    }

    private InotifyConsumer watch(Mirror mirror) throws RequestRefusedException {
        Route route = context.getRoute("watch-" + mirror.name());
        if (route != null && route.getConsumer() instanceof InotifyConsumer watch && watch.isStarted()) {
            return watch;
        }
        throw new RequestRefusedException(503, "the source of " + mirror.name() + " is not watched by Dromedary's own watch just now; ask again in a moment");
    }

    // drops the waits that nobody has asked about for a long time
    private void tidy() {
        long before = System.nanoTime() - FORGOTTEN_AFTER_NANOS;
        waits.values().removeIf(wait -> {
            boolean forgotten = wait.askedNanos - before < 0;
            if (forgotten) {
                wait.forget();
            }
            return forgotten;
        });
    }

    private String json(Wait wait, boolean over) {
        JsonObject json = new JsonObject();
        json.put("version", StatusJson.VERSION);
        json.put("arrived", new JsonArray(wait.arrived()));
        Instant now = Instant.now();
        json.put("missing", new JsonArray(wait.mirror.targets().stream().filter(target -> wait.targets.contains(target.id()) && !wait.hasArrived(target.id()))
                .flatMap(target -> status.find(target, now).stream()).map(ArrivalWaits::missing).toList()));
        if (!over) {
            json.put("token", wait.token);
        }
        return json.toJson() + '\n';
    }

    private static JsonObject missing(StatusSnapshot.OfTarget target) {
        JsonObject json = new JsonObject();
        json.put("target", target.id());
        json.put("state", target.state().text());
        json.put("pending", target.pending());
        json.put("reason", target.reason());
        return json;
    }
}
