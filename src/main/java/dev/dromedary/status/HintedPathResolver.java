package dev.dromedary.status;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.dromedary.change.RawPath;

/** Resolves a path from a request to its location in a source. Paths are in the notation of {@link RawPath}. */
final class HintedPathResolver {

    private static final String ROOT = "/";

    private final String source;
    private final String real;

    /** @param source absolute; it may be a link, or lie behind one */
    HintedPathResolver(Path source) {
        this.source = RawPath.of(source);
        this.real = RawPath.of(real(source));
    }

    /**
     * {@return the path below the source; empty for the source itself}
     *
     * @param named relative to the source, or absolute
     * @throws IllegalArgumentException if it is not below the source, or is no path; the message says why
     */
    String of(String named) {
        if (named.isEmpty()) {
            throw new IllegalArgumentException("this is no path; . is the source itself");
        }
        if (named.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("no path has a NUL");
        }
        if (Stream.of(named.split(ROOT)).anyMatch(".."::equals)) {
            throw new IllegalArgumentException("a path with .. is not taken, as it may lead elsewhere");
        }
        String path = Arrays.stream(named.split(ROOT)).filter(name -> !name.isEmpty() && !name.equals("."))
                .collect(Collectors.joining(ROOT));
        if (!named.startsWith(ROOT)) {
            return checked(path);
        }
        String absolute = ROOT + path;
        for (String each : new String[] {absolute, throughLinks(absolute)}) {
            for (String top : new String[] {source, real}) {
                if (top.equals(ROOT) || RawPath.isAt(each, top)) {
                    return checked(each.equals(top) ? "" : each.substring(top.equals(ROOT) ? 1 : top.length() + 1));
                }
            }
        }
        throw new IllegalArgumentException("this is not below the source");
    }

    private static String checked(String path) {
        if (path.length() > RawPath.LONGEST) {
            throw new IllegalArgumentException("this is longer than any path that rsync takes, " + RawPath.LONGEST + " bytes");
        }
        return path;
    }

    // follows links above the source, but not in it: for the path itself, the link counts
    private static String throughLinks(String absolute) {
        for (String above = RawPath.parent(absolute); !above.isEmpty(); above = RawPath.parent(above)) {
            try {
                String real = RawPath.of(RawPath.toPath(Path.of(ROOT), above.substring(1)).toRealPath());
                return (real.equals(ROOT) ? "" : real) + absolute.substring(above.length());
            } catch (IOException e) {
                // it is gone; its parent may still exist
                continue;
            }
        }
        return absolute;
    }

    private static Path real(Path source) {
        try {
            return source.toRealPath();
        } catch (IOException e) {
            return source;
        }
    }
}
