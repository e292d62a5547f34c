package dev.dromedary.status;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.RawPath;
import dev.dromedary.config.Mirror;
import dev.dromedary.config.Settings;
import dev.dromedary.filter.PathFilter;
import dev.dromedary.http.RequestBody;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.util.json.DeserializationException;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;

/**
 * Accepts hints of changes that the kernel does not report: a list of paths, each of which is enqueued as it is now. Safe for use by
 * several threads.
 */
public final class ChangeHints {

    /** Property that {@link #read} sets: the mirror. */
    static final String MIRROR = "DromedaryHinted";

    private static final String TAKEN = "DromedaryHintsTaken";
    private static final String LEFT_OUT = "DromedaryHintsLeftOut";
    private static final int MOST_BYTES = 8 << 20;
    private static final int MOST_PATHS = 100_000;
    private static final int MOST_AT_ONCE = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Supplier<Settings> settings;
    private final StatusCollector status;
    // each of them holds a thread of the server while its body arrives
    private final Semaphore places = new Semaphore(MOST_AT_ONCE);

    /** @param settings the current settings */
    ChangeHints(Supplier<Settings> settings, StatusCollector status) {
        this.settings = settings;
        this.status = status;
    }

    /** Turns the body of a request into the set of paths to enqueue. If anything in it is wrong, ends the route and enqueues nothing. */
    public void read(@Header("mirror") String name, Exchange exchange) throws InterruptedException {
        if (!places.tryAcquire()) {
            RefusalResponses.refuse(exchange, 503, MOST_AT_ONCE + " lists are being read; ask again in a moment");
            return;
        }
        try {
            Mirror mirror = mirror(name);
            List<?> paths = list(RequestBody.of(exchange, MOST_BYTES, PATIENCE));
            exchange.setProperty(MIRROR, mirror.name());
            exchange.getMessage().setBody(changes(mirror, paths, exchange));
        } catch (RequestBody.TooLarge e) {
            RefusalResponses.refuse(exchange, 413, "the list has more than " + (MOST_BYTES >> 20) + " MiB; send it in parts");
        } catch (IOException e) {
            RefusalResponses.refuse(exchange, 400, "the list could not be read: " + e.getMessage());
        } catch (RequestRefusedException e) {
            RefusalResponses.refuse(exchange, e.code(), e.getMessage());
        } finally {
            places.release();
        }
    }

    private Mirror mirror(String name) throws RequestRefusedException {
        Mirror mirror = settings.get().mirrors().stream().filter(each -> each.name().equals(name)).findFirst()
                .orElseThrow(() -> new RequestRefusedException(404, "there is no mirror " + RefusalResponses.shown(name)));
        if (mirror.isPulled()) {
            throw new RequestRefusedException(409, name + " is pulled: what has changed is to be told where its source is");
        }
        if (status.role().filter(role -> !role.leads()).isPresent()) {
            throw new RequestRefusedException(409, "this process stands by, " + status.role().get().whoLeads() + " leads: tell that one");
        }
        return mirror;
    }

    private static List<?> list(byte[] body) throws RequestRefusedException {
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
            if (Jsoner.deserialize(text) instanceof List<?> paths) {
                if (paths.size() > MOST_PATHS) {
                    throw new RequestRefusedException(413, "the list has " + paths.size() + " paths, and may have " + MOST_PATHS + "; send it in parts");
                }
                return paths;
            }
        } catch (DeserializationException | CharacterCodingException e) {
            throw notAList();
        }
        throw notAList();
    }

    private static RequestRefusedException notAList() {
        return new RequestRefusedException(400, "the body is not a list of paths in JSON (UTF-8), such as [\"img/a.jpg\", \"css\"]");
    }

    private ChangeSet changes(Mirror mirror, List<?> paths, Exchange exchange) throws RequestRefusedException {
        PathFilter filter = exchange.getContext().getRegistry().lookupByNameAndType("filter-" + mirror.name(), PathFilter.class);
        if (filter == null) {
            throw new RequestRefusedException(503, mirror.name() + " gets another configuration just now; ask again in a moment");
        }
        HintedPathResolver below = new HintedPathResolver(mirror.source());
        ChangeSet pending = new ChangeSet();
        int leftOut = 0;
        for (Object each : paths) {
            String path = path(below, each, mirror);
            leftOut += enqueue(mirror, path, filter, pending) ? 0 : 1;
        }
        exchange.setProperty(TAKEN, paths.size() - leftOut);
        exchange.setProperty(LEFT_OUT, leftOut);
        return pending;
    }

    private static String path(HintedPathResolver below, Object each, Mirror mirror) throws RequestRefusedException {
        if (!(each instanceof String text)) {
            throw new RequestRefusedException(400, "the list has something that is no path: " + RefusalResponses.shown(String.valueOf(each)));
        }
        try {
            return below.of(RawPath.unescape(text));
        } catch (IllegalArgumentException e) {
            throw new RequestRefusedException(400, RefusalResponses.shown(text) + ": " + e.getMessage() + "; the source of " + mirror.name() + " is " + mirror.source());
        }
    }

    // returns whether the path is not left out
    private static boolean enqueue(Mirror mirror, String path, PathFilter filter, ChangeSet pending) {
        Path there = RawPath.toPath(mirror.source().resolve("."), path);
        boolean folder = path.isEmpty() || Files.isDirectory(there, LinkOption.NOFOLLOW_LINKS);
        boolean gone = !folder && Files.notExists(there, LinkOption.NOFOLLOW_LINKS);
        boolean leftOut = !path.isEmpty() && (gone ? filter.excludes(path, true) && filter.excludes(path, false) : filter.excludes(path, folder));
        if (!leftOut) {
            boolean whole = folder || mirror.copiesBehindLinks() && Files.isDirectory(there);
            pending.add(path, whole ? Extent.TREE : Extent.ENTRY);
        }
        return !leftOut;
    }

    /** Answers how many paths were enqueued, and how many are left out of the mirror. */
    public String answer(Exchange exchange) {
        JsonObject json = new JsonObject();
        json.put("version", StatusJson.VERSION);
        json.put("mirror", exchange.getProperty(MIRROR, String.class));
        json.put("taken", exchange.getProperty(TAKEN, 0, Integer.class));
        json.put("leftOut", exchange.getProperty(LEFT_OUT, 0, Integer.class));
        return json.toJson() + '\n';
    }
}
