package dev.dromedary.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The source of the host names, for targets that come and go with their hosts.
 *
 * @param kind the kind of source
 * @param what the absolute path of a file, a DNS name, or a command
 */
public record HostSource(Kind kind, String what) {

    /** The kinds of sources. */
    public enum Kind {
        /** A file with the host names. */
        FILE,
        /** A DNS name that resolves to their addresses. */
        DNS,
        /** A shell command that prints them. */
        EXEC
    }

    /** The valid forms, as a remedy. */
    static final String FORMS = "write file:PATH, dns:NAME or exec:COMMAND";

    /** {@return the parsed text; {@code null} if it is not valid} */
    static HostSource of(String text, Path workingDir) {
        int colon = text.indexOf(':');
        String what = text.substring(colon + 1).strip();
        if (colon < 0 || what.isEmpty()) {
            return null;
        }
        try {
            Kind kind = Kind.valueOf(text.substring(0, colon).toUpperCase(Locale.ROOT));
            return kind == Kind.DNS && !what.matches("[A-Za-z0-9._-]+") ? null
                    : new HostSource(kind, kind == Kind.FILE ? PathNormalizer.absolute(workingDir, what).toString() : what);
        } catch (InvalidPathException e) {
            return null;
        } catch (IllegalArgumentException e) {
            // not one of the kinds
            return null;
        }
    }

    /** {@return the source for people; of a command only the program, because its arguments may hold a password} */
    public String text() {
        return kind.name().toLowerCase(Locale.ROOT) + ':' + (kind == Kind.EXEC ? what.split("\\s", 2)[0] : what);
    }
}
