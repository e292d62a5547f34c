package dev.dromedary.topic;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.change.RawPath;
import dev.dromedary.filter.PathFilter;
import dev.dromedary.source.SourceTreeWalk;
import org.apache.camel.util.json.JsonObject;

/**
 * A digest of a folder's content with a few bytes for each name directly in it. It covers path, kind, size, time and permissions of
 * everything that is mirrored, which is what rsync would compare. A receiver with the same digest need not ask for more. Owners are
 * digested separately, as only root can set them.
 *
 * @param byName for each name the digest without owners, a hyphen, and the one with them; the folder itself has an empty name
 */
record TreeDigest(Map<String, String> byName) {

    // more would not fit into a record beside the other data
    private static final int MOST_NAMES = 1000;

    /** {@return the digest of a folder; empty if something in it can't be examined, or it has too many names} */
    static Optional<TreeDigest> of(Path folder, PathFilter filter) {
        Map<String, long[]> sums = new HashMap<>();
        Map<Object, String> names = new HashMap<>();
        boolean[] unknown = new boolean[1];
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            new SourceTreeWalk(folder, filter).from("", Integer.MAX_VALUE, (path, attributes) -> {
                int slash = path.indexOf('/');
                long[] sum = sums.computeIfAbsent(slash < 0 ? path : path.substring(0, slash), name -> new long[4]);
                add(sum, folder, path, attributes, sha, names);
                unknown[0] |= sums.size() > MOST_NAMES;
            }, path -> unknown[0] = true);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each Java has it", e);
        } catch (UncheckedIOException e) {
            return Optional.empty();
        }
        Map<String, String> all = new TreeMap<>();
        sums.forEach((name, sum) -> all.put(name, Long.toHexString(sum[0]) + Long.toHexString(sum[1]) + '-' + Long.toHexString(sum[2])
                + Long.toHexString(sum[3])));
        return unknown[0] ? Optional.empty() : Optional.of(new TreeDigest(all));
    }

    // a sum, so that the order does not matter
    private static void add(long[] sum, Path folder, String path, BasicFileAttributes attributes, MessageDigest sha, Map<Object, String> names) {
        try {
            Path file = RawPath.toPath(folder, path);
            Map<String, Object> unix = Files.readAttributes(file, "unix:mode,uid,gid", LinkOption.NOFOLLOW_LINKS);
            boolean link = attributes.isSymbolicLink();
            String what = path + '\0' + (link ? "link " + Files.readSymbolicLink(file) : unix.get("mode") + " " + attributes.lastModifiedTime())
                    + (attributes.isRegularFile() ? " " + attributes.size() : "");
            byte[] plain = sha.digest(what.getBytes(StandardCharsets.UTF_8));
            byte[] owned = sha.digest((what + '\0' + owner(file, "owner", unix.get("uid"), names) + '\0' + owner(file, "group", unix.get("gid"), names))
                    .getBytes(StandardCharsets.UTF_8));
            sum[0] += ByteBuffer.wrap(plain).getLong(0);
            sum[1] += ByteBuffer.wrap(plain).getLong(Long.BYTES);
            sum[2] += ByteBuffer.wrap(owned).getLong(0);
            sum[3] += ByteBuffer.wrap(owned).getLong(Long.BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String owner(Path file, String kind, Object id, Map<Object, String> names) throws IOException {
        String known = names.get(kind + id);
        if (known == null) {
            known = String.valueOf(Files.getAttribute(file, "unix:" + kind, LinkOption.NOFOLLOW_LINKS));
            names.put(kind + id, known);
        }
        return known;
    }

    /** {@return the digest as JSON} */
    JsonObject json() {
        JsonObject json = new JsonObject();
        byName.forEach((name, digest) -> json.put(RawPath.escape(name), digest));
        return json;
    }

    /** {@return the digest that JSON contains} */
    static TreeDigest of(Map<String, Object> json) {
        Map<String, String> all = new TreeMap<>();
        json.forEach((name, digest) -> all.put(RawPath.unescape(name), (String) digest));
        if (!all.keySet().stream().allMatch(name -> name.isEmpty() || RawPath.isBelowRoot(name) && name.indexOf('/') < 0)) {
            throw new IllegalArgumentException("it has impossible names");
        }
        return new TreeDigest(all);
    }

    /**
     * {@return the parts of another digest that differ here, and so have to be compared}
     *
     * @param owners whether owners count
     * @param since  the moment since when they are pending
     */
    ChangeSet differing(TreeDigest other, boolean owners, long since) {
        ChangeSet differing = new ChangeSet();
        Map<String, String> all = new TreeMap<>(byName);
        all.putAll(other.byName);
        all.keySet().forEach(name -> {
            if (!shown(byName.get(name), owners).equals(shown(other.byName.get(name), owners))) {
                differing.add(name, name.isEmpty() ? Extent.ATTRIBUTES : Extent.TREE, since);
            }
        });
        return differing;
    }

    private static String shown(String digest, boolean owners) {
        return digest == null ? "" : owners ? digest : digest.replaceFirst("-.*", "");
    }
}
