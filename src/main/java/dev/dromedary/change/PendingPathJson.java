package dev.dromedary.change;

import java.util.Locale;
import java.util.stream.Stream;

import org.apache.camel.util.json.DeserializationException;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;

/** Reads and writes a pending path as a line of JSON, in a dead letter or a topic record: {@code path}, escaped, and {@code extent}. */
public final class PendingPathJson {

    // each name has at least a byte and a slash, so rsync takes no deeper path (RawPath.LONGEST); it also bounds every walk
    private static final int DEEPEST = RawPath.LONGEST / 2 + 1;

    /**
     * The content of a line.
     *
     * @param json the whole object
     */
    public record Line(String path, Extent extent, JsonObject json) {
    }

    private PendingPathJson() {
    }

    /** {@return the line, without its end} */
    public static String of(String path, Extent extent) {
        return json(path, extent).toJson();
    }

    /** {@return the line as an object, to which more keys may be added} */
    public static JsonObject json(String path, Extent extent) {
        JsonObject pending = new JsonObject();
        pending.put("path", RawPath.escape(path));
        pending.put("extent", extent.name().toLowerCase(Locale.ROOT));
        return pending;
    }

    /**
     * Adds the path of a line to a set.
     *
     * @param since when the change came, by {@link dev.dromedary.clock.SteadyClock}
     * @throws IllegalArgumentException if it is no such line, or names a path that is not below the source
     */
    public static void read(String line, ChangeSet into, long since) {
        Line pending = read(line);
        into.add(pending.path(), pending.extent(), since);
    }

    /**
     * {@return the content of a line}
     *
     * @throws IllegalArgumentException if it is no such line, or names a path that is not below the source
     */
    public static Line read(String line) {
        try {
            JsonObject pending = (JsonObject) Jsoner.deserialize(line);
            return new Line(path(pending.getString("path")), extent(pending.getString("extent")), pending);
        } catch (DeserializationException | ClassCastException | NullPointerException e) {
            throw new IllegalArgumentException("it has a line that is no pending path: " + e.getMessage(), e);
        }
    }

    /**
     * {@return the path in an escaped text}
     *
     * @throws IllegalArgumentException if it is not below the source
     */
    public static String path(String escaped) {
        return checked(RawPath.unescape(escaped));
    }

    private static Extent extent(String name) {
        return Stream.of(Extent.values()).filter(extent -> extent.name().toLowerCase(Locale.ROOT).equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("it has an unknown extent of a path: " + name));
    }

    private static String checked(String path) {
        if (!path.isEmpty() && !RawPath.isBelowRoot(path)) {
            throw new IllegalArgumentException("it names a path that is not one below the source: " + RawPath.shown(path));
        }
        if (path.chars().filter(c -> c == '/').count() >= DEEPEST) {
            throw new IllegalArgumentException("it names a path that is deeper than any: " + RawPath.shown(path));
        }
        return path;
    }
}
