package dev.dromedary.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * All that a mirror must bring of a folder, as it was at one moment: of every path its kind, permissions, time of change
 * to the nanosecond, and the content or the link's target. The folder itself is the empty path. Names stay bytes.
 */
public final class Tree {

    private static final int SHOWN = 20;
    private static final int KIND = 0170000;
    private static final int FOLDER = 0040000;
    private static final int FILE = 0100000;
    private static final int LINK = 0120000;

    /** The content is a digest of a file's bytes, a link's target as a path of bytes, or nothing. */
    record Entry(String kind, int permissions, Instant changed, long size, Object content) {

        Entry withoutContent() {
            return new Entry(kind, permissions, changed, size, "");
        }

        @Override
        public String toString() {
            return "%s %04o %s%s".formatted(kind, permissions, changed, switch (kind) {
                case "file" -> " " + size + " bytes " + content.toString().substring(0, 12);
                case "link" -> " -> " + show(content.toString());
                default -> "";
            });
        }
    }

    private final TreeMap<Path, Entry> entries;

    private Tree(TreeMap<Path, Entry> entries) {
        this.entries = entries;
    }

    /** A folder that is not there is an empty tree; what vanishes meanwhile is not in it. */
    public static Tree of(Path folder) {
        return of(folder, true);
    }

    /** Whether a folder is this tree now; contents are read only where all else is the same. */
    public boolean isAt(Path folder) {
        TreeMap<Path, Entry> outline = new TreeMap<>(entries);
        outline.replaceAll((path, entry) -> entry.kind.equals("file") ? entry.withoutContent() : entry);
        return outline.equals(of(folder, false).entries) && equals(of(folder));
    }

    private static Tree of(Path folder, boolean contents) {
        TreeMap<Path, Entry> entries = new TreeMap<>();
        try {
            collect(folder, folder, contents, entries);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Tree(entries);
    }

    private static void collect(Path root, Path path, boolean contents, Map<Path, Entry> entries) throws IOException {
        Entry entry;
        try {
            entry = entry(path, contents);
        } catch (NoSuchFileException | NotDirectoryException e) {
            return;
        } catch (FileSystemException e) {
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
            return;
        }
        entries.put(root.relativize(path), entry);
        if (entry.kind.equals("folder")) {
            try (DirectoryStream<Path> inside = Files.newDirectoryStream(path)) {
                for (Path each : inside) {
                    collect(root, each, contents, entries);
                }
            } catch (NoSuchFileException | NotDirectoryException | DirectoryIteratorException e) {
                // It went away, or became something else, while we looked.
            }
        }
    }

    private static Entry entry(Path path, boolean contents) throws IOException {
        Map<String, Object> facts = Files.readAttributes(path, "unix:mode,lastModifiedTime,size", LinkOption.NOFOLLOW_LINKS);
        int mode = (Integer) facts.get("mode");
        Instant changed = Instant.EPOCH.plusNanos(((FileTime) facts.get("lastModifiedTime")).to(TimeUnit.NANOSECONDS));
        long size = (Long) facts.get("size");
        return switch (mode & KIND) {
            case FOLDER -> new Entry("folder", mode & 07777, changed, 0, "");
            case FILE -> new Entry("file", mode & 07777, changed, size, contents ? digest(path) : "");
            case LINK -> new Entry("link", 0777, changed, 0, Files.readSymbolicLink(path));
            default -> new Entry("special", mode, changed, 0, "");
        };
    }

    private static String digest(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same tree without an entry of the top folder and all that is in it. */
    public Tree without(String name) {
        return without(path -> path.startsWith(name));
    }

    public Tree without(Predicate<Path> ignored) {
        TreeMap<Path, Entry> rest = new TreeMap<>(entries);
        rest.keySet().removeIf(ignored);
        return new Tree(rest);
    }

    public int size() {
        return entries.size();
    }

    public boolean has(String path) {
        return entries.containsKey(Path.of(path));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tree tree && entries.equals(tree.entries);
    }

    @Override
    public int hashCode() {
        return entries.hashCode();
    }

    @Override
    public String toString() {
        return size() + " paths";
    }

    /** What is not the same at the target, a line each, the first twenty of them; empty if nothing. */
    public static String differences(Tree source, Tree target) {
        SortedSet<Path> paths = new TreeSet<>(source.entries.keySet());
        paths.addAll(target.entries.keySet());
        List<String> lines = new ArrayList<>();
        int count = 0;
        for (Path path : paths) {
            Entry expected = source.entries.get(path);
            Entry actual = target.entries.get(path);
            if (expected != null && expected.equals(actual)) {
                continue;
            }
            if (++count > SHOWN) {
                continue;
            }
            String name = path.toString().isEmpty() ? "(the folder itself)" : show(path.toString());
            if (actual == null) {
                lines.add("missing  " + name + "  " + expected);
            } else if (expected == null) {
                lines.add("stale    " + name + "  " + actual);
            } else {
                lines.add("differs  " + name + "\n    source  " + expected + "\n    target  " + actual);
            }
        }
        if (count > SHOWN) {
            lines.add("and " + (count - SHOWN) + " more");
        }
        return String.join("\n", lines);
    }

    public static void assertSame(Tree expected, Tree actual) {
        if (!expected.equals(actual)) {
            throw new AssertionError("the trees are not the same:\n" + differences(expected, actual));
        }
    }

    public static void assertSame(Path expected, Path actual) {
        assertSame(of(expected), of(actual));
    }

    /** A name as one line, with what cannot be seen spelt out. */
    static String show(String name) {
        StringBuilder shown = new StringBuilder();
        name.codePoints().forEach(c -> {
            if (Character.isISOControl(c) || c == 0xFFFD) {
                shown.append("\\u%04x".formatted(c));
            } else {
                shown.appendCodePoint(c);
            }
        });
        return shown.toString();
    }
}
