package dev.dromedary.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Who names the hosts of a mirror's targets, where these come and go.
 *
 * @param kind how it is asked
 * @param what the file, absolute, the name in the DNS, or the command
 */
public record HostSource(Kind kind, String what) {

    /** How it is asked. */
    public enum Kind {
        /** A file that names them. */
        FILE,
        /** A name in the DNS that has their addresses. */
        DNS,
        /** A command, for the shell, that prints them. */
        EXEC
    }

    /** What may be written. */
    static final String FORMS = "write file:PATH, dns:NAME or exec:COMMAND";

    /** {@return what the text says; {@code null} if it is none} */
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
            // none of these
            return null;
        }
    }

    /** {@return it for people; of a command only the program, as its arguments may hold a password} */
    public String text() {
        return kind.name().toLowerCase(Locale.ROOT) + ':' + (kind == Kind.EXEC ? what.split("\\s", 2)[0] : what);
    }
}
