package dev.dromedary.hook;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;

import dev.dromedary.backlog.BacklogEndpoint;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.RawPath;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;

/** Describes for a hook what a run sends. */
public final class HookMessage {

    private static final int VERSION = 1;
    private static final int MOST_PATHS = 10_000;

    private final String mirror;
    private final Path source;

    /** @param source the mirror's source */
    public HookMessage(String mirror, Path source) {
        this.mirror = mirror;
        this.source = source;
    }

    /**
     * @return JSON: version, mirror, target, paths (each with path, escaped, kind: file, folder, link, other or gone, and extent:
     *         attributes, entry, level or tree), and the number of omitted paths if there are more than 10,000
     */
    public String json(@Body ChangeSet changes, @ExchangeProperty(BacklogEndpoint.TARGET) String target) {
        return message(changes, target.substring(target.indexOf('/') + 1));
    }

    /** {@return the message for changes that have arrived at all targets: without a target} */
    public String everywhere(@Body ChangeSet changes) {
        return message(changes, null);
    }

    private String message(ChangeSet changes, String target) {
        JsonArray paths = new JsonArray();
        changes.forEach((path, extent) -> {
            if (paths.size() < MOST_PATHS) {
                JsonObject one = new JsonObject();
                one.put("path", RawPath.escape(path));
                one.put("kind", kind(path));
                one.put("extent", extent.name().toLowerCase(Locale.ROOT));
                paths.add(one);
            }
        });
        JsonObject message = new JsonObject();
        message.put("version", VERSION);
        message.put("mirror", mirror);
        if (target != null) {
            message.put("target", target);
        }
        message.put("paths", paths);
        message.put("leftOut", changes.size() - paths.size());
        return message.toJson();
    }

    private String kind(String path) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(RawPath.toPath(source, path), BasicFileAttributes.class,
                    LinkOption.NOFOLLOW_LINKS);
            return attributes.isDirectory() ? "folder" : attributes.isRegularFile() ? "file"
                    : attributes.isSymbolicLink() ? "link" : "other";
        } catch (IOException e) {
            return "gone";
        }
    }
}
