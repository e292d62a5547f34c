package dev.dromedary.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.dromedary.log.Redaction;

/**
 * The location of a target.
 *
 * @param kind the way to reach it
 * @param user the user there; {@code null} if none is given
 * @param host the host, an IPv6 address without its brackets; {@code null} if local
 * @param port the port; {@code null} if none is given
 * @param path {@code module/path} of a daemon, else an absolute path; without a slash at its end
 * @param text what the user wrote
 */
public record TargetUrl(Kind kind, String user, String host, Integer port, String path, String text) {

    /** The ways to reach a target. */
    public enum Kind {
        /** An rsync daemon. */
        DAEMON,
        /** rsync over ssh. */
        SSH,
        /** A local folder. */
        LOCAL,
        /** A topic from which others pull. It has only a path, the endpoint, and its text is without options. */
        TOPIC
    }

    static final String FORMS = "known forms are rsync://[user@]host[:port]/module[/path], user@host::module[/path], "
            + "ssh://[user@]host[:port]/path, user@host:/path and /local/path, an IPv6 host in brackets";

    private static final String PASSWORD = "a password does not belong here, use password-file";
    private static final Pattern SCHEME = Pattern.compile("(?s)([A-Za-z][A-Za-z0-9+.-]*)://([^/]*)(.*)");
    private static final Pattern AUTHORITY = Pattern.compile("(?:(.*)@)?(\\[[^]]*]|[^:\\[\\]@]*)(?::(.*))?");
    private static final Pattern SCP_LIKE = Pattern.compile("(?s)(?:([^/:]*)@)?(\\[[^]/]*]|[^/:\\[\\]@]*)(::?)(.*)");
    private static final Pattern HOST = Pattern.compile("[\\p{L}\\p{N}_.][\\p{L}\\p{N}_.-]*");
    private static final Pattern IPV6 = Pattern.compile("\\[([0-9A-Fa-f.]*:[0-9A-Fa-f:.]*(?:%[A-Za-z0-9_.-]+)?)]");

    /**
     * Parses a target in any of the known forms.
     *
     * @param text       what the user wrote; surrounding blanks are ignored
     * @param workingDir the base of a relative local path
     * @return the target; a local path is made absolute, without "." and ".."
     * @throws IllegalArgumentException if it is not valid; the message gives the fault and the known forms
     */
    public static TargetUrl parse(String text, Path workingDir) throws IllegalArgumentException {
        String url = text.strip();
        String problem = url.isEmpty() ? "is empty" : RouteArgumentCheck.problem(url);
        if (problem != null) {
            throw new Refused("it " + problem);
        }
        if (!Redaction.ofValue(TargetKey.URL.key(), url).equals(url)) {
            throw new Refused(PASSWORD);
        }
        Matcher scheme = SCHEME.matcher(url);
        if (scheme.matches()) {
            return withScheme(scheme, url);
        }
        int colon = url.indexOf(':');
        int slash = url.indexOf('/');
        // rsync's own rule: with a colon before the first slash, it is on another host
        return colon >= 0 && (slash < 0 || colon < slash) ? scpLike(url) : local(url, workingDir);
    }

    /** Returns the url of a topic at a Camel endpoint. Its options may hold a password, so they are not shown. */
    static TargetUrl topic(String endpoint) {
        return new TargetUrl(Kind.TOPIC, null, null, null, endpoint, endpoint.replaceFirst("\\?.*", ""));
    }

    /** {@return the text without the user: the place is the same for every user} */
    public String place() {
        return kind == Kind.DAEMON || kind == Kind.SSH ? text.replaceFirst("^([a-z]+://)?[^@/:]*@", "$1") : text;
    }

    /**
     * {@return rsync's destination argument, which ends in a slash}
     * The port of an ssh target is not part of it: it has to be given as an option of ssh.
     */
    public String destination() {
        String folder = path.endsWith("/") ? path : path + "/";
        return switch (kind) {
            case DAEMON -> "rsync://" + userAndHost() + (port == null ? "" : ":" + port) + "/" + folder;
            case SSH -> userAndHost() + ":" + folder;
            case LOCAL -> folder;
            case TOPIC -> throw new IllegalStateException(text + " is not reached by rsync");
        };
    }

    private String userAndHost() {
        return (user == null ? "" : user + "@") + (host.indexOf(':') < 0 ? host : "[" + host + "]");
    }

    private static TargetUrl withScheme(Matcher scheme, String url) {
        Kind kind = switch (scheme.group(1).toLowerCase(Locale.ROOT)) {
            case "rsync" -> Kind.DAEMON;
            case "ssh" -> Kind.SSH;
            default -> throw new Refused("a target cannot be reached by " + scheme.group(1) + "://");
        };
        Matcher authority = AUTHORITY.matcher(scheme.group(2));
        if (!authority.matches()) {
            throw new Refused("its host \"" + scheme.group(2) + "\" cannot be read");
        }
        return remote(kind, authority.group(1), authority.group(2), port(authority.group(3)), scheme.group(3), url);
    }

    private static TargetUrl scpLike(String url) {
        Matcher form = SCP_LIKE.matcher(url);
        if (!form.matches()) {
            throw new Refused("its form is not known");
        }
        Kind kind = form.group(3).equals("::") ? Kind.DAEMON : Kind.SSH;
        return remote(kind, form.group(1), form.group(2), null, form.group(4), url);
    }

    private static TargetUrl remote(Kind kind, String user, String host, Integer port, String path, String url) {
        if (kind == Kind.SSH && !path.startsWith("/")) {
            throw new Refused("its path is not absolute");
        }
        List<String> names = Stream.of(path.split("/")).filter(n -> !n.isEmpty()).toList();
        if (kind == Kind.DAEMON && names.isEmpty()) {
            throw new Refused("the daemon's module is missing");
        }
        String clean = (kind == Kind.SSH ? "/" : "") + String.join("/", names);
        return new TargetUrl(kind, user(user), host(host), port, clean, url);
    }

    private static TargetUrl local(String url, Path workingDir) {
        if (url.equals("~") || url.startsWith("~/")) {
            // a shell would have expanded it to the home folder; nobody wants a folder named "~"
            throw new Refused("~ is not known here, write the folder out");
        }
        try {
            return new TargetUrl(Kind.LOCAL, null, null, null, PathNormalizer.absolute(workingDir, url).toString(), url);
        } catch (InvalidPathException e) {
            throw new Refused("this system has no such path: " + e.getReason());
        }
    }

    private static String user(String user) {
        if (user == null) {
            return null;
        }
        if (user.indexOf(':') >= 0) {
            throw new Refused(PASSWORD);
        }
        // a leading "-" would make it an option of ssh
        if (user.isEmpty() || user.startsWith("-") || user.chars().anyMatch(Character::isWhitespace)) {
            throw new Refused("its user \"" + user + "\" is none");
        }
        return user;
    }

    private static String host(String host) {
        if (host.isEmpty()) {
            throw new Refused("its host is missing");
        }
        Matcher ipv6 = IPV6.matcher(host);
        if (ipv6.matches()) {
            return ipv6.group(1);
        }
        if (!HOST.matcher(host).matches()) {
            throw new Refused("its host \"" + host + "\" is none");
        }
        return host;
    }

    private static Integer port(String port) {
        if (port == null) {
            return null;
        }
        if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65535) {
            throw new Refused("its port \"" + port + "\" is none, a port is a number from 1 to 65535");
        }
        return Integer.valueOf(port);
    }

    /** Keeps the problem separate from the known forms, for a {@link ConfigFault}. */
    static final class Refused extends IllegalArgumentException {

        private final String problem;

        Refused(String problem) {
            super(problem + "; " + FORMS);
            this.problem = problem;
        }

        String problem() {
            return problem;
        }
    }
}
