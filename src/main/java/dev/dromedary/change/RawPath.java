package dev.dromedary.change;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Defines the notation for paths in this program: a String whose chars are the bytes that the kernel uses (ISO-8859-1), relative to the
 * source, separated by {@code /}, without a leading or trailing one; {@code ""} is the source itself.
 *
 * <p>A Linux name consists of any bytes except NUL and {@code /} (path_resolution(7)), in no particular encoding. This notation keeps them
 * in every locale, is as compact as a byte array, and hashes, compares and splits as strings do.
 */
public final class RawPath {

    /** The longest path, in bytes, that rsync takes from a list (MAXPATHLEN less its NUL and the {@code ./} before it). */
    public static final int LONGEST = 4096 - 1 - 2;

    private static final int MOST_SHOWN = 400;

    private RawPath() {
    }

    /** Returns the kernel's bytes of a Java path. */
    public static String of(Path path) {
        String text = path.toAbsolutePath().toString();
        // Java shows bytes that it could not decode as another character or as '?'
        if (isAscii(text) && text.indexOf('?') < 0) {
            return text;
        }
        String raw = path.toAbsolutePath().toUri().getRawPath();
        StringBuilder bytes = new StringBuilder(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                c = (char) Integer.parseInt(raw, i + 1, i + 3, 16);
                i += 2;
            }
            bytes.append(c);
        }
        int end = bytes.length();
        return end > 1 && bytes.charAt(end - 1) == '/' ? bytes.substring(0, end - 1) : bytes.toString();
    }

    /** Returns some of the names directly in a folder, in no particular order. */
    public static List<String> namesIn(Path folder, int most) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.limit(most).map(RawPath::of).map(raw -> raw.substring(raw.lastIndexOf('/') + 1)).toList();
        }
    }

    /** Returns a raw path below a folder as a Java path. If necessary it goes by way of a URI, the only form that can hold all bytes. */
    public static Path toPath(Path folder, String raw) {
        if (isAscii(raw)) {
            return folder.resolve(raw);
        }
        String base = folder.toUri().getRawPath();
        StringBuilder uri = new StringBuilder("file://").append(base);
        if (!base.endsWith("/")) {
            uri.append('/');
        }
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '/' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9') {
                uri.append(c);
            } else {
                uri.append('%').append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            }
        }
        return Path.of(URI.create(uri.toString()));
    }

    // ASCII is the same bytes in every locale; a URI costs a look at the file each time
    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /** Returns the bytes, for the kernel or for rsync. */
    public static byte[] bytes(String raw) {
        return raw.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Returns the path of a name in a folder. */
    public static String child(String folder, String name) {
        return folder.isEmpty() ? name : folder + '/' + name;
    }

    /** Returns the folder that a path lies in; {@code ""} for a path directly in the source. */
    public static String parent(String raw) {
        int slash = raw.lastIndexOf('/');
        return slash < 0 ? "" : raw.substring(0, slash);
    }

    /** Returns whether a path is the given one, or lies below it. */
    public static boolean isAt(String raw, String top) {
        return top.isEmpty() || raw.startsWith(top) && (raw.length() == top.length() || raw.charAt(top.length()) == '/');
    }

    /** Returns whether it is a path below a root, without any part that leads elsewhere; outside input may be anything. */
    public static boolean isBelowRoot(String raw) {
        return raw.indexOf('\0') < 0
                && Stream.of(raw.split("/", -1)).noneMatch(name -> name.isEmpty() || name.equals(".") || name.equals(".."));
    }

    /**
     * Escapes a path for a log line, a record or JSON. UTF-8 is shown as itself; control characters, backslashes and bytes that are not
     * UTF-8 become {@code \#ooo}, the way rsync(1) writes them. The result holds no line break.
     */
    public static String escape(String raw) {
        byte[] bytes = bytes(raw);
        StringBuilder text = new StringBuilder(bytes.length);
        for (int i = 0; i < bytes.length;) {
            int length = Utf8Validator.length(bytes, i);
            int c = length == 1 ? bytes[i] : 0;
            if (length == 0 || length == 1 && (c < 0x20 || c == 0x7f || c == '\\')
                    || length == 2 && (bytes[i] & 0xff) == 0xc2 && (bytes[i + 1] & 0xff) < 0xa0) {
                text.append(String.format("\\#%03o", bytes[i] & 0xff));
                i++;
            } else {
                text.append(new String(bytes, i, length, StandardCharsets.UTF_8));
                i += length;
            }
        }
        return text.toString();
    }

    /** Escapes a path for a log line, leaving out the middle of a very long one. */
    public static String shown(String raw) {
        return raw.length() <= MOST_SHOWN ? escape(raw)
                : escape(raw.substring(0, MOST_SHOWN / 2)) + "..." + escape(raw.substring(raw.length() - MOST_SHOWN / 2));
    }

    /**
     * Reads back what {@link #escape} wrote.
     *
     * @throws IllegalArgumentException if a backslash is not followed by {@code #} and three octal digits
     */
    public static String unescape(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        StringBuilder raw = new StringBuilder(utf8.length);
        for (int i = 0; i < utf8.length; i++) {
            if (utf8[i] != '\\') {
                raw.append((char) (utf8[i] & 0xff));
                continue;
            }
            int value = 0;
            if (i + 4 >= utf8.length || utf8[i + 1] != '#') {
                throw new IllegalArgumentException("a backslash that starts no \\#ooo: " + text);
            }
            for (int k = i + 2; k < i + 5; k++) {
                if (utf8[k] < '0' || utf8[k] > '7') {
                    throw new IllegalArgumentException("a backslash that starts no \\#ooo: " + text);
                }
                value = value * 8 + utf8[k] - '0';
            }
            raw.append((char) (value & 0xff));
            i += 4;
        }
        return raw.toString();
    }
}
