package dev.dromedary.change;

import java.util.Locale;
import java.util.stream.Stream;

import org.apache.camel.util.json.DeserializationException;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;

/** One owed path as a line of JSON, in a dead letter or in a record of a topic: {@code path}, escaped, and {@code extent}. */
public final class PendingPathJson {

    // a name has a byte and a slash at least, so rsync takes no path of more (RawPath.LONGEST); and what is walked has an end
    private static final int DEEPEST = RawPath.LONGEST / 2 + 1;

    /**
     * What a line says.
     *
     * @param json all of it
     */
    public record Line(String path, Extent extent, JsonObject json) {
    }

    private PendingPathJson() {
    }

    /** {@return the line, without its end} */
    public static String of(String path, Extent extent) {
        return json(path, extent).toJson();
    }

    /** {@return the same, for what else it is to say} */
    public static JsonObject json(String path, Extent extent) {
        JsonObject pending = new JsonObject();
        pending.put("path", RawPath.escape(path));
        pending.put("extent", extent.name().toLowerCase(Locale.ROOT));
        return pending;
    }

    /**
     * Owes what a line says.
     *
     * @param since the moment of the change, by {@link dev.dromedary.clock.SteadyClock}
     * @throws IllegalArgumentException if it is no such line, or names a path that is not one below the source
     */
    public static void read(String line, ChangeSet into, long since) {
        Line pending = read(line);
        into.add(pending.path(), pending.extent(), since);
    }

    /**
     * {@return what a line says}
     *
     * @throws IllegalArgumentException if it is no such line, or names a path that is not one below the source
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
     * {@return a path that is escaped}
     *
     * @throws IllegalArgumentException if it is not one below the source
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
